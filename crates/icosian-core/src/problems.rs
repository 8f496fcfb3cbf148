use std::error::Error;
use std::fmt;

use miette::{Diagnostic, LabeledSpan, SourceCode};

use crate::Placed;

/// All problems of a pass.
///
/// `Display` prints the first problem and the number of others. As a miette diagnostic it has the cause, code, help and labels of the
/// first problem, and the others are related diagnostics; a report shows up to a hundred problems. `Debug` prints all of them
/// with location and help, also in the message of `unwrap` and in the output of a `main` that returns the error.
///
/// # Examples
/// ```
/// use icosian_core::{Placed, Problems};
///
/// #[derive(Debug, thiserror::Error, miette::Diagnostic)]
/// #[error("input `{0}` is missing")]
/// struct Missing(&'static str);
///
/// let mut problems = Problems::default();
/// problems.push(Placed::new(Missing("rates"), Vec::new()));
/// assert_eq!(problems.to_string(), "input `rates` is missing");
/// problems.push(Placed::new(Missing("spend"), Vec::new()));
/// assert_eq!(problems.to_string(), "input `rates` is missing, and 1 more problem");
/// assert!(problems.none_or(()).is_err());
/// ```
pub struct Problems<E> {
    problems: Vec<Placed<E>>,
}

impl<E> Default for Problems<E> {
    fn default() -> Self {
        Self { problems: Vec::new() }
    }
}

impl<E> Problems<E> {
    /// Adds a problem.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Placed, Problems};
    ///
    /// let mut problems = Problems::default();
    /// for port in [80, 8000].into_iter().filter(|port| *port < 1024) {
    ///     problems.push(Placed::new(port, Vec::new()));
    /// }
    /// assert_eq!(problems.iter().count(), 1);
    /// ```
    pub fn push(&mut self, problem: Placed<E>) {
        self.problems.push(problem);
    }

    /// Returns `value` if there are no problems.
    ///
    /// # Errors
    /// The problems, if there are any.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Problems;
    ///
    /// assert_eq!(Problems::<miette::MietteDiagnostic>::default().none_or(3).ok(), Some(3));
    /// ```
    pub fn none_or<T>(self, value: T) -> Result<T, Self> {
        if self.problems.is_empty() { Ok(value) } else { Err(self) }
    }

    /// Returns the problems, in the order in which they were found.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Problems;
    ///
    /// assert_eq!(Problems::<miette::MietteDiagnostic>::default().iter().count(), 0);
    /// ```
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Placed<E>> {
        self.problems.iter()
    }

    /// Returns the error of the first problem.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Placed, Problems};
    ///
    /// let mut problems = Problems::default();
    /// assert_eq!(problems.first(), None);
    /// problems.push(Placed::new("no rates", Vec::new()));
    /// assert_eq!(problems.first(), Some(&"no rates"));
    /// ```
    #[must_use]
    pub fn first(&self) -> Option<&E> {
        self.problems.first().map(Placed::error)
    }

    /// Converts every error and keeps its locations.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Placed, Problems};
    ///
    /// let mut problems = Problems::default();
    /// problems.push(Placed::new(3, Vec::new()));
    /// let problems = problems.map(|error| error + 1);
    /// assert_eq!(problems.iter().next().map(|problem| *problem.error()), Some(4));
    /// ```
    #[must_use]
    pub fn map<F>(self, change: impl Fn(E) -> F) -> Problems<F> {
        Problems { problems: self.problems.into_iter().map(|problem| problem.map(&change)).collect() }
    }

    /// Returns the problem that the head of a report shows.
    fn head(&self) -> Option<&Placed<E>> {
        self.problems.first()
    }
}

impl<E> IntoIterator for Problems<E> {
    type Item = Placed<E>;
    type IntoIter = std::vec::IntoIter<Placed<E>>;

    fn into_iter(self) -> Self::IntoIter {
        self.problems.into_iter()
    }
}

impl<E> Extend<Placed<E>> for Problems<E> {
    fn extend<I: IntoIterator<Item = Placed<E>>>(&mut self, problems: I) {
        self.problems.extend(problems);
    }
}

impl<E: fmt::Display> fmt::Display for Problems<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.as_slice() {
            [] => f.write_str("no problem"),
            [only] => fmt::Display::fmt(only, f),
            [first, _] => write!(f, "{first}, and 1 more problem"),
            [first, rest @ ..] => write!(f, "{first}, and {} more problems", rest.len()),
        }
    }
}

/// The number of problems in a report. The first line has the total, and `Debug` prints all of them.
const SHOWN: usize = 100;

impl<E: Diagnostic> fmt::Debug for Problems<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, problem) in self.problems.iter().enumerate() {
            if position > 0 {
                f.write_str("\n")?;
            }
            fmt::Debug::fmt(problem, f)?;
        }
        Ok(())
    }
}

impl<E: Diagnostic> Error for Problems<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.head()?.source()
    }
}

impl<E: Diagnostic + 'static> Diagnostic for Problems<E> {
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

    // The head of the report shows the first problem, so only the others are related.
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let own = self.head()?.related();
        if self.problems.len() == 1 {
            return own;
        }
        let others = self.problems.iter().take(SHOWN).skip(1).map(|problem| problem as &dyn Diagnostic);
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
        let mut problems = Problems::default();
        for name in ["a", "b", "c"] {
            problems.push(Placed::new(Missing(name), Vec::new()));
        }
        assert_eq!(problems.to_string(), "input `a` is missing, and 2 more problems");
        assert_eq!(problems.help().map(|help| help.to_string()).as_deref(), Some("pass `a`"));
        let related = problems.related().into_iter().flatten().map(ToString::to_string);
        assert_eq!(related.collect::<Vec<_>>(), ["input `b` is missing", "input `c` is missing"]);
    }
}
