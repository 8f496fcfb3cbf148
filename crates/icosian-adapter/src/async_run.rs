use std::fmt;
use std::task::{Context, Poll};

use icosian_core::node::Task;
use icosian_core::run::Attempts;
use icosian_core::{Outline, RunContext};

use crate::detached::{Detached, StepResult};
use crate::in_order::{self, InOrder, InOrderSweep, NodeGate};
use crate::job::{Job, JobHandle, JobResult, JobStart, Progress};
use crate::poll_limits::PollLimits;
use crate::program::Program;
use crate::run_abort::RunAbort;
use crate::run_number::RunNumber;
use crate::sweep::{self, Many};
use crate::values::Values;

/// One run of a [`Program`] under an [`AsyncGraphAdapter`](crate::AsyncGraphAdapter).
///
/// # Examples
/// ```
/// use icosian_adapter::{AsyncRun, JobStart, Program};
/// use icosian_core::{Node, Outline};
///
/// # futures::executor::block_on(async {
/// let program = Program::new([Node::future(Outline::new("one"), |_| async { Ok(1_u64) })], ["one"])?;
/// let mut run = AsyncRun::new(&program);
/// while let Some(job) = run.next_ready() {
///     if let JobStart::Pending(running) = run.begin(job)? {
///         run.finish(running.await)?;
///     }
/// }
/// assert_eq!(run.values_mut().take::<u64>(0), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
pub struct AsyncRun<'program> {
    // Jobs are dropped before the hooks that observe them.
    many: Many,
    values: Values<'program>,
    number: RunNumber,
}

impl<'program> AsyncRun<'program> {
    /// Returns a new run of a program.
    #[must_use]
    pub fn new(program: &'program Program) -> Self {
        let mut values = Values::new(program);
        values.state.expect_tasks(program.plan());
        Self { many: None, values, number: RunNumber::default() }
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

    /// Fills an input with a future. The run awaits it once, as a separate job, and only its readers wait for it.
    ///
    /// Inputs are filled before the first job is taken.
    ///
    /// # Examples
    /// ```
    /// # use icosian_adapter::{AsyncRun, JobStart, Program};
    /// use icosian_core::NodeError;
    /// use icosian_core::node::Task;
    /// # use icosian_core::{Node, Outline, Param};
    /// # let double = Outline::new("double").with_param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// # futures::executor::block_on(async {
    /// // `double` reads the input `single`, which is a future here.
    /// let program = Program::new([double], ["double"])?;
    /// let mut run = AsyncRun::new(&program);
    /// let single = <dyn Task>::new(async { Ok::<_, NodeError>(21_u64) });
    /// run.fill_later(program.plan().inputs()[0].cell(), single);
    /// # while let Some(job) = run.next_ready() {
    /// #     if let JobStart::Pending(running) = run.begin(job)? {
    /// #         run.finish(running.await)?;
    /// #     }
    /// # }
    /// // All jobs, including the future, have ended.
    /// assert_eq!(run.values_mut().take(0), Some(42_u64));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub fn fill_later(&mut self, cell: usize, task: Box<dyn Task>) {
        let plan = self.values.program.plan();
        self.values.state.count(plan);
        self.values.state.fill_later(plan, cell, task);
    }

    /// Polls the run's jobs, and begins at most `limit` ready jobs.
    ///
    /// Sync nodes run in place. Futures are polled on the caller's task: once when they begin, and again when the task is woken. A ready
    /// async node always begins before a sync node. This method has the lowest overhead. An adapter that polls jobs on other tasks uses
    /// [`next_ready`](Self::next_ready), [`begin`](Self::begin) and [`finish`](Self::finish) instead.
    ///
    /// Each poll of the task polls up to 16 pending jobs. If more jobs are pending, the others have separate wakers. Each poll begins with
    /// another job, so that no job is always last.
    ///
    /// # Errors
    /// A job failed or panicked. The run is over then.
    pub fn poll_jobs(&mut self, context: &mut Context<'_>, limit: usize) -> Poll<Result<Progress, RunAbort>> {
        self.poll_jobs_within(context, &PollLimits::new(limit))
    }

