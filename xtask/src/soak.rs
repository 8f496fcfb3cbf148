//! `cargo xtask soak`: builds and runs the memory test in `benches/` with optimization.

use std::process::Command;

use clap::Args;

use crate::task_error::TaskError;

/// The options of `cargo xtask soak`.
#[derive(Debug, Args)]
pub(crate) struct SoakOptions {
    /// Number of runs, sync and async, some of them concurrent, failing or cancelled.
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    runs: u64,
    /// Number of items in the streams of a sync and an async run.
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(5..))]
    items: u64,
}

/// Runs the memory test. Returns whether resident memory stayed flat.
pub(crate) fn run(options: &SoakOptions) -> Result<bool, TaskError> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let (runs, items) = (options.runs.to_string(), options.items.to_string());
    let arguments =
        ["run", "--quiet", "--release", "-p", "icosian-benches", "--bin", "soak", "--", &runs, &items];
    eprintln!("soak: cargo {}", arguments.join(" "));
    Ok(Command::new(cargo).args(arguments).status()?.success())
}
