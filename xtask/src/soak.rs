//! Whether memory stays flat: the soak of `benches/`, built and run optimized.

use std::process::Command;

use clap::Args;

use crate::Failure;

/// How long to soak.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many runs to execute, at least one: sync and async, many at a time, failing and cancelled ones.
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    runs: u64,
}

/// Builds the soak and runs it; gives whether memory stayed flat.
pub(crate) fn run(options: &Options) -> Result<bool, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let runs = options.runs.to_string();
    let arguments = ["run", "--quiet", "--release", "-p", "icosian-benches", "--bin", "soak", "--", &runs];
    eprintln!("soak: cargo {}", arguments.join(" "));
    Ok(Command::new(cargo).args(arguments).status()?.success())
}
