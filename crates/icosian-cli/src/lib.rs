//! `cargo icosian`: the command line of the linter.
//!
//! This is where things are printed, drawn and ended; what is found and how is in `icosian-lint`, and what can be wrong in
//! `icosian-rules`. It is a library too, so that a workspace's own automation calls the same code.

mod exit;
mod explain;
mod human;
mod levels;
mod linking;
mod lint;
mod matrix;
mod rules;
mod screen;
mod watch;

use std::ffi::OsString;

use clap::{Parser, Subcommand};

pub use exit::Exit;
pub use lint::LintOptions;
pub use matrix::MatrixOptions;

use icosian_rules::Rule;
use screen::Screen;

/// Tells what cannot work in a dataflow before it runs.
#[derive(Debug, Parser)]
#[command(name = "cargo icosian", bin_name = "cargo icosian", version)]
struct Line {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Tells what is wrong with dataflows: looks at source files, links the libraries that they are of, and judges what is in these as
    /// a driver would.
    ///
    /// Ends with 0 when nothing is wrong, with 1 when something is, and with 2 when not everything could be looked at: a file that
    /// cannot be read, a library that does not compile. Where that is expected, `--fast` or `fast = true` in `icosian.toml` ask for
    /// the source only. A warning ends with 1 just as an error does: `-A RULE`, or `[levels]` in `icosian.toml`, allow what should not
    /// count.
    Lint(Box<LintOptions>),
    /// Explains a rule: what it finds, why that is bad, and what to write instead.
    Explain {
        /// The rule's code or name.
        rule: String,
    },
    /// Lists all rules, and those that are planned and left out.
    Rules(rules::Options),
    /// Prints which decorator works under which adapter, on functions and async functions.
    Matrix(MatrixOptions),
}

/// Runs a command line, the program's own name included, and returns how it ended. As cargo calls it, the word `icosian` may
/// stand first.
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

/// Runs a command line as [`run`] does, with rules of one's own beside icosian's.
///
/// # Examples
/// A program that is all of this has every option, format and fix for its own rules too:
/// ```
/// use icosian_cli::{Exit, run_with};
/// use icosian_rules::{Finding, rule};
///
/// rule! {
///     /// ## What it does
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
/// assert_eq!(run_with(["lint-acme", "lint", "--fast", "src", "-D", "ACM0001"], &[&ShoutingNode]), Exit::Clean);
/// ```
pub fn run_with<T: Into<OsString>>(line: impl IntoIterator<Item = T>, rules: &[&'static dyn Rule]) -> Exit {
    let mut line: Vec<OsString> = line.into_iter().map(Into::into).collect();
    if line.get(1).is_some_and(|word| word == "icosian") {
        line.remove(1);
    }
    let line = match Line::try_parse_from(line) {
        Ok(line) => line,
        Err(error) => {
            // Help and version are asked for; where nobody reads them there is nothing to be done.
            let _ = error.print();
            return if error.use_stderr() { Exit::Failed } else { Exit::Clean };
        }
    };
    match line.task {
        Task::Lint(options) => lint(&options.with_rules(rules.iter().copied())),
        Task::Explain { rule } => Screen::stdout(None).end(|screen| explain::run(&rule, rules, screen)),
        Task::Rules(options) => Screen::stdout(None).end(|screen| rules::run(&options, rules, screen)),
        Task::Matrix(options) => matrix(&options),
    }
}

/// Lints as `cargo icosian lint` does, and returns how it ended.
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
/// let line = Line::parse_from(["xtask", "src"]);
/// assert_eq!(icosian_cli::lint(&line.lint), icosian_cli::Exit::Clean);
/// ```
#[must_use]
pub fn lint(options: &LintOptions) -> Exit {
    Screen::stdout(options.colour()).end(|screen| lint::run(options, screen))
}

/// Prints which decorator works under which adapter, as `cargo icosian matrix` does.
///
/// # Examples
/// ```
/// assert_eq!(icosian_cli::matrix(&icosian_cli::MatrixOptions::default()), icosian_cli::Exit::Clean);
/// ```
#[must_use]
pub fn matrix(options: &MatrixOptions) -> Exit {
    Screen::stdout(None).end(|screen| matrix::run(options, screen))
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Line::command().debug_assert();
    }
}
