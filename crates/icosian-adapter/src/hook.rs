use std::any::{Any, type_name};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use icosian_core::expand::{ItemError, ItemIndex};
use icosian_core::run::{Attempts, RunId};
use icosian_core::value::{Arena, ErasedRef};
use icosian_core::{BoxError, Name, NodeError, Outline, RunContext};
use icosian_graph::{Graph, Plan};
use tracing::Span;

/// Observes executions and their nodes, for logs, traces, metrics and checks.
///
/// The driver calls a hook on the thread that runs the node, so several threads can call it during one execution. Hooks run inline and must
/// not block. To wait for I/O, send the event to a channel or a task, or use an [`AsyncHook`](crate::AsyncHook).
///
/// # Timing
///
/// The time of a node starts when its body starts: at the first poll for async nodes, at submission to the thread pool for
/// offloaded nodes. It ends when the output is stored or the node fails. Time spent waiting for a permit is not included,
/// except where `retry` is above `limit` and each attempt acquires one.
///
/// [`NodeInfo::queue_time`] is the time between the end of the last node or input that the node waits for and the start of its
/// body. It includes the time spent waiting for a permit, and for the thread or task that polls the run.
///
/// # Decorators
///
/// The driver calls a hook once for each node, even if `retry` calls the function several times. [`NodeEnd::attempts`] counts the calls,
/// and [`NodeEnd::recovered_from`] returns the error that `retry` or `fallback` replaced.
///
/// # Errors
///
/// A hook that returns an error or panics aborts the execution. The error of the execution names the hook, but no node. Errors after the
/// execution has failed are ignored.
///
/// # Examples
/// ```
/// use icosian_adapter::{GraphAdapter, Hook, Hooks, NodeEnd, NodeInfo, Program, Run, SyncAdapter};
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
/// let mut run = Run::new(&program);
/// run.values_mut().observe(&Hooks::default().with(log.clone()))?;
/// SyncAdapter.run(&mut run)?;
/// assert_eq!(*log.0.lock().expect("no test panics"), ["one gave 1"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Hook: fmt::Debug + Send + Sync + 'static {
    /// Returns the name of the hook in errors. The default is the name of its type.
    fn name(&self) -> &str {
        type_name::<Self>()
    }

    /// Called by `build`, after the graph of a driver is validated.
    ///
    /// # Errors
    /// An error of the hook fails `build`.
    fn after_build(&self, graph: &Graph) -> Result<(), BoxError> {
        let _ = graph;
        Ok(())
    }

    /// Returns the source of the spans in which executions and nodes run. If several hooks of a driver return a source, the driver uses the
    /// first.
    fn spans(&self) -> Option<&dyn SpanSource> {
        None
    }

    /// Called when an execution begins.
    ///
    /// # Errors
    /// An error of the hook aborts the execution.
    fn before_run(&self, run: &RunInfo<'_>) -> Result<(), BoxError> {
        let _ = run;
        Ok(())
    }

    /// Called when an execution ends. If it already failed, the hook's error is ignored.
    ///
    /// # Errors
    /// An error of the hook fails the execution.
    fn after_run(&self, run: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        let _ = (run, end);
        Ok(())
    }

    /// Called when a node begins.
    ///
    /// # Errors
    /// An error of the hook aborts the execution, and the node does not run.
    fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
        let _ = node;
        Ok(())
    }

    /// Called when a node ends. Errors for a cancelled node are ignored.
    ///
    /// # Errors
    /// An error of the hook aborts the execution.
    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let _ = (node, end);
        Ok(())
    }

    /// Called when an item of an expansion ends, even if `on_error = "skip"` ignores its failure.
    ///
    /// # Errors
    /// An error of the hook aborts the execution.
    fn after_item(&self, item: &ItemEnd<'_>) -> Result<(), BoxError> {
        let _ = item;
        Ok(())
    }
}

