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

/// Runs the loom tests of `package`.
///
/// All loom tests share a separate target folder: with other flags, cargo would rebuild everything in the usual one.
pub(super) fn loom(package: &str) -> Result<bool, TaskError> {
    let arguments = ["test", "--release", "-p", package, "--test", "loom", "--target-dir", "target/loom"];
    passes(cargo().env("RUSTFLAGS", "--cfg loom").args(arguments))
}

/// The only host on which the sanitizer runs.
pub(super) const SANITIZER_TARGET: &str = "x86_64-unknown-linux-gnu";

/// Set if this host is [`SANITIZER_TARGET`].
pub(super) const HAS_SANITIZER: bool =
    cfg!(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu"));

/// Runs the tests of the arena under the address sanitizer, which finds invalid reads, double frees and leaks.
pub(super) fn sanitizer() -> Result<bool, TaskError> {
    let arguments = ["test", "-p", "icosian-arena", "--tests", "--target", SANITIZER_TARGET];
    // `-Z` flags need a nightly compiler, or this variable. The target option keeps the flags away from build scripts.
    let mut command = cargo();
    command.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Zsanitizer=address");
    passes(command.args(arguments).args(["--target-dir", "target/asan"]))
}

/// The profile of the scale tests: `dev` with optimized workspace crates, so that a million nodes fit into the time of a step.
///
/// Dependencies and macros keep the settings of `dev`, and `--workspace` keeps their features. So `cargo test --workspace` has built them already,
/// while `--release` would build each of them again.
const SCALE_PROFILE: [&str; 4] = [
    "profile.dev.opt-level=2",
    "profile.dev.debug-assertions=false",
    "profile.dev.build-override.debug-assertions=true",
    "profile.dev.package.\"*\".debug-assertions=true",
];

/// Runs the scale tests with optimization.
pub(super) fn scale() -> Result<bool, TaskError> {
    let mut command = cargo();
    command.args(["test", "--workspace", "--test", "scale"]);
    for setting in SCALE_PROFILE {
        command.args(["--config", setting]);
    }
    passes(&mut command)
}

/// Runs `command`. Returns whether it succeeded.
pub(super) fn passes(command: &mut Command) -> Result<bool, TaskError> {
    Ok(command.status()?.success())
}
