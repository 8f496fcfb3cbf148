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
#[derive(Debug)]
pub struct Job {
    cell: usize,
    input: Option<Box<dyn Task>>,
}

/// What became of a job when it began.
#[derive(Debug)]
pub enum Begun {
    /// It was sync, and is done.
    Finished,
    /// It is async, and waits to be polled.
    Running(Running),
}

/// An async job: a future, to be polled wherever the adapter likes, whose result is handed back by
/// [`AsyncRun::finish`]. Dropping it cancels the job.
#[derive(Debug)]
pub struct Running {
    cell: usize,
    task: Option<Box<dyn Task>>,
}

/// An async job that is done, well or not.
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
    pub fn fill<T: Any + Send + Sync>(&mut self, cell: usize, value: T) {
        self.fill_cell(cell, Cell::new(value));
    }

    /// Puts the value of an input, or of an override, in place of its cell.
    pub fn fill_cell(&mut self, cell: usize, value: Cell) {
        self.state.fill(cell, value);
    }

    /// Says that the value of an input is still to come: it is awaited once, as a job of its own, and only its readers
    /// wait for it. Inputs are filled before the first job is taken.
    pub fn fill_later(&mut self, cell: usize, task: Box<dyn Task>) {
        debug_assert!(!self.begun, "inputs are filled before the run begins");
        for follower in self.program.plan().followers(cell) {
            self.waits_left[follower.position()] += 1;
        }
        self.inputs.push((cell, task));
    }

    /// Takes a job that can begin now; `None` when all others wait for jobs that run, or there are none.
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
    #[must_use]
    pub fn outline(&self, job: &Job) -> Option<&'program Outline> {
        let step = self.program.plan().step(job.cell)?;
        Some(self.program.outline(step))
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
