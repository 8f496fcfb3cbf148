use std::fmt;

use icosian_core::Name;
use icosian_diagnostics::Diagnostics;

use crate::request_error::RequestError;
use crate::run_error::RunError;

/// The failures of an execution: the first one, or all of them under
/// [`ErrorPolicy::CollectAll`](icosian_adapter::ErrorPolicy::CollectAll).
pub type Failures = Diagnostics<RunError>;

/// The error of an execution. `Debug` prints every diagnostic with its location and help.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, NodeError, Outline};
/// use icosian_driver::{Driver, ExecuteError, inputs};
///
/// let broken = Node::sync(Outline::new("broken"), |_| Err::<u64, _>(NodeError::failed("no luck")));
/// let driver = Driver::builder().with_dataflow(Dataflow::new("flow").with_node(broken)).build()?;
/// let status = |name| match driver.execute_named([name], inputs! {}) {
///     Ok(_) => 200,
///     Err(ExecuteError::Refused(_)) => 400,
///     Err(_) => 502,
/// };
/// assert_eq!((status("broken"), status("borken")), (502, 400));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum ExecuteError {
    /// The request was refused before any node ran.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Refused(#[from] RequestError),
    /// A node, an input, a hook or the adapter failed: the first failure, or all failures if the error policy collects them.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Failed(Failures),
}

impl ExecuteError {
    /// Returns the first node that failed or panicked.
    #[must_use]
    pub fn node(&self) -> Option<&Name> {
        match self {
            Self::Refused(_) => None,
            Self::Failed(failures) => failures.iter().find_map(|failure| failure.kind().node()),
        }
    }
}

impl fmt::Debug for ExecuteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refused) => fmt::Debug::fmt(refused, f),
            Self::Failed(failures) => fmt::Debug::fmt(failures, f),
        }
    }
}
