use std::error::Error;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use icosian_core::run::Permit;
use icosian_core::{BoxError, NodeError, RunContext};
use icosian_graph::{Plan, Step};

/// An abort: the run ended before it had all outputs.
///
/// Methods that run a step return an abort if the node fails, and an adapter returns it with `?`. An adapter creates one for
/// its own failures with [`adapter`](Self::adapter).
///
/// # Examples
/// ```
/// use icosian_adapter::{AbortReason, RunAbort};
///
/// let abort = RunAbort::adapter("the cluster is gone");
/// assert!(matches!(abort.reason(), AbortReason::Adapter(_)));
/// assert_eq!(abort.to_string(), "the adapter failed: the cluster is gone");
/// ```
pub struct RunAbort(Box<AbortReason>);

/// The reason of an abort.
///
/// # Examples
/// ```
/// use icosian_adapter::{AbortReason, GraphAdapter, Program, Run, SyncAdapter};
/// use icosian_core::{Node, NodeError, Outline};
///
/// let broken = Node::sync(Outline::new("broken"), |_| Err::<u64, _>(NodeError::failed("no luck")));
/// let program = Program::new([broken], ["broken"])?;
/// let abort = SyncAdapter.run(&mut Run::new(&program)).unwrap_err();
/// let AbortReason::Node { step, error } = abort.reason() else { unreachable!("a node failed") };
/// assert_eq!(program.outline(*step).name(), &"broken");
/// assert_eq!(error.to_string(), "no luck");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum AbortReason {
    /// A node failed or panicked.
    Node {
        /// The step that ran it.
        step: Step,
        /// The error.
        error: NodeError,
    },
    /// A future input failed or panicked.
    Input {
        /// The cell of the input.
        cell: usize,
        /// The error.
        error: NodeError,
    },
    /// A value panicked while it was dropped after its last use.
    Drop {
        /// The cell of the value.
        cell: usize,
        /// The message of the panic.
        message: String,
    },
    /// The run would wait forever for a permit: all permits of a limit are held by nodes that wait for it.
    Deadlock {
        /// The limit, as a message names it.
        limit: String,
    },
    /// The run exceeded this time limit.
    Deadline(Duration),
    /// The caller cancelled the run through its context.
    Cancelled,
    /// A hook failed.
    Hook {
        /// Its name.
        hook: String,
        /// The error.
        error: BoxError,
    },
    /// The runtime lacks something that the run needs. No node has run.
    Runtime {
        /// The missing capability.
        problem: String,
        /// The way to provide it.
        help: String,
    },
    /// The adapter failed.
    Adapter(BoxError),
}

impl RunAbort {
    /// Returns the abort of an adapter that failed.
    pub fn adapter(error: impl Into<BoxError>) -> Self {
        Self(Box::new(AbortReason::Adapter(error.into())))
    }

    /// Returns the abort of a run whose runtime lacks a capability. For adapters, before the first job begins.
    pub fn runtime(problem: impl Into<String>, help: impl Into<String>) -> Self {
        Self(Box::new(AbortReason::Runtime { problem: problem.into(), help: help.into() }))
    }

    /// Returns the abort of a run that exceeded `limit`.
    #[must_use]
    pub fn deadline(limit: Duration) -> Self {
        Self(Box::new(AbortReason::Deadline(limit)))
    }

    /// Returns the abort of a run whose context was cancelled, or whose deadline has passed.
    #[must_use]
    pub fn cancelled(context: &RunContext) -> Self {
        match context.limit().filter(|_| context.is_late()) {
            Some(limit) => Self::deadline(limit),
            None => Self(Box::new(AbortReason::Cancelled)),
        }
    }

    /// Returns the abort of a run that would wait forever for a permit of `limit`, because its own callers hold all of them.
    pub fn deadlock(limit: impl Into<String>) -> Self {
        Self(Box::new(AbortReason::Deadlock { limit: limit.into() }))
    }

    /// Returns the abort of a run in which the destructor of a value panicked.
    pub(crate) fn drop_panicked(cell: usize, panicked: &NodeError) -> Self {
        Self(Box::new(AbortReason::Drop { cell, message: panicked.to_string() }))
    }

    pub(crate) fn hook(hook: String, error: BoxError) -> Self {
        Self(Box::new(AbortReason::Hook { hook, error }))
    }

    /// Returns the abort after a node failed. If its limiter refused a permit, the reason is the deadlock. If the run of an item was
    /// aborted inside of the node, the reason is the abort reason of the item's run.
    pub(crate) fn node(step: Step, error: NodeError) -> Self {
        if let Some(abort) = InnerAbort::take(&error) {
            return abort;
        }
        if let Some(limit) = Permit::refused_limit(&error) {
            return Self::deadlock(limit);
        }
        Self(Box::new(AbortReason::Node { step, error }))
    }

