use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use cargo_metadata::diagnostic::Diagnostic;
use icosian_rules::{Stage, Transcript};

use super::package::Package;
use crate::Notice;
use crate::file_analysis::FileAnalysis;

/// The result of the linked stage, before it is merged with the analyses of files.
pub(crate) struct LinkReport {
    /// The folders of the run, as full paths.
    pub(crate) folders: Vec<PathBuf>,
    /// Crates that could not be linked, dataflows that could not be checked, and settings without effect.
    pub(crate) notices: Vec<Notice>,
    /// Files of linked libraries outside of the folders of the run.
    pub(crate) outside_files: Vec<FileAnalysis>,
    /// One batch for each workspace that was linked.
    pub(crate) batches: Vec<LinkedBatch>,
    /// One report for each workspace that clippy checked.
    pub(crate) clippy: Vec<ClippyReport>,
    /// The packages of programs that the selected features disable.
    pub(crate) unlinked: BTreeSet<String>,
    /// The folders of packages that no workspace includes.
    pub(crate) foreign: BTreeSet<PathBuf>,
    /// Set when all crates were linked.
    pub(crate) is_complete: bool,
    /// Set when clippy checked all packages.
    pub(crate) clippy_is_complete: bool,
}

/// The transcript of a harness, and the packages that the harness links.
pub(crate) struct LinkedBatch {
    /// The root of the workspace.
    pub(crate) root: PathBuf,
    pub(crate) transcript: Transcript,
    /// The last stage that is complete: `Plan` if all adapters were checked.
    pub(crate) stage: Stage,
    pub(crate) packages: Vec<Arc<Package>>,
}

/// The diagnostics of clippy in one workspace.
pub(crate) struct ClippyReport {
    /// The root of the workspace, which file names of diagnostics are relative to.
    pub(crate) root: PathBuf,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The files with nodes that clippy checked, as full paths. The value is set if clippy compiled all of the file's package.
    pub(crate) files: BTreeMap<PathBuf, bool>,
}
