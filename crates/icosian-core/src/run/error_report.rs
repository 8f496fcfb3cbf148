use std::any::Any;
use std::error::Error;
use std::fmt;
use std::ops::Deref;

use crate::NodeError;

/// Asks, in code that a macro writes, whether the error of a function is a report. It works only where `E` is concrete:
/// methods are looked up on `ErrorReport<E>` first, and on the type that it dereferences to after that.
#[doc(hidden)]
pub struct ErrorReport<E>(std::marker::PhantomData<fn() -> E>);

impl<E> ErrorReport<E> {
    /// Asks about `E`.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "written by macros only")]
    pub const fn new() -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<E: Error> ErrorReport<E> {
    /// Returns that an `E` is boxed as it is.
    #[must_use]
    pub fn keep(&self) -> Option<fn(E) -> NodeError> {
        None
    }
}

/// The answer when `E` contains an error.
#[doc(hidden)]
pub trait KeepReport<E> {
    /// Returns the function that keeps an `E`.
    #[must_use]
    fn keep(&self) -> Option<fn(E) -> NodeError>;
}

impl<E> KeepReport<E> for ErrorReport<E>
where
    E: AsRef<dyn Error + Send + Sync> + Any + fmt::Debug + fmt::Display + Send + Sync,
{
    fn keep(&self) -> Option<fn(E) -> NodeError> {
        Some(NodeError::reported)
    }
}

impl<E> Deref for ErrorReport<E> {
    type Target = NoReport;

    fn deref(&self) -> &NoReport {
        &NoReport
    }
}

/// The answer when `E` converts into a box, and is nothing else.
#[doc(hidden)]
#[derive(Debug)]
pub struct NoReport;

impl NoReport {
    /// Returns that an `E` is boxed as it is.
    #[must_use]
    pub fn keep<E>(&self) -> Option<fn(E) -> NodeError> {
        None
    }
}

impl<E> fmt::Debug for ErrorReport<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ErrorReport")
    }
}
