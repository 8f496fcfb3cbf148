use std::error::Error;
use std::fmt;
use std::sync::OnceLock;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use crate::source::{self, Source};
use crate::{Label, Location};

/// An error with labels in the user's source.
///
/// As a miette diagnostic it has the code and the help of the error, and shows the source if the files can be read. A miette
/// report has one source, so labels in a second file become related diagnostics. `Debug` prints everything as text.
///
/// # Examples
/// ```
/// use icosian_diagnostics::{Label, Location, Spanned};
/// use miette::Diagnostic;
///
/// #[derive(Debug, thiserror::Error, Diagnostic)]
/// #[error("input `rates` is missing")]
/// #[diagnostic(code(example::missing), help("pass `rates`"))]
/// struct Missing;
///
/// let label = Label::new(Location::new("not/there.rs", 3, 8, 5), "requested here");
/// let error = Spanned::new(Missing, vec![label]);
/// assert_eq!(error.to_string(), "input `rates` is missing");
/// assert_eq!(error.code().map(|code| code.to_string()).as_deref(), Some("example::missing"));
/// assert_eq!(
///     format!("{error:?}"),
///     "input `rates` is missing\n  not/there.rs:3:8: requested here\n  help: pass `rates`\n  code: example::missing",
/// );
/// ```
pub struct Spanned<E> {
    error: E,
    labels: Vec<Label>,
    excerpts: OnceLock<Excerpts>,
}

impl<E> Spanned<E> {
    /// Creates an error with labels, the most important first.
    #[must_use]
    pub fn new(error: E, labels: Vec<Label>) -> Self {
        Self { error, labels, excerpts: OnceLock::new() }
    }

    /// Returns the error without its labels. Match on it to handle a specific error.
    #[must_use]
    pub fn kind(&self) -> &E {
        &self.error
    }

    /// Adds labels to an error that has none.
    #[must_use]
    pub fn or_at(self, labels: impl FnOnce() -> Vec<Label>) -> Self {
        if self.labels.is_empty() { Self::new(self.error, labels()) } else { self }
    }

    /// Returns all labels, the most important first.
    #[must_use]
    pub fn source_labels(&self) -> &[Label] {
        &self.labels
    }

    /// Returns the location of the first label.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.labels.first().map(Label::location)
    }

    /// Converts the error and keeps its labels.
    #[must_use]
    pub fn map<F>(self, convert: impl FnOnce(E) -> F) -> Spanned<F> {
        Spanned::new(convert(self.error), self.labels)
    }

    fn excerpts(&self) -> &Excerpts {
        self.excerpts.get_or_init(|| Excerpts::read(&self.labels))
    }
}

/// The parts of source files that a renderer shows.
#[derive(Default)]
struct Excerpts {
    /// The first file, shown with the error itself.
    first: Option<Excerpt>,
    /// The labels in other files, and labels whose file cannot be read.
    related: Vec<Excerpt>,
}

impl Excerpts {
    fn read(labels: &[Label]) -> Self {
        let mut files = group_by_file(labels).into_iter();
        let Some(first) = files.next().and_then(|labels| Excerpt::read(&labels)) else {
            return Self { first: None, related: labels.iter().map(Excerpt::text_only).collect() };
        };
        let related = files
            .flat_map(|labels| match Excerpt::read(&labels) {
                Some(excerpt) => vec![excerpt],
                None => labels.into_iter().map(Excerpt::text_only).collect(),
            })
            .collect();
        Self { first: Some(first), related }
    }
}

/// Groups labels by file, in the order in which the files first appear.
fn group_by_file(labels: &[Label]) -> Vec<Vec<&Label>> {
    let mut groups: Vec<Vec<&Label>> = Vec::new();
    for label in labels {
        let file = label.location().file();
        match groups.iter_mut().find(|group| group[0].location().file() == file) {
            Some(group) => group.push(label),
            None => groups.push(vec![label]),
        }
    }
    groups
}

/// The labels of one file.
#[derive(Debug)]
struct Excerpt {
    text: String,
    source: Option<NamedSource<Source>>,
    spans: Vec<LabeledSpan>,
}

impl Excerpt {
    /// Reads the file of the labels. Returns `None` if it cannot be read or has changed.
    fn read(labels: &[&Label]) -> Option<Self> {
        let first = labels.first()?.location();
        let source = source::load(first)?;
        let spans = labels
            .iter()
            .map(|label| {
                let (start, length) = source::byte_range(label.location(), &source)?;
                Some(LabeledSpan::new(Some(label.text().to_owned()), start, length))
            })
            .collect::<Option<Vec<_>>>()?;
        let source = NamedSource::new(first.file(), source).with_language("Rust");
        Some(Self { text: "related location".to_owned(), source: Some(source), spans })
    }

    fn text_only(label: &Label) -> Self {
        Self { text: label.to_string(), source: None, spans: Vec::new() }
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.spans.is_empty()).then(|| Box::new(self.spans.iter().cloned()) as _)
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for Excerpt {}

impl Diagnostic for Excerpt {
    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.labels()
    }
}

impl<E: fmt::Display> fmt::Display for Spanned<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, f)
    }
}

impl<E: Diagnostic> fmt::Debug for Spanned<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.error)?;
        let mut source = self.error.source();
        while let Some(cause) = source {
            write!(f, "\n  because: {cause}")?;
            source = cause.source();
        }
        for label in &self.labels {
            write!(f, "\n  {label}")?;
        }
        if let Some(help) = self.error.help() {
            write!(f, "\n  help: {help}")?;
        }
        match self.error.code() {
            Some(code) => write!(f, "\n  code: {code}"),
            None => Ok(()),
        }
    }
}

impl<E: Diagnostic> Error for Spanned<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

impl<E: Diagnostic> Diagnostic for Spanned<E> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.error.code()
    }

    fn severity(&self) -> Option<miette::Severity> {
        self.error.severity()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.error.help()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpts().first.as_ref()?.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.excerpts().first.as_ref()?.labels()
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let related = &self.excerpts().related;
        (!related.is_empty()).then(|| Box::new(related.iter().map(|excerpt| excerpt as &dyn Diagnostic)) as _)
    }
}
