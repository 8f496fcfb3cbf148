use std::fmt;

use crate::NodeError;

/// The value of a failed node, in the place of its output. Only `Result<&T, &NodeError>` parameters read it.
#[doc(hidden)]
pub struct FailedOutput(NodeError);

impl FailedOutput {
    /// Returns the value of a node that has no output because of `error`.
    #[must_use]
    pub fn new(error: NodeError) -> Self {
        Self(error)
    }

    /// Returns the error.
    #[must_use]
    pub fn error(&self) -> &NodeError {
        &self.0
    }
}

impl fmt::Debug for FailedOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FailedOutput({:?})", self.0)
    }
}
