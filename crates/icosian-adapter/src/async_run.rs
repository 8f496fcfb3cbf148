use std::fmt;
use std::ops::{Deref, DerefMut};
use std::task::{Context, Poll};

use icosian_core::{Attempts, Outline, Task};

use crate::state::State;
use crate::sweep::{self, Many};
use crate::values::next_number;
use crate::{Begun, Detached, Done, Executed, Job, PollLimits, Program, Progress, Running, Stop, Values};

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
    // Jobs are dropped before the hooks that observe them.
    many: Many,
    values: Values<'program>,
    /// Identifies the jobs of this run. It is 0 until an adapter begins one.
    number: u64,
}

impl<'program> AsyncRun<'program> {
    pub(crate) fn new(program: &'program Program, mut state: Box<State>) -> Self {
        state.count(program.plan());
        state.expect_tasks(program.plan());
        Self { many: None, values: Values::new(program, state), number: 0 }
    }

    /// Fills an input with a future. The run awaits it once, as a separate job, and only its readers wait for it.
    ///
    /// Inputs are filled before the first job is taken.
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
        self.values.state.fill_later(self.values.program.plan(), cell, task);
    }

    /// Polls the run's jobs, and begins at most `limit` ready ones.
    ///
    /// Sync nodes run in place. Futures are polled on the caller's task: once when they begin, and again when the task is
    /// woken. A ready async node always begins before a sync node. This is the fastest way to run jobs; an adapter that
    /// polls elsewhere uses [`next_ready`](Self::next_ready), [`begin`](Self::begin) and [`finish`](Self::finish) instead.
    ///
    /// Up to 16 pending jobs are polled whenever the task is; further ones have separate wakers. Each poll begins with
    /// another job, so that no job is always behind the others.
    ///
    /// # Errors
    /// [`Stop`] when a job fails or panics. The run is over then.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{Program, Progress};
    /// use std::future::poll_fn;
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::future(Outline::new("one"), |_| async { Ok(1_u64) });
    ///
    /// # futures::executor::block_on(async {
    /// let program = Program::new([one], ["one"])?;
    /// let mut run = program.start_async();
    /// while poll_fn(|context| run.poll_jobs(context, 100)).await? == Progress::More {}
    /// assert_eq!(run.take::<u64>(0), Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub fn poll_jobs(&mut self, context: &mut Context<'_>, limit: usize) -> Poll<Result<Progress, Stop>> {
        self.poll_jobs_within(context, &PollLimits::new(limit))
    }

    /// Polls the run's jobs within limits on time and on the runtime's budget; otherwise like
    /// [`poll_jobs`](Self::poll_jobs).
    ///
    /// After [`Progress::Yield`] the caller lets the runtime run before it polls again.
    ///
    /// # Errors
    /// [`Stop`] when a job fails or panics. The run is over then.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{PollLimits, Program, Progress};
    /// use std::future::poll_fn;
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::future(Outline::new("one"), |_| async { Ok(1_u64) });
    ///
    /// # async fn yield_now() {}
    /// # futures::executor::block_on(async {
    /// // `yield_now` is the runtime's, as is `has_budget_remaining` under tokio.
    /// # fn has_budget_remaining() -> bool { true }
    /// let program = Program::new([one], ["one"])?;
    /// let mut run = program.start_async();
    /// let limits = PollLimits::new(100).with_budget(has_budget_remaining);
    /// while poll_fn(|context| run.poll_jobs_within(context, &limits)).await? != Progress::Ended {
    ///     yield_now().await;
    /// }
    /// assert_eq!(run.take::<u64>(0), Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub fn poll_jobs_within(
        &mut self,
        context: &mut Context<'_>,
        limits: &PollLimits,
    ) -> Poll<Result<Progress, Stop>> {
        let polled =
            sweep::poll(self.values.program, &mut self.values.state, &mut self.many, context, limits);
        polled.map(|polled| self.values.stopped(polled))
    }

    /// Takes a job that can begin now, an async one first.
    ///
    /// Returns `None` when the remaining jobs wait for jobs that are running, or when no job remains.
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
        let Values { program, state } = &mut self.values;
        if let Some((cell, task)) = state.next_input() {
            return Some(Job { cell, input: Some(task) });
        }
        state.next_step(program).map(|step| Job { cell: step.position(), input: None })
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
        let number = self.number();
        let Values { program, state } = &mut self.values;
        let Some(step) = program.plan().step(cell) else {
            return Ok(Begun::Running(Running { run: number, cell, task: input, watcher: None }));
        };
        let context = state.context();
        let begun = Attempts::under(context.as_ref(), || state.begin(program, step));
        Ok(match self.values.stopped(begun)? {
            None => Begun::Finished,
            task => {
                let watcher = self.values.state.watcher();
                Begun::Running(Running { run: number, cell, task, watcher })
            }
        })
    }

    /// Stores the output of an async job, and drops the values whose last reader it is.
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
        let Done { run, cell, task, outcome } = done;
        let Values { program, state } = &mut self.values;
        if run != self.number {
            return Err(Stop::adapter("it handed back a job of another run"));
        }
        let delivered = state.deliver(program.plan(), cell, task, outcome);
        self.values.stopped(delivered)
    }

    /// Detaches a sync node from the run, so that any thread can execute it.
    ///
    /// # Errors
    /// [`Stop`] when the job is not a sync node.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::Program;
    /// # use icosian_core::{Node, Outline};
    /// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// let program = Program::new([one], ["one"])?;
    /// let mut run = program.start_async();
    /// while let Some(job) = run.next_ready() {
    ///     let detached = run.detach(job)?;
    ///     let executed = std::thread::spawn(|| detached.execute()).join().expect("a panic is in its result");
    ///     run.finish_detached(executed)?;
    /// }
    /// assert_eq!(run.take(0), Some(1_u64));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[expect(clippy::needless_pass_by_value, reason = "a job that is detached is not begun as well")]
    pub fn detach(&mut self, job: Job) -> Result<Detached, Stop> {
        let number = self.number();
        let Values { program, state } = &mut self.values;
        match program.plan().step(job.cell) {
            Some(step) => state.detach(program, step, number),
            None => Err(Stop::adapter("it detached the future of an input")),
        }
    }

    /// Stores the output of a detached node, and drops the values whose last reader it is.
    ///
    /// # Errors
    /// [`Stop`] when the node failed or panicked, or when the node belongs to another run. The run is over then.
    ///
    /// # Examples
    /// See [`detach`](Self::detach).
    pub fn finish_detached(&mut self, executed: Executed) -> Result<(), Stop> {
        if executed.run != self.number {
            return Err(Stop::adapter("it handed back a job of another run"));
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
        let step = self.values.program.plan().step(job.cell)?;
        Some(self.values.program.outline(step))
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
        self.values.end();
    }
}

impl<'program> Deref for AsyncRun<'program> {
    type Target = Values<'program>;

    fn deref(&self) -> &Values<'program> {
        &self.values
    }
}

impl DerefMut for AsyncRun<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.values
    }
}

impl fmt::Debug for AsyncRun<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AsyncRun({:?})", self.values.program.plan())
    }
}
