//! Executes runs of every kind, then streams many items in one run, and prints resident memory. Fails if resident memory grows.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program prints to its terminal"
)]

use std::process::ExitCode;
use std::time::Instant;

use icosian_benches::soak::items::{self, ItemSoak};
use icosian_benches::soak::{Sample, Unmeasurable, measure_change, workload};

/// The exit status for invalid arguments.
const USAGE: u8 = 2;

/// The number of runs and of items, unless arguments set others.
const DEFAULT: u64 = 1_000_000;

/// The minimum number of items, so that there are enough samples.
const MIN_ITEMS: u64 = 5;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let Some((runs, items)) = parse(&arguments) else {
        eprintln!(
            "soak: expected the number of runs above 0 and of items above {}, but got `{}`",
            MIN_ITEMS - 1,
            arguments.join(" ")
        );
        return ExitCode::from(USAGE);
    };
    let flat = soak_runs(runs).and_then(|are_flat| Ok([are_flat, soak_items(items)?]));
    match flat {
        Ok([true, true]) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(unmeasurable) => {
            eprintln!("soak: {unmeasurable}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the number of runs and of items.
fn parse(arguments: &[String]) -> Option<(u64, u64)> {
    let (runs, items) = match arguments {
        [] => (DEFAULT, DEFAULT),
        [runs] => (runs.parse().ok()?, DEFAULT),
        [runs, items] => (runs.parse().ok()?, items.parse().ok()?),
        _ => return None,
    };
    (runs > 0 && items >= MIN_ITEMS).then_some((runs, items))
}

/// Executes runs. Returns whether resident memory stayed flat.
fn soak_runs(runs: u64) -> Result<bool, Unmeasurable> {
    println!("{}", Sample::HEAD);
    let start = Instant::now();
    let mut samples = Vec::with_capacity(64);
    workload::soak(runs, |sample| {
        samples.push(sample);
        // Prints the first sample and every second one, to keep the table short.
        if samples.len() == 1 || samples.len().is_multiple_of(2) {
            println!("{sample}");
        }
    })?;
    let change = measure_change(&samples).expect("a soak takes enough samples");
    eprintln!("soak: runs took {:.1} s", start.elapsed().as_secs_f64());
    if change.is_growth() {
        eprintln!("soak: resident memory grew: {change}");
        return Ok(false);
    }
    println!("\nresident memory is flat: {change}");
    Ok(true)
}

/// Streams items. Returns whether resident memory stayed flat.
fn soak_items(items: u64) -> Result<bool, Unmeasurable> {
    let start = Instant::now();
    let soaks = items::soak_items(items)?;
    println!("\n{}", ItemSoak::HEAD);
    for soak in &soaks {
        println!("{soak}");
    }
    eprintln!("soak: items took {:.1} s", start.elapsed().as_secs_f64());
    let grown: Vec<_> = soaks.iter().filter(|soak| soak.change.is_growth()).collect();
    for soak in &grown {
        eprintln!("soak: resident memory grew while items ran: {}", soak.driver);
    }
    Ok(grown.is_empty())
}
