use std::fmt;
use std::path::Path;

use crate::{SourceText, escape_controls};

/// The consequence of most notices.
const UNREAD: &str = "it was not read";

/// An input that could not be checked, with the reason.
///
/// It is displayed as one line, [escaped](escape_controls).
///
/// # Examples
/// ```
/// let notice = icosian_lint::Notice::new("src/lib.rs", "is not UTF-8");
/// assert_eq!(notice.to_string(), "src/lib.rs: is not UTF-8");
/// assert_eq!((notice.file(), notice.message()), ("src/lib.rs", "is not UTF-8"));
/// assert_eq!((notice.consequence(), notice.is_unread()), ("it was not read", true));
/// assert_eq!(notice.line_column(), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    file: String,
    at: Option<(usize, usize)>,
    message: String,
    consequence: &'static str,
    details: String,
}

impl Notice {
    /// Returns a notice for the file at `path`.
    #[must_use]
    pub fn new(path: impl AsRef<Path>, message: impl Into<String>) -> Self {
        let file = SourceText::new(path, "").name().to_owned();
        Self { file, at: None, message: message.into(), consequence: UNREAD, details: String::new() }
    }

    /// Sets the consequence. The default is that the file was not read.
    pub(crate) fn with_consequence(mut self, consequence: &'static str) -> Self {
        self.consequence = consequence;
        self
    }

    /// Adds the output of another program.
    #[must_use]
    pub fn with_details(mut self, details: impl Into<String>) -> Self {
        self.details = details.into();
        self
    }

    /// Adds a line and a column.
    #[must_use]
    pub fn at(mut self, at: Option<(usize, usize)>) -> Self {
        self.at = at;
        self
    }

    /// Returns the file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns the line and the column, if they are known.
    #[must_use]
    pub fn line_column(&self) -> Option<(usize, usize)> {
        self.at
    }

    /// Returns whether the file was not read at all.
    #[must_use]
    pub fn is_unread(&self) -> bool {
        self.consequence == UNREAD
    }

    /// Returns the reason.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the consequence.
    #[must_use]
    pub fn consequence(&self) -> &str {
        self.consequence
    }

    /// Returns the output of another program, such as the compiler, or an empty text.
    #[must_use]
    pub fn details(&self) -> &str {
        &self.details
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escape_controls(&self.file))?;
        if let Some((line, column)) = self.at {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", escape_controls(&self.message))
    }
}
