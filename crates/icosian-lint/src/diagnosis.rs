use std::fmt;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use icosian_rules::{Finding, Level, RuleMetadata, SpanId};
use miette::{Diagnostic, LabeledSpan, SourceCode};

use crate::escape::escape_lines;
use crate::escape_controls;
use crate::location::LabelRole;
use crate::{DiagnosisLabel, ExternalLabel, FileRange, Patch, SourceText};

/// A violation of a rule: level, location, message and help.
///
/// It is also a miette diagnostic with the file's text. Its texts are [escaped](escape_controls) then; the excerpt of the file
/// is not.
///
/// # Examples
/// ```
/// use icosian_lint::{Linter, Settings};
///
/// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", "#[node]\npub fn rate() -> ! { never() }\n");
/// let found = &report.diagnoses()[0];
/// assert_eq!(found.rule().name, "node-without-output");
/// assert_eq!((found.code(), found.file()), ("ICO0009", "src/rates.rs"));
/// assert_eq!(found.level(), icosian_rules::Level::Deny);
/// assert_eq!((found.message(), found.label()), ("node `rate` never returns", ""));
/// assert_eq!(found.help_text(), Some("return a value, or omit the return type"));
/// assert!(found.secondary_labels().is_empty() && found.patch().is_none());
/// ```
#[derive(Clone)]
pub struct Diagnosis {
    pub(crate) metadata: &'static RuleMetadata,
    pub(crate) level: Level,
    pub(crate) source: Arc<SourceText>,
    pub(crate) message: String,
    pub(crate) label: DiagnosisLabel,
    pub(crate) secondary: Vec<DiagnosisLabel>,
    pub(crate) external: Vec<ExternalLabel>,
    pub(crate) help: Option<String>,
    pub(crate) patch: Option<Patch>,
    /// Set when the linked stage reported it, not a rule on source.
    pub(crate) is_linked: bool,
}

impl Diagnosis {
    /// Resolves the spans of `finding` in `spans`.
    pub(crate) fn new(
        metadata: &'static RuleMetadata,
        level: Level,
        source: &Arc<SourceText>,
        spans: &[Range<usize>],
        finding: Finding,
    ) -> Self {
        let bytes = |span: SpanId| spans.get(span.position()).cloned().unwrap_or(0..0);
        let label = |it: icosian_rules::FindingLabel| {
            DiagnosisLabel::new(FileRange::new(source, bytes(it.span)), it.text)
        };
        Self {
            metadata,
            level,
            source: Arc::clone(source),
            message: finding.message,
            label: label(finding.label),
            secondary: finding.others.into_iter().map(label).collect(),
            external: Vec::new(),
            help: finding.help,
            patch: finding.fix.map(|fix| Patch::new(fix, source, &bytes)),
            is_linked: false,
        }
    }

    /// Returns the metadata of the rule.
    #[must_use]
    pub fn rule(&self) -> &'static RuleMetadata {
        self.metadata
    }

    /// Returns the code of the rule.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.metadata.code
    }

    /// Returns the level, after settings and command line.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// Returns the path of the file, as reports show it.
    #[must_use]
    pub fn file(&self) -> &str {
        self.source.name()
    }

    /// Returns the message, which states the fault.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the location of the fault.
    #[must_use]
    pub fn location(&self) -> &FileRange {
        self.label.location()
    }

    /// Returns lines of the file, with their numbers.
    pub(crate) fn lines(&self, numbers: RangeInclusive<usize>) -> impl Iterator<Item = (usize, &str)> {
        let before = numbers.start() - 1;
        let count = numbers.end().saturating_sub(before);
        (1..).zip(self.source.text().lines()).skip(before).take(count)
    }

    /// Returns the text beside the location, which may be empty.
    #[must_use]
    pub fn label(&self) -> &str {
        self.label.text()
    }

    /// Returns further labels in the same file.
    #[must_use]
    pub fn secondary_labels(&self) -> &[DiagnosisLabel] {
        &self.secondary
    }

    /// Returns labels in other files. Only the linked stage finds such labels.
    #[must_use]
    pub fn external_labels(&self) -> &[ExternalLabel] {
        &self.external
    }

    /// Returns the help: a way to fix the fault.
    #[must_use]
    pub fn help_text(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Returns the fix.
    #[must_use]
    pub fn patch(&self) -> Option<&Patch> {
        self.patch.as_ref()
    }

    /// Returns the ranges of all labels in the file.
    pub(crate) fn label_bytes(&self) -> Vec<Range<usize>> {
        std::iter::once(&self.label).chain(&self.secondary).map(|label| label.location().bytes()).collect()
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escape_controls(&self.message))
    }
}

impl fmt::Debug for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.location().start();
        write!(f, "{}:{line}:{column}: {}: {} {}", self.file(), self.level, self.code(), self.message)
    }
}

impl std::error::Error for Diagnosis {}

impl Diagnostic for Diagnosis {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!("{} {}", self.metadata.code, self.metadata.name)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.level {
            Level::Deny => miette::Severity::Error,
            Level::Warn => miette::Severity::Warning,
            Level::Allow => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(escape_lines(help)) as _)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&*self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let secondary = self.secondary.iter().map(|label| label.to_span(LabelRole::Secondary));
        Some(Box::new(std::iter::once(self.label.to_span(LabelRole::Primary)).chain(secondary)))
    }

    /// A miette report has one source, so labels in other files become separate reports.
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let external = &self.external;
        (!external.is_empty()).then(|| Box::new(external.iter().map(|it| it as &dyn Diagnostic)) as _)
    }
}
