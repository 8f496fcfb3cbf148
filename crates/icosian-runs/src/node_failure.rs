use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use icosian_diagnostics::escape_controls;
use icosian_schema::graph::SourceLocation;
use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use crate::escape::escape_lines;
use crate::recorded_run::{NodeExecution, RecordedRun};

/// The source files that a report may show: the Rust files below a folder.
///
/// A record contains paths, and can come from another machine. Other files of this machine are therefore never read.
#[derive(Clone, Debug)]
pub struct SourceFiles {
    root: Option<PathBuf>,
}

impl SourceFiles {
    /// Returns the Rust files below `root`, the folder of the workspace.
    #[must_use]
    pub fn below(root: &Path) -> Self {
        Self { root: root.canonicalize().ok() }
    }

    /// Returns no files.
    #[must_use]
    pub fn none() -> Self {
        Self { root: None }
    }

    /// Reads the file of a location. Returns `None` if it is not a Rust file below the root, or has no such line.
    fn read(&self, location: &SourceLocation) -> Option<SourceExcerpt> {
        let root = self.root.as_ref()?;
        let path = root.join(&location.file).canonicalize().ok()?;
        if !path.starts_with(root) || path.extension()? != "rs" {
            return None;
        }
        let text = std::fs::read_to_string(&path).ok()?;
        let line = usize::try_from(location.line).ok()?.checked_sub(1)?;
        text.lines().nth(line)?;
        let modified = std::fs::metadata(&path).and_then(|it| it.modified()).ok();
        Some(SourceExcerpt { text, modified })
    }
}

/// The source text of a location.
#[derive(Clone, Debug)]
struct SourceExcerpt {
    text: String,
    modified: Option<SystemTime>,
}

/// The error of a node in a record, as a diagnostic.
///
/// # Examples
/// ```
/// use icosian_runs::{NodeFailure, RecordFile, SourceFiles};
///
/// let text = r#"{"event":"node_ended","run":"1","node":"rates","outcome":"failed","error":{"message":"timed out","code":"ICO1102"}}"#;
/// let file = RecordFile::parse("runs.jsonl", text.as_bytes());
/// let run = &file.runs[0];
/// let failure = NodeFailure::new(run, run.failures()[0], &SourceFiles::none());
/// assert_eq!(failure.to_string(), "node `rates`: timed out");
/// ```
#[derive(Debug)]
pub struct NodeFailure {
    node: String,
    message: String,
    code: Option<String>,
    help: Option<String>,
    cause: Option<RecordedCause>,
    location: Option<SourceLocation>,
    excerpt: Option<SourceExcerpt>,
    source: Option<NamedSource<String>>,
    is_stale: bool,
}

/// A line of an excerpt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ExcerptLine<'a> {
    pub(crate) number: usize,
    pub(crate) text: &'a str,
    pub(crate) is_location: bool,
}

impl NodeFailure {
    /// Describes a failed execution of `run`, with the source of its location if `files` contain it.
    #[must_use]
    pub fn new(run: &RecordedRun, execution: &NodeExecution, files: &SourceFiles) -> Self {
        let error = execution.error.clone().unwrap_or_default();
        let described = || run.start.graph.node(&execution.node).and_then(|node| node.location.clone());
        let location = error.location.or_else(described);
        let excerpt = location.as_ref().and_then(|location| files.read(location));
        let ended = run.start.started_at.saturating_add(execution.ended_at);
        let ended = UNIX_EPOCH.checked_add(Duration::from_micros(ended));
        let is_stale =
            excerpt.as_ref().and_then(|it| it.modified).zip(ended).is_some_and(|(at, ended)| at > ended);
        let named = |excerpt: &SourceExcerpt| {
            let name = location.as_ref().map(|it| escape_controls(&it.file).into_owned());
            NamedSource::new(name.unwrap_or_default(), excerpt.text.clone())
        };
        let message =
            if error.message.is_empty() { "failed".to_owned() } else { escape_lines(&error.message) };
        Self {
            node: escape_controls(&execution.label()).into_owned(),
            message,
            code: error.code.map(|code| escape_controls(&code).into_owned()),
            help: error.help.map(|help| escape_lines(&help)),
            cause: RecordedCause::chain(&error.causes),
            source: excerpt.as_ref().map(named),
            location,
            excerpt,
            is_stale,
        }
    }