    /// Polls the run's jobs within limits on time and on the runtime's budget; otherwise like
    /// [`poll_jobs`](Self::poll_jobs).
    ///
    /// After [`Progress::Yield`] the caller lets the runtime run before it polls again.
    ///
    /// # Errors
    /// A job failed or panicked. The run is over then.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{AsyncRun, PollLimits, Program, Progress};
    /// use std::future::poll_fn;
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::future(Outline::new("one"), |_| async { Ok(1_u64) });
    ///
    /// # async fn yield_now() {}
    /// # futures::executor::block_on(async {
    /// // `yield_now` is the runtime's, as is `has_budget_remaining` under tokio.
    /// # fn has_budget_remaining() -> bool { true }
    /// let program = Program::new([one], ["one"])?;
    /// let mut run = AsyncRun::new(&program);
    /// let limits = PollLimits::new(100).with_budget(has_budget_remaining);
    /// while poll_fn(|context| run.poll_jobs_within(context, &limits)).await? != Progress::Ended {
    ///     yield_now().await;
    /// }
    /// assert_eq!(run.values_mut().take::<u64>(0), Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub fn poll_jobs_within(
        &mut self,
        context: &mut Context<'_>,
        limits: &PollLimits,
    ) -> Poll<Result<Progress, RunAbort>> {
        let Values { program, state } = &mut self.values;
        let polled = sweep::poll(program.executable(), state, &mut self.many, context, limits);
        polled.map(|polled| self.values.cancel_if_aborted(polled))
    }

    /// Executes at most `limit` jobs in the plan's order on the caller's task, until one is pending or `gate` refuses one.
    ///
    /// This is the fastest way to run jobs that need permits. Afterwards the adapter continues with
    /// [`next_ready`](Self::next_ready), and the pending job goes to [`finish`](Self::finish). A run with hooks, a context or future
    /// inputs is refused.
    ///
    /// # Errors
    /// A job failed or panicked. The run is over then.
    pub fn run_in_order<G: NodeGate>(
        &mut self,
        context: &mut Context<'_>,
        limit: usize,
        gate: &mut G,
    ) -> Result<InOrder<G::Permit>, RunAbort> {
        let number = self.number.get();
        let Values { program, state } = &mut self.values;
        let swept = in_order::sweep(program.executable(), state, context, limit, gate);
        Ok(match self.values.cancel_if_aborted(swept)? {
            InOrderSweep::Ended => InOrder::Ended,
            InOrderSweep::More => InOrder::More,
            InOrderSweep::Refused => InOrder::Refused,
            InOrderSweep::Pending(cell, task, permit) => {
                InOrder::Pending(JobHandle { run: number, cell, task, watcher: None }, permit)
            }
        })
    }

    /// Takes a job that can begin now: an async job first.
    ///
    /// Returns `None` if the remaining jobs wait for jobs that are running, or if no job remains.
    pub fn next_ready(&mut self) -> Option<Job> {
        let Values { program, state } = &mut self.values;
        state.count(program.plan());
        if let Some((cell, task)) = state.next_input() {
            return Some(Job { cell, input: Some(task) });
        }
        state.next_step(program.executable()).map(|step| Job { cell: step.position(), input: None })
    }

    /// Begins a job: executes a sync node, or returns the future of an async one.
    ///
    /// # Errors
    /// A sync node failed or panicked. The run is over then.
    pub fn begin(&mut self, job: Job) -> Result<JobStart, RunAbort> {
        let Job { cell, input } = job;
        let number = self.number.get();
        let Values { program, state } = &mut self.values;
        let Some(step) = program.plan().step(cell) else {
            return Ok(JobStart::Pending(JobHandle { run: number, cell, task: input, watcher: None }));
        };
        state.count(program.plan());
        let context = state.context();
        let begun = Attempts::under(context.as_ref(), || state.begin(program.executable(), step));
        Ok(match self.values.cancel_if_aborted(begun)? {
            None => JobStart::Finished,
            task => {
                let watcher = self.values.state.watcher();
                JobStart::Pending(JobHandle { run: number, cell, task, watcher })
            }
        })
    }

    /// Stores the output of an async job, and drops the values whose last reader it is.
    ///
    /// # Errors
    /// The job failed or panicked. The run is over then.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{AsyncRun, JobStart, Program};
    /// # use icosian_core::{Node, Outline, Param};
    /// # let one = Node::future(Outline::new("one"), |_| async { Ok(1_u64) });
    /// # let next = Outline::new("next").with_param(Param::borrowed::<u64>("one"));
    /// # let next = Node::sync(next, |args| Ok(args.borrow::<u64>(0) + 1));
    ///
    /// # futures::executor::block_on(async {
    /// // `next` reads `one`, which is async.
    /// let program = Program::new([one, next], ["next"])?;
    /// let mut run = AsyncRun::new(&program);
    /// let one = run.next_ready().expect("it waits for nothing");
    /// if let JobStart::Pending(running) = run.begin(one)? {
    ///     run.finish(running.await)?;
    /// }
    /// let next = run.next_ready().expect("it waits for `one` no more");
    /// assert_eq!(run.outline(&next).expect("it is a node").name(), &"next");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub fn finish(&mut self, done: JobResult) -> Result<(), RunAbort> {
        let JobResult { run, cell, task, outcome } = done;
        let Values { program, state } = &mut self.values;
        if !self.number.is(run) {
            return Err(RunAbort::adapter("it returned a job of another run"));
        }
        state.count(program.plan());
        let delivered = state.deliver(program.plan(), cell, task, outcome);
        self.values.cancel_if_aborted(delivered)
    }

    /// Detaches a sync node from the run, so that any thread can execute it.
    ///
    /// # Errors
    /// The job is not a sync node.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{AsyncRun, Program};
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// let program = Program::new([one], ["one"])?;
    /// let mut run = AsyncRun::new(&program);
    /// while let Some(job) = run.next_ready() {
    ///     let detached = run.detach(job)?;
    ///     let result = std::thread::spawn(|| detached.execute()).join().expect("a panic is in its result");
    ///     run.finish_detached(result)?;
    /// }
    /// assert_eq!(run.values_mut().take(0), Some(1_u64));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[expect(clippy::needless_pass_by_value, reason = "a job that is detached is not begun as well")]
    pub fn detach(&mut self, job: Job) -> Result<Detached, RunAbort> {
        let number = self.number.get();
        let Values { program, state } = &mut self.values;
        state.count(program.plan());
        match program.plan().step(job.cell) {
            Some(step) => state.detach(program.executable(), step, number),
            None => Err(RunAbort::adapter("it detached the future of an input")),
        }
    }

    /// Stores the output of a detached node, and drops the values whose last reader it is.
    ///
    /// # Errors
    /// The node failed or panicked, or belongs to another run. The run is over then.
    pub fn finish_detached(&mut self, result: StepResult) -> Result<(), RunAbort> {
        if !self.number.is(result.run) {
            return Err(RunAbort::adapter("it returned a job of another run"));
        }
        let Values { program, state } = &mut self.values;
        result.log_timeout(program.executable());
        state.count(program.plan());
        let attached = state.attach(program.plan(), result);
        self.values.cancel_if_aborted(attached)
    }

    /// Returns the outline of a job's node; `None` if the job is a future input.
    #[must_use]
    pub fn outline(&self, job: &Job) -> Option<&'program Outline> {
        let step = self.values.program.plan().step(job.cell)?;
        Some(self.values.program.outline(step))
    }

    /// Ends a run whose outputs were taken, so that a later run reuses its memory.
    pub fn end(self) {
        self.values.end();
    }
}

impl fmt::Debug for AsyncRun<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AsyncRun({:?})", self.values.program.plan())
    }
}
