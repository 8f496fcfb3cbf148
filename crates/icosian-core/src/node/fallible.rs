use std::marker::PhantomData;

use crate::node::Args;
use crate::node::conversion::ConvertOutput;
use crate::{BoxError, NodeError};

/// The result of a fallible function: any `Result` whose error can be boxed.
///
/// # Examples
/// ```
/// use icosian_core::node::Fallible;
///
/// let read: std::io::Result<u64> = Ok(3);
/// assert_eq!(read.into_outcome().ok(), Some(3));
/// ```
#[diagnostic::on_unimplemented(
    message = "the node's return type is named `Result`, but it is not a `std::result::Result`",
    label = "not a `std::result::Result`",
    note = "a return type whose last path segment is `Result` is a node that may fail"
)]
pub trait Fallible {
    /// The output of a successful call.
    type Ok;
    /// The error of a failed call.
    type Error;

    /// Returns the output, or the error boxed.
    ///
    /// # Errors
    /// The function's own error.
    fn into_outcome(self) -> Result<Self::Ok, NodeError>
    where
        Self::Error: Failure;

    /// Returns the function's `Result`. For generated code.
    ///
    /// # Errors
    /// The function's own error.
    #[doc(hidden)]
    fn into_result(self) -> Result<Self::Ok, Self::Error>;

    /// Stores the output by `give`, or returns the error. `keep` converts errors that are reports. For generated code.
    ///
    /// # Errors
    /// The error of the function.
    #[doc(hidden)]
    fn give(
        self,
        args: &mut Args<'_>,
        keep: Option<fn(Self::Error) -> NodeError>,
        give: fn(&mut Args<'_>, Self::Ok),
    ) -> Result<(), NodeError>
    where
        Self::Error: Failure;

    /// Returns the conversion of the output of a future. For generated code.
    #[doc(hidden)]
    #[must_use]
    fn conversion(keep: Option<fn(Self::Error) -> NodeError>) -> AsResult<Self>
    where
        Self: Sized,
        Self::Error: Failure,
    {
        AsResult::new(keep.unwrap_or(|error| NodeError::failed(error.into_box())))
    }
}

impl<T, E> Fallible for Result<T, E> {
    type Ok = T;
    type Error = E;

    fn into_outcome(self) -> Result<T, NodeError>
    where
        E: Failure,
    {
        self.map_err(|error| NodeError::failed(error.into_box()))
    }

    fn into_result(self) -> Self {
        self
    }

    #[inline]
    fn give(
        self,
        args: &mut Args<'_>,
        keep: Option<fn(E) -> NodeError>,
        give: fn(&mut Args<'_>, T),
    ) -> Result<(), NodeError>
    where
        E: Failure,
    {
        // One `match`: without optimization, each function that the output passes through keeps a copy of it on the stack.
        match self {
            Ok(output) => {
                give(args, output);
                Ok(())
            }
            Err(error) => Err(match keep {
                Some(keep) => keep(error),
                None => NodeError::failed(error.into_box()),
            }),
        }
    }
}

/// An error that a node may return: any type that converts into a [`BoxError`], such as every error that is `Send`, `Sync` and
/// `'static`.
///
/// # Examples
/// ```
/// use icosian_core::node::Failure;
///
/// assert_eq!("no rates".into_box().to_string(), "no rates");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error type of a node",
    label = "`{Self}` does not convert into `Box<dyn Error + Send + Sync>`",
    note = "implement `std::error::Error + Send + Sync` for the error type; write a boxed error as \
            `Box<dyn Error + Send + Sync>`"
)]
pub trait Failure {
    /// Returns the error boxed.
    fn into_box(self) -> BoxError;
}

#[diagnostic::do_not_recommend]
impl<E: Into<BoxError>> Failure for E {
    fn into_box(self) -> BoxError {
        self.into()
    }
}

/// The conversion of a function that returns the `Result` `R`.
#[doc(hidden)]
pub struct AsResult<R: Fallible> {
    error: fn(R::Error) -> NodeError,
    result: PhantomData<fn(R)>,
}

impl<R: Fallible> std::fmt::Debug for AsResult<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AsResult")
    }
}

impl<R: Fallible> AsResult<R> {
    /// Returns the conversion that uses `error` for the errors of the function.
    pub(crate) fn new(error: fn(R::Error) -> NodeError) -> Self {
        Self { error, result: PhantomData }
    }
}

impl<R: Fallible + 'static> ConvertOutput<R> for AsResult<R> {
    type Output = R::Ok;

    #[inline]
    fn convert(&self, output: R) -> Result<R::Ok, NodeError> {
        match output.into_result() {
            Ok(output) => Ok(output),
            Err(error) => Err((self.error)(error)),
        }
    }
}
