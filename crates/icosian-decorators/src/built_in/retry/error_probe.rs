//! Asks, in code that a macro writes, with which errors a function can fail. It works only where the type is concrete, as
//! `icosian_core::value::probe` does.

use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use icosian_core::run::{AsReport, InChain};

/// A question about the error type `E` of a function.
///
/// Methods are looked up on this type first: inherent ones, then those of [`ReportProbe`]. The last answer is on the type that
/// it dereferences to.
#[doc(hidden)]
pub struct ErrorProbe<E>(PhantomData<fn() -> E>);

impl<E> ErrorProbe<E> {
    /// Asks about `E`.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "written by macros only")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<E: Error + 'static> ErrorProbe<E> {
    /// Returns that the function fails with an `E`.
    #[must_use]
    pub const fn errors(&self) -> Exactly<E> {
        Exactly(PhantomData)
    }
}

/// The answer when `E` is a report: it contains an error and is none itself.
#[doc(hidden)]
pub trait ReportProbe<E> {
    /// Returns that the function fails with an `E`, and with any error inside of it.
    #[must_use]
    fn errors(&self) -> Reports<E> {
        Reports(PhantomData)
    }
}

impl<E: AsRef<dyn Error + Send + Sync>> ReportProbe<E> for ErrorProbe<E> {}

impl<E> Deref for ErrorProbe<E> {
    type Target = BoxProbe;

    fn deref(&self) -> &BoxProbe {
        &BoxProbe
    }
}

/// The answer when `E` only converts into a box with an error.
#[doc(hidden)]
#[derive(Debug)]
pub struct BoxProbe;

impl BoxProbe {
    /// Returns that the function may fail with any error.
    #[must_use]
    pub const fn errors(&self) -> Anything {
        Anything
    }
}

/// A function fails with an `E`.
#[doc(hidden)]
pub struct Exactly<E>(PhantomData<fn() -> E>);

/// A function fails with reports of type `R`.
#[doc(hidden)]
pub struct Reports<R>(PhantomData<fn() -> R>);

/// A function fails with errors of unknown types.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Anything;

/// A function may fail with an `E`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the function never returns the error `{E}`, so `retry` would have no effect",
    label = "accepts `{E}`, but the function returns another error",
    note = "accept the function's own error type, or write `when_any`; for a boxed error or a report, accept the type of the \
            inner error"
)]
pub trait FailsWith<E, Kind> {}

impl<E: Error> FailsWith<E, InChain> for Exactly<E> {}
impl<E: Error> FailsWith<E, InChain> for Anything {}
impl<R, E: Error> FailsWith<E, InChain> for Reports<R> {}
impl<R> FailsWith<R, AsReport> for Reports<R> {}

/// A type that is no error. A second implementation keeps the compiler from guessing the type that a predicate asks about.
struct NoError;

#[diagnostic::do_not_recommend]
impl<E: Error> FailsWith<NoError, InChain> for Exactly<E> {}

impl<E> fmt::Debug for ErrorProbe<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ErrorProbe")
    }
}

impl<E> fmt::Debug for Exactly<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exactly")
    }
}

impl<R> fmt::Debug for Reports<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reports")
    }
}