    /// Returns the abort after the step or the input of `cell` failed.
    pub(crate) fn at(plan: &Plan, cell: usize, error: NodeError) -> Self {
        match plan.step(cell) {
            Some(step) => Self::node(step, error),
            None => Self::input(cell, error),
        }
    }

    fn input(cell: usize, error: NodeError) -> Self {
        Self(Box::new(AbortReason::Input { cell, error }))
    }

    /// Returns whether the reason is the failure of a node or of an input, which a parameter may accept.
    pub(crate) fn is_acceptable(&self) -> bool {
        match &*self.0 {
            // The node that produced the argument is at fault, and has succeeded.
            AbortReason::Node { error, .. } => !matches!(error, NodeError::ArgumentDropPanicked { .. }),
            AbortReason::Input { .. } => true,
            _ => false,
        }
    }

    /// Returns the reason.
    #[must_use]
    pub fn reason(&self) -> &AbortReason {
        &self.0
    }

    /// Returns the reason by value.
    #[must_use]
    pub fn into_reason(self) -> AbortReason {
        *self.0
    }
}

impl fmt::Display for RunAbort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            AbortReason::Node { step, error } => write!(f, "step {} failed: {error}", step.position()),
            AbortReason::Input { cell, error } => write!(f, "the input of cell {cell} failed: {error}"),
            AbortReason::Drop { cell, message } => {
                write!(f, "the value of cell {cell} panicked while it was dropped: {message}")
            }
            AbortReason::Deadlock { limit } => {
                write!(f, "the run would deadlock: nodes that wait for it hold all permits of {limit}")
            }
            AbortReason::Deadline(limit) => write!(f, "the run exceeded its deadline of {limit:?}"),
            AbortReason::Cancelled => f.write_str("the run was cancelled"),
            AbortReason::Hook { hook, error } => write!(f, "hook `{hook}` failed: {error}"),
            AbortReason::Runtime { problem, .. } => f.write_str(problem),
            AbortReason::Adapter(error) => write!(f, "the adapter failed: {error}"),
        }
    }
}

impl fmt::Debug for RunAbort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Error for RunAbort {}

/// The error of a node whose abort ends the whole run.
///
/// The abort is that of an item's run, or the failure of an async hook.
///
/// No parameter accepts it, because it is not a failure of the node.
pub struct InnerAbort {
    abort: Mutex<Option<RunAbort>>,
    /// The node's own failure, if it failed before the abort.
    failure: Mutex<Option<NodeError>>,
}

impl InnerAbort {
    /// Wraps an abort.
    #[must_use]
    pub fn new(abort: RunAbort) -> Self {
        Self { abort: Mutex::new(Some(abort)), failure: Mutex::default() }
    }

    /// Wraps an abort that follows the failure of the node. The run reports both.
    pub(crate) fn after(failure: NodeError, abort: RunAbort) -> Self {
        Self { failure: Mutex::new(Some(failure)), ..Self::new(abort) }
    }

    /// Separates the failure of a node from the abort that follows it.
    #[inline]
    pub(crate) fn split(outcome: Result<(), NodeError>) -> (Result<(), NodeError>, Option<RunAbort>) {
        match outcome {
            Ok(()) => (Ok(()), None),
            Err(error) => Self::split_error(error),
        }
    }

    #[cold]
    fn split_error(error: NodeError) -> (Result<(), NodeError>, Option<RunAbort>) {
        let NodeError::Failed(returned) = &error else { return (Err(error), None) };
        let failure = returned.downcast_ref::<Self>().and_then(|inner| take(&inner.failure));
        let Some(failure) = failure else { return (Err(error), None) };
        let abort = Self::take(&error);
        (Err(failure), abort)
    }

    /// Moves the abort out of the error of a node. It can also be the source of an error that a node with a stream returned.
    pub(crate) fn take(error: &NodeError) -> Option<RunAbort> {
        let NodeError::Failed(error) = error else { return None };
        let mut chain =
            std::iter::successors(Some(&**error as &(dyn Error + 'static)), |&error| error.source());
        let abort = chain.find_map(|error| error.downcast_ref::<Self>())?;
        take(&abort.abort)
    }
}

fn take<T>(value: &Mutex<Option<T>>) -> Option<T> {
    value.lock().unwrap_or_else(PoisonError::into_inner).take()
}

impl fmt::Display for InnerAbort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the run was aborted inside of the node")
    }
}

impl fmt::Debug for InnerAbort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InnerAbort")
    }
}

impl Error for InnerAbort {}
