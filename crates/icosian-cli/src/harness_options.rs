use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::time::Duration;

use clap::{Args, ValueEnum};
use icosian_lint::{LinkOptions, LinkProgress, escape_controls, select_adapters};
use icosian_rules::Setting;
use miette::MietteDiagnostic;

use crate::screen::note;

/// The options for building a harness and the drivers in it.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct HarnessOptions {
    /// Build all dataflows under this adapter; the default is the adapter of the settings, or an adapter that fits the nodes
    #[arg(long, value_enum)]
    adapter: Vec<Adapter>,
    /// Set a config value for all dataflows; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    config: Vec<String>,
    /// Activate features of the packages, in addition to the default features
    #[arg(long, value_name = "FEATURE", value_delimiter = ',')]
    features: Vec<String>,
    /// Stop building a dataflow after this time, for example `90s` or `2m`; a plain number is in seconds [default: 1m]
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

impl HarnessOptions {
    /// Returns whether an option only has a meaning for linked crates.
    pub(crate) fn requests_linking(&self) -> bool {
        !self.adapter.is_empty() || !self.config.is_empty() || !self.features.is_empty()
    }

    /// Returns the options of the linter.
    pub(crate) fn link_options(&self) -> Result<LinkOptions, Box<MietteDiagnostic>> {
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
        options.time_limit = self.time_limit;
        options.progress = Some(|progress| match progress {
            LinkProgress::Waiting(line) => note(line),
            // Without a terminal, errors are enough.
            LinkProgress::Cargo(line) if io::stderr().is_terminal() => note(escape_controls(line)),
            _ => {}
        });
        Ok(options)
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
