use crate::NodeError;

/// Converts the output `O` of a future to the output of its node.
#[doc(hidden)]
pub trait ConvertOutput<O>: Send + 'static {
    /// The output of the node.
    type Output;

    /// Returns the output, or the error of the function.
    ///
    /// # Errors
    /// The error of the function.
    fn convert(&self, output: O) -> Result<Self::Output, NodeError>;
}

/// The conversion of a function that returns the outcome of its node.
#[derive(Debug)]
pub(crate) struct AsOutcome;

impl<T> ConvertOutput<Result<T, NodeError>> for AsOutcome {
    type Output = T;

    #[inline]
    fn convert(&self, outcome: Result<T, NodeError>) -> Result<T, NodeError> {
        outcome
    }
}

/// The conversion of a function that returns no `Result`.
#[doc(hidden)]
#[derive(Debug)]
pub struct AsValue;

impl<T> ConvertOutput<T> for AsValue {
    type Output = T;

    #[inline]
    fn convert(&self, output: T) -> Result<T, NodeError> {
        Ok(output)
    }
}
