use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::future::{self, Either};
use icosian_adapter::{AsyncGraphAdapter, AsyncRun, Progress, Stop};
use icosian_core::{AdapterSpec, Caps, Name, Outline, RunContext, Timer};
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::away::Threads;
use crate::bounds::{Bounds, Limit};
use crate::runtime;
use crate::schedule::Schedule;
use crate::turn::Turn;

/// Runs every node as soon as what it reads is there: sync nodes in place, async ones concurrently on the task that awaits
/// the run.
///
/// Nodes that are marked so run elsewhere: offloaded ones on the threads that tokio has for blocking calls (or on the adapter's
/// own), spawned ones on tasks of their own. All others stay with the run.
///
/// A node's future is polled at once when it is made. While few are pending, all of them are polled whenever the task is
/// woken; many have wakers of their own. A run that need not wait for a while gives other tasks of the runtime their turn.
///
/// Nothing is bounded unless asked for. Clones share their limits, so one adapter bounds all drivers that it is given to.
/// The bounds on time need tokio's timer (`enable_time`).
///
/// # Examples
/// ```
/// use icosian_adapter::AsyncGraphAdapter;
/// use icosian_tokio::TokioAdapter;
/// use std::time::Duration;
///
/// let adapter = TokioAdapter::default()
///     .with_runs_at_a_time(100)
///     .with_nodes_at_a_time(500)
///     .with_node_timeout(Duration::from_secs(2))
///     .with_deadline(Duration::from_secs(10));
/// assert!(adapter.spec().runs_async_nodes());
/// ```
#[derive(Clone, Debug, Default)]
pub struct TokioAdapter {
    runs: Option<Limit>,
    deadline: Option<Duration>,
    bounds: Bounds,
    threads: Threads,
}

impl TokioAdapter {
    /// Lets so many runs be in flight at a time; further ones wait, first come, first served. 0 counts as 1.
    ///
    /// # Examples
    /// ```
    /// let adapter = icosian_tokio::TokioAdapter::default().with_runs_at_a_time(100);
    /// ```
    #[must_use]
    pub fn with_runs_at_a_time(mut self, runs: usize) -> Self {
        self.runs = Some(Limit::new(runs));
        self
    }

    /// Lets so many async and offloaded nodes of all runs be under way at a time; further ones wait, while sync nodes and what
    /// has begun go on. Runs take turns, however many nodes of each wait. 0 counts as 1.
    ///
    /// A node that waits for another execution under the same adapter keeps its place while it waits.
    ///
    /// # Examples
    /// ```
    /// let adapter = icosian_tokio::TokioAdapter::default().with_nodes_at_a_time(500);
    /// ```
    #[must_use]
    pub fn with_nodes_at_a_time(mut self, nodes: usize) -> Self {
        self.bounds.nodes_at_a_time = Some(Limit::new(nodes));
        self
    }

    /// Gives each async or offloaded node so much time from when it begins; one that is not done then is cancelled, and fails.
    ///
    /// A thread cannot be stopped: a sync node that is offloaded goes on to its end, and its result is dropped. A sync node that
    /// runs in place has no limit, and futures that are given as inputs are not the adapter's.
    ///
    /// # Examples
    /// ```
    /// use std::time::Duration;
    ///
    /// let adapter = icosian_tokio::TokioAdapter::default().with_node_timeout(Duration::from_secs(2));
    /// ```
    #[must_use]
    pub fn with_node_timeout(mut self, limit: Duration) -> Self {
        self.bounds.node_timeout = Some(limit);
        self
    }

