use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use icosian_rules::{BaselineEntry, Card, Level, Stage};
use miette::Diagnostic;
use serde::{Deserialize, Serialize};

use crate::engine::Looked;
use crate::{Diagnosis, Linter, Report, SourceText};

/// What was wrong before, and is not told again: so that a linter can begin where much is to be done.
///
/// It counts findings by file, rule and message, not by line, so that code may move.
///
/// # Examples
/// ```
/// use icosian_lint::{Baseline, Linter, Settings};
///
/// let linter = Linter::new(Settings::default());
/// let mut report = linter.lint_text("src/rates.rs", "#[node]\npub fn rate() -> ! { never() }\n");
/// let baseline = Baseline::of(&report);
/// linter.apply_baseline(&baseline, &mut report);
/// assert!(report.is_clean());
///
/// // What is mended leaves an entry behind that hides nothing any more.
/// let mut mended = linter.lint_text("src/rates.rs", "#[node]\npub fn rate() -> f64 { 1.0 }\n");
/// linter.apply_baseline(&baseline, &mut mended);
/// assert_eq!(mended.diagnoses()[0].code(), "ICO1004");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The name of its file.
    file: String,
    text: String,
    findings: Findings,
    /// What only linked crates told.
    linked: Findings,
}

/// By file, then by code and message: how many there are.
type Findings = BTreeMap<String, BTreeMap<String, usize>>;

/// What a file has.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    findings: Findings,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    linked: Findings,
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
    #[diagnostic(code("ICO1306 baseline-unreadable"), help("write it first, with `--write-baseline`"))]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is something else than a baseline.
    #[error("baseline `{path}` is broken: {message}")]
    #[diagnostic(code("ICO1307 baseline-invalid"), help("write it anew, with `--write-baseline`"))]
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
        let (mut findings, mut linked) = (Findings::new(), Findings::new());
        for found in report.diagnoses() {
            let findings = if found.is_linked { &mut linked } else { &mut findings };
            let file = findings.entry(found.file().to_owned()).or_default();
            *file.entry(key(found)).or_default() += 1;
        }
        let written = Written { version: VERSION, findings, linked };
        // Maps of texts and numbers are always JSON.
        let text = serde_json::to_string_pretty(&written).unwrap_or_default() + "\n";
        Self { file: "baseline.json".to_owned(), text, findings: written.findings, linked: written.linked }
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
        let written: Written = serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
        if written.version != VERSION {
            return Err(broken(format!("it has version {}, not {VERSION}", written.version)));
        }
        let file = path.as_ref().display().to_string();
        Ok(Self { file, text: text.to_owned(), findings: written.findings, linked: written.linked })
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
        self.text.clone()
    }

    /// Takes out of `report` what was wrong before; returns how often each entry of the source was found.
    fn hide(&self, report: &mut Report) -> BTreeMap<(&str, &str), usize> {
        let mut found = BTreeMap::new();
        let mut linked = self.linked.clone();
        let before = report.diagnoses.len();
        report.diagnoses.retain(|diagnosis| {
            let key = key(diagnosis);
            let entry = self.findings.get_key_value(diagnosis.file());
            let entry = entry.and_then(|(file, keys)| Some((file, keys.get_key_value(&key)?)));
            if let Some((file, (key, count))) = entry {
                let hidden = found.entry((file.as_str(), key.as_str())).or_insert(0);
                *hidden += 1;
                if *hidden <= *count {
                    return false;
                }
            }
            match linked.get_mut(diagnosis.file()).and_then(|keys| keys.get_mut(&key)) {
                Some(left @ 1..) => {
                    *left -= 1;
                    false
                }
                _ => true,
            }
        });
        report.hidden = before - report.diagnoses.len();
        found
    }
}

impl Linter {
    /// Takes out of `report` what was wrong when `baseline` was written, and tells what it hides and is no longer wrong.
    ///
    /// # Examples
    /// See [`Baseline`].
    pub fn apply_baseline(&self, baseline: &Baseline, report: &mut Report) {
        let found = baseline.hide(report);
        if !report.is_complete() {
            return;
        }
        let source = Arc::new(SourceText::new(&baseline.file, &*baseline.text));
        let seen: HashSet<_> =
            report.paths.iter().map(|path| SourceText::new(path, "").name().to_owned()).collect();
        // Of a file in this folder the parent is the empty path.
        let is_there = |folder: &Path| folder.as_os_str().is_empty() || folder.exists();
        let is_gone = |file: &Path| !file.exists() && file.parent().is_some_and(is_there);
        let mut looked = Looked::default();
        looked.source = Some(Arc::clone(&source));
        for (file, keys) in &baseline.findings {
            if !seen.contains(file) && !is_gone(Path::new(file)) {
                continue;
            }
            for (key, count) in keys {
                let code = key.split(' ').next().unwrap_or_default();
                // Of what was not looked for nobody knows whether it is still there: levels change, and rules come and go.
                let is_meant = |card: &Card| card.code == code && card.stage <= Stage::Source;
                if !self.cards().any(|card| is_meant(card) && self.settings().level(card) > Level::Allow) {
                    continue;
                }
                let span = looked.add(place(source.text(), file, key));
                looked.facts.baseline.push(BaselineEntry {
                    file: file.clone(),
                    code: code.to_owned(),
                    count: *count,
                    found: found.get(&(file.as_str(), key.as_str())).copied().unwrap_or_default(),
                    span,
                });
            }
        }
        self.try_rules(&mut looked, |card| card.code == STALE_BASELINE);
        report.diagnoses.extend(looked.diagnoses.into_iter().filter(|it| it.level != Level::Allow));
    }
}

/// The rule that is about baselines.
const STALE_BASELINE: &str = "ICO1004";

/// Returns where an entry is, as far as its texts are written as this linter writes them.
fn place(text: &str, file: &str, key: &str) -> Range<usize> {
    let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
    let find = |from: usize, what: &str| text[from..].find(what).map(|at| from + at);
    let (file, key) = (quoted(file), quoted(key));
    let found = find(0, &file).and_then(|at| find(at + file.len(), &key));
    found.map_or(0..0, |at| at..at + key.len())
}

fn key(found: &Diagnosis) -> String {
    format!("{} {}", found.code(), found.message())
}
