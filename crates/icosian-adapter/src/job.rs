use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use icosian_core::NodeError;
use icosian_core::node::Task;
use icosian_core::run::Attempts;

use crate::panic_guard::{catch_panic, drop_guarded};
use crate::watch::Watcher;

/// A job that is ready to begin: a step, or an input that is a future.
///
/// [`AsyncRun::next_ready`](crate::AsyncRun::next_ready) returns it.
#[derive(Debug)]
pub struct Job {
    pub(crate) cell: usize,
    pub(crate) input: Option<Box<dyn Task>>,
}

/// The result of [`AsyncRun::begin`](crate::AsyncRun::begin).
#[derive(Debug)]
pub enum JobStart {
    /// The job was sync, and has ended.
    Finished,
    /// The job is async, and waits to be polled.
    Pending(JobHandle),
}

/// An async job: a future that the adapter polls on any thread. Dropping it cancels the job.
///
/// Its output goes to [`AsyncRun::finish`](crate::AsyncRun::finish).
///
/// # Examples
/// ```
/// use futures::stream::{FuturesUnordered, StreamExt};
/// use icosian_adapter::{AsyncRun, JobStart, Program};
/// # use icosian_core::{Node, Outline};
/// # let one = Node::future(Outline::new("one"), |_| async { Ok(1_u64) });
/// # let two = Node::future(Outline::new("two"), |_| async { Ok(2_u64) });
///
/// # futures::executor::block_on(async {
/// // Polls all that is ready side by side.
/// let program = Program::new([one, two], ["one", "two"])?;
/// let mut run = AsyncRun::new(&program);
/// let mut running = FuturesUnordered::new();
/// loop {
///     while let Some(job) = run.next_ready() {
///         if let JobStart::Pending(future) = run.begin(job)? {
///             running.push(future);
///         }
///     }
///     let Some(done) = running.next().await else { break };
///     run.finish(done)?;
/// }
/// assert_eq!((run.values_mut().take(0), run.values_mut().take(1)), (Some(1_u64), Some(2_u64)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct JobHandle {
    pub(crate) run: u64,
    pub(crate) cell: usize,
    pub(crate) task: Option<Box<dyn Task>>,
    /// Observes the polls, if the run is watched.
    pub(crate) watcher: Option<Box<Watcher>>,
}

/// The result of an async job, for [`AsyncRun::finish`](crate::AsyncRun::finish).
#[derive(Debug)]
pub struct JobResult {
    pub(crate) run: u64,
    pub(crate) cell: usize,
    pub(crate) task: Box<dyn Task>,
    pub(crate) outcome: Result<(), NodeError>,
}

/// The state of a run's jobs after a poll.
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

impl JobHandle {
    /// Cancels the job, and returns its failure: it exceeded `limit`.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{AsyncRun, JobStart, Program};
    /// use std::time::Duration;
    /// # use icosian_core::{Node, Outline};
    /// # let never = Node::future(Outline::new("never"), |_| std::future::pending::<Result<u64, _>>());
    ///
    /// let program = Program::new([never], ["never"])?;
    /// let mut run = AsyncRun::new(&program);
    /// let job = run.next_ready().expect("it waits for nothing");
    /// let JobStart::Pending(running) = run.begin(job)? else { unreachable!("`never` is async") };
    /// let abort = run.finish(running.time_out(Duration::from_secs(1))).unwrap_err();
    /// assert_eq!(abort.to_string(), "step 0 failed: timed out after 1s");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn time_out(mut self, limit: Duration) -> JobResult {
        let mut task = self
            .task
            .take()
            .unwrap_or_else(|| <dyn Task>::new(std::future::pending::<Result<(), NodeError>>()));
        let outcome = catch_panic(|| {
            task.cancel();
            Err(NodeError::TimedOut(limit))
        });
        JobResult { run: self.run, cell: self.cell, task, outcome }
    }
}

/// Cancels the job. A panic of its destructors is ignored.
impl Drop for JobHandle {
    fn drop(&mut self) {
        drop_guarded(self.task.take()).ok();
    }
}

impl Future for JobHandle {
    type Output = JobResult;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<JobResult> {
        let Self { task, watcher, cell, .. } = &mut *self;
        let task = task.as_mut().expect("a job that is done is not polled again");
        let poll = || catch_panic(|| Ok(task.poll(context)));
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
        Poll::Ready(JobResult { run: self.run, cell: self.cell, task, outcome })
    }
}
