use std::error::Error;
use std::fmt;
use std::time::Duration;

use icosian_core::expand::ItemError;
use icosian_core::run::{FallbackFailed, ReturnedError};
use icosian_core::{BoxError, Name, NodeError};
use icosian_decorators::ChecksFailed;
use miette::Diagnostic;

/// A failure of an execution.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::{Driver, ExecuteError, RunError, inputs};
///
/// let one = Node::sync(Outline::new("one"), |_| "x".parse::<u64>().map_err(Into::into));
/// let driver = Driver::builder().with_dataflow(Dataflow::new("flow").with_node(one)).build()?;
/// let error = driver.execute_named(["one"], inputs! {}).unwrap_err();
/// let ExecuteError::Failed(failed) = error else { unreachable!("it has run") };
/// let Some(RunError::NodeFailed { source, .. }) = failed.first() else { unreachable!("the node failed") };
/// assert!(source.is::<std::num::ParseIntError>());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// A node returned an error, which is the source.
    #[error("node `{node}` failed")]
    NodeFailed {
        /// The node.
        node: Name,
        /// The error that it returned. It dereferences to `dyn Error`, and [`ReturnedError::find`] searches its chain.
        source: ReturnedError,
        /// The nodes from it to the requested output, both included; only these two if there are very many failures.
        path: Vec<Name>,
    },
    /// A node panicked. The driver stays usable.
    #[error("node `{node}` panicked: {message}")]
    NodePanicked {
        /// The node.
        node: Name,
        /// The panic message.
        message: String,
        /// The nodes from it to the requested output, both included; only these two if there are very many failures.
        path: Vec<Name>,
    },
    /// A node exceeded its time limit and was cancelled.
    #[error("node `{node}` timed out after {limit:?}")]
    NodeTimedOut {
        /// The node.
        node: Name,
        /// The time limit.
        limit: Duration,
        /// The nodes from it to the requested output, both included; only these two if there are very many failures.
        path: Vec<Name>,
    },
    /// A node failed for an item of an expansion.
    #[error("{item}")]
    #[non_exhaustive]
    ItemFailed {
        /// The item, the node, and its error.
        item: ItemError,
        /// The error that the node returned, if it returned one.
        source: Option<ItemCause>,
        /// The nodes from it to the requested output.
        path: Vec<Name>,
    },
    /// The output of a node panicked while it was dropped after its last use. Its consumers succeeded.
    #[error("the output of node `{node}` panicked while it was dropped: {message}")]
    OutputDropPanicked {
        /// The node that produced the output.
        node: Name,
        /// The message of the panic.
        message: String,
    },
    /// The value of an input panicked while it was dropped after its last use.
    #[error("the value of input `{input}` panicked while it was dropped: {message}")]
    InputDropPanicked {
        /// The input.
        input: Name,
        /// The message of the panic.
        message: String,
    },
    /// A nested execution would wait forever: executions and nodes that wait for it hold all permits of a limit.
    #[error("the execution would deadlock: its own callers hold all permits of {limit}")]
    Deadlock {
        /// The limit, such as `with_max_concurrent_runs` or a group.
        limit: String,
    },
    /// The execution exceeded the deadline of its context or its adapter. Running nodes were cancelled.
    #[error("the execution exceeded its deadline of {limit:?}")]
    DeadlineExceeded {
        /// The adapter.
        adapter: &'static str,
        /// The time limit.
        limit: Duration,
    },
    /// The execution's context was cancelled. Running nodes were cancelled too.
    #[error("the execution was cancelled")]
    Cancelled,
    /// A hook failed, and no node did. The hook's error is the source.
    #[error("hook `{hook}` failed")]
    HookFailed {
        /// The hook's name.
        hook: String,
        /// The cause.
        source: BoxError,
    },
    /// A future that was passed as an input failed. Its error is the source.
    #[error("the future of input `{input}` failed")]
    InputFailed {
        /// The input.
        input: Name,
        /// The error that the future returned.
        source: ReturnedError,
        /// The nodes from it to the requested output, both included; only these two if there are very many failures.
        path: Vec<Name>,
    },
    /// The runtime lacks something that the execution needs, such as a timer. No node has run.
    #[error("the `{adapter}` adapter cannot execute this here: {problem}")]
    UnsuitableRuntime {
        /// The adapter.
        adapter: &'static str,
        /// The missing part.
        problem: String,
        /// The way to provide it.
        help: String,
    },
    /// The adapter failed. Its error is the source.
    #[error("the `{adapter}` adapter failed")]
    AdapterFailed {
        /// The adapter.
        adapter: &'static str,
        /// The cause.
        source: BoxError,
    },
    /// The adapter returned `Ok` although a requested output has no value.
    #[error("the `{adapter}` adapter ended before it produced output `{output}`")]
    AdapterEndedEarly {
        /// The adapter.
        adapter: &'static str,
        /// The first output without a value.
        output: Name,
    },
    /// A result builder failed. Its error is the source.
    #[error("the result could not be built from the outputs")]
    ResultFailed {
        /// The cause.
        source: BoxError,
    },
}

impl RunError {
    /// Returns the node that failed or panicked.
    #[must_use]
    pub fn node(&self) -> Option<&Name> {
        match self {
            Self::NodeFailed { node, .. }
            | Self::NodePanicked { node, .. }
            | Self::NodeTimedOut { node, .. }
            | Self::OutputDropPanicked { node, .. } => Some(node),
            Self::ItemFailed { item, .. } => Some(item.node()),
            _ => None,
        }
    }

