use std::fmt;

use icosian_core::run::Attempts;
use icosian_core::{Outline, RunContext};
use icosian_graph::Step;

use crate::detached::{Detached, StepResult};
use crate::program::Program;
use crate::run_abort::RunAbort;
use crate::run_number::RunNumber;
use crate::sweep;
use crate::values::Values;

/// One run of a [`Program`] under a [`GraphAdapter`](crate::GraphAdapter).
///
/// # Examples
/// ```
/// use icosian_adapter::{Program, Run};
/// use icosian_core::{Node, Outline};
///
/// let program = Program::new([Node::sync(Outline::new("one"), |_| Ok(1_u64))], ["one"])?;
/// let mut run = Run::new(&program);
/// for step in run.steps() {
///     run.execute(step)?;
/// }
/// assert_eq!(run.values_mut().take::<u64>(0), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Run<'program> {
    values: Values<'program>,
    number: RunNumber,
}

impl<'program> Run<'program> {
    /// Returns a new run of a program.
    #[must_use]
    pub fn new(program: &'program Program) -> Self {
        Self { values: Values::new(program), number: RunNumber::default() }
    }

    /// Returns the program of the run.
    #[must_use]
    pub fn program(&self) -> &'program Program {
        self.values.program
    }

    /// Returns the values of the run.
    #[must_use]
    pub fn values(&self) -> &Values<'program> {
        &self.values
    }

    /// Returns the values of the run, to fill inputs and to take outputs.
    pub fn values_mut(&mut self) -> &mut Values<'program> {
        &mut self.values
    }

    /// Returns the run's context, if a node reads it or it was set.
    #[must_use]
    pub fn context(&self) -> Option<&RunContext> {
        self.values.context()
    }

    /// Sets the run's context. Call it before the run.
    pub fn set_context(&mut self, context: RunContext) {
        self.values.set_context(context);
    }

    /// Returns the steps in the plan's order: each step after its predecessors.
    #[must_use]
    pub fn steps(&self) -> impl ExactSizeIterator<Item = Step> + use<> {
        self.values.program.plan().steps()
    }

    /// Returns the outline of a step's node.
    #[must_use]
    pub fn outline(&self, step: Step) -> &'program Outline {
        self.values.program.outline(step)
    }

    /// Executes all steps in the plan's order, on this thread. This is the fastest way to execute sync nodes.
    ///
    /// # Errors
    /// A step failed. The run is over then.
    pub fn execute_in_order(&mut self) -> Result<(), RunAbort> {
        let ran = sweep::execute_in_order(self.values.program.executable(), &mut self.values.state);
        self.values.cancel_if_aborted(ran)
    }

    /// Executes a step, and drops the values whose last reader it is.
    ///
    /// # Errors
    /// The step failed, was executed already, or has predecessors that have not ended. The run is over then.
    pub fn execute(&mut self, step: Step) -> Result<(), RunAbort> {
        let Values { program, state } = &mut self.values;
        state.count(program.plan());
        let context = state.context();
        let executed = Attempts::under(context.as_ref(), || state.execute(program.executable(), step));
        self.values.cancel_if_aborted(executed)
    }

    /// Takes a step whose predecessors have ended.
    ///
    /// Returns `None` if the remaining steps wait for detached steps, or if no step remains.
    #[must_use]
    pub fn next_ready(&mut self) -> Option<Step> {
        let Values { program, state } = &mut self.values;
        state.count(program.plan());
        state.next_step(program.executable())
    }

    /// Detaches a step from the run, so that any thread can execute it.
    ///
    /// # Errors
    /// The step is async, was executed already, or has predecessors that have not ended.
    pub fn detach(&mut self, step: Step) -> Result<Detached, RunAbort> {
        let number = self.number.get();
        let Values { program, state } = &mut self.values;
        state.count(program.plan());
        state.detach(program.executable(), step, number)
    }

    /// Applies the result of a detached step, and drops the values whose last reader it is.
    ///
    /// # Errors
    /// The step failed, or belongs to another run. The run is over then.
    pub fn finish(&mut self, result: StepResult) -> Result<(), RunAbort> {
        if !self.number.is(result.run) {
            return Err(RunAbort::adapter("it returned a step of another run"));
        }
        let Values { program, state } = &mut self.values;
        result.log_timeout(program.executable());
        let attached = state.attach(program.plan(), result);
        self.values.cancel_if_aborted(attached)
    }

    /// Ends a run whose outputs were taken, so that a later run reuses its memory.
    pub fn end(self) {
        self.values.end();
    }
}

impl fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Run({:?})", self.values.program.plan())
    }
}
