use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use icosian_adapter::{Cause, Program, Stop, Values};
use icosian_core::{BoxError, Keeps, Name, NodeError, ReturnedError};
use icosian_diagnostics::{Label, Spanned};
use icosian_graph::PathsToWanted;

use crate::{ExecuteError, Failures};

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
        /// The limit, such as `with_runs_at_a_time` or a group.
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
        help("an adapter executes every step of a run, or returns the `Stop` that kept it from doing so")
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

    /// Converts the stop of a run of `program` to an error with names and locations.
    fn stopped(ways: &Ways<'_>, adapter: &'static str, stop: Stop) -> Spanned<Self> {
        let program = ways.program;
        match stop.into_cause() {
            Cause::Node { step, error: NodeError::ArgumentDropPanicked { position, message } } => {
                let port = program.plan().ports(step).get(position);
                let cell = port.map_or(step.position(), |port| port.cell as usize);
                Self::drop_panicked(program, cell, message)
            }
            Cause::Node { step, error } => {
                let outline = program.outline(step);
                let node = outline.name().clone();
                let path = ways.from(step.position());
                let (error, label) = match error {
                    NodeError::Failed(source) => {
                        (Self::NodeFailed { node, source, path }, "this node failed")
                    }
                    NodeError::Panicked(message) => {
                        (Self::NodePanicked { node, message, path }, "this node panicked")
                    }
                    NodeError::TimedOut(limit) => {
                        (Self::NodeTimedOut { node, limit, path }, "this node was not done in time")
                    }
                    other => {
                        let source = ReturnedError::new(other.to_string());
                        (Self::NodeFailed { node, source, path }, "this node failed")
                    }
                };
                let mark = outline.location().map(|place| Label::new(place, label));
                Spanned::new(error, mark.into_iter().collect())
            }
            Cause::Input { cell, error } => {
                let input = cell_name(program, cell);
                let path = ways.from(cell);
                let source = match error {
                    NodeError::Failed(source) => source,
                    NodeError::Panicked(message) => ReturnedError::new(format!("it panicked: {message}")),
                    other => ReturnedError::new(other.to_string()),
                };
                Spanned::new(Self::InputFailed { input, source, path }, Vec::new())
            }
            Cause::Drop { cell, message } => Self::drop_panicked(program, cell, message),
            Cause::Deadlock { limit } => Spanned::new(Self::Deadlock { limit }, Vec::new()),
            Cause::Deadline(limit) => Spanned::new(Self::DeadlineExceeded { adapter, limit }, Vec::new()),
            Cause::Cancelled => Spanned::new(Self::Cancelled, Vec::new()),
            Cause::Hook { hook, error } => Spanned::new(Self::HookFailed { hook, source: error }, Vec::new()),
            Cause::Runtime { problem, help } => {
                Spanned::new(Self::UnsuitableRuntime { adapter, problem, help }, Vec::new())
            }
            Cause::Adapter(source) => Spanned::new(Self::AdapterFailed { adapter, source }, Vec::new()),
            _ => Spanned::new(
                Self::AdapterFailed { adapter, source: "for a reason unknown to the driver".into() },
                Vec::new(),
            ),
        }
    }
}

impl RunError {
    /// Returns the error for a value that panicked while it was dropped.
    ///
    /// A part keeps the whole it belongs to, so the value is that of the node which produced the whole.
    fn drop_panicked(program: &Program, cell: usize, message: String) -> Spanned<Self> {
        let plan = program.plan();
        let mut owner = cell;
        while let Some(step) = plan.step(owner)
            && let Some(Keeps::Part(at)) = program.outline(step).given().keeps()
            && let Some(port) = plan.ports(step).get(usize::from(at))
        {
            owner = port.cell as usize;
        }
        let name = cell_name(program, owner);
        let Some(step) = plan.step(owner) else {
            return Spanned::new(Self::InputDropPanicked { input: name, message }, Vec::new());
        };
        let mark = program.outline(step).location().map(|place| Label::new(place, "the output of this node"));
        Spanned::new(Self::OutputDropPanicked { node: name, message }, mark.into_iter().collect())
    }
}

/// Returns an error if the run was stopped or an output is missing.
pub(crate) fn complete(
    adapter: &'static str,
    run: &mut Values<'_>,
    ran: Result<(), Stop>,
) -> Result<(), ExecuteError> {
    let program = run.program();
    if let Err(stops) = run.conclude(ran) {
        let ways =
            Ways { program, paths: program.plan().paths_to_wanted(), are_many: stops.len() > MANY_FAILURES };
        let mut failures = Failures::default();
        failures.extend(stops.into_iter().map(|stop| RunError::stopped(&ways, adapter, stop)));
        return Err(ExecuteError::Failed(failures));
    }
    let Some(position) = run.first_missing() else { return Ok(()) };
    let output = cell_name(program, program.plan().wanted()[position] as usize);
    Err(failed(Spanned::new(RunError::AdapterEndedEarly { adapter, output }, Vec::new())))
}

/// Returns the error of an execution with one failure.
pub(crate) fn failed(failure: Spanned<RunError>) -> ExecuteError {
    let mut failures = Failures::default();
    failures.push(failure);
    ExecuteError::Failed(failures)
}

/// Gives `run` back when it is complete; otherwise drops all that still runs, whose panics must not hide the error.
pub(crate) fn ended<R>(run: R, complete: Result<(), ExecuteError>) -> Result<R, ExecuteError> {
    match complete {
        Ok(()) => Ok(run),
        Err(error) => {
            let dropped = catch_unwind(AssertUnwindSafe(|| drop(run)));
            dropped.map_err(std::mem::forget).ok();
            Err(error)
        }
    }
}

/// Takes outputs out of a complete run. A clone may panic, and an adapter may leave a job that still reads an output.
pub(crate) fn collected<T>(take: impl FnOnce() -> Option<T>) -> Result<T, ExecuteError> {
    // The outputs do not pass through `catch_unwind`, which would copy them without optimization.
    let mut outputs = None;
    let taken = catch_unwind(AssertUnwindSafe(|| outputs = take()));
    if let Some(outputs) = outputs {
        return Ok(outputs);
    }
    let source: BoxError = match taken {
        Ok(()) => "an output is still read by a job that the adapter has not ended".into(),
        Err(payload) => format!("cloning an output panicked: {}", NodeError::panicked(&*payload)).into(),
    };
    Err(failed(Spanned::new(RunError::ResultFailed { source }, Vec::new())))
}

/// The paths from values to the requested outputs.
struct Ways<'a> {
    program: &'a Program,
    paths: PathsToWanted,
    /// The paths are reduced to their two ends, because the failures are many.
    are_many: bool,
}

impl Ways<'_> {
    /// Returns the names along which the value of `cell` was to reach a wanted output.
    fn from(&self, cell: usize) -> Vec<Name> {
        let mut path = self.paths.of(cell);
        if self.are_many && path.len() > 2 {
            path.drain(1..path.len() - 1);
        }
        path.into_iter().map(|cell| cell_name(self.program, cell)).collect()
    }
}

/// The number of failures above which paths are abbreviated. Each path may be as long as the graph is deep.
const MANY_FAILURES: usize = 100;

/// Returns the name of the node or input whose value is in `cell`.
fn cell_name(program: &Program, cell: usize) -> Name {
    let plan = program.plan();
    match plan.step(cell) {
        Some(step) => program.outline(step).name().clone(),
        None => plan.inputs()[cell - plan.steps().len()].name().clone(),
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
