//! Asks, in code that a macro writes, with which errors a function can fail. Not for people: it works only where the type is
//! concrete, as `icosian_core::probe` does.

use std::error::Error;
use std::fmt;
use std::marker::PhantomData;

/// A question about the error type `E` of a function.
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

/// The answer when `E` is no error, but becomes a box with one.
#[doc(hidden)]
pub trait Boxed {
    /// Returns that the function may fail with anything.
    #[must_use]
    fn errors(&self) -> Anything {
        Anything
    }
}

impl<E> Boxed for ErrorProbe<E> {}

/// A function fails with an `E`.
#[doc(hidden)]
pub struct Exactly<E>(PhantomData<fn() -> E>);

/// A function fails with errors of which nobody knows the type.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Anything;

/// A function may fail with an `E`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the function never fails with `{E}`, so that it would never be tried again",
    label = "this asks about `{E}`, and the function fails with another error",
    note = "ask about the function's own error type, or write `when_any`; what is inside of a boxed error is found by its type"
)]
pub trait FailsWith<E> {}

impl<E: Error> FailsWith<E> for Exactly<E> {}
impl<E> FailsWith<E> for Anything {}

/// Is no error, so that a second implementation keeps the compiler from guessing what a predicate asks about.
struct NoError;

#[diagnostic::do_not_recommend]
impl<E: Error> FailsWith<NoError> for Exactly<E> {}

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
