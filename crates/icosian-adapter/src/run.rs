use std::fmt;
use std::ops::{Deref, DerefMut};

use icosian_core::{Attempts, Outline};
use icosian_graph::Step;

use crate::state::State;
use crate::sweep;
use crate::values::next_number;
use crate::{Detached, Executed, Program, Stop, Values};

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
    values: Values<'program>,
    /// Tells this run's steps from those of others, once one was detached; 0 before.
    number: u64,
}

impl<'program> Run<'program> {
    pub(crate) fn new(program: &'program Program, state: Box<State>) -> Self {
        Self { values: Values::new(program, state), number: 0 }
    }

    /// Returns the steps, each after every step it reads.
    ///
    /// # Examples
    /// ```
    /// # use icosian_adapter::Program;
    /// # use icosian_core::{Node, Outline, Param};
    /// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// # let next = Outline::new("next").param(Param::borrowed::<u64>("one"));
    /// # let next = Node::sync(next, |args| Ok(args.borrow::<u64>(0) + 1));
    /// // `next` reads `one`.
    /// let program = Program::new([next, one], ["next"])?;
    /// let run = program.start();
    /// let names: Vec<_> = run.steps().map(|step| run.outline(step).name().as_str()).collect();
    /// assert_eq!(names, ["one", "next"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn steps(&self) -> impl ExactSizeIterator<Item = Step> + use<> {
        self.values.program.plan().steps()
    }

    /// Returns the outline of the node that a step runs.
    ///
    /// # Examples
    /// ```
    /// # use icosian_adapter::Program;
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// let program = Program::new([one], ["one"])?;
    /// let run = program.start();
    /// let outlines: Vec<_> = run.steps().map(|step| run.outline(step).to_string()).collect();
    /// assert_eq!(outlines, ["one() -> u64"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn outline(&self, step: Step) -> &'program Outline {
        self.values.program.outline(step)
    }

    /// Runs all steps, one after the other in the plan's order. No other way is as fast.
    ///
    /// # Errors
    /// The [`Stop`] of the first node that fails, panics or is async. The run is over then.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// let program = icosian_adapter::Program::new([one], ["one"])?;
    /// let mut run = program.start();
    /// run.execute_in_order()?;
    /// assert_eq!(run.take::<u64>(0), Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn execute_in_order(&mut self) -> Result<(), Stop> {
        let swept = sweep::in_order(self.values.program, &mut self.values.state);
        self.values.stopped(swept)
    }

    /// Runs a step, and drops the values that nobody reads any more.
    ///
    /// # Errors
    /// [`Stop`] when the node fails or panics, or is async; when it is executed before a step that it reads, or twice. The
    /// run is over then.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::Program;
    /// use icosian_core::{Node, NodeError, Outline};
    ///
    /// let broken = Node::sync(Outline::new("broken"), |_| Err::<u64, _>(NodeError::failed("no luck")));
    /// let program = Program::new([broken], ["broken"])?;
    /// let mut run = program.start();
    /// let stop = run.steps().find_map(|step| run.execute(step).err());
    /// assert_eq!(stop.map(|stop| stop.to_string()).as_deref(), Some("step 0 failed: no luck"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn execute(&mut self, step: Step) -> Result<(), Stop> {
        let Values { program, state } = &mut self.values;
        state.count(program.plan());
        let context = state.context();
        let executed = Attempts::under(context.as_ref(), || state.execute(program, step));
        self.values.stopped(executed)
    }

    /// Takes a step that can begin now; `None` when all others wait for steps that were detached, or there are none.
    ///
    /// # Examples
    /// See [`Detached`].
    #[must_use]
    pub fn next_ready(&mut self) -> Option<Step> {
        let Values { program, state } = &mut self.values;
        state.count(program.plan());
        state.next_step(program)
    }

    /// Takes a step out of the run, with all that it reads, to be executed on any thread.
    ///
    /// # Errors
    /// [`Stop`] when the step is async, waits for another, or has begun. The run is over then.
    ///
    /// # Examples
    /// See [`Detached`].
    pub fn detach(&mut self, step: Step) -> Result<Detached, Stop> {
        let number = self.number();
        let Values { program, state } = &mut self.values;
        state.count(program.plan());
        state.detach(program, step, number)
    }

    /// Takes in the result of a detached step, and drops the values that nobody reads any more.
    ///
    /// # Errors
    /// [`Stop`] when the node failed or panicked, or the step is one of another run. The run is over then.
    ///
    /// # Examples
    /// See [`Detached`].
    pub fn finish(&mut self, executed: Executed) -> Result<(), Stop> {
        if executed.run != self.number {
            return Err(Stop::adapter("it handed back a step of another run"));
        }
        executed.log_timeout(self.values.program);
        let attached = self.values.state.attach(self.values.program.plan(), executed);
        self.values.stopped(attached)
    }

    fn number(&mut self) -> u64 {
        if self.number == 0 {
            self.number = next_number();
        }
        self.number
    }

    /// Ends a run whose outputs were all taken, so that a later one can use its memory.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{GraphAdapter, Program, SyncAdapter};
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// let program = Program::new([one], ["one"])?;
    /// for _ in 0..3 {
    ///     let mut run = program.start(); // the second and third run use the memory of the first
    ///     SyncAdapter.run(&mut run)?;
    ///     assert_eq!(run.take(0), Some(1_u64));
    ///     run.end();
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn end(self) {
        self.values.end();
    }
}

impl<'program> Deref for Run<'program> {
    type Target = Values<'program>;

    fn deref(&self) -> &Values<'program> {
        &self.values
    }
}

impl DerefMut for Run<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.values
    }
}

impl fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Run({:?})", self.values.program.plan())
    }
}
