//! How fast the house is: the races of `benches/`, built and run optimized.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use cargo_metadata::MetadataCommand;
use clap::Args;

use crate::Failure;

mod hamilton;
mod taskflow;

/// What to race, and how to print it.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Options {
    /// Leaves out the graphs of 100,000 nodes.
    #[arg(long)]
    quick: bool,
    /// Prints a JSON object a line instead of a Markdown table.
    #[arg(long)]
    json: bool,
    /// Tells only what decorators cost.
    #[arg(long)]
    decorators: bool,
    /// Races the other crates that run graphs of async functions, too.
    #[arg(long)]
    peers: bool,
    /// Races Hamilton's two drivers, too: needs Python, and installs Hamilton in `target/`.
    #[arg(long)]
    hamilton: bool,
    /// Races Taskflow, too: needs `g++`, and the headers, which are in this folder, installed, or a Debian package.
    #[arg(long, value_name = "FOLDER", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "so clap tells `--taskflow` from `--taskflow FOLDER`")]
    taskflow: Option<Option<PathBuf>>,
}

/// Programs that race, made ready.
#[derive(Debug, Default)]
struct Guests {
    /// A Python that has Hamilton.
    hamilton: Option<PathBuf>,
    /// The program that uses Taskflow.
    taskflow: Option<PathBuf>,
}

impl Options {
    fn guests(&self) -> Result<Guests, Failure> {
        Ok(Guests {
            hamilton: self.hamilton.then(hamilton::python).transpose()?,
            taskflow: self.taskflow.as_ref().map(|given| taskflow::program(given.as_deref())).transpose()?,
        })
    }

    /// The arguments of cargo.
    fn arguments(&self, guests: &Guests) -> Vec<OsString> {
        let mut arguments = vec!["run", "--quiet", "--release", "-p", "icosian-benches", "--bin", "report"];
        if self.peers {
            arguments.extend(["--features", "peers"]);
        }
        arguments.push("--");
        arguments.extend(self.quick.then_some("--quick"));
        arguments.extend(self.json.then_some("--json"));
        arguments.extend(self.decorators.then_some("--decorators"));
        let mut arguments: Vec<OsString> = arguments.into_iter().map(OsString::from).collect();
        for (option, guest) in [("--hamilton", &guests.hamilton), ("--taskflow", &guests.taskflow)] {
            arguments.extend(guest.iter().flat_map(|guest| [option.into(), guest.into()]));
        }
        arguments
    }
}

/// Builds the races and runs them; gives whether all contenders came to the same results.
pub(crate) fn run(options: &Options) -> Result<bool, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = options.arguments(&options.guests()?);
    eprintln!("bench-report: cargo {}", arguments.join(OsStr::new(" ")).display());
    Ok(Command::new(cargo).args(arguments).status()?.success())
}

/// The folder that cargo builds in.
fn target() -> Result<PathBuf, Failure> {
    Ok(MetadataCommand::new().no_deps().exec()?.target_directory.into())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{Guests, Options, OsStr};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    fn options(line: &str) -> Options {
        Line::parse_from(std::iter::once("bench-report").chain(line.split_whitespace())).options
    }

    #[test]
    fn options_reach_cargo_and_the_races() {
        let guests = Guests { hamilton: Some("venv/python".into()), taskflow: Some("taskflow/graph".into()) };
        let arguments = options("--quick --peers").arguments(&guests);
        let expect = "run --quiet --release -p icosian-benches --bin report --features peers \
                      -- --quick --hamilton venv/python --taskflow taskflow/graph";
        assert_eq!(arguments.join(OsStr::new(" ")), expect);
    }

    #[test]
    fn taskflow_may_be_given_a_folder() {
        assert_eq!(options("").taskflow, None);
        assert_eq!(options("--taskflow --quick").taskflow, Some(None));
        assert_eq!(options("--taskflow here").taskflow, Some(Some("here".into())));
    }

    #[test]
    fn a_folder_without_the_headers_is_refused() {
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let refused = super::taskflow::program(Some(here)).unwrap_err().to_string();
        assert!(
            refused.contains("there is no `taskflow/taskflow.hpp`") || refused.contains("`g++`"),
            "{refused}"
        );
    }
}
