//! `cargo icosian`: the command line of icosian.
//!
//! This crate parses arguments, prints reports and sets the exit status. `icosian-lint` finds faults and describes dataflows,
//! `icosian-rules` contains the rules, `icosian-draw` draws and compares graphs, and `icosian-runs` reads recorded runs. Other programs, such as the xtask of a workspace, can call [`run`] instead of starting a process.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod completions;
mod describing;
mod diff;
mod exit;
mod explain;
mod graph;
mod harness_options;
mod human;
mod levels;
mod linking;
mod lint;
mod list;
mod matrix;
mod new;
mod rules;
mod runs;
mod screen;
mod version_control;
mod watch;

use std::ffi::OsString;
use std::io;

use clap::{CommandFactory, Parser, Subcommand};

pub use exit::Exit;
pub use lint::LintOptions;
pub use matrix::MatrixOptions;

use icosian_rules::Rule;
use screen::{ColourChoice, Screen};

/// Checks, draws, lists and compares dataflows, shows recorded runs, and creates projects.
#[derive(Debug, Parser)]
#[command(name = "cargo icosian", bin_name = "cargo icosian", version)]
struct CommandLine {
    #[command(subcommand)]
    task: CliCommand,
}

#[derive(Debug, Subcommand)]
enum CliCommand {
    /// Check dataflows: read source files, link crates, and build each dataflow as a driver does
    ///
    /// Exit status: 0 no findings, 1 findings, 2 some input could not be checked or nothing was checked. Warnings count as findings;
    /// `-A RULE` or `[levels]` in `icosian.toml` hide a rule. For crates that do not compile, `--fast` or `fast = true` in
    /// `icosian.toml` checks source only.
    Lint(Box<LintOptions>),
    /// Draw the graph of a dataflow, or print it as data
    #[command(after_help = graph::HELP)]
    Graph(Box<graph::GraphOptions>),
    /// List the nodes and inputs of dataflows, with types, documentation and locations
    #[command(after_help = list::HELP)]
    List(Box<list::ListOptions>),
    /// Compare the dataflows of two git revisions
    #[command(after_help = diff::HELP)]
    Diff(Box<diff::DiffOptions>),
    /// Create a project
    #[command(after_help = new::HELP)]
    New(new::NewOptions),
    /// Explain a rule or an error, with an example and a fix
    Explain {
        /// Code or name, for example `ICO0201`, `0201` or `busy-wait`
        rule: String,
    },
    /// List all rules and all errors
    Rules(rules::RulesOptions),
    /// Print a completion script for a shell
    #[command(after_help = completions::HELP)]
    Completions(completions::CompletionsOptions),
    /// Print the table of decorators and adapters
    Matrix(MatrixOptions),
    /// List recorded runs, and show what ran, failed and was slow
    #[command(subcommand)]
    Runs(runs::RunsCommand),
}

/// Runs a command line and returns its exit status. The first word is the program's name; the second may be `icosian`, because
/// cargo passes it.
///
/// # Examples
/// ```
/// use icosian_cli::{Exit, run};
///
/// assert_eq!(run(["cargo-icosian", "icosian", "explain", "ICO0201"]), Exit::Clean);
/// assert_eq!(run(["cargo-icosian", "explain", "no-such-rule"]), Exit::Failed);
/// ```
pub fn run<T: Into<OsString>>(line: impl IntoIterator<Item = T>) -> Exit {
    run_with(line, &[])
}

