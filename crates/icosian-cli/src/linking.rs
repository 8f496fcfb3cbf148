use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use icosian_lint::{Linking, Progress, plain};
use icosian_rules::Setting;
use miette::MietteDiagnostic;

/// How dataflows are linked and judged.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct LinkingOptions {
    /// Looks at source only: links nothing, builds nothing.
    #[arg(long, conflicts_with_all = ["adapter", "config", "features", "clippy", "time_limit"])]
    fast: bool,
    /// Judges all dataflows under this adapter; without it under the one that the settings name, or that their nodes need.
    #[arg(long, value_enum)]
    adapter: Vec<Adapter>,
    /// Gives all dataflows a config value; more than once for several.
    #[arg(long, value_name = "KEY=VALUE")]
    config: Vec<String>,
    /// Features of the packages, besides their default ones.
    #[arg(long, value_name = "FEATURE", value_delimiter = ',')]
    features: Vec<String>,
    /// Asks clippy too about what it sees in nodes: locks held across an `.await`, large futures.
    #[arg(long)]
    clippy: bool,
    /// Gives a dataflow up that is not built and judged in so many seconds; 60 without it.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    time_limit: Option<u64>,
    /// Lets cargo do without the network.
    #[arg(long)]
    offline: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Adapter {
    /// One node after the other
    Sync,
    /// Sync nodes on all cores
    Rayon,
    /// Async nodes too
    Tokio,
    /// Each of them
    All,
}

impl LinkingOptions {
    /// Returns how to link; `None` when only source is looked at.
    pub(crate) fn linking(&self, is_fast: bool) -> Result<Option<Linking>, Box<MietteDiagnostic>> {
        let says_how =
            self.clippy || !self.adapter.is_empty() || !self.config.is_empty() || !self.features.is_empty();
        if self.fast || is_fast && !says_how {
            return Ok(None);
        }
        let mut linking = Linking::default();
        for adapter in &self.adapter {
            let name = adapter.to_possible_value().map(|it| it.get_name().to_owned()).unwrap_or_default();
            linking.adapters.extend(Linking::adapters_of(&name).unwrap_or_default());
        }
        linking.adapters.sort();
        linking.adapters.dedup();
        linking.config = self.config()?;
        linking.features.clone_from(&self.features);
        linking.offline = self.offline;
        linking.clippy = self.clippy;
        linking.time_limit = self.time_limit.map(Duration::from_secs);
        linking.progress = Some(|progress| match progress {
            Progress::Waiting(line) => _ = writeln!(io::stderr(), "{line}"),
            // Where nobody sits and looks, errors are enough.
            Progress::Cargo(line) if io::stderr().is_terminal() => {
                _ = writeln!(io::stderr(), "{}", plain(line));
            }
            _ => {}
        });
        Ok(Some(linking))
    }

    fn config(&self) -> Result<BTreeMap<String, Setting>, Box<MietteDiagnostic>> {
        let read = |text: &String| match text.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => {
                Ok((name.trim().to_owned(), Setting::read(value)))
            }
            _ => Err(Box::new(
                MietteDiagnostic::new(format!("`--config {text}` has no value"))
                    .with_code("icosian::cli::config")
                    .with_help("write `--config env=prod`"),
            )),
        };
        self.config.iter().map(read).collect()
    }

    /// Returns the folders of packages of this workspace.
    pub(crate) fn folders(names: &[String]) -> Result<Vec<PathBuf>, Box<MietteDiagnostic>> {
        let found = Linking::folders_of(Path::new("."), names);
        found.map_err(|notice| {
            let error = MietteDiagnostic::new(notice.message()).with_code("icosian::cli::package");
            Box::new(error.with_help("look for its name in the `Cargo.toml` of a folder of this workspace"))
        })
    }
}
