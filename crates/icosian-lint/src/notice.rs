use std::fmt;
use std::path::Path;

use crate::{SourceText, plain};

/// Something that could not be looked at, and why. It is shown as one line, [`plain`].
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
    consequence: &'static str,
    details: String,
}

impl Notice {
    /// Returns that the file at `path` could not be looked at.
    ///
    /// # Examples
    /// See [`Notice`].
    #[must_use]
    pub fn new(path: impl AsRef<Path>, message: impl Into<String>) -> Self {
        let file = SourceText::new(path, "").name().to_owned();
        let consequence = "it was not looked at";
        Self { file, at: None, message: message.into(), consequence, details: String::new() }
    }

    /// Says what follows from it, if it is something else than that the file was not looked at.
    pub(crate) fn with_consequence(mut self, consequence: &'static str) -> Self {
        self.consequence = consequence;
        self
    }

    /// Adds what somebody else has to say of it.
    ///
    /// # Examples
    /// ```
    /// let notice = icosian_lint::Notice::new("Cargo.toml", "does not compile").with_details("error[E0308]: ..");
    /// assert_eq!(notice.details(), "error[E0308]: ..");
    /// ```
    #[must_use]
    pub fn with_details(mut self, details: impl Into<String>) -> Self {
        self.details = details.into();
        self
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

    /// Returns what follows from it.
    ///
    /// # Examples
    /// ```
    /// let notice = icosian_lint::Notice::new("src/lib.rs", "is not UTF-8");
    /// assert_eq!(notice.consequence(), "it was not looked at");
    /// ```
    #[must_use]
    pub fn consequence(&self) -> &str {
        self.consequence
    }

    /// Returns what somebody else has to say of it, such as the compiler: lines for people, perhaps none.
    ///
    /// # Examples
    /// See [`with_details`](Self::with_details).
    #[must_use]
    pub fn details(&self) -> &str {
        &self.details
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&plain(&self.file))?;
        if let Some((line, column)) = self.at {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", plain(&self.message))
    }
}
