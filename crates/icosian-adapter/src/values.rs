use std::any::Any;
use std::fmt;
use std::sync::Arc;

use icosian_core::expand::ItemIndex;
use icosian_core::value::{Cell, ErasedRef};
use icosian_core::{Output, RunContext, Value};

use crate::hook::{RunEnd, RunInfo};
use crate::hooked_run::HookedRun;
use crate::panic_guard::catch_panic;
use crate::program::Program;
use crate::run_abort::{AbortReason, RunAbort};
use crate::state::State;
use crate::watch::{ErrorPolicy, Hooks, OutputState, requested};

/// The values of one run: the caller fills the inputs before the run, and takes the outputs after it.
///
/// A [`Run`](crate::Run) and an [`AsyncRun`](crate::AsyncRun) each have values.
///
/// # Examples
/// ```
/// use icosian_adapter::{GraphAdapter, Program, Run, SyncAdapter};
/// # use icosian_core::{Node, Outline, Param};
/// # let double = Outline::new("double").with_param(Param::borrowed::<u64>("single"));
/// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
/// // `double` reads the input `single`.
/// let program = Program::new([double], ["double"])?;
/// let mut run = Run::new(&program);
/// run.values_mut().fill(program.plan().input("single").expect("it is an input").cell(), 21_u64);
/// SyncAdapter.run(&mut run)?;
/// assert_eq!(run.values().first_missing(), None);
/// assert_eq!(run.values_mut().take::<u64>(0), Some(42));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Values<'program> {
    pub(crate) program: &'program Program,
    /// In a box, so that it is cheap to move.
    pub(crate) state: Box<State>,
}

impl<'program> Values<'program> {
    pub(crate) fn new(program: &'program Program) -> Self {
        Self { program, state: program.new_state() }
    }