/// Creates the `tracing` spans of executions, items and nodes, for [`Hook::spans`].
///
/// The current span of the calling thread is the parent: the caller's span for an execution, and the span of the execution or of the item
/// for a node. The span of a node is current whenever its body runs, on any thread, and in each poll of an async body. It closes after the
/// driver has called the hooks for the end of the node.
///
/// # Examples
/// ```
/// use icosian_adapter::{Hook, NodeInfo, RunInfo, SpanSource};
/// use icosian_core::expand::ItemIndex;
/// use icosian_core::run::RunId;
/// use tracing::Span;
///
/// #[derive(Debug)]
/// struct Spans;
///
/// impl SpanSource for Spans {
///     fn run_span(&self, run: &RunInfo<'_>) -> Span {
///         tracing::info_span!("run", id = run.id().number())
///     }
///
///     fn item_span(&self, _: RunId, items: &[ItemIndex]) -> Span {
///         tracing::info_span!("item", index = items.last().map(|item| item.index()))
///     }
///
///     fn node_span(&self, node: &NodeInfo<'_>) -> Span {
///         tracing::info_span!("node", name = %node.outline().name())
///     }
/// }
///
/// impl Hook for Spans {
///     fn spans(&self) -> Option<&dyn SpanSource> {
///         Some(self)
///     }
/// }
/// ```
pub trait SpanSource: Send + Sync {
    /// Creates the span of an execution.
    fn run_span(&self, run: &RunInfo<'_>) -> Span;

    /// Creates the span of an item of an expansion. In nested expansions the outermost item is the first.
    fn item_span(&self, run: RunId, items: &[ItemIndex]) -> Span;

    /// Creates the span of a node.
    fn node_span(&self, node: &NodeInfo<'_>) -> Span;
}

/// The end of an item of an expansion, for hooks.
///
/// # Examples
/// ```
/// use icosian_adapter::ItemEnd;
///
/// fn describe(item: &ItemEnd<'_>) -> Option<String> {
///     item.error().map(|error| format!("{}: {error}", item.run()))
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ItemEnd<'a> {
    pub(crate) run: RunId,
    pub(crate) items: &'a [ItemIndex],
    pub(crate) error: Option<&'a ItemError>,
}

impl<'a> ItemEnd<'a> {
    /// Returns the number of the execution.
    #[must_use]
    pub fn run(&self) -> RunId {
        self.run
    }

    /// Returns the item. In nested expansions the outermost item is the first.
    #[must_use]
    pub fn items(&self) -> &'a [ItemIndex] {
        self.items
    }

    /// Returns the error, if the item failed.
    #[must_use]
    pub fn error(&self) -> Option<&'a ItemError> {
        self.error
    }
}

/// An execution, for hooks.
///
/// # Examples
/// ```
/// use icosian_adapter::RunInfo;
///
/// fn describe(run: &RunInfo<'_>) -> String {
///     let inputs: Vec<_> = run.inputs().map(|input| input.name().as_str()).collect();
///     format!("{} computes {:?} from {inputs:?}", run.id(), run.outputs())
/// }
/// ```
#[derive(Clone, Copy)]
pub struct RunInfo<'a> {
    pub(crate) id: RunId,
    pub(crate) graph: &'a Arc<Graph>,
    pub(crate) adapter: &'a str,
    pub(crate) outputs: &'a [Name],
    /// The plan and the values, before the run.
    pub(crate) inputs: Option<(&'a Plan, &'a Arena)>,
    pub(crate) span: Option<&'a Span>,
}

impl<'a> RunInfo<'a> {
    /// Returns the execution's number.
    #[must_use]
    pub fn id(&self) -> RunId {
        self.id
    }

    /// Returns the graph. The execution runs the part of it that its outputs need.
    #[must_use]
    pub fn graph(&self) -> &'a Graph {
        self.graph
    }

    /// Returns the graph as a shared value. All executions of a driver share it, so a hook can cache data about it.
    #[must_use]
    pub fn shared_graph(&self) -> &'a Arc<Graph> {
        self.graph
    }

    /// Returns the span of the execution, if a hook of the driver has [`spans`](Hook::spans).
    #[must_use]
    pub fn span(&self) -> Option<&'a Span> {
        self.span
    }

    /// Returns the name of the adapter; empty for a run without a driver.
    #[must_use]
    pub fn adapter(&self) -> &'a str {
        self.adapter
    }

    /// Returns the names of the requested outputs.
    #[must_use]
    pub fn outputs(&self) -> &'a [Name] {
        self.outputs
    }

    /// Returns the inputs that the execution needs, including config values and shared inputs. Empty except in
    /// [`before_run`](Hook::before_run).
    pub fn inputs(&self) -> impl Iterator<Item = RunInput<'a>> + use<'a> {
        let inputs = self.inputs.into_iter();
        let inputs = inputs.flat_map(|(plan, values)| plan.inputs().iter().map(move |input| (input, values)));
        inputs
            .filter(|(input, _)| input.name() != RunContext::INPUT)
            .map(|(input, values)| RunInput { name: input.name(), value: values.value(input.cell()) })
    }
}

impl fmt::Debug for RunInfo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunInfo")
            .field("id", &self.id)
            .field("outputs", &self.outputs)
            .finish_non_exhaustive()
    }
}

/// An input of an execution, for hooks.
///
/// # Examples
/// ```
/// use icosian_adapter::RunInput;
///
/// fn describe(input: &RunInput<'_>) -> String {
///     match input.value::<u64>() {
///         Some(value) => format!("{} = {value}", input.name()),
///         None => input.name().to_string(),
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RunInput<'a> {
    name: &'a Name,
    value: Option<ErasedRef<'a>>,
}

