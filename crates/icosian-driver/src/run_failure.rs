//! The conversion of aborted runs to errors with names, locations and paths.

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};

use icosian_adapter::{AbortReason, Program, RunAbort, Values};
use icosian_core::expand::ItemError;
use icosian_core::run::ReturnedError;
use icosian_core::value::Alias;
use icosian_core::{BoxError, Name, NodeError};
use icosian_diagnostics::{Label, Location, Spanned};
use icosian_graph::{PathsToWanted, Step};

use crate::execute_error::{ExecuteError, Failures};
use crate::run_error::RunError;

/// Returns an error if the run was aborted or an output is missing.
pub(crate) fn check_complete(
    adapter: &'static str,
    run: &mut Values<'_>,
    ran: Result<(), RunAbort>,
) -> Result<(), ExecuteError> {
    let program = run.program();
    if let Err(aborts) = run.conclude(ran) {
        let paths = program.plan().paths_to_wanted();
        let context = FailureContext { program, adapter, paths, is_brief: aborts.len() > MAX_FULL_PATHS };
        let mut failures = Failures::default();
        failures.extend(aborts.into_iter().map(|abort| context.convert(abort)));
        return Err(ExecuteError::Failed(failures));
    }
    let Some(position) = run.first_missing() else { return Ok(()) };
    let output = cell_name(program, program.plan().wanted()[position] as usize);
    Err(single_failure(Spanned::new(RunError::AdapterEndedEarly { adapter, output }, Vec::new())))
}

/// Returns the error of an execution with one failure.
pub(crate) fn single_failure(failure: Spanned<RunError>) -> ExecuteError {
    let mut failures = Failures::default();
    failures.push(failure);
    ExecuteError::Failed(failures)
}

/// Drops a failed run. Nodes that still run may panic in `drop`, which must not hide the error.
pub(crate) fn drop_failed<R>(run: R) {
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(run)));
    dropped.map_err(std::mem::forget).ok();
}

/// Moves outputs out of a complete run. A clone may panic, and an adapter may leave a job that still reads an output.
pub(crate) fn collect<T>(take: impl FnOnce() -> Option<T>) -> Result<T, ExecuteError> {
    // The outputs do not pass through `catch_unwind`, which would copy them without optimization.
    let mut outputs = None;
    let taken = catch_unwind(AssertUnwindSafe(|| outputs = take()));
    if let Some(outputs) = outputs {
        return Ok(outputs);
    }
    let source: BoxError = match taken {
        Ok(()) => "a job that the adapter has not ended still reads an output".into(),
        Err(payload) => format!("cloning an output panicked: {}", NodeError::panicked(&*payload)).into(),
    };
    Err(single_failure(Spanned::new(RunError::ResultFailed { source }, Vec::new())))
}

/// Returns the error of a node. `path` are the nodes from it to the requested output.
pub(crate) fn node_failure(
    node: Name,
    path: Vec<Name>,
    location: Option<Location>,
    error: NodeError,
) -> Spanned<RunError> {
    let (error, label) = match error {
        NodeError::Failed(source) => (RunError::NodeFailed { node, source, path }, "this node failed"),
        NodeError::Panicked(message) => {
            (RunError::NodePanicked { node, message, path }, "this node panicked")
        }
        NodeError::TimedOut(limit) => (RunError::NodeTimedOut { node, limit, path }, "this node timed out"),
        other => {
            let source = ReturnedError::new(other.to_string());
            (RunError::NodeFailed { node, source, path }, "this node failed")
        }
    };
    let label = location.map(|location| Label::new(location, label));
    Spanned::new(error, label.into_iter().collect())
}

/// The data that turns cells and steps of an aborted run into names.
struct FailureContext<'a> {
    program: &'a Program,
    adapter: &'static str,
    /// The paths from values to the requested outputs.
    paths: PathsToWanted,
    /// Set if paths are reduced to their two ends.
    is_brief: bool,
}

/// The number of failures above which paths are abbreviated. Each path may be as long as the graph is deep.
const MAX_FULL_PATHS: usize = 100;

