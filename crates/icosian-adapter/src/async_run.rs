use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use icosian_core::{Cell, NodeError, Outline, Output, Task, Value};
use icosian_graph::Step;

use crate::run::{first_missing, take, take_value};
use crate::state::{State, caught};
use crate::{Program, Stop};

/// One run of a [`Program`] under an [`AsyncGraphAdapter`](crate::AsyncGraphAdapter).
///
/// # Examples
/// ```
/// use icosian_adapter::{Begun, Program};
/// use icosian_core::{Node, Outline};
///
/// # futures::executor::block_on(async {
/// let program = Program::new([Node::future(Outline::new("one"), |_| async { Ok(1_u64) })], ["one"])?;
/// let mut run = program.start_async();
/// while let Some(job) = run.next_ready() {
///     if let Begun::Running(running) = run.begin(job)? {
///         run.finish(running.await)?;
///     }
/// }
/// assert_eq!(run.take::<u64>(0), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
pub struct AsyncRun<'program> {
    program: &'program Program,
    state: State,
    waits_left: Vec<u32>,
    ready: Vec<Step>,
    inputs: Vec<(usize, Box<dyn Task>)>,
    begun: bool,
}

/// Something that is ready to begin: a step, or a future that was given as an input.
///
/// # Examples
/// ```
/// # use icosian_adapter::Program;
/// use icosian_core::{NodeError, Task};
/// # use icosian_core::{Node, Outline, Param};
/// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
/// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
///
/// // `double` reads the input `single`.
/// let program = Program::new([double], ["double"])?;
/// let single = program.plan().inputs()[0].cell();
/// let mut run = program.start_async();
/// run.fill_later(single, <dyn Task>::new(async { Ok::<_, NodeError>(21_u64) }));
/// let job = run.next_ready().expect("the future waits for nothing");
/// assert!(run.outline(&job).is_none(), "it is no node");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Job {
    cell: usize,
    input: Option<Box<dyn Task>>,
}

/// What became of a job when it began.
///
/// # Examples
/// ```
/// use icosian_adapter::{Begun, Program};
/// # use icosian_core::{Node, Outline};
/// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
/// let program = Program::new([one], ["one"])?;
/// let mut run = program.start_async();
/// let job = run.next_ready().expect("it waits for nothing");
/// match run.begin(job)? {
///     Begun::Finished => assert_eq!(run.take(0), Some(1_u64)),
///     Begun::Running(_) => unreachable!("`one` is sync"),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub enum Begun {
    /// It was sync, and is done.
    Finished,
    /// It is async, and waits to be polled.
    Running(Running),
}

/// An async job: a future, to be polled wherever the adapter likes, whose result is handed back by
/// [`AsyncRun::finish`]. Dropping it cancels the job.
///
/// # Examples
/// ```
/// use futures::stream::{FuturesUnordered, StreamExt};
/// use icosian_adapter::{Begun, Program};
/// # use icosian_core::{Node, Outline};
/// # let one = Node::future(Outline::new("one"), |_| async { Ok(1_u64) });
/// # let two = Node::future(Outline::new("two"), |_| async { Ok(2_u64) });
///
/// # futures::executor::block_on(async {
/// // Polls all that is ready side by side.
/// let program = Program::new([one, two], ["one", "two"])?;
/// let mut run = program.start_async();
/// let mut running = FuturesUnordered::new();
/// loop {
///     while let Some(job) = run.next_ready() {
///         if let Begun::Running(future) = run.begin(job)? {
///             running.push(future);
///         }
///     }
///     let Some(done) = running.next().await else { break };
///     run.finish(done)?;
/// }
/// assert_eq!((run.take(0), run.take(1)), (Some(1_u64), Some(2_u64)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct Running {
    cell: usize,
    task: Option<Box<dyn Task>>,
}

