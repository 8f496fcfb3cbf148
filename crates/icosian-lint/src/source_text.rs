use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::escape_controls;
use crate::lines::Lines;

/// The text of a file, with an index of its lines.
///
/// # Examples
/// ```
/// let text = icosian_lint::SourceText::new("src/lib.rs", "fn ä() {}\n");
/// assert_eq!((text.name(), text.text()), ("src/lib.rs", "fn ä() {}\n"));
/// assert_eq!(text.line_column(5), (1, 5));
/// ```
#[derive(Clone)]
pub struct SourceText {
    name: String,
    path: PathBuf,
    text: String,
    lines: Lines,
    has_mark: bool,
}

impl SourceText {
    /// Wraps the text of the file at `path`. A byte order mark is not part of the text.
    #[must_use]
    pub fn new(path: impl AsRef<Path>, text: impl Into<String>) -> Self {
        let (path, mut text) = (path.as_ref(), text.into());
        let has_mark = text.starts_with('\u{feff}');
        if has_mark {
            text.drain(..'\u{feff}'.len_utf8());
        }
        let lines = Lines::new(&text);
        let name = path.strip_prefix(".").unwrap_or(path).display().to_string();
        Self { name: name.replace('\\', "/"), path: path.to_owned(), text, lines, has_mark }
    }

    /// Returns the path of the file as reports show it, with `/` between its parts.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the line and the column of a byte, both from 1; columns count characters.
    #[must_use]
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        self.lines.line_column(&self.text, byte)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the byte order mark of the file, or an empty text.
    pub(crate) fn mark(&self) -> &'static str {
        if self.has_mark { "\u{feff}" } else { "" }
    }

    /// Returns the bytes between two positions of the parser: lines from 1, columns in characters from 0.
    pub(crate) fn bytes(&self, start: proc_macro2::LineColumn, end: proc_macro2::LineColumn) -> Range<usize> {
        let start = self.lines.byte(&self.text, start.line, start.column);
        start..self.lines.byte(&self.text, end.line, end.column).max(start)
    }
}

/// Returns `path` relative to the current folder, if it is below that folder.
pub(crate) fn relative(path: &Path) -> &Path {
    let here = std::env::current_dir().and_then(|it| it.canonicalize());
    here.ok().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path)
}

impl fmt::Debug for SourceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceText").field("name", &self.name).finish_non_exhaustive()
    }
}

impl SourceCode for SourceText {
    /// Reads a span as miette reads one of a string, but with a column that counts characters.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text().read_span(span, before, after)?;
        let (_, column) = self.line_column(contents.span().offset());
        Ok(Box::new(MietteSpanContents::new_named(
            escape_controls(self.name()).into_owned(),
            contents.data(),
            *contents.span(),
            contents.line(),
            column - 1,
            contents.line_count(),
        )))
    }
}
