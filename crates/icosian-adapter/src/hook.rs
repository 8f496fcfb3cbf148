use std::any::{Any, type_name};
use std::fmt;
use std::time::Duration;

use icosian_core::{BoxError, Cell, NodeError, Outline, RunId};
use icosian_graph::Graph;

/// Is told of an execution and of each of its nodes: for logs, traces, metrics, checks.
///
/// Hooks see the truth. A node's time is that from its beginning to its end; an async node begins when its future is made, just
/// before its first poll, and one that is offloaded when it is handed to the threads. A node that was cancelled is told as such, and one that could not run because another had failed as skipped. Under one run a hook may be called
/// from several threads.
///
/// A hook that returns an error, or panics, ends the execution; the error names the hook, and no node. A hook is called in
/// place and must not block: one that has to wait sends what it saw to a channel, or to a task of its own.
///
/// # Examples
/// ```
/// use icosian_adapter::{GraphAdapter, Hook, Hooks, NodeEnd, NodeInfo, Program, SyncAdapter};
/// use icosian_core::{BoxError, Node, Outline};
/// use std::sync::{Arc, Mutex};
///
/// #[derive(Debug, Default)]
/// struct Log(Mutex<Vec<String>>);
///
/// impl Hook for Log {
///     fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
///         let value = end.output::<u64>().map_or("nothing".to_owned(), |value| value.to_string());
///         self.0.lock().expect("no test panics").push(format!("{} gave {value}", node.outline().name()));
///         Ok(())
///     }
/// }
///
/// let log = Arc::new(Log::default());
/// let program = Program::new([Node::sync(Outline::new("one"), |_| Ok(1_u64))], ["one"])?;
/// let mut run = program.start();
/// run.observe(&Hooks::default().with(log.clone()))?;
/// SyncAdapter.run(&mut run)?;
/// assert_eq!(*log.0.lock().expect("no test panics"), ["one gave 1"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Hook: fmt::Debug + Send + Sync + 'static {
    /// Returns the name that errors call it by; the type's name unless overridden.
    fn name(&self) -> &str {
        type_name::<Self>()
    }

    /// An execution begins.
    ///
    /// # Errors
    /// The hook's own; the execution ends.
    fn before_run(&self, run: &RunInfo<'_>) -> Result<(), BoxError> {
        let _ = run;
        Ok(())
    }

    /// An execution is at its end. When it did not succeed an error is not told any more.
    ///
    /// # Errors
    /// The hook's own; the execution fails.
    fn after_run(&self, run: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        let _ = (run, end);
        Ok(())
    }

    /// A node begins.
    ///
    /// # Errors
    /// The hook's own; the node does not run, and the execution ends.
    fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
        let _ = node;
        Ok(())
    }

    /// A node is at its end, well or not.
    ///
    /// # Errors
    /// The hook's own; the execution ends. The error of a cancelled node is not told any more.
    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let _ = (node, end);
        Ok(())
    }
}

/// An execution, as hooks see it.
///
/// # Examples
/// ```
/// use icosian_adapter::RunInfo;
///
/// fn told(run: &RunInfo<'_>) -> String {
///     format!("{} of {} nodes", run.id(), run.graph().nodes().len())
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RunInfo<'a> {
    pub(crate) id: RunId,
    pub(crate) graph: &'a Graph,
}

impl<'a> RunInfo<'a> {
    /// Returns the execution's number.
    ///
    /// # Examples
    /// See [`RunInfo`].
    #[must_use]
    pub fn id(&self) -> RunId {
        self.id
    }

    /// Returns the graph, of which the execution runs what its outputs need.
    ///
    /// # Examples
    /// See [`RunInfo`].
    #[must_use]
    pub fn graph(&self) -> &'a Graph {
        self.graph
    }
}

/// A node of an execution, as hooks see it.
///
/// # Examples
/// ```
/// use icosian_adapter::NodeInfo;
///
/// fn told(node: &NodeInfo<'_>) -> String {
///     format!("{}: {}", node.run(), node.outline())
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NodeInfo<'a> {
    pub(crate) run: RunId,
    pub(crate) outline: &'a Outline,
}

impl<'a> NodeInfo<'a> {
    /// Returns the number of the execution.
    ///
    /// # Examples
    /// See [`NodeInfo`].
    #[must_use]
    pub fn run(&self) -> RunId {
        self.run
    }

    /// Returns the node's outline: its name, its place and all else that is known without running it.
    ///
    /// # Examples
    /// See [`NodeInfo`].
    #[must_use]
    pub fn outline(&self) -> &'a Outline {
        self.outline
    }
}

/// How a node ended, as hooks see it.
///
/// # Examples
/// ```
/// use icosian_adapter::{NodeEnd, NodeOutcome};
///
/// fn told(end: &NodeEnd<'_>) -> String {
///     match end.outcome() {
///         NodeOutcome::Succeeded => format!("done after {:?}", end.time()),
///         NodeOutcome::Failed(error) => format!("failed after {:?}: {error}", end.time()),
///         NodeOutcome::Cancelled => format!("cancelled after {:?}", end.time()),
///         NodeOutcome::Skipped => "skipped".to_owned(),
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NodeEnd<'a> {
    pub(crate) outcome: NodeOutcome<'a>,
    pub(crate) time: Duration,
    pub(crate) output: Option<&'a Cell>,
}

/// What became of a node.
///
/// # Examples
/// See [`NodeEnd`].
#[derive(Clone, Copy, Debug)]
pub enum NodeOutcome<'a> {
    /// It gave its output.
    Succeeded,
    /// It returned an error, panicked, or was not done in time.
    Failed(&'a NodeError),
    /// It had begun when the execution ended.
    Cancelled,
    /// It could not run, because a node that it needs had failed.
    Skipped,
}

impl<'a> NodeEnd<'a> {
    /// Returns what became of the node.
    ///
    /// # Examples
    /// See [`NodeEnd`].
    #[must_use]
    pub fn outcome(&self) -> NodeOutcome<'a> {
        self.outcome
    }

    /// Returns the time from the node's beginning to its end; none for a node that was skipped.
    ///
    /// # Examples
    /// See [`NodeEnd`].
    #[must_use]
    pub fn time(&self) -> Duration {
        self.time
    }

    /// Returns the output, if there is one and it is a `T`.
    ///
    /// # Examples
    /// See [`Hook`].
    #[must_use]
    pub fn output<T: Any>(&self) -> Option<&'a T> {
        self.output?.get::<T>()
    }
}

/// How an execution ended.
///
/// # Examples
/// ```
/// use icosian_adapter::{Hook, RunEnd, RunInfo};
/// use icosian_core::BoxError;
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// /// Counts what went wrong.
/// #[derive(Debug, Default)]
/// struct Failures(AtomicU64);
///
/// impl Hook for Failures {
///     fn after_run(&self, _: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
///         if end == RunEnd::Failed {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///         Ok(())
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// All outputs are there.
    Succeeded,
    /// A node, an input, a hook or the adapter failed.
    Failed,
    /// Nobody waits for it any more.
    Cancelled,
}
