use std::fmt;

/// A span in a source file: the file, and the first line, column and width of a token.
///
/// Lines and columns start at 1. Columns and widths count characters. `#[dataflow]` records a location for each node and
/// each parameter.
///
/// # Examples
/// ```
/// use icosian_diagnostics::Location;
///
/// let location = Location::new("src/pipeline.rs", 12, 8, 10).in_package("/home/me/pipeline");
/// assert_eq!(location.to_string(), "src/pipeline.rs:12:8");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Location {
    file: &'static str,
    package: &'static str,
    line: u32,
    column: u32,
    width: u32,
}

impl Location {
    /// Creates the location of `width` characters at `line` and `column` of `file`.
    #[must_use]
    pub const fn new(file: &'static str, line: u32, column: u32, width: u32) -> Self {
        Self { file, package: "", line, column, width }
    }

    /// Sets the folder of the package, so that the file is found from any working directory.
    #[must_use]
    pub const fn in_package(mut self, folder: &'static str) -> Self {
        self.package = folder;
        self
    }

    /// Returns the file, as the compiler names it: relative to the workspace.
    #[must_use]
    pub const fn file(&self) -> &'static str {
        self.file
    }

    /// Returns the folder of the package, or an empty string if it is not known.
    #[must_use]
    pub const fn package(&self) -> &'static str {
        self.package
    }

    /// Returns the line, starting at 1.
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.line
    }

    /// Returns the column in characters, starting at 1.
    #[must_use]
    pub const fn column(&self) -> u32 {
        self.column
    }

    /// Returns the number of characters.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.width
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
