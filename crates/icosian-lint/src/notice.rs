use std::fmt;
use std::path::Path;

use crate::SourceText;

/// Something that could not be looked at, and why.
///
/// # Examples
/// ```
/// let notice = icosian_lint::Notice::new("src/lib.rs", "is not UTF-8");
/// assert_eq!(notice.to_string(), "src/lib.rs: is not UTF-8");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    file: String,
    at: Option<(usize, usize)>,
    message: String,
}

impl Notice {
    /// Returns that the file at `path` could not be looked at.
    ///
    /// # Examples
    /// See [`Notice`].
    #[must_use]
    pub fn new(path: impl AsRef<Path>, message: impl Into<String>) -> Self {
        let file = SourceText::new(path, "").name().to_owned();
        Self { file, at: None, message: message.into() }
    }

    /// Adds a line and a column.
    ///
    /// # Examples
    /// ```
    /// let notice = icosian_lint::Notice::new("src/lib.rs", "cannot be parsed").at(Some((3, 7)));
    /// assert_eq!(notice.to_string(), "src/lib.rs:3:7: cannot be parsed");
    /// ```
    #[must_use]
    pub fn at(mut self, at: Option<(usize, usize)>) -> Self {
        self.at = at;
        self
    }

    /// Returns the file.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_lint::Notice::new("src/lib.rs", "is not UTF-8").file(), "src/lib.rs");
    /// ```
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns the line and the column, if they are known.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_lint::Notice::new("src/lib.rs", "is not UTF-8").line_column(), None);
    /// ```
    #[must_use]
    pub fn line_column(&self) -> Option<(usize, usize)> {
        self.at
    }

    /// Returns why it could not be looked at.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_lint::Notice::new("src/lib.rs", "is not UTF-8").message(), "is not UTF-8");
    /// ```
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some((line, column)) = self.at {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)
    }
}