    /// Returns the program of the run.
    #[must_use]
    pub fn program(&self) -> &'program Program {
        self.program
    }

    /// Stores the value of an input or of an override in its cell.
    pub fn fill<T: Any + Send + Sync>(&mut self, cell: usize, value: T) {
        self.fill_cell(cell, Cell::new(value));
    }

    /// Replaces the cell of an input or of an override.
    pub fn fill_cell(&mut self, cell: usize, value: Cell) {
        self.state.values.set(cell, value);
    }

    /// Moves the wanted output at `position` out. Returns `None` if it is missing or not a `T`.
    #[must_use]
    pub fn take<T: Any>(&mut self, position: usize) -> Option<T> {
        let cell = self.wanted_cell(position)?;
        if !self.program.is_wanted_again(cell) {
            let moved = self.state.values.take(cell);
            if moved.is_some() {
                return moved;
            }
        }
        self.program.output(cell)?.duplicate(self.state.values.value(cell)?)?.take()
    }

    /// Moves the wanted output at `position` out, with its type erased.
    ///
    /// If the output is an input, `input` describes it, because the program has no description of inputs.
    #[must_use]
    pub fn take_value(&mut self, position: usize, input: Option<&Output>) -> Option<Value> {
        let cell = self.wanted_cell(position)?;
        let output = input.or_else(|| self.program.output(cell))?;
        let values = &mut self.state.values;
        if !values.is_full(cell) {
            return None;
        }
        if values.is_unshared(cell) && !self.program.is_wanted_again(cell) {
            return Some(Value::from_cell(values.take_cell(cell), output.clone()));
        }
        output.duplicate(values.value(cell)?).map(|copy| Value::from_cell(copy, output.clone()))
    }

    /// Moves the wanted output at `position` out without its type. Returns `None` if it is missing, or shared and not `Clone`.
    ///
    /// `input` describes an output that is an input.
    #[must_use]
    pub fn take_cell(&mut self, position: usize, input: Option<&Output>) -> Option<Cell> {
        let cell = self.wanted_cell(position)?;
        let values = &mut self.state.values;
        if !values.is_full(cell) {
            return None;
        }
        if values.is_unshared(cell) && !self.program.is_wanted_again(cell) {
            return Some(values.take_cell(cell));
        }
        let output = input.or_else(|| self.program.output(cell))?;
        output.duplicate(values.value(cell)?)
    }

    /// Returns the position of the first wanted output that is missing.
    #[must_use]
    pub fn first_missing(&self) -> Option<usize> {
        let wanted = self.program.plan().wanted();
        wanted.iter().position(|cell| {
            let cell = *cell as usize;
            !self.state.values.is_full(cell) || self.state.lost.contains(cell)
        })
    }

    fn wanted_cell(&self, position: usize) -> Option<usize> {
        let cell = *self.program.plan().wanted().get(position)? as usize;
        (!self.state.lost.contains(cell)).then_some(cell)
    }

    /// Ends a run whose outputs were taken, and returns its memory to the program.
    pub(crate) fn end(mut self) {
        if let Some(mut watch) = self.state.watch.take() {
            watch.conclude(Ok(()), OutputState::Complete).ok();
        }
        let cleared = catch_panic(|| {
            for cell in self.program.plan().wanted() {
                self.state.values.clear(*cell as usize);
            }
            for cell in self.state.lost.iter() {
                drop(self.state.values.take_cell(cell));
            }
            Ok(())
        });
        // An output that the caller did not take may panic when it is dropped. The run has succeeded, but its memory is not
        // reused.
        if cleared.is_err() {
            return;
        }
        self.program.keep(self.state);
    }

    /// Sets the reaction to the failure of a node. Call it before the run.
    pub fn set_error_policy(&mut self, policy: ErrorPolicy) {
        if policy != ErrorPolicy::FailFast || self.state.watch.is_some() {
            self.state.watch(self.program.executable()).policy = policy;
        }
    }

    /// Adds hooks to the run, and calls them before it.
    ///
    /// # Errors
    /// A hook failed.
    pub fn observe(&mut self, hooks: &Hooks) -> Result<(), RunAbort> {
        if hooks.is_empty() {
            return Ok(());
        }
        let executable = self.program.executable();
        self.state.watch(executable);
        match &mut self.state.watch {
            Some(watch) => watch.observe(executable, hooks, &self.state.values),
            None => Ok(()),
        }
    }

    /// Observes the nodes of a run that computes an item of another run. Hooks see its nodes, and not the run itself.
    pub fn observe_item(&mut self, hooks: &Hooks, items: Arc<[ItemIndex]>) {
        let executable = self.program.executable();
        self.state.watch(executable).observe_item(executable, hooks, items);
    }

    /// Prepares the run for async hooks.
    pub(crate) fn watch(&mut self) {
        self.state.watch(self.program.executable());
    }

    /// Describes the run for async hooks.
    pub(crate) fn hooked_run(&self) -> HookedRun<'_> {
        let executable = self.program.executable();
        let id = self.context().map_or_else(|| RunContext::new().id(), RunContext::id);
        let inputs = Some((executable.plan(), &self.state.values));
        let (graph, adapter) = (executable.declared(), executable.adapter());
        let run = RunInfo { id, graph, adapter, outputs: &[], inputs, span: None };
        HookedRun { run, outputs: requested(executable).collect() }
    }

    /// Returns the end of a run after the adapter has returned `ran`.
    pub(crate) fn run_end(&self, ran: &Result<(), RunAbort>) -> RunEnd {
        let has_failed = self.state.watch.as_ref().is_some_and(|watch| watch.has_failed());
        match ran {
            Ok(()) if !has_failed && self.first_missing().is_none() => RunEnd::Succeeded,
            Err(abort) if matches!(abort.reason(), AbortReason::Cancelled) => RunEnd::Cancelled,
            _ => RunEnd::Failed,
        }
    }

    /// Borrows the value of a cell, if it is full.
    #[must_use]
    pub fn value(&self, cell: usize) -> Option<ErasedRef<'_>> {
        self.state.values.value(cell)
    }

    /// Returns the run's context, if a node reads it or it was set.
    #[must_use]
    pub fn context(&self) -> Option<&RunContext> {
        self.state.watch.as_ref().map(|watch| &watch.watcher.context)
    }

    /// Sets the run's context. Call it before the run.
    pub fn set_context(&mut self, context: RunContext) {
        self.state.set_context(self.program.executable(), context);
    }

    /// Cancels the nodes that are still running if the run was aborted.
    pub(crate) fn cancel_if_aborted<T>(&mut self, result: Result<T, RunAbort>) -> Result<T, RunAbort> {
        if let (Err(abort), Some(watch)) = (&result, &mut self.state.watch) {
            watch.abort(abort);
        }
        result
    }

    /// Concludes the run after the adapter has returned, and calls the hooks after a run that succeeded.
    ///
    /// # Errors
    /// All failures of the run, the adapter's result last.
    pub fn conclude(&mut self, ran: Result<(), RunAbort>) -> Result<(), Vec<RunAbort>> {
        let outputs =
            if self.first_missing().is_none() { OutputState::Complete } else { OutputState::Missing };
        match &mut self.state.watch {
            Some(watch) => watch.conclude(ran, outputs),
            None => ran.map_err(|abort| vec![abort]),
        }
    }
}

impl fmt::Debug for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Values({:?})", self.program.plan())
    }
}
