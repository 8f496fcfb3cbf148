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
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{GraphAdapter, Program, SyncAdapter};
    /// # use icosian_core::{Node, Outline, Param};
    /// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// // `double` reads the input `single`.
    /// let program = Program::new([double], ["double"])?;
    /// let mut run = program.start();
    /// run.fill(program.plan().inputs()[0].cell(), 21_u64);
    /// SyncAdapter.run(&mut run)?;
    /// assert_eq!(run.take(0), Some(42_u64));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fill<T: Any + Send + Sync>(&mut self, cell: usize, value: T) {
        self.fill_cell(cell, Cell::new(value));
    }

    /// Puts the value of an input, or of an override, in place of its cell.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{GraphAdapter, Program, SyncAdapter};
    /// use icosian_core::Cell;
    /// # use icosian_core::{Node, Outline, Param};
    /// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// // `double` reads the input `single`, whose value every run shares.
    /// let program = Program::new([double], ["double"])?;
    /// let mut shared = Cell::new(21_u64);
    /// let mut run = program.start();
    /// run.fill_cell(program.plan().inputs()[0].cell(), Cell::shared(shared.share().expect("it is full")));
    /// SyncAdapter.run(&mut run)?;
    /// assert_eq!(run.take(0), Some(42_u64));
    /// assert_eq!(shared.get(), Some(&21_u64));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fill_cell(&mut self, cell: usize, value: Cell) {
        self.state.fill(cell, value);
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
        self.program.plan().steps()
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
        self.program.outline(step)
    }

    /// Runs a step, and drops the values that nobody reads any more.
    ///
    /// # Errors
    /// [`Stop`] when the node fails or panics, or is async. The run is over then.
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
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{GraphAdapter, Program, SyncAdapter};
    /// # use icosian_core::{Node, Outline, Param};
    /// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// # let next = Outline::new("next").param(Param::borrowed::<u64>("one"));
    /// # let next = Node::sync(next, |args| Ok(args.borrow::<u64>(0) + 1));
    /// let program = Program::new([one, next], ["next", "one"])?;
    /// let mut run = program.start();
    /// SyncAdapter.run(&mut run)?;
    /// assert_eq!(run.take::<String>(0), None, "`next` is no `String`");
    /// assert_eq!(run.take::<u64>(1), Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn take<T: Any>(&mut self, position: usize) -> Option<T> {
        take(self.program, &mut self.state, position)
    }

    /// Moves the wanted output at `position` out; `input` describes it when it is an input, which the program cannot.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{GraphAdapter, Program, SyncAdapter};
    /// use icosian_core::Output;
    /// # use icosian_core::{Node, Outline, Param};
    /// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// // `double` reads the input `single`; both are wanted.
    /// let program = Program::new([double], ["double", "single"])?;
    /// let mut run = program.start();
    /// run.fill(program.plan().inputs()[0].cell(), 21_u64);
    /// SyncAdapter.run(&mut run)?;
    /// let double = run.take_value(0, None).expect("it has run");
    /// let single = run.take_value(1, Some(&Output::of::<u64>())).expect("it was filled");
    /// assert_eq!((double.get(), single.get()), (Some(&42_u64), Some(&21_u64)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn take_value(&mut self, position: usize, input: Option<&Output>) -> Option<Value> {
        take_value(self.program, &mut self.state, position, input)
    }

    /// Returns the first wanted output that is not there, by position.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{GraphAdapter, Program, SyncAdapter};
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// let program = Program::new([one], ["one"])?;
    /// let mut run = program.start();
    /// assert_eq!(run.first_missing(), Some(0));
    /// SyncAdapter.run(&mut run)?;
    /// assert_eq!(run.first_missing(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn first_missing(&self) -> Option<usize> {
        first_missing(self.program, &self.state)
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