impl<'a> RunInput<'a> {
    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &'a Name {
        self.name
    }

    /// Returns the value, if it is of type `T`. An input that is a future has no value yet.
    #[must_use]
    pub fn value<T: Any>(&self) -> Option<&'a T> {
        self.value?.get::<T>()
    }
}

/// A node of an execution, for hooks.
///
/// # Examples
/// ```
/// use icosian_adapter::NodeInfo;
///
/// fn describe(node: &NodeInfo<'_>) -> String {
///     format!("{}: {}", node.run(), node.outline())
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NodeInfo<'a> {
    pub(crate) run: RunId,
    pub(crate) outline: &'a Outline,
    pub(crate) items: &'a [ItemIndex],
    pub(crate) queued: Duration,
    pub(crate) span: Option<&'a Span>,
}

impl<'a> NodeInfo<'a> {
    /// Returns the number of the execution.
    #[must_use]
    pub fn run(&self) -> RunId {
        self.run
    }

    /// Returns the node's outline: name, source location, parameters and output type.
    #[must_use]
    pub fn outline(&self) -> &'a Outline {
        self.outline
    }

    /// Returns the item of an expansion for which the node runs; empty for a node that runs once. In nested expansions the
    /// outermost item is the first.
    #[must_use]
    pub fn items(&self) -> &'a [ItemIndex] {
        self.items
    }

    /// Returns the time that the node waited after all values that it reads were ready. It is zero for a skipped node.
    #[must_use]
    pub fn queue_time(&self) -> Duration {
        self.queued
    }

    /// Returns the span of the node, if a hook of the driver has [`spans`](Hook::spans). It is set when the node ends.
    #[must_use]
    pub fn span(&self) -> Option<&'a Span> {
        self.span
    }

    /// Returns the name of the node with its items, as in `url[3].score`.
    #[must_use]
    pub fn id(&self) -> String {
        let items = self.items.iter().map(|item| format!("{}[{}].", item.expansion(), item.index()));
        items.chain([self.outline.name().to_string()]).collect()
    }
}

/// The end of a node, for hooks.
///
/// # Examples
/// ```
/// use icosian_adapter::{NodeEnd, NodeOutcome};
///
/// fn describe(end: &NodeEnd<'_>) -> String {
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
    pub(crate) output: Option<ErasedRef<'a>>,
    /// The reports of the node's decorators; none if the node did not begin.
    pub(crate) attempts: Option<&'a Attempts>,
}

/// The outcome of a node.
#[derive(Clone, Copy, Debug)]
pub enum NodeOutcome<'a> {
    /// Its output is stored.
    Succeeded,
    /// It returned an error, panicked or timed out.
    Failed(&'a NodeError),
    /// The execution ended while it was running.
    Cancelled,
    /// It did not run, because a node that it depends on failed.
    Skipped,
}

impl<'a> NodeEnd<'a> {
    /// Returns the outcome.
    #[must_use]
    pub fn outcome(&self) -> NodeOutcome<'a> {
        self.outcome
    }

    /// Returns the time from the beginning of the body to its end. It is zero for a skipped node.
    #[must_use]
    pub fn time(&self) -> Duration {
        self.time
    }

    /// Returns the number of calls of the node's function. It is 1 without `retry`, and 0 for a skipped node.
    #[must_use]
    pub fn attempts(&self) -> usize {
        self.attempts.map_or(0, Attempts::count)
    }

    /// Returns the last error that `retry` or `fallback` replaced in a node that succeeded.
    #[must_use]
    pub fn recovered_from(&self) -> Option<&'a NodeError> {
        let attempts = self.attempts.filter(|_| matches!(self.outcome, NodeOutcome::Succeeded))?;
        attempts.recovered_from()
    }

    /// Returns the output, if the node has one of type `T`.
    #[must_use]
    pub fn output<T: Any>(&self) -> Option<&'a T> {
        self.output?.get::<T>()
    }

    /// Returns the output with its type erased, for [`Output::serialize`](icosian_core::Output::serialize).
    #[must_use]
    pub fn erased_output(&self) -> Option<ErasedRef<'a>> {
        self.output
    }
}

/// The end of an execution.
///
/// # Examples
/// ```
/// use icosian_adapter::{Hook, RunEnd, RunInfo};
/// use icosian_core::BoxError;
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// /// Counts failed executions.
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
    /// All outputs were computed.
    Succeeded,
    /// A node, an input, a hook or the adapter failed.
    Failed,
    /// It was cancelled or dropped.
    Cancelled,
}
