//! `cargo xtask bench-report`: builds and runs the comparisons in `benches/` with optimization.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use clap::Args;

use crate::task_error::TaskError;

mod hamilton;
mod target_folder;
mod taskflow;

/// The options of `cargo xtask bench-report`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a command-line flag")]
pub(crate) struct BenchReportOptions {
    /// Skip the graphs of 100,000 nodes.
    #[arg(long)]
    quick: bool,
    /// Print one JSON object per line instead of Markdown tables.
    #[arg(long)]
    json: bool,
    /// Measure only the cost of decorators.
    #[arg(long)]
    decorators: bool,
    /// Measure only compiled outputs.
    #[arg(long)]
    compiled: bool,
    /// Measure only expansions.
    #[arg(long)]
    fan_out: bool,
    /// Include other crates that run graphs of async functions.
    #[arg(long)]
    peers: bool,
    /// Include Hamilton. Needs `python3` with `venv`; installs Hamilton in `target/`.
    #[arg(long)]
    hamilton: bool,
    /// Include Taskflow. Needs `g++`; takes the headers from FOLDER, the compiler's search path or a Debian package.
    #[arg(long, value_name = "FOLDER", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "clap distinguishes `--taskflow` and `--taskflow FOLDER`")]
    taskflow: Option<Option<PathBuf>>,
}

/// External programs to measure, installed or compiled.
#[derive(Debug, Default)]
struct Guests {
    /// A Python interpreter with Hamilton.
    hamilton: Option<PathBuf>,
    /// The compiled Taskflow program.
    taskflow: Option<PathBuf>,
}

impl BenchReportOptions {
    fn prepare_guests(&self) -> Result<Guests, TaskError> {
        Ok(Guests {
            hamilton: self.hamilton.then(hamilton::install).transpose()?,
            taskflow: self
                .taskflow
                .as_ref()
                .map(|folder| taskflow::compile(folder.as_deref()))
                .transpose()?,
        })
    }

    /// Returns the arguments of cargo.
    fn arguments(&self, guests: &Guests) -> Vec<OsString> {
        let mut arguments = vec!["run", "--quiet", "--release", "-p", "icosian-benches", "--bin", "report"];
        if self.peers {
            arguments.extend(["--features", "peers"]);
        }
        arguments.push("--");
        arguments.extend(self.quick.then_some("--quick"));
        arguments.extend(self.json.then_some("--json"));
        arguments.extend(self.decorators.then_some("--decorators"));
        arguments.extend(self.compiled.then_some("--compiled"));
        arguments.extend(self.fan_out.then_some("--fan-out"));
        let mut arguments: Vec<OsString> = arguments.into_iter().map(OsString::from).collect();
        for (option, guest) in [("--hamilton", &guests.hamilton), ("--taskflow", &guests.taskflow)] {
            arguments.extend(guest.iter().flat_map(|guest| [option.into(), guest.into()]));
        }
        arguments
    }
}

/// Runs the comparisons. Returns whether they succeeded; they fail if two contenders have different results.
pub(crate) fn run(options: &BenchReportOptions) -> Result<bool, TaskError> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = options.arguments(&options.prepare_guests()?);
    eprintln!("bench-report: cargo {}", arguments.join(OsStr::new(" ")).display());
    Ok(Command::new(cargo).args(arguments).status()?.success())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{BenchReportOptions, Guests, OsStr};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        options: BenchReportOptions,
    }

    fn parse(line: &str) -> BenchReportOptions {
        Line::parse_from(std::iter::once("bench-report").chain(line.split_whitespace())).options
    }

    #[test]
    fn options_are_passed_to_cargo_and_the_program() {
        let guests = Guests { hamilton: Some("venv/python".into()), taskflow: Some("taskflow/graph".into()) };
        let arguments = parse("--quick --fan-out --peers").arguments(&guests);
        let expect = "run --quiet --release -p icosian-benches --bin report --features peers \
                      -- --quick --fan-out --hamilton venv/python --taskflow taskflow/graph";
        assert_eq!(arguments.join(OsStr::new(" ")), expect);
    }

    #[test]
    fn taskflow_accepts_an_optional_folder() {
        assert_eq!(parse("").taskflow, None);
        assert_eq!(parse("--taskflow --quick").taskflow, Some(None));
        assert_eq!(parse("--taskflow here").taskflow, Some(Some("here".into())));
    }

    #[test]
    fn folder_without_headers_is_an_error() {
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let error = super::taskflow::compile(Some(here)).unwrap_err().to_string();
        assert!(error.contains("there is no `taskflow/taskflow.hpp`") || error.contains("`g++`"), "{error}");
    }
}
