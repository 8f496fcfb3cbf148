use std::fmt;
use std::path::{Path, PathBuf};

/// Longer lines are not shown: nobody reads them, and renderers count columns in 16 bits.
const LONGEST_LINE: usize = 2_000;

/// A place in the user's source: a file, and the line, column and width of what is meant there.
///
/// Lines and columns count from 1; columns and widths count characters. `#[dataflow]` notes one for every node and
/// parameter.
///
/// # Examples
/// ```
/// use icosian_core::Place;
///
/// let place = Place::new("src/pipeline.rs", 12, 8, 10);
/// assert_eq!(place.to_string(), "src/pipeline.rs:12:8");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    file: &'static str,
    package: &'static str,
    line: u32,
    column: u32,
    width: u32,
}

impl Place {
    /// Returns the place of `width` characters at `line` and `column` of `file`.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Place;
    ///
    /// assert_eq!(Place::new(file!(), 3, 5, 1).line(), 3);
    /// ```
    #[must_use]
    pub const fn new(file: &'static str, line: u32, column: u32, width: u32) -> Self {
        Self { file, package: "", line, column, width }
    }

    /// Adds the folder of the package that `file` belongs to, so that the source is found from any working directory.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Place;
    ///
    /// let place = Place::new(file!(), 1, 1, 4).in_package(env!("CARGO_MANIFEST_DIR"));
    /// assert!(place.to_string().ends_with(":1:1"));
    /// ```
    #[must_use]
    pub const fn in_package(mut self, folder: &'static str) -> Self {
        self.package = folder;
        self
    }

    /// Returns the file, as the compiler names it.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Place::new("src/lib.rs", 3, 5, 1).file(), "src/lib.rs");
    /// ```
    #[must_use]
    pub const fn file(&self) -> &'static str {
        self.file
    }

    /// Returns the folder of the package that the file belongs to; empty when nobody said.
    ///
    /// # Examples
    /// ```
    /// let place = icosian_core::Place::new("src/lib.rs", 3, 5, 1).in_package("/home/me/pipeline");
    /// assert_eq!(place.package(), "/home/me/pipeline");
    /// ```
    #[must_use]
    pub const fn package(&self) -> &'static str {
        self.package
    }

    /// Returns the line, from 1.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Place::new("src/lib.rs", 3, 5, 1).line(), 3);
    /// ```
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.line
    }

    /// Returns the column in characters, from 1.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Place::new("src/lib.rs", 3, 5, 1).column(), 5);
    /// ```
    #[must_use]
    pub const fn column(&self) -> u32 {
        self.column
    }

    /// Returns how many characters are meant, from `column` on.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Place::new("src/lib.rs", 3, 5, 7).width(), 7);
    /// ```
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Reads the file that holds this place, if it is on this machine.
    pub(crate) fn source(&self) -> Option<String> {
        self.candidates().find_map(|path| std::fs::read_to_string(path).ok())
    }

    /// Returns where this place starts in `source` and how long it is, in bytes; `None` when the file has changed
    /// so much that the place no longer exists.
    pub(crate) fn span_in(&self, source: &str) -> Option<(usize, usize)> {
        let before = self.line.checked_sub(1)? as usize;
        let start = if before == 0 {
            0
        } else {
            source.match_indices('\n').nth(before - 1).map(|(offset, _)| offset + 1)?
        };
        let line = source[start..].lines().next()?;
        let bytes = |characters: usize| line.char_indices().nth(characters).map_or(line.len(), |(at, _)| at);
        let from = self.column.checked_sub(1)? as usize;
        let (from, to) = (bytes(from), bytes(from + self.width as usize));
        // Places are those of names. Where none stands the file has been changed since it was compiled.
        let is_name = |text: &str| {
            text.chars().all(|character| character.is_alphanumeric() || "_#".contains(character))
        };
        (from < line.len() && line.len() <= LONGEST_LINE && is_name(&line[from..to]))
            .then_some((start + from, to - from))
    }

    // The compiler names a file relative to the workspace of the package it belongs to, which is the package's folder
    // or one above it. Where no package is known it is looked for from here; where one is known and gone it is not,
    // because another project may have a file of the same name.
    fn candidates(&self) -> impl Iterator<Item = PathBuf> {
        let start = if self.package.is_empty() { "." } else { self.package };
        let above = if self.package.is_empty() { 1 } else { usize::MAX };
        Path::new(start).ancestors().take(above).map(|folder| folder.join(self.file))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_in_its_source() {
        let source = "fn a() {}\nfn größe(x: &str) {}\n";
        let check = |line, column, width, expect: Option<&str>| {
            let span = Place::new("x.rs", line, column, width).span_in(source);
            assert_eq!(span.map(|(at, length)| &source[at..at + length]), expect);
        };
        check(1, 4, 1, Some("a"));
        check(2, 4, 5, Some("größe"));
        check(2, 10, 1, Some("x"));
        check(2, 4, 6, None);
        check(2, 20, 9, None);
        check(3, 1, 1, None);
        check(9, 1, 1, None);
        check(0, 1, 1, None);
        check(1, 40, 1, None);
    }
}
