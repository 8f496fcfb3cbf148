use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::future::{self, Either};
use icosian_adapter::{AsyncGraphAdapter, AsyncRun, Progress, Refusal, RunAbort};
use icosian_core::run::{Quota, Timer};
use icosian_core::{AdapterSpec, Caps, Name, Outline, RunContext};
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::clock::TokioClock;
use crate::limit::{self, ConcurrencyLimit};
use crate::node_limits::NodeLimits;
use crate::offload::Threads;
use crate::runtime;
use crate::schedule::RunSchedule;
use crate::time_slice::TimeSlice;

/// Runs dataflows under tokio: each node starts as soon as its inputs are ready.
///
/// Sync nodes run in place, and async nodes run concurrently, all on the task that awaits the run. Offloaded nodes run on
/// tokio's threads for blocking calls (or on [separate threads](Self::with_offload_threads)), and spawned nodes on separate
/// tasks. Async, offloaded and spawned nodes start before sync nodes that are ready.
///
/// When the task is woken, the adapter polls up to 16 pending futures. If more futures are pending, the others have separate wakers. A run
/// that keeps its thread busy yields to other tasks of the runtime. A future that uses up tokio's cooperative budget does not starve
/// others.
///
/// By default, the adapter has no limits. Clones share their limits, so one adapter limits all drivers that use it.
///
/// # Timers
///
/// Deadlines and timeouts use tokio's clock and timer (`enable_time`). A run on a runtime without the timer, threads or tasks that it needs
/// fails before a node runs. tokio reports a missing timer only by a panic. The adapter catches the panic, but the panic hook prints its
/// message, and `panic = "abort"` ends the process.
///
/// # Examples
/// ```
/// use icosian_adapter::AsyncGraphAdapter;
/// use icosian_tokio::TokioAdapter;
/// use std::time::Duration;
///
/// let adapter = TokioAdapter::default()
///     .with_max_concurrent_runs(100)
///     .with_max_concurrent_nodes(500)
///     .with_node_timeout(Duration::from_secs(2))
///     .with_deadline(Duration::from_secs(10));
/// assert!(adapter.spec().runs_async_nodes());
/// ```
#[derive(Clone, Debug, Default)]
pub struct TokioAdapter {
    runs: Option<ConcurrencyLimit>,
    deadline: Option<Duration>,
    limits: NodeLimits,
    threads: Threads,
}

impl TokioAdapter {
    /// Returns an adapter without limits and deadlines.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Limits the number of concurrent runs. Further runs wait for a permit, in order of arrival. 0 counts as 1.
    ///
    /// # Nested executions
    ///
    /// A node may execute a dataflow under the same adapter. The inner run needs another permit, while the outer run keeps its permit. If
    /// all holders of permits wait for each other, the inner run fails with an error, because it would wait forever. The adapter cannot
    /// recognize an inner run on a task that the node spawns, so such a run waits forever. Use a separate adapter for such executions.
    #[must_use]
    pub fn with_max_concurrent_runs(mut self, runs: usize) -> Self {
        self.runs = Some(ConcurrencyLimit::new("`with_max_concurrent_runs`", runs));
        self
    }

    /// Limits the number of concurrent async, offloaded and spawned nodes, over all runs. 0 counts as 1.
    ///
    /// Sync nodes, and nodes that have started, do not wait. Runs acquire permits in turn, independent of the number of their waiting
    /// nodes. A node with a `CollectStream` needs no permit, but the nodes of each item need permits.
    ///
    /// # Nested executions
    ///
    /// A node that executes a dataflow under the same adapter keeps its permit. If all holders of permits wait for each other, the inner
    /// execution fails with an error, because it would wait forever. The adapter cannot recognize an inner execution on a task that the
    /// node spawns, so such an execution waits forever.
    #[must_use]
    pub fn with_max_concurrent_nodes(mut self, nodes: usize) -> Self {
        self.limits.max_concurrent_nodes = Some(ConcurrencyLimit::new("`with_max_concurrent_nodes`", nodes));
        self
    }