/// Runs a command line as [`run`] does, with custom rules in addition to the built-in ones.
///
/// # Examples
/// All options, formats and fixes work for custom rules too:
/// ```
/// use icosian_cli::{Exit, run_with};
/// use icosian_rules::{Finding, rule};
///
/// rule! {
///     /// ## Check
///     /// Finds nodes that shout.
///     pub struct ShoutingNode {
///         code: "ACM0001",
///         name: "shouting-node",
///         level: Warn,
///         stage: Source,
///     }
///     |facts| {
///         let loud = facts.functions().filter(|it| it.name.chars().all(char::is_uppercase));
///         loud.map(|it| Finding::new(it.name_span, format!("node `{}` shouts", it.name))).collect()
///     }
/// }
///
/// // In `main`: `std::env::args_os()`.
/// assert_eq!(run_with(["lint-acme", "explain", "shouting-node"], &[&ShoutingNode]), Exit::Clean);
/// let lint = ["lint-acme", "lint", "--fast", "../../examples/async-service/src", "-D", "ACM0001"];
/// assert_eq!(run_with(lint, &[&ShoutingNode]), Exit::Clean);
/// ```
pub fn run_with<T: Into<OsString>>(line: impl IntoIterator<Item = T>, rules: &[&'static dyn Rule]) -> Exit {
    let mut line: Vec<OsString> = line.into_iter().map(Into::into).collect();
    if line.get(1).is_some_and(|word| word == "icosian") {
        line.remove(1);
    }
    let line = match CommandLine::try_parse_from(line) {
        Ok(line) => line,
        Err(error) => {
            // A closed output is no error.
            let _ = error.print();
            return if error.use_stderr() { Exit::Failed } else { Exit::Clean };
        }
    };
    match line.task {
        CliCommand::Lint(options) => lint(&options.with_rules(rules.iter().copied())),
        CliCommand::Graph(options) => {
            with_errors(ColourChoice::Auto, |screen, errors| graph::run(&options, screen, errors))
        }
        CliCommand::List(options) => {
            with_errors(options.colour(), |screen, errors| list::run(&options, screen, errors))
        }
        CliCommand::Diff(options) => {
            with_errors(options.colour(), |screen, errors| diff::run(&options, screen, errors))
        }
        CliCommand::New(options) => {
            with_errors(ColourChoice::Auto, |screen, errors| new::run(&options, screen, errors))
        }
        CliCommand::Explain { rule } => {
            Screen::stdout(ColourChoice::Auto).end(|screen| explain::run(&rule, rules, screen))
        }
        CliCommand::Rules(options) => {
            Screen::stdout(ColourChoice::Auto).end(|screen| rules::run(&options, rules, screen))
        }
        CliCommand::Completions(options) => Screen::stdout(ColourChoice::Auto)
            .end(|screen| completions::run(options, CommandLine::command(), screen)),
        CliCommand::Matrix(options) => matrix(&options),
        CliCommand::Runs(command) => {
            with_errors(ColourChoice::Auto, |screen, errors| runs::run(&command, screen, errors))
        }
    }
}

/// Runs a command that writes data to the standard output and errors to the standard error output.
fn with_errors(
    colour: ColourChoice,
    work: impl FnOnce(&mut Screen<'_>, &mut Screen<'_>) -> io::Result<Exit>,
) -> Exit {
    Screen::stderr(colour).end(|errors| Ok(Screen::stdout(colour).end(|screen| work(screen, errors))))
}

/// Lints as `cargo icosian lint` does and returns the exit status.
///
/// # Examples
/// ```
/// use clap::Parser;
///
/// #[derive(Parser)]
/// struct Line {
///     #[command(flatten)]
///     lint: icosian_cli::LintOptions,
/// }
///
/// let line = Line::parse_from(["xtask", "--fast", "../../examples/async-service/src"]);
/// assert_eq!(icosian_cli::lint(&line.lint), icosian_cli::Exit::Clean);
/// ```
#[must_use]
pub fn lint(options: &LintOptions) -> Exit {
    Screen::stdout(options.colour()).end(|screen| lint::run(options, screen))
}

/// Prints the table of decorators and adapters, as `cargo icosian matrix` does.
///
/// # Examples
/// ```
/// assert_eq!(icosian_cli::matrix(&icosian_cli::MatrixOptions::default()), icosian_cli::Exit::Clean);
/// ```
#[must_use]
pub fn matrix(options: &MatrixOptions) -> Exit {
    Screen::stdout(ColourChoice::Auto).end(|screen| matrix::run(options, screen))
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::CommandLine;

    #[test]
    fn the_command_line_is_well_formed() {
        CommandLine::command().debug_assert();
    }
}
