use std::path::{Path, PathBuf};

use clap::Args;
use icosian_lint::{LinkOptions, Settings, package_folders};
use miette::MietteDiagnostic;

use crate::harness_options::HarnessOptions;

/// The options for linking crates and checking their dataflows.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct LinkingOptions {
    /// Check source only; link and build nothing
    #[arg(long, conflicts_with_all = ["adapter", "config", "features", "clippy", "time_limit"])]
    fast: bool,
    #[command(flatten)]
    harness: HarnessOptions,
    /// Run clippy too, for locks held across an `.await` and large futures
    #[arg(long)]
    clippy: bool,
}

impl LinkingOptions {
    /// Returns the options of the linter, or `None` to check source only, as `settings` may require.
    pub(crate) fn link_options(
        &self,
        settings: &Settings,
    ) -> Result<Option<LinkOptions>, Box<MietteDiagnostic>> {
        let requests_linking = self.clippy || self.harness.requests_linking();
        if self.fast || settings.is_fast() && !requests_linking {
            return Ok(None);
        }
        let mut options = self.harness.link_options()?;
        options.clippy = self.clippy;
        Ok(Some(options))
    }
}

/// Returns the folders of packages in the workspace around `folder`.
pub(crate) fn find_packages(folder: &Path, names: &[String]) -> Result<Vec<PathBuf>, Box<MietteDiagnostic>> {
    let found = package_folders(folder, names);
    found.map_err(|notice| {
        let error = MietteDiagnostic::new(notice.message()).with_code("ICO1310 unknown-package");
        Box::new(error.with_help("pass the `name` of a `Cargo.toml` in this workspace"))
    })
}