    /// Sets a time limit for each async, offloaded or spawned node, from its start. On expiry the node is cancelled and fails.
    ///
    /// A sync node on another thread runs to its end after the expiry, and its output is dropped. Sync nodes that run in place and future
    /// inputs have no time limit.
    #[must_use]
    pub fn with_node_timeout(mut self, limit: Duration) -> Self {
        self.limits.node_timeout = Some(limit);
        self
    }

    /// Sets a time limit for each run, including its wait for a permit. On expiry the run is cancelled and fails.
    #[must_use]
    pub fn with_deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(limit);
        self
    }

    /// Limits the number of concurrent nodes of a group over all runs. 0 counts as 1.
    ///
    /// This number takes precedence over the numbers that nodes declare. If two drivers with one adapter declare two
    /// numbers for a group, the smaller one holds for both, and a `tracing` warning names both. The adapter and its clones
    /// keep it after the driver that declared it is dropped.
    ///
    /// A node that waits for a permit delays no other node. Runs that share a group take turns.
    ///
    /// # Nested executions
    ///
    /// A node keeps its permit while it executes a dataflow. When all holders of permits wait for each other, also over
    /// several groups, the adapter refuses the inner execution: it would wait forever. An inner execution on a task that
    /// the node spawns cannot be recognized, and waits forever.
    #[must_use]
    pub fn with_group_limit(mut self, group: impl Into<Name>, nodes: usize) -> Self {
        self.limits.set_group(group.into(), nodes);
        self
    }

    /// Sets the quota of a rate limit, shared by all runs of the adapter and its clones.
    ///
    /// It takes precedence over the quotas that nodes declare. Without it, all nodes of a rate limit declare the same quota;
    /// the driver refuses other nodes.
    ///
    /// A node waits before it starts. The wait is part of the run's deadline, and not of the node's time limit. A run that is
    /// cancelled while a node waits consumes no start. Waiting nodes of several runs take turns, in the order of their
    /// requests. The quota is measured on tokio's clock, whose timer has a resolution of a millisecond.
    #[must_use]
    pub fn with_rate_limit(mut self, name: impl Into<Name>, quota: Quota) -> Self {
        self.limits.set_rate(name.into(), quota);
        self
    }

    /// Runs offloaded nodes on a pool of `threads` threads, instead of tokio's threads for blocking calls.
    ///
    /// It suits nodes that compute for long: a pool of one thread per core never runs more of them than there are cores.
    ///
    /// # Errors
    /// [`ThreadPoolError`](icosian_adapter::ThreadPoolError) if the threads cannot be started.
    #[cfg(feature = "rayon")]
    pub fn with_offload_threads(
        mut self,
        threads: std::num::NonZeroUsize,
    ) -> Result<Self, icosian_adapter::ThreadPoolError> {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(threads.get());
        let threads = threads.build().map_err(icosian_adapter::ThreadPoolError::new)?;
        self.threads = Threads::Own(std::sync::Arc::new(threads));
        Ok(self)
    }

    /// Returns the abilities of the runtime that a run needs.
    fn needs(&self, run: &AsyncRun<'_>) -> Caps {
        let is_timed = self.deadline.is_some()
            || self.limits.node_timeout.is_some()
            || run.context().is_some_and(|context| context.deadline().is_some());
        let timer = if is_timed { Caps::TIMER } else { Caps::NONE };
        let needs = run.program().needs().with(timer).common(runtime::PROVIDES);
        if self.threads.are_of_runtime() { needs } else { needs.without(Caps::THREADS) }
    }

    /// Adds the limits and threads that bodies of the run use themselves. Returns `None` if they use neither.
    fn with_services(&self, run: &AsyncRun<'_>, context: &RunContext) -> Option<RunContext> {
        let program = run.program();
        let offloads = !program.needs().common(Caps::THREADS | Caps::TASKS).is_empty();
        if !offloads && !program.has_attempt_limits() {
            return None;
        }
        let mut context = context.clone();
        if program.has_attempt_limits() {
            context = context.or_limiter(Arc::new(self.limits.clone()));
        }
        if offloads {
            context = context.or_offloader(Arc::new(self.threads.clone()));
        }
        Some(context)
    }

    fn clock(&self) -> RuntimeClock {
        let runtime = if self.threads.are_of_runtime() { None } else { Handle::try_current().ok() };
        RuntimeClock { runtime }
    }

    async fn with_permit(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        let permit = match &self.runs {
            Some(runs) => Some(runs.clone().acquire(limit::current()).await?),
            None => None,
        };
        let holder = permit.as_ref().map(|permit| Arc::clone(permit.holder()));
        let work = async {
            if self.limits.are_none() && !run.program().is_marked() {
                unbounded(run).await
            } else {
                RunSchedule::new(&self.limits, &self.threads).run(run).await
            }
        };
        limit::scope(holder, work).await
    }

    async fn within_deadline(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        match self.deadline {
            None => self.with_permit(run).await,
            Some(limit) => {
                timeout(limit, self.with_permit(run)).await.map_err(|_| RunAbort::deadline(limit))?
            }
        }
    }

    /// Runs under a context, until it is cancelled or its deadline has passed.
    async fn in_context(&self, run: &mut AsyncRun<'_>, context: RunContext) -> Result<(), RunAbort> {
        let mut context = context.or_timer(Arc::new(self.clock()));
        context = self.with_services(run, &context).unwrap_or(context);
        run.set_context(match self.deadline {
            Some(limit) => context.clone().with_time_limit(limit),
            None => context.clone(),
        });
        let work = pin!(self.within_deadline(run));
        let cancelled = pin!(context.cancelled());
        let work = async { future::select(work, cancelled).await };
        let ended = match context.deadline() {
            None => Ok(work.await),
            Some(deadline) => timeout(deadline.saturating_duration_since(context.now()), work).await,
        };
        match ended {
            Ok(Either::Left((ended, _))) => ended,
            Ok(Either::Right(_)) => Err(RunAbort::cancelled(&context)),
            Err(_) => Err(RunAbort::deadline(context.limit().unwrap_or_default())),
        }
    }
}

