use std::future::poll_fn;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::stream::{FuturesUnordered, StreamExt};
use icosian_adapter::{AsyncGraphAdapter, AsyncRun, Begun, Progress, Stop};
use icosian_core::AdapterSpec;
use tokio::task::yield_now;
use tokio::time::timeout;

use crate::bounds::{Limit, NodeBounds};

/// Runs every node as soon as what it reads is there: sync nodes in place, async ones concurrently on the task that awaits
/// the run.
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
    nodes: NodeBounds,
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

    /// Lets so many async nodes of all runs be under way at a time; further ones wait, first come, first served, while sync
    /// nodes and what has begun go on. 0 counts as 1.
    ///
    /// A node that waits for another execution under the same adapter keeps its place while it waits.
    ///
    /// # Examples
    /// ```
    /// let adapter = icosian_tokio::TokioAdapter::default().with_nodes_at_a_time(500);
    /// ```
    #[must_use]
    pub fn with_nodes_at_a_time(mut self, nodes: usize) -> Self {
        self.nodes.at_a_time = Some(Limit::new(nodes));
        self
    }

    /// Gives each async node so much time from when it begins; one that is not done then is cancelled, and the run fails.
    ///
    /// Sync nodes cannot be cancelled, and futures that are given as inputs are not the adapter's: they have no limit.
    ///
    /// # Examples
    /// ```
    /// use std::time::Duration;
    ///
    /// let adapter = icosian_tokio::TokioAdapter::default().with_node_timeout(Duration::from_secs(2));
    /// ```
    #[must_use]
    pub fn with_node_timeout(mut self, limit: Duration) -> Self {
        self.nodes.timeout = Some(limit);
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

    async fn in_turn(&self, run: &mut AsyncRun<'_>) -> Result<(), Stop> {
        let _turn = match &self.runs {
            Some(runs) => Some(runs.turn().await),
            None => None,
        };
        if self.nodes.are_none() { unbounded(run).await } else { self.bounded(run).await }
    }

    /// Runs jobs with a bound around each async one.
    async fn bounded(&self, run: &mut AsyncRun<'_>) -> Result<(), Stop> {
        let mut running = FuturesUnordered::new();
        let mut turn = Turn::default();
        loop {
            while let Some(job) = run.next_ready() {
                let is_node = run.outline(&job).is_some();
                if let Begun::Running(job) = run.begin(job)? {
                    running.push(self.nodes.around(job, is_node));
                }
                turn.count(1).await;
            }
            match running.next().await {
                Some(done) => run.finish(done)?,
                None => return Ok(()),
            }
            turn.count(1).await;
        }
    }
}

#[async_trait]
impl AsyncGraphAdapter for TokioAdapter {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("tokio").polls_futures()
    }

    async fn run(&self, run: &mut AsyncRun<'_>) -> Result<(), Stop> {
        match self.deadline {
            None => self.in_turn(run).await,
            Some(limit) => timeout(limit, self.in_turn(run)).await.map_err(|_| Stop::deadline(limit))?,
        }
    }
}

async fn unbounded(run: &mut AsyncRun<'_>) -> Result<(), Stop> {
    let mut turn = Turn::default();
    while poll_fn(|context| run.poll_jobs(context, Turn::JOBS)).await? == Progress::More {
        turn.count(Turn::JOBS).await;
    }
    Ok(())
}

/// How long a run has kept its thread without having to wait.
#[derive(Default)]
struct Turn {
    jobs: usize,
    began: Option<Instant>,
}

impl Turn {
    /// Jobs that run in a row before the clock is looked at.
    const JOBS: usize = 32;

    /// How long a run keeps its thread before other tasks of the runtime have their turn.
    const TIME: Duration = Duration::from_micros(200);

    /// Counts jobs, and gives way when they took long enough.
    async fn count(&mut self, jobs: usize) {
        self.jobs += jobs;
        if self.jobs < Self::JOBS {
            return;
        }
        self.jobs = 0;
        if self.began.get_or_insert_with(Instant::now).elapsed() > Self::TIME {
            yield_now().await;
            self.began = None;
        }
    }
}
