use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use icosian_core::{Attempts, NodeError, Task};

use crate::state::{caught, dropped};
use crate::watch::Watcher;

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
    pub(crate) cell: usize,
    pub(crate) input: Option<Box<dyn Task>>,
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
/// [`AsyncRun::finish`](crate::AsyncRun::finish). Dropping it cancels the job.
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
    pub(crate) run: u64,
    pub(crate) cell: usize,
    pub(crate) task: Option<Box<dyn Task>>,
    /// Observes the polls, if the run is watched.
    pub(crate) watcher: Option<Box<Watcher>>,
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
    pub(crate) run: u64,
    pub(crate) cell: usize,
    pub(crate) task: Box<dyn Task>,
    pub(crate) outcome: Result<(), NodeError>,
}

/// The state of a run's jobs after a poll.
///
/// # Examples
/// See [`AsyncRun::poll_jobs`](crate::AsyncRun::poll_jobs).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// More jobs are ready to begin.
    More,
    /// The runtime has to run before the next poll: pending jobs wait for its timers, its I/O, or a new budget. Only
    /// [`AsyncRun::poll_jobs_within`](crate::AsyncRun::poll_jobs_within) returns it.
    Yield,
    /// All jobs are done.
    Ended,
}

impl Running {
    /// Cancels the job because it was not done within `limit`, which is its result then.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{Begun, Program};
    /// use std::time::Duration;
    /// # use icosian_core::{Node, Outline};
    /// # let never = Node::future(Outline::new("never"), |_| std::future::pending::<Result<u64, _>>());
    ///
    /// let program = Program::new([never], ["never"])?;
    /// let mut run = program.start_async();
    /// let job = run.next_ready().expect("it waits for nothing");
    /// let Begun::Running(running) = run.begin(job)? else { unreachable!("`never` is async") };
    /// let stop = run.finish(running.timed_out(Duration::from_secs(1))).unwrap_err();
    /// assert_eq!(stop.to_string(), "step 0 failed: it was not done within 1s");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn timed_out(mut self, limit: Duration) -> Done {
        let mut task = self
            .task
            .take()
            .unwrap_or_else(|| <dyn Task>::new(std::future::pending::<Result<(), NodeError>>()));
        let outcome = caught(|| {
            task.cancel();
            Err(NodeError::TimedOut(limit))
        });
        Done { run: self.run, cell: self.cell, task, outcome }
    }
}

/// Dropping a job cancels it, and its panics then are nobody's to hear.
impl Drop for Running {
    fn drop(&mut self) {
        dropped(self.task.take()).ok();
    }
}

impl Future for Running {
    type Output = Done;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Done> {
        let Self { task, watcher, cell, .. } = &mut *self;
        let task = task.as_mut().expect("a job that is done is not polled again");
        let poll = || caught(|| Ok(task.poll(context)));
        let polled = match watcher {
            Some(watcher) => watcher.observe(*cell, poll),
            None => Attempts::under(None, poll),
        };
        let outcome = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(outcome)) => outcome,
            Err(panicked) => Err(panicked),
        };
        let task = self.task.take().expect("it was there a moment ago");
        Poll::Ready(Done { run: self.run, cell: self.cell, task, outcome })
    }
}
