use std::time::Duration;

use icosian_core::{BoxError, Name, ReturnedError};

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
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum RunError {
    /// A node returned an error, which is the source.
    #[error("node `{node}` failed")]
    #[diagnostic(code(icosian::run::node_failed), help("{}", way(path)))]
    NodeFailed {
        /// The node.
        node: Name,
        /// The error that it returned. It dereferences to `dyn Error`, and [`ReturnedError::find`] searches its chain.
        source: ReturnedError,
        /// The nodes from it to the wanted output, both included; only these two when there are very many failures.
        path: Vec<Name>,
    },
    /// A node panicked. The driver stays usable.
    #[error("node `{node}` panicked: {message}")]
    #[diagnostic(code(icosian::run::node_panicked), help("{}", way(path)))]
    NodePanicked {
        /// The node.
        node: Name,
        /// The panic message.
        message: String,
        /// The nodes from it to the wanted output, both included; only these two when there are very many failures.
        path: Vec<Name>,
    },
    /// A node was not done within the time that the adapter gives each, and was cancelled.
    #[error("node `{node}` was not done within {limit:?}")]
    #[diagnostic(code(icosian::run::node_timed_out), help("{}", way(path)))]
    NodeTimedOut {
        /// The node.
        node: Name,
        /// The time it had.
        limit: Duration,
        /// The nodes from it to the wanted output, both included; only these two when there are very many failures.
        path: Vec<Name>,
    },
    /// The output of a node panicked while it was dropped after its last use. Its consumers succeeded.
    #[error("the output of node `{node}` panicked while it was dropped: {message}")]
    #[diagnostic(
        code(icosian::run::output_drop_panicked),
        help("the `Drop` implementation of the output's type must not panic")
    )]
    OutputDropPanicked {
        /// The node that produced the output.
        node: Name,
        /// The message of the panic.
        message: String,
    },
    /// The value of an input panicked while it was dropped after its last use.
    #[error("the value of input `{input}` panicked while it was dropped: {message}")]
    #[diagnostic(
        code(icosian::run::input_drop_panicked),
        help("the `Drop` implementation of the input's type must not panic")
    )]
    InputDropPanicked {
        /// The input.
        input: Name,
        /// The message of the panic.
        message: String,
    },
    /// A nested execution would wait forever: executions and nodes that wait for it hold all permits of a limit.
    #[error("the execution would wait forever: its own callers hold all permits of {limit}")]
    #[diagnostic(
        code(icosian::run::deadlock),
        help("raise the limit, or execute the inner dataflow under a separate adapter")
    )]
    Deadlock {
        /// The limit, such as `with_max_concurrent_runs` or a group.
        limit: String,
    },
    /// The execution was not done within the time that its context or the adapter gives it; what still ran was cancelled.
    #[error("the execution was not done within {limit:?}")]
    #[diagnostic(
        code(icosian::run::deadline_exceeded),
        help("give the execution, or the `{adapter}` adapter, a later deadline, or the nodes less to do")
    )]
    DeadlineExceeded {
        /// The adapter.
        adapter: &'static str,
        /// The time it had.
        limit: Duration,
    },
    /// The execution's context was cancelled; what still ran was cancelled too.
    #[error("the execution was cancelled")]
    #[diagnostic(code(icosian::run::cancelled))]
    Cancelled,
    /// A hook failed, and no node did; its error is the source.
    #[error("hook `{hook}` failed")]
    #[diagnostic(
        code(icosian::run::hook_failed),
        help("return an error from a hook only to end the execution; log other errors in the hook")
    )]
    HookFailed {
        /// The hook's name.
        hook: String,
        /// The cause.
        source: BoxError,
    },
    /// A future that was given as an input failed; its error is the source.
    #[error("the future of input `{input}` failed")]
    #[diagnostic(code(icosian::run::input_failed), help("{}", way(path)))]
    InputFailed {
        /// The input.
        input: Name,
        /// The error that the future returned.
        source: ReturnedError,
        /// The nodes from it to the wanted output, both included; only these two when there are very many failures.
        path: Vec<Name>,
    },
    /// The runtime lacks something that the execution needs, such as a timer. No node has run.
    #[error("the `{adapter}` adapter cannot execute this here: {problem}")]
    #[diagnostic(code(icosian::run::unsuitable_runtime), help("{help}"))]
    UnsuitableRuntime {
        /// The adapter.
        adapter: &'static str,
        /// The missing part.
        problem: String,
        /// How to provide it.
        help: String,
    },
    /// The adapter failed; its error is the source.
    #[error("the `{adapter}` adapter failed")]
    #[diagnostic(code(icosian::run::adapter_failed))]
    AdapterFailed {
        /// The adapter.
        adapter: &'static str,
        /// The cause.
        source: BoxError,
    },
    /// The adapter said that it was done although an output was not there.
    #[error("the `{adapter}` adapter ended before output `{output}` was there")]
    #[diagnostic(
        code(icosian::run::adapter_ended_early),
        help(
            "an adapter executes every step of a run, or returns the `RunAbort` that kept it from doing so"
        )
    )]
    AdapterEndedEarly {
        /// The adapter.
        adapter: &'static str,
        /// The first output that was not there.
        output: Name,
    },
    /// A result builder failed; its error is the source.
    #[error("the outputs could not be made into a result")]
    #[diagnostic(code(icosian::run::result_failed))]
    ResultFailed {
        /// The cause.
        source: BoxError,
    },
}

impl RunError {
    /// Returns the node that failed or panicked, if it was one.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Dataflow, Node, NodeError, Outline};
    /// use icosian_driver::{Driver, ExecuteError, inputs};
    ///
    /// let broken = Node::sync(Outline::new("broken"), |_| Err::<u64, _>(NodeError::failed("no luck")));
    /// let driver = Driver::builder().with_dataflow(Dataflow::new("flow").with_node(broken)).build()?;
    /// let error = driver.execute_named(["broken"], inputs! {}).unwrap_err();
    /// let ExecuteError::Failed(failed) = error else { unreachable!("it has run") };
    /// let nodes: Vec<_> = failed.iter().filter_map(|failed| failed.error().node()).collect();
    /// assert_eq!(nodes, ["broken"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn node(&self) -> Option<&Name> {
        match self {
            Self::NodeFailed { node, .. }
            | Self::NodePanicked { node, .. }
            | Self::NodeTimedOut { node, .. }
            | Self::OutputDropPanicked { node, .. } => Some(node),
            _ => None,
        }
    }
}

fn way(path: &[Name]) -> String {
    match path {
        [] => "no output that was asked for needs it".to_owned(),
        [only] => format!("`{only}` was asked for"),
        [.., last] => {
            format!("`{last}` was asked for, and needs it: {}", icosian_core::shown_path(path))
        }
    }
}
