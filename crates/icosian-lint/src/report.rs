use std::path::PathBuf;

use icosian_rules::{Level, LinkedDataflow, RuleMetadata};

use crate::{Diagnosis, Notice};

/// The consequence of a run without anything to check.
const NOTHING: &str = "nothing was checked";

/// The result of a run: findings, inputs that could not be checked, and counts.
///
/// # Examples
/// ```
/// use icosian_lint::{Linter, Settings};
///
/// let linter = Linter::new(Settings::default());
/// let report = linter.lint_text("src/rates.rs", "#[node]\npub fn rate() -> ! { never() }\n");
/// assert!(!report.is_clean() && report.is_complete());
/// assert_eq!((report.diagnoses().len(), report.files(), report.nodes()), (1, 1, 1));
/// assert!(report.skipped().iter().any(|metadata| metadata.name == "unlinked-node"), "only source was checked");
///
/// let report = linter.lint_text("src/rates.rs", "#[dataflow] pub mod rates {}");
/// assert_eq!((report.dataflows(), report.checked(), report.source_only()), (1, 0, 1));
///
/// let report = linter.lint_text("src/rates.rs", "#[node] pub fn rate( {}\n");
/// assert!(!report.is_complete());
/// assert!(report.notices()[0].to_string().starts_with("src/rates.rs:1:"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub(crate) diagnoses: Vec<Diagnosis>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) files: usize,
    /// The files, as they were named.
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) dataflows: usize,
    pub(crate) checked: usize,
    pub(crate) behind_cfg: usize,
    pub(crate) nodes: usize,
    pub(crate) skipped: Vec<&'static RuleMetadata>,
    pub(crate) linked: Vec<LinkedDataflow>,
    pub(crate) unlinked: Vec<String>,
    pub(crate) hidden: usize,
    pub(crate) foreign: Vec<String>,
    /// Set when the linked stage was part of the run.
    pub(crate) was_linked: bool,
}

impl Report {
    /// Returns the findings, sorted by file and location, without suppressed ones.
    #[must_use]
    pub fn diagnoses(&self) -> &[Diagnosis] {
        &self.diagnoses
    }

    /// Returns the folders of packages that were skipped because no workspace includes them.
    #[must_use]
    pub fn foreign(&self) -> &[String] {
        &self.foreign
    }

    /// Adds a notice for a run that checked nothing, so that the report is not complete.
    ///
    /// A run checks nothing when `paths` have no Rust files or no nodes, or when crates were linked and no dataflow was
    /// checked under an adapter. Other notices make the report incomplete already; then this method adds none.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Linter, Settings};
    ///
    /// let paths = ["src/lines.rs".into()];
    /// let report = Linter::new(Settings::default()).lint(&paths).with_notice_if_empty(&paths);
    /// assert_eq!(report.notices()[0].to_string(), "src/lines.rs: has no dataflows and no nodes");
    /// ```
    #[must_use]
    pub fn with_notice_if_empty(mut self, paths: &[PathBuf]) -> Self {
        if !self.is_complete() || !self.linked.is_empty() {
            return self;
        }
        let (text, consequence) = if self.files == 0 {
            ("has no Rust files", NOTHING)
        } else if self.dataflows == 0 && self.nodes == 0 {
            ("has no dataflows and no nodes", NOTHING)
        } else if self.was_linked && self.dataflows > 0 {
            ("has no dataflow that could be linked", "only its source was checked")
        } else {
            return self;
        };
        let notices = paths.iter().map(|path| Notice::new(path, text).with_consequence(consequence));
        self.notices.extend(notices);
        self
    }

    /// Returns the number of findings that a baseline hides.
    #[must_use]
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    /// Returns the inputs that could not be checked.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Returns the number of files.
    #[must_use]
    pub fn files(&self) -> usize {
        self.files
    }

    /// Returns the number of dataflows in the files.
    #[must_use]
    pub fn dataflows(&self) -> usize {
        self.dataflows
    }

    /// Returns the number of these dataflows that were checked as a driver checks them.
    #[must_use]
    pub fn checked(&self) -> usize {
        self.checked
    }

    /// Returns the number of these dataflows that a `#[cfg(..)]` disables in the linked crates.
    #[must_use]
    pub fn behind_cfg(&self) -> usize {
        self.behind_cfg
    }

    /// Returns the number of all other dataflows, which were checked as source only: those of tests and examples, of files that
    /// belong to no library, and of packages that were not linked.
    #[must_use]
    pub fn source_only(&self) -> usize {
        self.dataflows - self.checked - self.behind_cfg
    }

    /// Returns the number of nodes in the files.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// Returns the rules that did not run, because their facts do not exist in this run.
    #[must_use]
    pub fn skipped(&self) -> &[&'static RuleMetadata] {
        &self.skipped
    }

    /// Returns the dataflows that were linked, each with the adapters under which it was checked.
    #[must_use]
    pub fn linked(&self) -> &[LinkedDataflow] {
        &self.linked
    }

    /// Returns the packages of programs that were not linked, because they require features that are not selected.
    #[must_use]
    pub fn unlinked(&self) -> &[String] {
        &self.unlinked
    }

    /// Returns whether there are no findings.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.diagnoses.is_empty()
    }

    /// Returns whether all inputs could be checked.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.notices.is_empty()
    }

    /// Returns the number of findings of `level`.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.diagnoses.iter().filter(|it| it.level() == level).count()
    }
}
