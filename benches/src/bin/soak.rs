//! Executes runs of every kind and prints resident memory. Fails if resident memory grows.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program prints to its terminal"
)]

use std::process::ExitCode;
use std::time::Instant;

use icosian_benches::soak::{Sample, measure_change, workload};

/// The exit status for invalid arguments.
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
            "soak: expected one argument, the number of runs above 0, but got `{}`",
            arguments.join(" ")
        );
        return ExitCode::from(USAGE);
    };
    println!("{}", Sample::HEAD);
    let start = Instant::now();
    let mut samples = Vec::with_capacity(64);
    let soaked = workload::soak(runs, |sample| {
        samples.push(sample);
        // Prints the first sample and every second one, to keep the table short.
        if samples.len() == 1 || samples.len().is_multiple_of(2) {
            println!("{sample}");
        }
    });
    if let Err(unmeasurable) = soaked {
        eprintln!("soak: {unmeasurable}");
        return ExitCode::FAILURE;
    }
    let change = measure_change(&samples).expect("a soak takes enough samples");
    eprintln!("soak: took {:.1} s", start.elapsed().as_secs_f64());
    if change.is_growth() {
        eprintln!("soak: resident memory grew: {change}");
        return ExitCode::FAILURE;
    }
    println!("\nresident memory is flat: {change}");
    ExitCode::SUCCESS
}
