use std::collections::BTreeMap;
use std::path::Path;

use miette::Diagnostic;
use serde::{Deserialize, Serialize};

use crate::{Notice, Report};

/// What was wrong before, and is not told again: so that a linter can begin where much is to be done.
///
/// It counts findings by file, rule and message, not by line, so that code may move.
///
/// # Examples
/// ```
/// use icosian_lint::{Baseline, Linter, Settings};
///
/// let linter = Linter::new(Settings::default());
/// let mut report = linter.lint_text("src/rates.rs", "#[node]\npub fn rate() {}\n");
/// let baseline = Baseline::of(&report);
/// assert!(baseline.apply(&mut report).is_empty());
/// assert!(report.is_clean());
///
/// // What is mended leaves an entry behind that hides nothing any more.
/// let mut mended = linter.lint_text("src/rates.rs", "#[node]\npub fn rate() -> f64 { 1.0 }\n");
/// assert_eq!(baseline.apply(&mut mended).len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    /// By file, then by code and message: how many there are.
    findings: BTreeMap<String, BTreeMap<String, usize>>,
}

/// What is wrong with a baseline's file.
///
/// # Examples
/// ```
/// let error = icosian_lint::Baseline::parse("baseline.json", "{}").unwrap_err();
/// assert!(error.to_string().starts_with("baseline `baseline.json` is broken: missing field"));
/// ```
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum BaselineError {
    /// It cannot be read.
    #[error("baseline `{path}` cannot be read")]
    #[diagnostic(code(icosian::lint::baseline_unreadable), help("write it first, with `--write-baseline`"))]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is something else than a baseline.
    #[error("baseline `{path}` is broken: {message}")]
    #[diagnostic(code(icosian::lint::baseline_broken), help("write it anew, with `--write-baseline`"))]
    Broken {
        /// The file.
        path: String,
        /// Why.
        message: String,
    },
}

const VERSION: u32 = 1;

impl Baseline {
    /// Returns the findings of `report`.
    ///
    /// # Examples
    /// See [`Baseline`].
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let mut baseline = Self { version: VERSION, findings: BTreeMap::new() };
        for found in report.diagnoses() {
            let file = baseline.findings.entry(found.file().to_owned()).or_default();
            *file.entry(key(found)).or_default() += 1;
        }
        baseline
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`BaselineError`] when it cannot be read.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_lint::Baseline::read("not/there.json".as_ref()).is_err());
    /// ```
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let unreadable = |source| BaselineError::Unreadable { path: path.display().to_string(), source };
        Self::parse(path, &std::fs::read_to_string(path).map_err(unreadable)?)
    }

    /// Reads the text of the file at `path`.
    ///
    /// # Errors
    /// [`BaselineError`] when it is something else than a baseline.
    ///
    /// # Examples
    /// See [`to_text`](Self::to_text).
    pub fn parse(path: impl AsRef<Path>, text: &str) -> Result<Self, BaselineError> {
        let broken = |message| BaselineError::Broken { path: path.as_ref().display().to_string(), message };
        let baseline: Self = serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
        if baseline.version != VERSION {
            return Err(broken(format!("it has version {}, not {VERSION}", baseline.version)));
        }
        Ok(baseline)
    }

    /// Returns the text of a file.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Baseline, Report};
    ///
    /// let baseline = Baseline::of(&Report::default());
    /// assert_eq!(Baseline::parse("baseline.json", &baseline.to_text())?, baseline);
    /// # Ok::<(), icosian_lint::BaselineError>(())
    /// ```
    #[must_use]
    pub fn to_text(&self) -> String {
        // Maps of texts and numbers are always JSON.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Takes out of `report` what was wrong before; returns the entries that hide nothing.
    ///
    /// # Examples
    /// See [`Baseline`].
    pub fn apply(&self, report: &mut Report) -> Vec<Notice> {
        let mut left = self.findings.clone();
        report.diagnoses.retain(|found| {
            let entry = left.get_mut(found.file()).and_then(|file| file.get_mut(&key(found)));
            match entry {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    false
                }
                _ => true,
            }
        });
        let stale = left
            .iter()
            .flat_map(|(file, findings)| findings.iter().map(move |(key, count)| (file, key, count)));
        let stale = stale.filter(|(.., count)| **count > 0);
        stale
            .map(|(file, key, _)| Notice::new(file, format!("the baseline has `{key}`, which is mended")))
            .collect()
    }
}

fn key(found: &crate::Diagnosis) -> String {
    format!("{} {}", found.code(), found.message())
}