    /// Returns the item of an expansion for which a node failed.
    #[must_use]
    pub fn item(&self) -> Option<&ItemError> {
        match self {
            Self::ItemFailed { item, .. } => Some(item),
            _ => None,
        }
    }

    /// Returns the code of the error of a node, such as `ICO1101 node-failed`. For hooks.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::NodeError;
    /// use icosian_driver::RunError;
    ///
    /// assert_eq!(RunError::node_code(&NodeError::failed("no luck")), "ICO1101 node-failed");
    /// ```
    #[must_use]
    pub fn node_code(error: &NodeError) -> &'static str {
        match error {
            NodeError::Panicked(_) => NODE_PANICKED,
            NodeError::TimedOut(_) => NODE_TIMED_OUT,
            NodeError::ArgumentDropPanicked { .. } => OUTPUT_DROP_PANICKED,
            NodeError::Failed(error) => match error.find::<ItemError, _>() {
                Some(item) => Self::item_code(item),
                None => returned_code(&**error),
            },
            _ => NODE_FAILED,
        }
    }

    /// Returns the code of the failure of an item, such as `ICO1118 item-failed`. For hooks.
    #[must_use]
    pub fn item_code(item: &ItemError) -> &'static str {
        if item.source().is_some_and(<dyn Error>::is::<ChecksFailed>) {
            CHECK_FAILED
        } else {
            "ICO1118 item-failed"
        }
    }

    pub(crate) fn item_failed(item: ItemError, path: Vec<Name>) -> Self {
        let has_source = matches!(item.error(), NodeError::Failed(_));
        let source = has_source.then(|| ItemCause(item.clone()));
        Self::ItemFailed { item, source, path }
    }
}

const NODE_FAILED: &str = "ICO1101 node-failed";
const NODE_TIMED_OUT: &str = "ICO1102 node-timed-out";
const NODE_PANICKED: &str = "ICO1103 node-panicked";
const OUTPUT_DROP_PANICKED: &str = "ICO1112 output-drop-panicked";
const CHECK_FAILED: &str = "ICO1115 check-failed";

/// Returns the code of an error that a node returned.
fn returned_code(error: &(dyn Error + 'static)) -> &'static str {
    #[cfg(feature = "tower")]
    if error.is::<icosian_tower::LayerError>() {
        return "ICO1119 layer-failed";
    }
    if error.is::<ChecksFailed>() {
        CHECK_FAILED
    } else if error.is::<FallbackFailed>() {
        "ICO1116 fallback-failed"
    } else {
        NODE_FAILED
    }
}

/// The error that a node returned for an item of an expansion.
pub struct ItemCause(ItemError);

impl fmt::Display for ItemCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.0.error(), f)
    }
}

impl fmt::Debug for ItemCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0.error(), f)
    }
}

impl Error for ItemCause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source().and_then(Error::source)
    }
}

impl Diagnostic for RunError {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let code = match self {
            Self::NodeFailed { source, .. } => returned_code(&**source),
            Self::ItemFailed { item, .. } => Self::item_code(item),
            Self::NodeTimedOut { .. } => NODE_TIMED_OUT,
            Self::NodePanicked { .. } => NODE_PANICKED,
            Self::Cancelled => "ICO1104 cancelled",
            Self::DeadlineExceeded { .. } => "ICO1105 deadline-exceeded",
            Self::Deadlock { .. } => "ICO1106 deadlock",
            Self::HookFailed { .. } => "ICO1107 hook-failed",
            Self::InputFailed { .. } => "ICO1108 input-failed",
            Self::AdapterFailed { .. } => "ICO1109 adapter-failed",
            Self::AdapterEndedEarly { .. } => "ICO1110 adapter-ended-early",
            Self::UnsuitableRuntime { .. } => "ICO1111 unsuitable-runtime",
            Self::OutputDropPanicked { .. } => OUTPUT_DROP_PANICKED,
            Self::InputDropPanicked { .. } => "ICO1113 input-drop-panicked",
            Self::ResultFailed { .. } => "ICO1114 result-failed",
        };
        Some(Box::new(code))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(match self {
            Self::NodeFailed { path, .. }
            | Self::NodePanicked { path, .. }
            | Self::NodeTimedOut { path, .. }
            | Self::ItemFailed { path, .. }
            | Self::InputFailed { path, .. } => Box::new(format_path(path)?),
            Self::OutputDropPanicked { .. } => {
                Box::new("remove the panic from the `Drop` implementation of the output's type")
            }
            Self::InputDropPanicked { .. } => {
                Box::new("remove the panic from the `Drop` implementation of the input's type")
            }
            Self::Deadlock { .. } => {
                Box::new("raise the limit, or execute the inner dataflow under a separate adapter")
            }
            Self::DeadlineExceeded { adapter, .. } => {
                Box::new(format!("raise the deadline of the execution or of the `{adapter}` adapter"))
            }
            Self::HookFailed { .. } => Box::new(
                "a hook's error ends the execution; to continue, log the error in the hook and return `Ok`",
            ),
            Self::UnsuitableRuntime { help, .. } => Box::new(help),
            Self::AdapterEndedEarly { .. } => Box::new(
                "execute every step of the run in the adapter, or return the `RunAbort` that prevents it",
            ),
            Self::Cancelled | Self::AdapterFailed { .. } | Self::ResultFailed { .. } => return None,
        })
    }
}

/// Returns the path to the requested output; `None` if the node itself is requested.
fn format_path(path: &[Name]) -> Option<String> {
    match path {
        [] => Some("no requested output needs it".to_owned()),
        [_] => None,
        path => Some(format!("path to the requested output: {}", icosian_core::format_path(path))),
    }
}
