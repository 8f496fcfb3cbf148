//! Calls of cargo whose output goes where ours goes.

use std::process::Command;

use crate::Failure;

/// The cargo that runs this program.
pub(super) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a plain line `cargo ..`, without quotes; gives whether it succeeded.
pub(super) fn shown(line: &str) -> Result<bool, Failure> {
    let arguments = line.split_whitespace().skip(1);
    passes(cargo().args(arguments))
}

/// Builds the documentation, warnings refused.
pub(super) fn doc() -> Result<bool, Failure> {
    let arguments = ["doc", "--no-deps", "--workspace", "--all-features"];
    passes(cargo().env("RUSTDOCFLAGS", "-D warnings").args(arguments))
}

/// Runs the tests under loom, in a target folder of their own: with other flags everything is built anew.
pub(super) fn loom() -> Result<bool, Failure> {
    let arguments =
        ["test", "--release", "-p", "icosian-core", "--test", "loom", "--target-dir", "target/loom"];
    passes(cargo().env("RUSTFLAGS", "--cfg loom").args(arguments))
}

/// Runs `command` to its end; gives whether it succeeded.
pub(super) fn passes(command: &mut Command) -> Result<bool, Failure> {
    Ok(command.status()?.success())
}