/// An async job that is done, well or not.
///
/// # Examples
/// ```
/// use futures::executor::block_on;
/// use icosian_adapter::{Begun, Done, Program};
/// # use icosian_core::{Node, Outline};
/// # let one = Node::future(Outline::new("one"), |_| async { Ok(1_u64) });
/// let program = Program::new([one], ["one"])?;
/// let mut run = program.start_async();
/// while let Some(job) = run.next_ready() {
///     if let Begun::Running(running) = run.begin(job)? {
///         // The future is polled elsewhere; its result comes back.
///         let thread = std::thread::spawn(|| -> Done { block_on(running) });
///         run.finish(thread.join().expect("a node's panic is in its result"))?;
///     }
/// }
/// assert_eq!(run.take(0), Some(1_u64));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Done {
    cell: usize,
    task: Box<dyn Task>,
    outcome: Result<(), NodeError>,
}

impl<'program> AsyncRun<'program> {
    pub(crate) fn new(program: &'program Program, state: State) -> Self {
        let waits_left = program.plan().waits().to_vec();
        Self { program, state, waits_left, ready: Vec::new(), inputs: Vec::new(), begun: false }
    }

    /// Puts the value of an input, or of an override, into its cell.
    ///
    /// # Examples
    /// ```
    /// # use icosian_adapter::{Begun, Program};
    /// # use icosian_core::{Node, Outline, Param};
    /// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// # futures::executor::block_on(async {
    /// // `double` reads the input `single`.
    /// let program = Program::new([double], ["double"])?;
    /// let mut run = program.start_async();
    /// run.fill(program.plan().inputs()[0].cell(), 21_u64);
    /// # while let Some(job) = run.next_ready() {
    /// #     if let Begun::Running(running) = run.begin(job)? {
    /// #         run.finish(running.await)?;
    /// #     }
    /// # }
    /// // Once its jobs are done:
    /// assert_eq!(run.take(0), Some(42_u64));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub fn fill<T: Any + Send + Sync>(&mut self, cell: usize, value: T) {
        self.fill_cell(cell, Cell::new(value));
    }

    /// Puts the value of an input, or of an override, in place of its cell.
    ///
    /// # Examples
    /// ```
    /// # use icosian_adapter::{Begun, Program};
    /// use icosian_core::Cell;
    /// # use icosian_core::{Node, Outline, Param};
    /// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// # futures::executor::block_on(async {
    /// // `double` reads the input `single`, whose value every run shares.
    /// let program = Program::new([double], ["double"])?;
    /// let mut shared = Cell::new(21_u64);
    /// let mut run = program.start_async();
    /// run.fill_cell(program.plan().inputs()[0].cell(), Cell::shared(shared.share().expect("it is full")));
    /// # while let Some(job) = run.next_ready() {
    /// #     if let Begun::Running(running) = run.begin(job)? {
    /// #         run.finish(running.await)?;
    /// #     }
    /// # }
    /// // Once its jobs are done:
    /// assert_eq!(run.take(0), Some(42_u64));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub fn fill_cell(&mut self, cell: usize, value: Cell) {
        self.state.fill(cell, value);
    }

    /// Says that the value of an input is still to come: it is awaited once, as a job of its own, and only its readers
    /// wait for it. Inputs are filled before the first job is taken.
    ///
    /// # Examples
    /// ```
    /// # use icosian_adapter::{Begun, Program};
    /// use icosian_core::{NodeError, Task};
    /// # use icosian_core::{Node, Outline, Param};
    /// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// # futures::executor::block_on(async {
    /// // `double` reads the input `single`, which is still to come.
    /// let program = Program::new([double], ["double"])?;
    /// let mut run = program.start_async();
    /// let single = <dyn Task>::new(async { Ok::<_, NodeError>(21_u64) });
    /// run.fill_later(program.plan().inputs()[0].cell(), single);
    /// # while let Some(job) = run.next_ready() {
    /// #     if let Begun::Running(running) = run.begin(job)? {
    /// #         run.finish(running.await)?;
    /// #     }
    /// # }
    /// // Once its jobs, the future among them, are done:
    /// assert_eq!(run.take(0), Some(42_u64));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub fn fill_later(&mut self, cell: usize, task: Box<dyn Task>) {
        debug_assert!(!self.begun, "inputs are filled before the run begins");
        for follower in self.program.plan().followers(cell) {
            self.waits_left[follower.position()] += 1;
        }
        self.inputs.push((cell, task));
    }

    /// Takes a job that can begin now; `None` when all others wait for jobs that run, or there are none.
    ///
    /// # Examples
    /// ```
    /// # use icosian_adapter::Program;
    /// # use icosian_core::{Node, Outline, Param};
    /// # let one = Node::future(Outline::new("one"), |_| async { Ok(1_u64) });
    /// # let next = Outline::new("next").param(Param::borrowed::<u64>("one"));
    /// # let next = Node::sync(next, |args| Ok(args.borrow::<u64>(0) + 1));
    /// // `next` reads `one`, which is async.
    /// let program = Program::new([one, next], ["next"])?;
    /// let mut run = program.start_async();
    /// let one = run.next_ready();
    /// assert!(one.is_some());
    /// assert!(run.next_ready().is_none(), "`next` waits for `one`");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn next_ready(&mut self) -> Option<Job> {
        if !std::mem::replace(&mut self.begun, true) {
            let waits_left = &self.waits_left;
            let roots = self.program.roots().iter().filter(|step| waits_left[step.position()] == 0);
            self.ready.extend(roots);
        }
        if let Some((cell, task)) = self.inputs.pop() {
            return Some(Job { cell, input: Some(task) });
        }
        self.ready.pop().map(|step| Job { cell: step.position(), input: None })
    }

    /// Begins a job: runs it, if it is sync, or gives its future.
    ///
    /// # Errors
    /// [`Stop`] when a sync node fails or panics. The run is over then.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{Begun, Program};
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::future(Outline::new("one"), |_| async { Ok(1_u64) });
    /// let program = Program::new([one], ["one"])?;
    /// let mut run = program.start_async();
    /// let job = run.next_ready().expect("it waits for nothing");
    /// assert!(matches!(run.begin(job)?, Begun::Running(_)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn begin(&mut self, job: Job) -> Result<Begun, Stop> {
        let Job { cell, input } = job;
        let Some(step) = self.program.plan().step(cell) else {
            return Ok(Begun::Running(Running { cell, task: input }));
        };
        match self.state.call(self.program, step) {
            Ok(None) => {
                self.filled(cell);
                Ok(Begun::Finished)
            }
            Ok(task) => Ok(Begun::Running(Running { cell, task })),
            Err(error) => Err(Stop::node(step, error)),
        }
    }

    /// Takes in the result of an async job, and drops the values that nobody reads any more.
    ///
    /// # Errors
    /// [`Stop`] when the job failed or panicked. The run is over then.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{Begun, Program};
    /// # use icosian_core::{Node, Outline, Param};
    /// # let one = Node::future(Outline::new("one"), |_| async { Ok(1_u64) });
    /// # let next = Outline::new("next").param(Param::borrowed::<u64>("one"));
    /// # let next = Node::sync(next, |args| Ok(args.borrow::<u64>(0) + 1));
    ///
    /// # futures::executor::block_on(async {
    /// // `next` reads `one`, which is async.
    /// let program = Program::new([one, next], ["next"])?;
    /// let mut run = program.start_async();
    /// let one = run.next_ready().expect("it waits for nothing");
    /// if let Begun::Running(running) = run.begin(one)? {
    ///     run.finish(running.await)?;
    /// }
    /// let next = run.next_ready().expect("it waits for `one` no more");
    /// assert_eq!(run.outline(&next).expect("it is a node").name(), &"next");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub fn finish(&mut self, done: Done) -> Result<(), Stop> {
        let Done { cell, task, outcome } = done;
        let plan = self.program.plan();
        if let Err(error) = outcome {
            return Err(match plan.step(cell) {
                Some(step) => Stop::node(step, error),
                None => Stop::input(cell, error),
            });
        }
        self.state.deliver(plan, cell, task);
        self.filled(cell);
        Ok(())
    }

    #[inline]
    fn filled(&mut self, cell: usize) {
        for follower in self.program.plan().followers(cell) {
            let waits = &mut self.waits_left[follower.position()];
            *waits -= 1;
            if *waits == 0 {
                self.ready.push(*follower);
            }
        }
    }

    /// Returns the outline of the node that a job runs; `None` when the job is a future input.
    ///
    /// # Examples
    /// ```
    /// # use icosian_adapter::Program;
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::future(Outline::new("one"), |_| async { Ok(1_u64) });
    /// let program = Program::new([one], ["one"])?;
    /// let mut run = program.start_async();
    /// let job = run.next_ready().expect("it waits for nothing");
    /// assert_eq!(run.outline(&job).expect("it is a node").to_string(), "async one() -> u64");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn outline(&self, job: &Job) -> Option<&'program Outline> {
        let step = self.program.plan().step(job.cell)?;
        Some(self.program.outline(step))
    }

    /// Moves the wanted output at `position` out; `None` when it is not there or not a `T`.
    ///
    /// # Examples
    /// See [`AsyncRun`].
    #[must_use]
    pub fn take<T: Any>(&mut self, position: usize) -> Option<T> {
        take(self.program, &mut self.state, position)
    }

    /// Moves the wanted output at `position` out; `input` describes it when it is an input, which the program cannot.
    ///
    /// # Examples
    /// ```
    /// # use icosian_adapter::{Begun, Program};
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::future(Outline::new("one"), |_| async { Ok(1_u64) });
    /// # futures::executor::block_on(async {
    /// let program = Program::new([one], ["one"])?;
    /// let mut run = program.start_async();
    /// # while let Some(job) = run.next_ready() {
    /// #     if let Begun::Running(running) = run.begin(job)? {
    /// #         run.finish(running.await)?;
    /// #     }
    /// # }
    /// // Once its jobs are done:
    /// let one = run.take_value(0, None).expect("it is there");
    /// assert_eq!(one.value_type().to_string(), "u64");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    #[must_use]
    pub fn take_value(&mut self, position: usize, input: Option<&Output>) -> Option<Value> {
        take_value(self.program, &mut self.state, position, input)
    }

    /// Returns the first wanted output that is not there, by position.
    ///
    /// # Examples
    /// ```
    /// # use icosian_adapter::{Begun, Program};
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::future(Outline::new("one"), |_| async { Ok(1_u64) });
    /// # futures::executor::block_on(async {
    /// let program = Program::new([one], ["one"])?;
    /// let mut run = program.start_async();
    /// assert_eq!(run.first_missing(), Some(0));
    /// # while let Some(job) = run.next_ready() {
    /// #     if let Begun::Running(running) = run.begin(job)? {
    /// #         run.finish(running.await)?;
    /// #     }
    /// # }
    /// // Once its jobs are done:
    /// assert_eq!(run.first_missing(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    #[must_use]
    pub fn first_missing(&self) -> Option<usize> {
        first_missing(self.program, &self.state)
    }

    /// Ends a run whose outputs were all taken, so that a later one can use its memory.
    ///
    /// # Examples
    /// ```
    /// # use icosian_adapter::{Begun, Program};
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::future(Outline::new("one"), |_| async { Ok(1_u64) });
    /// # futures::executor::block_on(async {
    /// let program = Program::new([one], ["one"])?;
    /// for _ in 0..3 {
    ///     let mut run = program.start_async(); // the second and third run use the memory of the first
    /// #     while let Some(job) = run.next_ready() {
    /// #         if let Begun::Running(running) = run.begin(job)? {
    /// #             run.finish(running.await)?;
    /// #         }
    /// #     }
    ///     assert_eq!(run.take(0), Some(1_u64));
    ///     run.end();
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub fn end(self) {
        self.program.keep(self.state);
    }
}

impl Future for Running {
    type Output = Done;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Done> {
        let task = self.task.as_mut().expect("a job that is done is not polled again");
        let outcome = match catch_pending(|| task.poll(context)) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(outcome) => outcome,
        };
        let task = self.task.take().expect("it was there a moment ago");
        Poll::Ready(Done { cell: self.cell, task, outcome })
    }
}

fn catch_pending(poll: impl FnOnce() -> Poll<Result<(), NodeError>>) -> Poll<Result<(), NodeError>> {
    match caught(|| Ok(poll())) {
        Ok(polled) => polled,
        Err(panicked) => Poll::Ready(Err(panicked)),
    }
}

impl fmt::Debug for AsyncRun<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AsyncRun({:?})", self.program.plan())
    }
}
