use std::any::Any;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use icosian_core::{Cell, Output, RunContext, Value};

use crate::state::{State, caught};
use crate::watch::{ErrorPolicy, Hooks};
use crate::{Program, Stop};

/// The values of one run: inputs go in before it, outputs come out after it.
///
/// A [`Run`](crate::Run) and an [`AsyncRun`](crate::AsyncRun) both are one, by [`Deref`](std::ops::Deref).
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
/// run.fill(program.plan().input("single").expect("it is one").cell(), 21_u64);
/// SyncAdapter.run(&mut run)?;
/// assert_eq!(run.take::<u64>(0), Some(42));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Values<'program> {
    pub(crate) program: &'program Program,
    /// In a box, so that it is cheap to move.
    pub(crate) state: Box<State>,
}

impl<'program> Values<'program> {
    pub(crate) fn new(program: &'program Program, state: Box<State>) -> Self {
        Self { program, state }
    }

    /// Returns the program that runs.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// let program = icosian_adapter::Program::new([one], ["one"])?;
    /// assert_eq!(program.start().program().plan().steps().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn program(&self) -> &'program Program {
        self.program
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
        self.state.cells[cell] = value;
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
        let cell = self.wanted_cell(position)?;
        let held = &mut self.state.cells[cell];
        if self.program.is_wanted_again(cell) {
            return self.program.given(cell)?.duplicate(held)?.take();
        }
        let moved = held.take();
        if moved.is_some() {
            return moved;
        }
        self.program.given(cell)?.duplicate(held)?.take()
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
        let cell = self.wanted_cell(position)?;
        let output = input.or_else(|| self.program.given(cell))?;
        let held = &mut self.state.cells[cell];
        if !held.is_full() {
            return None;
        }
        if held.is_unshared() && !self.program.is_wanted_again(cell) {
            return Some(Value::from_cell(std::mem::take(held), output.clone()));
        }
        output.duplicate(held).map(|copy| Value::from_cell(copy, output.clone()))
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
        let wanted = self.program.plan().wanted();
        wanted.iter().position(|cell| !self.state.cells[*cell as usize].is_full())
    }

    fn wanted_cell(&self, position: usize) -> Option<usize> {
        self.program.plan().wanted().get(position).map(|cell| *cell as usize)
    }

    /// Gives the memory back to the program.
    /// Ends a run whose outputs were taken; its state is used again.
    pub(crate) fn end(mut self) {
        if let Some(mut watch) = self.state.watch.take() {
            watch.conclude(Ok(()), true).ok();
        }
        let cleared = caught(|| {
            for cell in self.program.plan().wanted() {
                self.state.cells[*cell as usize].clear();
            }
            Ok(())
        });
        // An output that nobody took may panic when it is dropped; the run was well all the same.
        if cleared.is_err() {
            return;
        }
        self.program.keep(self.state);
    }

    /// Says what becomes of the run when a node fails; before it begins.
    ///
    /// # Examples
    /// See [`ErrorPolicy`].
    pub fn set_error_policy(&mut self, policy: ErrorPolicy) {
        if policy != ErrorPolicy::FailFast || self.state.watch.is_some() {
            self.state.watch(self.program).policy = policy;
        }
    }

    /// Lets hooks see the run, and tells them that it begins.
    ///
    /// # Errors
    /// A hook's own.
    ///
    /// # Examples
    /// See [`Hook`](crate::Hook).
    pub fn observe(&mut self, hooks: &Hooks) -> Result<(), Stop> {
        if hooks.is_empty() { Ok(()) } else { self.state.watch(self.program).observe(self.program, hooks) }
    }

    /// Returns the run's context, if a node reads it or it was set.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// let program = icosian_adapter::Program::new([one], ["one"])?;
    /// assert!(program.start().context().is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn context(&self) -> Option<&RunContext> {
        self.state.watch.as_ref().map(|watch| &watch.watcher.context)
    }

    /// Sets the run's context; before it begins.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{Cause, GraphAdapter, Program, SyncAdapter};
    /// use icosian_core::RunContext;
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    ///
    /// let program = Program::new([one], ["one"])?;
    /// let context = RunContext::new();
    /// let mut run = program.start();
    /// run.set_context(context.clone());
    /// context.cancel();
    /// let stop = SyncAdapter.run(&mut run).unwrap_err();
    /// assert!(matches!(stop.cause(), Cause::Cancelled));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_context(&mut self, context: RunContext) {
        self.state.set_context(self.program, context);
    }

    /// Sees that a run that ends is cancelled wherever it still runs.
    pub(crate) fn stopped<T>(&mut self, ended: Result<T, Stop>) -> Result<T, Stop> {
        if let (Err(stop), Some(watch)) = (&ended, &mut self.state.watch) {
            watch.stopped(stop);
        }
        ended
    }

    /// Says how the run ended, after the adapter has: everything that stopped it, or that was collected on the way. Hooks are
    /// told that it succeeded, if it did.
    ///
    /// # Errors
    /// Every [`Stop`], the adapter's result last.
    ///
    /// # Examples
    /// See [`ErrorPolicy`].
    pub fn conclude(&mut self, ran: Result<(), Stop>) -> Result<(), Vec<Stop>> {
        let is_complete = self.first_missing().is_none();
        match &mut self.state.watch {
            Some(watch) => watch.conclude(ran, is_complete),
            None => ran.map_err(|stop| vec![stop]),
        }
    }
}

impl fmt::Debug for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Values({:?})", self.program.plan())
    }
}

/// Returns a number that no other run has.
pub(crate) fn next_number() -> u64 {
    static NUMBERS: AtomicU64 = AtomicU64::new(1);
    NUMBERS.fetch_add(1, Ordering::Relaxed)
}
