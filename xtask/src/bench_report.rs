//! How fast the house is: the races of `benches/`, built and run optimized.

use std::process::Command;

use clap::Args;

use crate::Failure;

/// What to race, and how to print it.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Leaves out the graphs of 100,000 nodes.
    #[arg(long)]
    quick: bool,
    /// Prints a JSON object a line instead of a Markdown table.
    #[arg(long)]
    json: bool,
    /// Races the other crates that run graphs of async functions, too.
    #[arg(long)]
    peers: bool,
}

impl Options {
    /// The arguments of cargo.
    fn arguments(&self) -> Vec<&'static str> {
        let mut arguments = vec!["run", "--quiet", "--release", "-p", "icosian-benches", "--bin", "report"];
        if self.peers {
            arguments.extend(["--features", "peers"]);
        }
        arguments.push("--");
        arguments.extend(self.quick.then_some("--quick"));
        arguments.extend(self.json.then_some("--json"));
        arguments
    }
}

/// Builds the races and runs them; gives whether all contenders came to the same results.
pub(crate) fn run(options: &Options) -> Result<bool, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = options.arguments();
    eprintln!("bench-report: cargo {}", arguments.join(" "));
    Ok(Command::new(cargo).args(arguments).status()?.success())
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn options_reach_cargo_and_the_races() {
        let options = Options { quick: true, json: false, peers: true };
        let expect = "run --quiet --release -p icosian-benches --bin report --features peers -- --quick";
        assert_eq!(options.arguments().join(" "), expect);
    }
}
