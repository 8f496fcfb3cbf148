use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use icosian_rules::{BaselineEntry, Facts, Level, RuleMetadata, SpanId, Stage};
use miette::Diagnostic;
use serde::{Deserialize, Serialize};

use crate::rule_set::RuleSet;
use crate::{Diagnosis, Report, SourceText};

/// Known findings, which are hidden: so that a project with many findings can start to use the linter.
///
/// Findings are counted by file, rule and message, not by line, so that code may move.
///
/// # Examples
/// ```
/// use icosian_lint::{Baseline, Linter, Settings};
///
/// let linter = Linter::new(Settings::default());
/// let report = linter.lint_text("src/rates.rs", "#[node]\npub fn rate() -> ! { never() }\n");
/// let baseline = Baseline::of(&report);
/// let report = linter.apply_baseline(&baseline, report);
/// assert!(report.is_clean() && report.hidden() == 1);
///
/// // The entry of a fixed finding is a finding itself.
/// let fixed = linter.lint_text("src/rates.rs", "#[node]\npub fn rate() -> f64 { 1.0 }\n");
/// let fixed = linter.apply_baseline(&baseline, fixed);
/// assert_eq!(fixed.diagnoses()[0].code(), "ICO1004");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The path of the file.
    file: String,
    text: String,
    findings: Findings,
    /// The findings of the linked stage.
    linked: Findings,
}

/// The number of findings, by file, then by code and message.
type Findings = BTreeMap<String, BTreeMap<String, usize>>;

/// The contents of a baseline file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineFile {
    version: u32,
    findings: Findings,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    linked: Findings,
}

/// An error in a baseline file.
///
/// # Examples
/// ```
/// let error = icosian_lint::Baseline::parse("baseline.json", "{}").unwrap_err();
/// assert!(error.to_string().starts_with("baseline `baseline.json` is invalid: missing field"));
/// ```
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum BaselineError {
    /// The file cannot be read.
    #[error("baseline `{path}` cannot be read")]
    #[diagnostic(code("ICO1306 baseline-unreadable"), help("create it with `--write-baseline`"))]
    Unreadable {
        /// The path of the file.
        path: String,
        /// The error of the system.
        #[source]
        source: std::io::Error,
    },
    /// The file is not a baseline.
    #[error("baseline `{path}` is invalid: {message}")]
    #[diagnostic(code("ICO1307 baseline-invalid"), help("create it again with `--write-baseline`"))]
    Broken {
        /// The path of the file.
        path: String,
        /// The error of the parser.
        message: String,
    },
}

const VERSION: u32 = 1;

impl Baseline {
    /// Returns a baseline with the findings of `report`.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let (mut findings, mut linked) = (Findings::new(), Findings::new());
        for found in report.diagnoses() {
            let findings = if found.is_linked { &mut linked } else { &mut findings };
            let file = findings.entry(found.file().to_owned()).or_default();
            *file.entry(key(found)).or_default() += 1;
        }
        let contents = BaselineFile { version: VERSION, findings, linked };
        // Maps of strings and numbers always serialize.
        let text = serde_json::to_string_pretty(&contents).unwrap_or_default() + "\n";
        Self { file: "baseline.json".to_owned(), text, findings: contents.findings, linked: contents.linked }
    }

    /// Reads a baseline file.
    ///
    /// # Errors
    /// [`BaselineError`] if the file cannot be read or is not a baseline.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let unreadable = |source| BaselineError::Unreadable { path: path.display().to_string(), source };
        Self::parse(path, &std::fs::read_to_string(path).map_err(unreadable)?)
    }

    /// Parses the text of the file at `path`.
    ///
    /// # Errors
    /// [`BaselineError::Broken`] if the text is not a baseline.
    pub fn parse(path: impl AsRef<Path>, text: &str) -> Result<Self, BaselineError> {
        let broken = |message| BaselineError::Broken { path: path.as_ref().display().to_string(), message };
        let contents: BaselineFile = serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
        if contents.version != VERSION {
            return Err(broken(format!("it has version {}, not {VERSION}", contents.version)));
        }
        let file = path.as_ref().display().to_string();
        Ok(Self { file, text: text.to_owned(), findings: contents.findings, linked: contents.linked })
    }

    /// Returns the text of a baseline file.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.text.clone()
    }
}

/// Removes the findings of `baseline` from `report`, and adds a finding for each entry that is fixed.
///
/// An incomplete report may miss findings, so that no entry of its baseline counts as fixed.
pub(crate) fn apply(rules: &RuleSet, baseline: &Baseline, report: Report) -> Report {
    let (mut report, found) = hide(baseline, report);
    if !report.is_complete() {
        return report;
    }
    let source = Arc::new(SourceText::new(&baseline.file, &*baseline.text));
    let checked: HashSet<_> =
        report.paths.iter().map(|path| SourceText::new(path, "").name().to_owned()).collect();
    // The parent of a file in the current folder is the empty path.
    let exists = |folder: &Path| folder.as_os_str().is_empty() || folder.exists();
    let is_deleted = |file: &Path| !file.exists() && file.parent().is_some_and(exists);
    let (mut entries, mut spans) = (Vec::new(), Vec::new());
    for (file, keys) in &baseline.findings {
        if !checked.contains(file) && !is_deleted(Path::new(file)) {
            continue;
        }
        for (key, count) in keys {
            let code = key.split(' ').next().unwrap_or_default();
            // Levels change, and rules are added and removed: an entry may only be fixed if its rule ran and reports findings.
            let is_rule = |metadata: &RuleMetadata| metadata.code == code && metadata.stage <= Stage::Source;
            if !rules
                .all_metadata()
                .any(|metadata| is_rule(metadata) && rules.settings.level(metadata) > Level::Allow)
            {
                continue;
            }
            entries.push(BaselineEntry {
                file: file.clone(),
                code: code.to_owned(),
                count: *count,
                found: found.get(&(file.as_str(), key.as_str())).copied().unwrap_or_default(),
                span: u32::try_from(spans.len()).map_or(SpanId::NOWHERE, SpanId::new),
            });
            spans.push(locate(source.text(), file, key));
        }
    }
    let facts = Facts { baseline: entries, ..Facts::default() };
    let stale = rules.check(&facts, &source, &spans, |metadata| metadata.code == STALE_BASELINE);
    report.diagnoses.extend(stale.into_iter().filter(|it| it.level != Level::Allow));
    report
}

/// Hides the findings of `baseline`. Returns the report, and the number of findings for each entry of the source stage.
fn hide(baseline: &Baseline, mut report: Report) -> (Report, BTreeMap<(&str, &str), usize>) {
    let mut found = BTreeMap::new();
    let mut linked = baseline.linked.clone();
    let before = report.diagnoses.len();
    report.diagnoses.retain(|diagnosis| {
        let key = key(diagnosis);
        let entry = baseline.findings.get_key_value(diagnosis.file());
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
    (report, found)
}

/// `stale-baseline`, the rule on baselines.
const STALE_BASELINE: &str = "ICO1004";

/// Returns the bytes of an entry, or nothing if the file was edited.
fn locate(text: &str, file: &str, key: &str) -> Range<usize> {
    let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
    let find = |from: usize, part: &str| text[from..].find(part).map(|at| from + at);
    let (file, key) = (quoted(file), quoted(key));
    let found = find(0, &file).and_then(|at| find(at + file.len(), &key));
    found.map_or(0..0, |at| at..at + key.len())
}

fn key(found: &Diagnosis) -> String {
    format!("{} {}", found.code(), found.message())
}
