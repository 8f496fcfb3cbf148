use std::error::Error;
use std::fmt;

use miette::{Diagnostic, LabeledSpan, SourceCode};

use crate::Spanned;

/// All errors of a pass.
///
/// `Display` prints one line: a single error as it is, several errors with their count and the first messages. As a miette
/// diagnostic it has the cause, code, help and labels of the first error, and the others are related diagnostics; a report
/// shows up to a hundred errors. `Debug` prints all of them with location and help, also in the message of `unwrap` and in the
/// output of a `main` that returns the error.
///
/// # Examples
/// ```
/// use icosian_diagnostics::{Diagnostics, Spanned};
///
/// #[derive(Debug, thiserror::Error, miette::Diagnostic)]
/// #[error("input `{0}` is missing")]
/// struct Missing(&'static str);
///
/// let mut errors = Diagnostics::default();
/// errors.push(Spanned::new(Missing("rates"), Vec::new()));
/// assert_eq!(errors.to_string(), "input `rates` is missing");
/// errors.push(Spanned::new(Missing("spend"), Vec::new()));
/// assert_eq!(errors.to_string(), "2 errors: (1) input `rates` is missing; (2) input `spend` is missing");
/// assert!(errors.into_result(()).is_err());
/// ```
pub struct Diagnostics<E> {
    errors: Vec<Spanned<E>>,
}

impl<E> Default for Diagnostics<E> {
    fn default() -> Self {
        Self { errors: Vec::new() }
    }
}

impl<E> Diagnostics<E> {
    /// Adds an error.
    pub fn push(&mut self, error: Spanned<E>) {
        self.errors.push(error);
    }

    /// Returns `value` if there are no errors.
    ///
    /// # Errors
    /// The errors, if there are any.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.errors.is_empty() { Ok(value) } else { Err(self) }
    }

    /// Returns the errors, in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Spanned<E>> {
        self.errors.iter()
    }

    /// Returns the first error.
    #[must_use]
    pub fn first(&self) -> Option<&E> {
        self.errors.first().map(Spanned::kind)
    }

    /// Converts every error and keeps its labels.
    #[must_use]
    pub fn map<F>(self, change: impl Fn(E) -> F) -> Diagnostics<F> {
        Diagnostics { errors: self.errors.into_iter().map(|error| error.map(&change)).collect() }
    }

    /// Returns the error that the head of a report shows.
    fn head(&self) -> Option<&Spanned<E>> {
        self.errors.first()
    }
}

impl<E> IntoIterator for Diagnostics<E> {
    type Item = Spanned<E>;
    type IntoIter = std::vec::IntoIter<Spanned<E>>;

    fn into_iter(self) -> Self::IntoIter {
        self.errors.into_iter()
    }
}

impl<'a, E> IntoIterator for &'a Diagnostics<E> {
    type Item = &'a Spanned<E>;
    type IntoIter = std::slice::Iter<'a, Spanned<E>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<E> Extend<Spanned<E>> for Diagnostics<E> {
    fn extend<I: IntoIterator<Item = Spanned<E>>>(&mut self, errors: I) {
        self.errors.extend(errors);
    }
}

impl<E: fmt::Display> fmt::Display for Diagnostics<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.errors.as_slice() {
            [] => f.write_str("no errors"),
            [only] => fmt::Display::fmt(only, f),
            all => {
                write!(f, "{} errors: ", all.len())?;
                for (number, error) in (1..=MAX_MESSAGES).zip(all) {
                    let separator = if number == 1 { "" } else { "; " };
                    write!(f, "{separator}({number}) {error}")?;
                }
                match all.len().checked_sub(MAX_MESSAGES) {
                    None | Some(0) => Ok(()),
                    Some(others) => write!(f, "; and {others} more"),
                }
            }
        }
    }
}

/// The maximum number of messages in one line.
const MAX_MESSAGES: usize = 3;

/// The maximum number of errors in a report. The first line has the total, and `Debug` prints all of them.
const MAX_REPORTED: usize = 100;

impl<E: Diagnostic> fmt::Debug for Diagnostics<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, error) in self.errors.iter().enumerate() {
            if position > 0 {
                f.write_str("\n")?;
            }
            fmt::Debug::fmt(error, f)?;
        }
        Ok(())
    }
}

impl<E: Diagnostic> Error for Diagnostics<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.head()?.source()
    }
}

impl<E: Diagnostic + 'static> Diagnostic for Diagnostics<E> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.head()?.code()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.head()?.help()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.head()?.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.head()?.labels()
    }

    // The head of the report shows the first error, so only the others are related.
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let own = self.head()?.related();
        if self.errors.len() == 1 {
            return own;
        }
        let others = self.errors.iter().take(MAX_REPORTED).skip(1).map(|error| error as &dyn Diagnostic);
        Some(Box::new(own.into_iter().flatten().chain(others)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error, Diagnostic)]
    #[error("input `{0}` is missing")]
    #[diagnostic(help("pass `{0}`"))]
    struct Missing(&'static str);

    #[test]
    fn report_contains_each_problem_once() {
        let mut errors = Diagnostics::default();
        for name in ["a", "b", "c"] {
            errors.push(Spanned::new(Missing(name), Vec::new()));
        }
        let messages = "(1) input `a` is missing; (2) input `b` is missing; (3) input `c` is missing";
        assert_eq!(errors.to_string(), format!("3 errors: {messages}"));
        let mut more = Diagnostics::default();
        more.extend(["a", "b", "c", "d", "e"].map(|name| Spanned::new(Missing(name), Vec::new())));
        assert_eq!(more.to_string(), format!("5 errors: {messages}; and 2 more"));
        assert_eq!(errors.help().map(|help| help.to_string()).as_deref(), Some("pass `a`"));
        let related = errors.related().into_iter().flatten().map(ToString::to_string);
        assert_eq!(related.collect::<Vec<_>>(), ["input `b` is missing", "input `c` is missing"]);
    }
}
