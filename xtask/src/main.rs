//! Development commands of the workspace, run as `cargo xtask COMMAND`:
//!
//! - `tidy` checks the layout of the workspace,
//! - `ci` runs all checks,
//! - `codegen` writes the files that follow from the decorator table,
//! - `lint-pipeline` lints dataflows,
//! - `bench-report` measures execution time,
//! - `bench-service` measures an HTTP service,
//! - `compile-time` measures compile time,
//! - `soak` checks that memory use does not grow,
//! - `matrix` lists which decorators work under which adapters.
//!
//! This crate is not published, and no other crate depends on it. Most commands need only cargo; `bench-report --hamilton`
//! and `--taskflow` need the tools listed in their help.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program prints to its terminal"
)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench_report;
mod bench_service;
mod ci;
mod codegen;
mod compile_time;
mod lint_pipeline;
mod soak;
mod task_error;
mod tidy;

/// Development commands of the icosian workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks the workspace's layout: layers, dependencies, manifests, module docs, leftovers.
    ///
    /// Reads manifests and sources without a build, and prints all problems, each with a suggested fix.
    Tidy(tidy::TidyOptions),
    /// Writes the files that follow from the decorator table.
    Codegen,
    /// Runs all checks: tests, formatting, lints, docs, features, layout, scale tests and the examples.
    Ci(ci::CiOptions),
    /// Lints dataflows, by default those of this workspace.
    ///
    /// Works like `cargo icosian lint`. Exit status: 0 no findings, 1 findings, 2 some input could not be checked.
    LintPipeline(Box<icosian_cli::LintOptions>),
    /// Measures icosian and hand-written code on the same graphs, and prints a table.
    BenchReport(bench_report::BenchReportOptions),
    /// Measures an HTTP service whose requests run ten small nodes, beside the same service with `join!`.
    BenchService(bench_service::BenchServiceOptions),
    /// Measures the compile time of modules with 200 and 2,000 functions, plain and as dataflows.
    CompileTime(compile_time::CompileTimeOptions),
    /// Prints a Markdown table of the decorators that each adapter supports.
    Matrix(icosian_cli::MatrixOptions),
    /// Executes a million runs of different kinds. Fails if resident memory grows.
    Soak(soak::SoakOptions),
}

fn main() -> ExitCode {
    let passed = match Cli::parse().command {
        Command::LintPipeline(options) => return lint_pipeline::run(*options).into(),
        Command::Matrix(options) => return icosian_cli::matrix(&options).into(),
        Command::Tidy(options) => tidy::run(&options),
        Command::Codegen => codegen::run(&lint_pipeline::root()),
        Command::Ci(options) => Ok(ci::run(&options)),
        Command::BenchReport(options) => bench_report::run(&options),
        Command::BenchService(options) => bench_service::run(&options),
        Command::CompileTime(options) => compile_time::run(&options),
        Command::Soak(options) => soak::run(&options),
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
