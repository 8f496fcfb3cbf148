use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use icosian_rules::Setting;

/// The options of the linked stage. They override the settings.
///
/// # Examples
/// ```
/// use icosian_lint::{LinkOptions, LinkProgress, select_adapters};
/// use icosian_rules::Setting;
///
/// let mut options = LinkOptions::default();
/// options.adapters = select_adapters("all").expect("`all` selects every adapter");
/// options.config.insert("env".into(), Setting::read("prod"));
/// options.progress = Some(|progress| match progress {
///     LinkProgress::Cargo(line) | LinkProgress::Waiting(line) => eprintln!("{line}"),
///     _ => {}
/// });
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct LinkOptions {
    /// The adapters for all dataflows. If empty, the settings or the nodes decide.
    pub adapters: Vec<String>,
    /// Config values for all dataflows. They override those of the settings.
    pub config: BTreeMap<String, Setting>,
    /// Features of the packages, in addition to the default features; `package/feature` is a feature of one package.
    pub features: Vec<String>,
    /// The folder for compiled files. If it is `None`, each workspace has its own.
    pub target: Option<PathBuf>,
    /// Set to run cargo without network access.
    pub offline: bool,
    /// Set to run clippy too.
    pub clippy: bool,
    /// The time limit for building and checking one dataflow. The default is a minute.
    pub time_limit: Option<Duration>,
    /// Receives progress messages.
    pub progress: Option<fn(LinkProgress<'_>)>,
}

/// A progress message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LinkProgress<'a> {
    /// A line of cargo's output.
    Cargo(&'a str),
    /// The reason for a pause.
    Waiting(&'a str),
}

impl LinkOptions {
    pub(crate) fn report_progress(&self, progress: LinkProgress<'_>) {
        if let Some(report) = self.progress {
            report(progress);
        }
    }

    /// Returns the selected features of the package `name`.
    pub(super) fn features_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.features.iter().filter_map(move |feature| match feature.split_once('/') {
            Some((package, feature)) => (package == name).then_some(feature),
            None => Some(feature.as_str()),
        })
    }
}
