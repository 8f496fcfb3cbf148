//! `cargo xtask bench-service`: builds and runs the HTTP service of `benches/` with optimization.

use std::process::Command;

use clap::Args;

use crate::task_error::TaskError;

/// The options of `cargo xtask bench-service`.
#[derive(Debug, Args)]
pub(crate) struct BenchServiceOptions {
    /// The seconds of each measurement.
    #[arg(long, default_value_t = 2.0, value_name = "SECONDS")]
    time: f64,
}

/// Measures the service. Returns whether all requests were answered.
pub(crate) fn run(options: &BenchServiceOptions) -> Result<bool, TaskError> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build = [
        "run",
        "--quiet",
        "--release",
        "-p",
        "icosian-benches",
        "--features",
        "service",
        "--bin",
        "service",
        "--",
    ];
    Ok(Command::new(cargo).args(build).arg(options.time.to_string()).status()?.success())
}
