//! The workspace's own automation: `cargo xtask tidy` checks how the house is built, `cargo xtask ci` checks all of it,
//! `cargo xtask lint-pipeline` lints its dataflows, `cargo xtask bench-report` says how fast it is, `cargo xtask compile-time` how
//! long it takes to compile, `cargo xtask soak` whether its memory stays flat, `cargo xtask matrix` which decorator works under
//! which adapter.
//!
//! Nothing here is published or used by a crate of the house, and nothing but cargo must be installed.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program speaks to its terminal"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench_report;
mod ci;
mod compile_time;
mod soak;
mod tidy;

/// What goes wrong while checking, as opposed to what is found to be wrong.
type Failure = Box<dyn std::error::Error>;

/// Checks this workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Line {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Checks the workspace's layout: floors, dependencies, manifests, file heads, leftovers.
    ///
    /// Reads manifests and sources, builds nothing, and prints all problems together, each with its way out.
    Tidy(tidy::Options),
    /// Runs all checks: tests, format, lints, docs, features, tidy, scale and the examples.
    Ci(ci::Options),
    /// Tells what is wrong with dataflows; without a path with those of this workspace.
    ///
    /// The same as `cargo icosian lint`. Ends with 0 when nothing is wrong, with 1 when something is, and with 2 when not everything
    /// could be looked at.
    LintPipeline(Box<icosian_cli::LintOptions>),
    /// Races icosian against hand-written code, on the same graphs, and prints a table.
    BenchReport(bench_report::Options),
    /// Compiles a module of 200 functions, plain and decorated, and prints how long it takes.
    CompileTime(compile_time::Options),
    /// Prints which decorator works under which adapter, as a Markdown table.
    Matrix(icosian_cli::MatrixOptions),
    /// Executes a million runs of every kind, and fails when resident memory grows.
    Soak(soak::Options),
}

fn main() -> ExitCode {
    let passed = match Line::parse().task {
        Task::LintPipeline(options) => return lint_pipeline(*options).into(),
        Task::Matrix(options) => return icosian_cli::matrix(&options).into(),
        Task::Tidy(options) => tidy::run(&options),
        Task::Ci(options) => Ok(ci::run(&options)),
        Task::BenchReport(options) => bench_report::run(&options),
        Task::CompileTime(options) => compile_time::run(&options),
        Task::Soak(options) => soak::run(&options),
    };
    match passed {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Lints what the options name, this workspace if they name nothing.
fn lint_pipeline(options: icosian_cli::LintOptions) -> icosian_cli::Exit {
    icosian_cli::lint(&options.or_paths([root()]))
}

/// The workspace's folder, as it is named from here.
fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    match std::env::current_dir() {
        Ok(here) if here == root => PathBuf::from("."),
        _ => root.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Line::command().debug_assert();
    }
}