    /// Returns the location as `file:line:column`.
    #[must_use]
    pub fn location(&self) -> Option<String> {
        let location = self.location.as_ref()?;
        Some(format!("{}:{}:{}", escape_controls(&location.file), location.line, location.column))
    }

    /// Returns the messages of the causes, outermost first.
    pub(crate) fn causes(&self) -> Vec<&str> {
        let mut causes = Vec::new();
        let mut next = self.cause.as_ref();
        while let Some(cause) = next {
            causes.push(cause.message.as_str());
            next = cause.cause.as_deref();
        }
        causes
    }

    pub(crate) fn node(&self) -> &str {
        &self.node
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn error_code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    pub(crate) fn error_help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Returns whether the source file changed after the node failed.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// Returns the lines around the location, `before` and `after` it.
    pub(crate) fn excerpt(&self, before: usize, after: usize) -> Vec<ExcerptLine<'_>> {
        let (Some(location), Some(excerpt)) = (&self.location, &self.excerpt) else { return Vec::new() };
        let line = usize::try_from(location.line).unwrap_or(usize::MAX);
        let first = line.saturating_sub(before).max(1);
        let lines = excerpt.text.lines().enumerate().map(|(at, text)| (at + 1, text));
        let shown = lines.skip(first - 1).take_while(|(number, _)| *number <= line.saturating_add(after));
        shown.map(|(number, text)| ExcerptLine { number, text, is_location: number == line }).collect()
    }

    /// Returns the bytes of the name at the location.
    fn span(&self) -> Option<(usize, usize)> {
        let (location, excerpt) = (self.location.as_ref()?, self.excerpt.as_ref()?);
        let line_index = usize::try_from(location.line).ok()?.checked_sub(1)?;
        let mut start = 0;
        let line = excerpt.text.split_inclusive('\n').nth(line_index)?;
        for earlier in excerpt.text.split_inclusive('\n').take(line_index) {
            start += earlier.len();
        }
        let column = usize::try_from(location.column).ok()?.saturating_sub(1);
        let (offset, _) = line.char_indices().nth(column).unwrap_or_default();
        let name =
            line[offset..].split(|it: char| !it.is_alphanumeric() && it != '_').next().unwrap_or_default();
        Some((start + offset, name.len().max(1)))
    }
}

impl fmt::Display for NodeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node `{}`: {}", self.node, self.message)
    }
}

impl std::error::Error for NodeFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}

impl Diagnostic for NodeFailure {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as _)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let mut help: Vec<String> = self.help.iter().cloned().collect();
        if self.source.is_none() {
            help.extend(self.location().map(|location| format!("the function is at {location}")));
        }
        if self.is_stale {
            help.push("the source file changed after the run".to_owned());
        }
        (!help.is_empty()).then(|| Box::new(help.join("\n")) as _)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as _)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (start, length) = self.span()?;
        Some(Box::new(std::iter::once(LabeledSpan::new(Some("this function".to_owned()), start, length))))
    }
}

/// A cause of an error, as text.
#[derive(Debug)]
struct RecordedCause {
    message: String,
    cause: Option<Box<RecordedCause>>,
}

impl RecordedCause {
    /// The largest number of causes. Renderers recurse over causes.
    const LIMIT: usize = 64;

    fn chain(messages: &[String]) -> Option<Self> {
        let mut chain = None;
        for message in messages.iter().take(Self::LIMIT).rev() {
            chain = Some(Self { message: escape_lines(message), cause: chain.map(Box::new) });
        }
        chain
    }
}

impl fmt::Display for RecordedCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RecordedCause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}