impl FailureContext<'_> {
    /// Converts an abort to an error with names and locations.
    fn convert(&self, abort: RunAbort) -> Spanned<RunError> {
        let adapter = self.adapter;
        let error = match abort.into_reason() {
            AbortReason::Node { step, error: NodeError::ArgumentDropPanicked { position, message } } => {
                let port = self.program.plan().ports(step).get(position);
                let cell = port.map_or(step.position(), |port| port.cell as usize);
                return self.drop_panicked(cell, message);
            }
            AbortReason::Node { step, error } => return self.node_failed(step, error),
            AbortReason::Drop { cell, message } => return self.drop_panicked(cell, message),
            AbortReason::Input { cell, error } => {
                let source = match error {
                    NodeError::Failed(source) => source,
                    NodeError::Panicked(message) => ReturnedError::new(format!("it panicked: {message}")),
                    other => ReturnedError::new(other.to_string()),
                };
                RunError::InputFailed { input: cell_name(self.program, cell), source, path: self.path(cell) }
            }
            AbortReason::Deadlock { limit } => RunError::Deadlock { limit },
            AbortReason::Deadline(limit) => RunError::DeadlineExceeded { adapter, limit },
            AbortReason::Cancelled => RunError::Cancelled,
            AbortReason::Hook { hook, error } => RunError::HookFailed { hook, source: error },
            AbortReason::Runtime { problem, help } => RunError::UnsuitableRuntime { adapter, problem, help },
            AbortReason::Adapter(source) => RunError::AdapterFailed { adapter, source },
            _ => RunError::AdapterFailed { adapter, source: "unknown reason".into() },
        };
        Spanned::new(error, Vec::new())
    }

    fn node_failed(&self, step: Step, error: NodeError) -> Spanned<RunError> {
        let outline = self.program.outline(step);
        let path = self.path(step.position());
        if let NodeError::Failed(returned) = &error
            && let Some(item) = find_item_error(&**returned)
        {
            return item_failure(item.clone(), path);
        }
        node_failure(outline.shown_name(), path, outline.location(), error)
    }

    /// Returns the error for a value that panicked while it was dropped.
    ///
    /// A part shares the value of its whole, so the value is that of the node which produced the whole.
    fn drop_panicked(&self, cell: usize, message: String) -> Spanned<RunError> {
        let plan = self.program.plan();
        let mut owner = cell;
        while let Some(step) = plan.step(owner)
            && let Some(Alias::Part(at)) = self.program.outline(step).output().alias()
            && let Some(port) = plan.ports(step).get(usize::from(at))
        {
            owner = port.cell as usize;
        }
        let name = cell_name(self.program, owner);
        let Some(step) = plan.step(owner) else {
            return Spanned::new(RunError::InputDropPanicked { input: name, message }, Vec::new());
        };
        let place = self.program.outline(step).location();
        let mark = place.map(|place| Label::new(place, "the output of this node"));
        Spanned::new(RunError::OutputDropPanicked { node: name, message }, mark.into_iter().collect())
    }

    /// Returns the names on the path from the value of `cell` to a requested output.
    fn path(&self, cell: usize) -> Vec<Name> {
        let mut path = self.paths.of(cell);
        if self.is_brief && path.len() > 2 {
            path.drain(1..path.len() - 1);
        }
        let is_function = |cell: &usize| {
            let step = self.program.plan().step(*cell);
            step.is_none_or(|step| self.program.outline(step).block_part().is_none())
        };
        path.into_iter().filter(is_function).map(|cell| cell_name(self.program, cell)).collect()
    }
}

/// Returns the failure of an item in the chain of an error, also if a node that streams the results returned it.
fn find_item_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a ItemError> {
    std::iter::successors(Some(error), |&error| error.source()).find_map(|error| error.downcast_ref())
}

/// Returns the error of an item. `path` are the nodes from its block to the requested output.
fn item_failure(item: ItemError, mut path: Vec<Name>) -> Spanned<RunError> {
    path.insert(0, item.node().clone());
    let label = item.location().map(|location| Label::new(location, "this node failed"));
    Spanned::new(RunError::item_failed(item, path), label.into_iter().collect())
}

/// Returns the name of the node or input whose value is in `cell`.
fn cell_name(program: &Program, cell: usize) -> Name {
    let plan = program.plan();
    match plan.step(cell) {
        Some(step) => program.outline(step).name().clone(),
        None => plan.inputs()[cell - plan.steps().len()].name().clone(),
    }
}