/// tokio's timer and clock, for the context of a run.
struct RuntimeClock {
    /// The runtime, where nodes run on threads that do not belong to it.
    runtime: Option<Handle>,
}

impl Timer for RuntimeClock {
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Timer::sleep(&TokioClock, time)
    }

    fn now(&self) -> Instant {
        let _entered = self.runtime.as_ref().map(Handle::enter);
        Timer::now(&TokioClock)
    }
}

#[async_trait]
impl AsyncGraphAdapter for TokioAdapter {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("tokio")
            .polls_futures()
            .with_caps(Caps::TIMER | Caps::THREADS | Caps::GROUPS | Caps::TASKS | Caps::RATE_LIMITS)
    }

    fn refuse(&self, node: &Outline) -> Option<Refusal> {
        self.limits.declare(node)
    }

    async fn run(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        let needs = self.needs(run);
        if !needs.is_empty() {
            runtime::check(needs)?;
        }
        let plainly = self.deadline.is_none() && self.runs.is_none() && self.limits.are_none();
        if plainly && run.context().is_none() && !run.program().is_marked() {
            return unbounded(run).await;
        }
        // Most runs need no bounds. A box for the rest keeps their futures small.
        Box::pin(async {
            match run.context().cloned() {
                None => self.within_deadline(run).await,
                Some(context) => self.in_context(run, context).await,
            }
        })
        .await
    }

    /// Runs an item without a permit for a run and without a deadline: those of the enclosing run hold.
    async fn run_item(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        let needs = self.needs(run);
        if !needs.is_empty() {
            runtime::check(needs)?;
        }
        if let Some(context) = run.context().and_then(|context| self.with_services(run, context)) {
            run.set_context(context);
        }
        if self.limits.are_none() && !run.program().is_marked() {
            return unbounded(run).await;
        }
        Box::pin(RunSchedule::new(&self.limits, &self.threads).run(run)).await
    }
}

async fn unbounded(run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
    let mut slice = TimeSlice::default();
    loop {
        match poll_fn(|context| run.poll_jobs_within(context, &TimeSlice::LIMITS)).await? {
            Progress::More => slice.count(TimeSlice::JOBS).await,
            Progress::Yield => slice.end().await,
            Progress::Ended => return Ok(()),
        }
    }
}
