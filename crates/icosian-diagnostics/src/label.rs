use std::fmt;

use crate::Location;

/// A location with a text.
///
/// # Examples
/// ```
/// use icosian_diagnostics::{Label, Location};
///
/// let label = Label::new(Location::new("src/lib.rs", 3, 8, 4), "this node failed");
/// assert_eq!(label.to_string(), "src/lib.rs:3:8: this node failed");
/// ```
#[derive(Clone, Debug)]
pub struct Label {
    location: Location,
    text: String,
}

impl Label {
    /// Creates a label at `location`.
    #[must_use]
    pub fn new(location: Location, text: impl Into<String>) -> Self {
        Self { location, text: text.into() }
    }

    /// Returns the location.
    #[must_use]
    pub const fn location(&self) -> Location {
        self.location
    }

    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.location, self.text)
    }
}
