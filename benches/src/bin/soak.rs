//! Executes very many runs of every kind and prints how much memory is resident meanwhile; fails when that grows.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program speaks to its terminal"
)]

use std::process::ExitCode;
use std::time::Instant;

use icosian_benches::soak::{Sample, judge, mix};

/// What the process ends with when its arguments are wrong.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let runs = match arguments.as_slice() {
        [] => Some(1_000_000),
        [runs] => runs.parse().ok().filter(|&runs| runs > 0),
        _ => None,
    };
    let Some(runs) = runs else {
        eprintln!(
            "soak: the only argument is how many runs, a number above 0, not `{}`",
            arguments.join(" ")
        );
        return ExitCode::from(USAGE);
    };
    println!("{}", Sample::HEAD);
    let start = Instant::now();
    let mut samples = Vec::with_capacity(64);
    let soaked = mix::soak(runs, |sample| {
        samples.push(sample);
        // Every second line is enough to see where it goes.
        if samples.len() == 1 || samples.len().is_multiple_of(2) {
            println!("{sample}");
        }
    });
    if let Err(unmeasurable) = soaked {
        eprintln!("soak: {unmeasurable}");
        return ExitCode::FAILURE;
    }
    let change = judge(&samples).expect("a soak takes samples enough");
    eprintln!("soak: took {:.1} s", start.elapsed().as_secs_f64());
    if change.is_growth() {
        eprintln!("soak: resident memory grew: {change}");
        return ExitCode::FAILURE;
    }
    println!("\nresident memory is flat: {change}");
    ExitCode::SUCCESS
}
