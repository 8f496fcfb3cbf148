use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, SourceCode, SourceSpan};

use crate::SourceText;
use crate::escape_controls;

/// A range of a file. Lines and columns start at 1, columns count characters, and the end is after the last character.
///
/// # Examples
/// ```
/// use icosian_lint::{Linter, Settings};
///
/// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", "#[node]\npub fn rate() -> ! { never() }\n");
/// let location = report.diagnoses()[0].location();
/// assert_eq!((location.start(), location.end(), location.bytes()), ((2, 18), (2, 19), 25..26));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRange {
    start: (usize, usize),
    end: (usize, usize),
    bytes: Range<usize>,
    /// The length of the file's byte order mark, which `bytes` does not count.
    mark: usize,
}

impl FileRange {
    pub(crate) fn new(source: &SourceText, bytes: Range<usize>) -> Self {
        let (start, end) = (source.line_column(bytes.start), source.line_column(bytes.end));
        Self { start, end, bytes, mark: source.mark().len() }
    }

    /// Returns the line and column of the first character.
    #[must_use]
    pub fn start(&self) -> (usize, usize) {
        self.start
    }

    /// Returns the line and column after the last character.
    #[must_use]
    pub fn end(&self) -> (usize, usize) {
        self.end
    }

    /// Returns the bytes of the text, without the byte order mark.
    #[must_use]
    pub fn bytes(&self) -> Range<usize> {
        self.bytes.clone()
    }

    /// Returns the bytes of the file on disk, including the byte order mark. Editors and the compiler count them this way.
    #[must_use]
    pub fn file_bytes(&self) -> Range<usize> {
        self.bytes.start + self.mark..self.bytes.end + self.mark
    }
}

/// A location with a text beside it.
///
/// # Examples
/// ```
/// use icosian_lint::{Linter, Settings};
///
/// let text = "#[tag(a = \"1\")]\n#[node]\npub fn rate() -> f64 { 1.0 }\n";
/// let report = Linter::new(Settings::default()).lint_text("src/rates.rs", text);
/// let label = &report.diagnoses()[0].secondary_labels()[0];
/// assert_eq!((label.text(), label.location().start()), ("reads the attributes below it", (2, 1)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiagnosisLabel {
    location: FileRange,
    text: String,
}

/// The role of a label: the finding itself, or a related location.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum LabelRole {
    Primary,
    Secondary,
}

impl DiagnosisLabel {
    pub(crate) fn new(location: FileRange, text: String) -> Self {
        Self { location, text }
    }

    /// Returns the location.
    #[must_use]
    pub fn location(&self) -> &FileRange {
        &self.location
    }

    /// Returns the text, which may be empty.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn to_span(&self, role: LabelRole) -> LabeledSpan {
        let span = SourceSpan::from(self.location.bytes());
        let text = (!self.text.is_empty()).then(|| escape_controls(&self.text).into_owned());
        match role {
            LabelRole::Primary => LabeledSpan::new_primary_with_span(text, span),
            LabelRole::Secondary => LabeledSpan::new_with_span(text, span),
        }
    }
}

/// A label in another file than the finding itself. Only the linked stage finds such labels.
#[derive(Clone)]
pub struct ExternalLabel {
    pub(crate) source: Arc<SourceText>,
    pub(crate) label: DiagnosisLabel,
}

impl ExternalLabel {
    /// Returns the path of the file, as reports show it.
    #[must_use]
    pub fn file(&self) -> &str {
        self.source.name()
    }

    /// Returns the label.
    #[must_use]
    pub fn label(&self) -> &DiagnosisLabel {
        &self.label
    }
}

impl fmt::Display for ExternalLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("related location")
    }
}

impl fmt::Debug for ExternalLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.label.location.start();
        write!(f, "{}:{line}:{column}: {}", self.file(), self.label.text)
    }
}

impl std::error::Error for ExternalLabel {}

impl Diagnostic for ExternalLabel {
    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&*self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(self.label.to_span(LabelRole::Primary))))
    }
}
