use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use icosian_core::{Args, Cell, NodeError, Output, Task, Value};
use icosian_graph::{Plan, Step};

use crate::Program;

/// What one run remembers. Its memory is used again by later runs of the same program.
#[derive(Debug, Default)]
pub(crate) struct State {
    cells: Vec<Cell>,
    tasks: Vec<Option<Box<dyn Task>>>,
    reads_left: Vec<u32>,
}

impl State {
    pub(crate) fn reset(&mut self, plan: &Plan) {
        self.cells.resize_with(plan.cells(), Cell::default);
        self.reads_left.clear();
        self.reads_left.extend_from_slice(plan.reads());
    }

    pub(crate) fn fill(&mut self, cell: usize, value: Cell) {
        self.cells[cell] = value;
    }

    /// Calls the body of `step`. A sync one is then done; the task of an async one is returned.
    #[inline]
    pub(crate) fn call(&mut self, program: &Program, step: Step) -> Result<Option<Box<dyn Task>>, NodeError> {
        let mut task = self.tasks.get_mut(step.position()).and_then(Option::take);
        let plan = program.plan();
        let output = u32::try_from(step.position()).expect("steps are numbered by u32");
        let mut args = Args::new(&mut self.cells, plan.ports(step), &self.reads_left, output);
        let body = program.body(step);
        caught(|| body.call(&mut args, &mut task))?;
        if task.is_none() {
            self.read(plan, step);
        }
        Ok(task)
    }

    /// Takes in the output of a task that is done, and keeps its memory.
    pub(crate) fn deliver(&mut self, plan: &Plan, cell: usize, mut task: Box<dyn Task>) {
        task.deliver(&mut self.cells[cell]);
        if cell < plan.steps().len() {
            self.read(plan, Step::new(u32::try_from(cell).expect("steps are numbered by u32")));
            if self.tasks.is_empty() {
                self.tasks.resize_with(plan.steps().len(), || None);
            }
            self.tasks[cell] = Some(task);
        }
    }

    /// Counts the reads of a step that is done, and drops what nobody reads any more.
    #[inline]
    fn read(&mut self, plan: &Plan, step: Step) {
        for port in plan.ports(step) {
            let cell = port.cell as usize;
            self.reads_left[cell] -= 1;
            if self.reads_left[cell] == 0 {
                self.cells[cell].clear();
            }
        }
    }

    /// Moves an output out as a `T`; clones it when it is wanted again or kept elsewhere.
    pub(crate) fn take<T: Any>(&mut self, cell: usize, output: Option<&Output>) -> Option<T> {
        self.reads_left[cell] = self.reads_left[cell].saturating_sub(1);
        let moved = if self.reads_left[cell] == 0 { self.cells[cell].take() } else { None };
        moved.or_else(|| output?.duplicate(&self.cells[cell])?.take())
    }

    /// Moves an output out; clones it when it is wanted again or kept elsewhere.
    pub(crate) fn take_value(&mut self, cell: usize, output: &Output) -> Option<Value> {
        self.reads_left[cell] = self.reads_left[cell].saturating_sub(1);
        let held = &mut self.cells[cell];
        if !held.is_full() {
            return None;
        }
        if self.reads_left[cell] == 0 && held.is_unshared() {
            return Some(Value::from_cell(std::mem::take(held), output.clone()));
        }
        output.duplicate(held).map(|copy| Value::from_cell(copy, output.clone()))
    }

    pub(crate) fn is_full(&self, cell: usize) -> bool {
        self.cells[cell].is_full()
    }
}

/// Turns a panic into the node's error.
#[inline]
pub(crate) fn caught<T>(call: impl FnOnce() -> Result<T, NodeError>) -> Result<T, NodeError> {
    // After a panic the run is over and its state is dropped, so nobody sees what the panic left half done.
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|payload| Err(NodeError::panicked(&*payload)))
}
