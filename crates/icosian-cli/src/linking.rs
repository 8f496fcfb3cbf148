use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use icosian_lint::{LinkOptions, LinkProgress, Settings, escape_controls, package_folders, select_adapters};
use icosian_rules::Setting;
use miette::MietteDiagnostic;

use crate::screen::note;

/// The options for linking crates and checking their dataflows.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct LinkingOptions {
    /// Check source only; link and build nothing
    #[arg(long, conflicts_with_all = ["adapter", "config", "features", "clippy", "time_limit"])]
    fast: bool,
    /// Check all dataflows under this adapter; the default is the adapter of the settings, or an adapter that fits the nodes
    #[arg(long, value_enum)]
    adapter: Vec<Adapter>,
    /// Set a config value for all dataflows; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    config: Vec<String>,
    /// Activate features of the packages, in addition to the default features
    #[arg(long, value_name = "FEATURE", value_delimiter = ',')]
    features: Vec<String>,
    /// Run clippy too, for locks held across an `.await` and large futures
    #[arg(long)]
    clippy: bool,
    /// Stop checking a dataflow after this time, for example `90s` or `2m`; a plain number is in seconds [default: 1m]
    #[arg(long, value_name = "DURATION", value_parser = parse_time_limit)]
    time_limit: Option<Duration>,
    /// Run cargo without network access; tried automatically when the network fails
    #[arg(long)]
    offline: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Adapter {
    /// Runs nodes one after the other
    Sync,
    /// Runs sync nodes on all cores
    Rayon,
    /// Runs sync and async nodes
    Tokio,
    /// Every adapter
    All,
}

impl LinkingOptions {
    /// Returns the options of the linter, or `None` to check source only, as `settings` may require.
    pub(crate) fn link_options(
        &self,
        settings: &Settings,
    ) -> Result<Option<LinkOptions>, Box<MietteDiagnostic>> {
        let requests_linking =
            self.clippy || !self.adapter.is_empty() || !self.config.is_empty() || !self.features.is_empty();
        if self.fast || settings.is_fast() && !requests_linking {
            return Ok(None);
        }
        let mut options = LinkOptions::default();
        for adapter in &self.adapter {
            let name = adapter.to_possible_value().map(|it| it.get_name().to_owned()).unwrap_or_default();
            options.adapters.extend(select_adapters(&name).unwrap_or_default());
        }
        options.adapters.sort();
        options.adapters.dedup();
        options.config = self.config()?;
        options.features.clone_from(&self.features);
        options.offline = self.offline;
        options.clippy = self.clippy;
        options.time_limit = self.time_limit;
        options.progress = Some(|progress| match progress {
            LinkProgress::Waiting(line) => note(line),
            // Without a terminal, errors are enough.
            LinkProgress::Cargo(line) if io::stderr().is_terminal() => note(escape_controls(line)),
            _ => {}
        });
        Ok(Some(options))
    }

    fn config(&self) -> Result<BTreeMap<String, Setting>, Box<MietteDiagnostic>> {
        let read = |text: &String| match text.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => {
                Ok((name.trim().to_owned(), Setting::read(value)))
            }
            _ => Err(Box::new(
                MietteDiagnostic::new(format!("`--config {text}` has no value"))
                    .with_code("ICO1309 config-without-value")
                    .with_help("write `--config env=prod`"),
            )),
        };
        self.config.iter().map(read).collect()
    }

    /// Returns the folders of packages in this workspace.
    pub(crate) fn folders(names: &[String]) -> Result<Vec<PathBuf>, Box<MietteDiagnostic>> {
        let found = package_folders(Path::new("."), names);
        found.map_err(|notice| {
            let error = MietteDiagnostic::new(notice.message()).with_code("ICO1310 unknown-package");
            Box::new(error.with_help("pass the `name` of a `Cargo.toml` in this workspace"))
        })
    }
}

fn parse_time_limit(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map(Duration::from_secs);
    match seconds.or_else(|_| humantime::parse_duration(text)) {
        Ok(Duration::ZERO) => Err("it must be longer than zero".to_owned()),
        Ok(limit) => Ok(limit),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::parse_time_limit;

    #[test]
    fn time_limit_is_a_duration_or_a_number_of_seconds() {
        for text in ["90", "90s", "1m 30s", "1m30s"] {
            assert_eq!(parse_time_limit(text), Ok(Duration::from_secs(90)), "{text}");
        }
        for text in ["0", "0s", "-1", "soon", "90 apples"] {
            assert!(parse_time_limit(text).is_err(), "{text}");
        }
    }
}
