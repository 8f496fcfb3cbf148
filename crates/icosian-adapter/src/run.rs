use std::any::Any;
use std::fmt;

use icosian_core::{Cell, NodeError, Outline, Output, Value};
use icosian_graph::Step;

use crate::state::State;
use crate::{Program, Stop};

/// One run of a [`Program`] under a [`GraphAdapter`](crate::GraphAdapter).
///
/// # Examples
/// ```
/// use icosian_adapter::Program;
/// use icosian_core::{Node, Outline};
///
/// let program = Program::new([Node::sync(Outline::new("one"), |_| Ok(1_u64))], ["one"])?;
/// let mut run = program.start();
/// for step in run.steps() {
///     run.execute(step)?;
/// }
/// assert_eq!(run.take::<u64>(0), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Run<'program> {
    program: &'program Program,
    state: State,
}

impl<'program> Run<'program> {
    pub(crate) fn new(program: &'program Program, state: State) -> Self {
        Self { program, state }
    }

    /// Puts the value of an input, or of an override, into its cell.
    pub fn fill<T: Any + Send + Sync>(&mut self, cell: usize, value: T) {
        self.fill_cell(cell, Cell::new(value));
    }

    /// Puts the value of an input, or of an override, in place of its cell.
    pub fn fill_cell(&mut self, cell: usize, value: Cell) {
        self.state.fill(cell, value);
    }

    /// Returns the steps, each after every step it reads.
    #[must_use]
    pub fn steps(&self) -> impl ExactSizeIterator<Item = Step> + use<> {
        self.program.plan().steps()
    }

    /// Returns the outline of the node that a step runs.
    #[must_use]
    pub fn outline(&self, step: Step) -> &'program Outline {
        self.program.outline(step)
    }

    /// Runs a step, and drops the values that nobody reads any more.
    ///
    /// # Errors
    /// [`Stop`] when the node fails or panics, or is async. The run is over then.
    #[inline]
    pub fn execute(&mut self, step: Step) -> Result<(), Stop> {
        match self.state.call(self.program, step) {
            Ok(None) => Ok(()),
            Ok(Some(_)) => {
                let error = NodeError::failed("it is async, and the adapter runs sync nodes only");
                Err(Stop::node(step, error))
            }
            Err(error) => Err(Stop::node(step, error)),
        }
    }

    /// Moves the wanted output at `position` out; `None` when it is not there or not a `T`.
    #[must_use]
    pub fn take<T: Any>(&mut self, position: usize) -> Option<T> {
        take(self.program, &mut self.state, position)
    }

    /// Moves the wanted output at `position` out; `input` describes it when it is an input, which the program cannot.
    #[must_use]
    pub fn take_value(&mut self, position: usize, input: Option<&Output>) -> Option<Value> {
        take_value(self.program, &mut self.state, position, input)
    }

    /// Returns the first wanted output that is not there, by position.
    #[must_use]
    pub fn first_missing(&self) -> Option<usize> {
        first_missing(self.program, &self.state)
    }

    /// Ends a run whose outputs were all taken, so that a later one can use its memory.
    pub fn end(self) {
        self.program.keep(self.state);
    }
}

impl fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Run({:?})", self.program.plan())
    }
}

pub(crate) fn take<T: Any>(program: &Program, state: &mut State, position: usize) -> Option<T> {
    let cell = program.plan().wanted()[position] as usize;
    state.take(cell, given(program, cell))
}

pub(crate) fn take_value(
    program: &Program,
    state: &mut State,
    position: usize,
    input: Option<&Output>,
) -> Option<Value> {
    let cell = program.plan().wanted()[position] as usize;
    state.take_value(cell, input.or_else(|| given(program, cell))?)
}

pub(crate) fn first_missing(program: &Program, state: &State) -> Option<usize> {
    program.plan().wanted().iter().position(|cell| !state.is_full(*cell as usize))
}

fn given(program: &Program, cell: usize) -> Option<&Output> {
    let step = program.plan().step(cell)?;
    Some(program.outline(step).given())
}
