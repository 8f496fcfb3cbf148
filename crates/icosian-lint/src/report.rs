use std::collections::BTreeSet;
use std::path::PathBuf;

use icosian_rules::{Card, Level, LinkedDataflow};

use crate::{Diagnosis, Notice, SourceText, shown};

/// The consequence of a run without anything to check.
const NOTHING: &str = "nothing was checked";

/// What a linter found.
///
/// # Examples
/// ```
/// use icosian_lint::{Linter, Settings};
///
/// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", "#[node]\npub fn rate() -> ! { never() }\n");
/// assert!(!report.is_clean() && report.is_complete());
/// assert_eq!((report.diagnoses().len(), report.nodes()), (1, 1));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub(crate) diagnoses: Vec<Diagnosis>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) files: usize,
    /// The files, as they were named.
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) dataflows: usize,
    pub(crate) judged: usize,
    pub(crate) behind_cfg: usize,
    pub(crate) nodes: usize,
    pub(crate) skipped: Vec<&'static Card>,
    pub(crate) linked: Vec<LinkedDataflow>,
    pub(crate) unlinked: Vec<String>,
    pub(crate) hidden: usize,
    pub(crate) foreign: Vec<String>,
    /// Whether linking was part of the run.
    pub(crate) was_linked: bool,
}

impl Report {
    /// Returns what is wrong, by file and place. What is allowed is not there.
    ///
    /// # Examples
    /// See [`Report`].
    #[must_use]
    pub fn diagnoses(&self) -> &[Diagnosis] {
        &self.diagnoses
    }

    /// Returns the folders of packages that were skipped because no workspace includes them.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_lint::Report::default().foreign().is_empty());
    /// ```
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
    /// let mut report = Linter::new(Settings::default()).lint(&paths);
    /// report.note_if_empty(&paths);
    /// assert_eq!(report.notices()[0].to_string(), "src/lines.rs: has no dataflows and no nodes");
    /// ```
    pub fn note_if_empty(&mut self, paths: &[PathBuf]) {
        if !self.is_complete() || !self.linked.is_empty() {
            return;
        }
        let (text, consequence) = if self.files == 0 {
            ("has no Rust files", NOTHING)
        } else if self.dataflows == 0 && self.nodes == 0 {
            ("has no dataflows and no nodes", NOTHING)
        } else if self.was_linked && self.dataflows > 0 {
            ("has no dataflow that could be linked", "only its source was checked")
        } else {
            return;
        };
        for path in paths {
            self.notices.push(Notice::new(path, text).with_consequence(consequence));
        }
    }

    /// Adds the folders of foreign packages.
    pub(crate) fn with_foreign(mut self, folders: &BTreeSet<PathBuf>) -> Self {
        let shown = |folder: &PathBuf| SourceText::new(shown(folder), "").name().to_owned();
        self.foreign = folders.iter().map(shown).collect();
        self
    }

    /// Returns how many findings a baseline hides.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Baseline, Linter, Settings};
    ///
    /// let linter = Linter::new(Settings::default());
    /// let mut report = linter.lint_text("src/rates.rs", "#[node]\npub fn rate() -> ! { never() }\n");
    /// linter.apply_baseline(&Baseline::of(&report), &mut report);
    /// assert!(report.is_clean() && report.hidden() == 1);
    /// ```
    #[must_use]
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    /// Returns what could not be looked at.
    ///
    /// # Examples
    /// See [`is_complete`](Self::is_complete).
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Returns how many files were looked at.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_lint::Report::default().files(), 0);
    /// ```
    #[must_use]
    pub fn files(&self) -> usize {
        self.files
    }

    /// Returns how many dataflows are in these files.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_lint::Report::default().dataflows(), 0);
    /// ```
    #[must_use]
    pub fn dataflows(&self) -> usize {
        self.dataflows
    }

    /// Returns how many of these dataflows were judged as a driver would.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Linter, Settings};
    ///
    /// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", "#[dataflow] pub mod rates {}");
    /// assert_eq!((report.dataflows(), report.judged()), (1, 0));
    /// ```
    #[must_use]
    pub fn judged(&self) -> usize {
        self.judged
    }

    /// Returns how many of these dataflows were left out of what was linked by a `#[cfg(..)]` above them or around them.
    ///
    /// # Examples
    /// See [`source_only`](Self::source_only).
    #[must_use]
    pub fn behind_cfg(&self) -> usize {
        self.behind_cfg
    }

    /// Returns of how many other dataflows nobody but the source was asked: those of programs, tests and examples, of files that
    /// no library has, and of packages that were not linked.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Linter, Settings};
    ///
    /// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", "#[dataflow] pub mod rates {}");
    /// assert_eq!((report.source_only(), report.behind_cfg()), (1, 0));
    /// ```
    #[must_use]
    pub fn source_only(&self) -> usize {
        self.dataflows - self.judged - self.behind_cfg
    }

    /// Returns how many functions are nodes there.
    ///
    /// # Examples
    /// See [`Report`].
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// Returns the rules that did not run, because their facts do not exist in what was looked at.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Linter, Settings};
    ///
    /// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", "");
    /// assert!(report.skipped().iter().any(|card| card.name == "unlinked-node"));
    /// ```
    #[must_use]
    pub fn skipped(&self) -> &[&'static Card] {
        &self.skipped
    }

    /// Returns the dataflows that were linked, each with the adapters under which it was judged.
    ///
    /// # Examples
    /// See [`unlinked`](Self::unlinked).
    #[must_use]
    pub fn linked(&self) -> &[LinkedDataflow] {
        &self.linked
    }

    /// Returns the packages with dataflows that have no library, so that nobody can link them.
    ///
    /// # Examples
    /// ```
    /// let report = icosian_lint::Report::default();
    /// assert!(report.linked().is_empty() && report.unlinked().is_empty());
    /// ```
    #[must_use]
    pub fn unlinked(&self) -> &[String] {
        &self.unlinked
    }

    /// Returns whether nothing is wrong in what was looked at.
    ///
    /// # Examples
    /// See [`Report`].
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.diagnoses.is_empty()
    }

    /// Returns whether everything could be looked at.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Linter, Settings};
    ///
    /// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", "#[node] pub fn rate( {}\n");
    /// assert!(!report.is_complete());
    /// assert!(report.notices()[0].to_string().starts_with("src/rates.rs:1:"));
    /// ```
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.notices.is_empty()
    }

    /// Returns how many diagnoses have `level`.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_lint::Report::default().count(icosian_rules::Level::Deny), 0);
    /// ```
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.diagnoses.iter().filter(|it| it.level() == level).count()
    }
}
