use std::io;
use std::path::Path;

use cargo_metadata::PackageId;

use crate::{Notice, relative};

/// The error of a build or a harness that linked nothing.
#[derive(Debug)]
pub(super) struct LinkFailure {
    pub(super) notices: Vec<Notice>,
    /// The packages that do not compile.
    pub(super) packages: Vec<PackageId>,
}

impl From<Notice> for LinkFailure {
    fn from(notice: Notice) -> Self {
        Self { notices: vec![notice], packages: Vec::new() }
    }
}

/// The consequence for crates that cannot be linked.
pub(super) const UNLINKED: &str = "only the source of its dataflows was checked";

/// Returns the failure of a harness whose folder cannot be written.
pub(super) fn unwritable(manifest: &Path, error: &io::Error) -> LinkFailure {
    let text = format!("has a target folder that is not writable: {error}");
    Notice::new(manifest, text).with_consequence(UNLINKED).into()
}

/// Returns a notice with the error in cargo's `output`.
pub(super) fn cargo_error(manifest: &Path, message: &str, output: &str) -> Notice {
    let error = output.lines().find_map(|line| line.strip_prefix("error: "));
    let text = error.map_or_else(|| message.to_owned(), |error| format!("{message}: {error}"));
    Notice::new(relative(manifest), text).with_consequence(UNLINKED).with_details(output)
}
