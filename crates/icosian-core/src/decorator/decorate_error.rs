use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use miette::Diagnostic;

use icosian_diagnostics::{Diagnostics, Spanned};

/// The error of a decorator that cannot be applied.
///
/// Built-in decorators use the codes of the linter's rules, such as `ICO0102 unsupported-decorator`. Custom decorators choose
/// their own codes, which [`id`](Self::id) returns.
///
/// # Examples
/// ```
/// use icosian_core::decorator::DecorateError;
///
/// let error = DecorateError::new("my_crate::alias::taken", "node `rates` already exists")
///     .with_help("choose another alias");
/// assert_eq!(error.to_string(), "node `rates` already exists");
/// assert_eq!(error.id(), "my_crate::alias::taken");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecorateError {
    code: &'static str,
    message: Cow<'static, str>,
    help: Option<Cow<'static, str>>,
}

impl DecorateError {
    /// Creates an error. `message` is a lower-case fragment that states the fault.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), help: None }
    }

    /// Sets the suggested fix, which starts with a verb.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Returns the code.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.code
    }

    /// Returns the suggested fix.
    #[must_use]
    pub fn way_out(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl fmt::Display for DecorateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for DecorateError {}

impl Diagnostic for DecorateError {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
}

impl From<DecorateError> for Diagnostics<DecorateError> {
    fn from(error: DecorateError) -> Self {
        let mut problems = Self::default();
        problems.push(Spanned::new(error, Vec::new()));
        problems
    }
}