    /// Gives each run so much time, waiting for its turn included; what is not done then is cancelled, and the run fails.
    ///
    /// # Examples
    /// ```
    /// use std::time::Duration;
    ///
    /// let adapter = icosian_tokio::TokioAdapter::default().with_deadline(Duration::from_secs(10));
    /// ```
    #[must_use]
    pub fn with_deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(limit);
        self
    }

    /// Lets so many nodes of a group be under way at a time, over all runs; 0 counts as 1. It goes before the number that the
    /// group's nodes bring along.
    ///
    /// A node that waits for its turn keeps no other node from running, and runs that share a group take turns.
    ///
    /// # Examples
    /// ```
    /// let adapter = icosian_tokio::TokioAdapter::default().with_group_limit("database", 8);
    /// ```
    #[must_use]
    pub fn with_group_limit(mut self, group: impl Into<Name>, nodes: usize) -> Self {
        self.bounds.set_group(group.into(), Limit::new(nodes));
        self
    }

    /// Runs the nodes that are offloaded on so many threads of the adapter's own, instead of on those that tokio has for
    /// blocking calls: for nodes that compute long, of which no more than there are cores should run.
    ///
    /// # Errors
    /// The threads cannot be started.
    ///
    /// # Examples
    /// ```
    /// use std::num::NonZeroUsize;
    ///
    /// let adapter = icosian_tokio::TokioAdapter::default().with_offload_threads(NonZeroUsize::MIN)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "rayon")]
    pub fn with_offload_threads(
        mut self,
        threads: std::num::NonZeroUsize,
    ) -> Result<Self, rayon::ThreadPoolBuildError> {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build()?;
        self.threads = Threads::Own(std::sync::Arc::new(threads));
        Ok(self)
    }

    /// Returns what a run needs of the runtime.
    fn needs(&self, run: &AsyncRun<'_>) -> Caps {
        let is_timed = self.deadline.is_some()
            || self.bounds.node_timeout.is_some()
            || run.context().is_some_and(|context| context.deadline().is_some());
        let timer = if is_timed { Caps::TIMER } else { Caps::NONE };
        let needs = run.program().needs().with(timer).common(runtime::PROVIDES);
        if self.threads.are_of_runtime() { needs } else { needs.without(Caps::THREADS) }
    }

    fn clock(&self) -> Clock {
        let runtime = if self.threads.are_of_runtime() { None } else { Handle::try_current().ok() };
        Clock { runtime }
    }

    async fn in_turn(&self, run: &mut AsyncRun<'_>) -> Result<(), Stop> {
        let _turn = match &self.runs {
            Some(runs) => Some(runs.clone().turn().await),
            None => None,
        };
        if self.bounds.are_none() && !run.program().is_marked() {
            unbounded(run).await
        } else {
            Schedule::new(&self.bounds, &self.threads).run(run).await
        }
    }

    async fn in_time(&self, run: &mut AsyncRun<'_>) -> Result<(), Stop> {
        match self.deadline {
            None => self.in_turn(run).await,
            Some(limit) => timeout(limit, self.in_turn(run)).await.map_err(|_| Stop::deadline(limit))?,
        }
    }

    /// Runs under a context, until it is cancelled or its deadline has passed.
    async fn in_context(&self, run: &mut AsyncRun<'_>, context: RunContext) -> Result<(), Stop> {
        let context = context.or_timer(Arc::new(self.clock()));
        run.set_context(match self.deadline {
            Some(limit) => context.clone().within(limit),
            None => context.clone(),
        });
        let work = pin!(self.in_time(run));
        let cancelled = pin!(context.cancelled());
        let work = async { future::select(work, cancelled).await };
        let ended = match context.deadline() {
            None => Ok(work.await),
            Some(deadline) => timeout(deadline.saturating_duration_since(context.now()), work).await,
        };
        match ended {
            Ok(Either::Left((ended, _))) => ended,
            Ok(Either::Right(_)) => Err(Stop::cancelled(&context)),
            Err(_) => Err(Stop::deadline(context.limit().unwrap_or_default())),
        }
    }
}

/// tokio's timer and clock, for the context of a run.
struct Clock {
    /// The runtime, where nodes run on threads that do not belong to it.
    runtime: Option<Handle>,
}

impl Timer for Clock {
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(time))
    }

    fn now(&self) -> Instant {
        let _entered = self.runtime.as_ref().map(Handle::enter);
        tokio::time::Instant::now().into_std()
    }
}

#[async_trait]
impl AsyncGraphAdapter for TokioAdapter {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("tokio")
            .polls_futures()
            .granting(Caps::TIMER | Caps::THREADS | Caps::GROUPS | Caps::TASKS)
    }

    fn refuse(&self, node: &Outline) -> Option<String> {
        let group = node.group().filter(|group| !self.bounds.knows(group))?;
        Some(format!(
            "it is in group `{}`, which has no limit; give the adapter one: `.with_group_limit(\"{}\", ..)`",
            group.name(),
            group.name()
        ))
    }

    async fn run(&self, run: &mut AsyncRun<'_>) -> Result<(), Stop> {
        let needs = self.needs(run);
        if !needs.is_empty() {
            runtime::check(needs)?;
        }
        let plainly = self.deadline.is_none() && self.runs.is_none() && self.bounds.are_none();
        if plainly && run.context().is_none() && !run.program().is_marked() {
            return unbounded(run).await;
        }
        // Most runs need none of it: a box of its own keeps their futures small.
        Box::pin(async {
            match run.context().cloned() {
                None => self.in_time(run).await,
                Some(context) => self.in_context(run, context).await,
            }
        })
        .await
    }
}

async fn unbounded(run: &mut AsyncRun<'_>) -> Result<(), Stop> {
    let mut turn = Turn::default();
    loop {
        match poll_fn(|context| run.poll_jobs_within(context, &Turn::LIMITS)).await? {
            Progress::More => turn.count(Turn::JOBS).await,
            Progress::Yield => turn.end().await,
            Progress::Ended => return Ok(()),
        }
    }
}
