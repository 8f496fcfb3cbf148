use std::fmt;

/// A violation of a rule.
#[derive(Debug)]
pub(super) struct Problem {
    /// The file or crate, with the line if there is one.
    pub(super) location: String,
    pub(super) message: String,
    pub(super) help: String,
}

impl Problem {
    pub(super) fn new(
        location: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { location: location.into(), message: message.into(), help: help.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n    help: {}", self.location, self.message, self.help)
    }
}
