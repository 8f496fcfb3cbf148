//! Runs cargo with inherited stdout and stderr.

use std::process::Command;

use crate::task_error::TaskError;

/// Returns the cargo that runs this program.
pub(super) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Returns whether the subcommand `cargo TOOL` is installed.
pub(super) fn has(tool: &str) -> bool {
    let version = cargo().args([tool, "--version"]).output();
    version.is_ok_and(|output| output.status.success())
}

/// Runs a command line that starts with `cargo` and has no quotes. Returns whether it succeeded.
pub(super) fn run_line(line: &str) -> Result<bool, TaskError> {
    let arguments = line.split_whitespace().skip(1);
    passes(cargo().args(arguments))
}

/// Builds the documentation with warnings as errors.
pub(super) fn doc() -> Result<bool, TaskError> {
    let arguments = ["doc", "--no-deps", "--workspace", "--all-features"];
    passes(cargo().env("RUSTDOCFLAGS", "-D warnings").args(arguments))
}

/// Runs the tests under loom, in a separate target folder: with other flags, cargo would rebuild everything.
pub(super) fn loom() -> Result<bool, TaskError> {
    let arguments =
        ["test", "--release", "-p", "icosian-core", "--test", "loom", "--target-dir", "target/loom"];
    passes(cargo().env("RUSTFLAGS", "--cfg loom").args(arguments))
}

/// Runs `command`. Returns whether it succeeded.
pub(super) fn passes(command: &mut Command) -> Result<bool, TaskError> {
    Ok(command.status()?.success())
}
