//! The contenders: implementations that run a graph, one file each.
//!
//! A contender is prepared once for a graph and then runs any number of times. Sync contenders are a [`Runner`]. Async
//! contenders implement [`Contender`]: each node is a future that awaits a [`Pause`](crate::pause::Pause) and returns the
//! node's value.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};

use crate::graphs::Graph;
use crate::pause::Never;

#[cfg(feature = "peers")]
pub mod async_dag;
pub mod busy;
#[cfg(feature = "peers")]
pub mod dagrs;
#[cfg(feature = "peers")]
pub mod dagx;
pub mod floor;
pub mod futures_unordered;
pub mod guest;
pub mod icosian;
pub mod joined;
pub mod levels;
#[cfg(feature = "peers")]
pub mod operese_dagx;
pub mod petgraph_hashmap;
pub mod spawn;
#[cfg(feature = "peers")]
pub mod taski;

/// A function that executes the passed number of runs of a graph and measures them.
pub type Runner = Box<dyn FnMut(u64) -> Measurement>;

/// The result and time of one or more runs.
#[derive(Debug, Clone, Copy)]
pub struct Measurement {
    /// The wrapping sum of the results.
    pub sum: u64,
    /// The total time.
    pub elapsed: Duration,
}

impl Measurement {
    /// Measures the time of `runs`, which returns the sum of the results.
    pub fn time(runs: impl FnOnce() -> u64) -> Self {
        let start = Instant::now();
        let sum = runs();
        Self { sum, elapsed: start.elapsed() }
    }

    /// Calls `measurement` `times` times and adds the results and times.
    #[must_use]
    pub fn sum_of(times: u64, mut measurement: impl FnMut() -> Self) -> Self {
        (0..times).fold(Self { sum: 0, elapsed: Duration::ZERO }, |total, _| {
            let Self { sum, elapsed } = measurement();
            Self { sum: total.sum.wrapping_add(sum), elapsed: total.elapsed + elapsed }
        })
    }
}

/// An implementation that runs a graph of async nodes.
pub trait Contender: Send + Sync + 'static {
    /// Runs all nodes once and returns the result of the graph.
    fn run(&self) -> impl Future<Output = u64> + Send;
}

/// An entry in the list of contenders.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The name in reports.
    pub name: &'static str,
    /// Whether each node is a future.
    pub is_async: bool,
    /// The largest number of nodes that it runs in reasonable time.
    pub largest: usize,
    /// Prepares a runner for a graph.
    pub prepare: fn(&Arc<Graph>) -> Runner,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The name of the baseline: the contender that all others are compared with.
pub const FLOOR: &str = "floor";

/// The name of the contender that async contenders are compared with.
pub const FUTURES_UNORDERED: &str = "futures_unordered";

/// Returns all contenders, the floor first.
#[must_use]
pub fn all() -> Vec<Entry> {
    let sync = |name, prepare| Entry { name, is_async: false, largest: 1_000_000, prepare };
    let future = |name, prepare| Entry { name, is_async: true, largest: 1_000_000, prepare };
    vec![
        sync(FLOOR, floor::runner),
        sync("icosian", icosian::runner),
        sync("petgraph_hashmap", petgraph_hashmap::runner),
        future("icosian_async", |graph| {
            async_runner(icosian::Async::new(graph, &Never, icosian::Reads::ByValue))
        }),
        future("icosian_async_borrowed", |graph| {
            async_runner(icosian::Async::new(graph, &Never, icosian::Reads::ByReference))
        }),
        future("icosian_mixed", |graph| async_runner(icosian::Async::mixed(graph, &Never))),
        future(FUTURES_UNORDERED, |graph| async_runner(futures_unordered::Boxed::new(graph, Never))),
        future("spawn", |graph| async_runner(spawn::Tasks::new(graph, Never))),
        future("levels", |graph| async_runner(levels::Levels::new(graph, Never))),
        #[cfg(feature = "peers")]
        Entry { largest: 10_000, ..future("async_dag", async_dag::runner) },
        #[cfg(feature = "peers")]
        Entry { largest: 10_000, ..future("operese_dagx", operese_dagx::runner) },
        #[cfg(feature = "peers")]
        Entry { largest: 10_000, ..future("taski", taski::runner) },
        #[cfg(feature = "peers")]
        Entry { largest: 10_000, ..future("dagx", dagx::runner) },
        #[cfg(feature = "peers")]
        Entry { largest: 10_000, ..future("dagrs", dagrs::runner) },
    ]
}

/// Returns a runner of an async contender on a current-thread runtime.
pub fn async_runner(contender: impl Contender) -> Runner {
    let runtime = one_thread();
    Box::new(move |times| {
        Measurement::time(|| {
            runtime.block_on(async {
                let mut sum = 0_u64;
                for _ in 0..times {
                    sum = sum.wrapping_add(contender.run().await);
                }
                sum
            })
        })
    })
}

/// Returns a runner that spawns `tasks` tasks on `runtime`. Each task runs the contender once, and all run concurrently.
///
/// # Panics
/// The runner panics if a node panics.
pub fn concurrent_runner(contender: impl Contender, runtime: Arc<Runtime>, tasks: usize) -> Runner {
    let contender = Arc::new(contender);
    Box::new(move |times| {
        let task = || {
            let contender = Arc::clone(&contender);
            async move { contender.run().await }
        };
        let run_all = async || {
            let started: Vec<_> = (0..tasks).map(|_| tokio::spawn(task())).collect();
            let mut sum = 0_u64;
            for run in started {
                sum = sum.wrapping_add(run.await.expect("no node panics"));
            }
            sum
        };
        Measurement::time(|| (0..times).fold(0, |sum, _| sum.wrapping_add(runtime.block_on(run_all()))))
    })
}

/// Returns a current-thread runtime.
///
/// # Panics
/// Panics if the runtime cannot be created.
#[must_use]
pub fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_time().build().expect("the system can start threads")
}

/// Returns a multi-thread runtime with two workers.
///
/// # Panics
/// Panics if the runtime cannot be created.
#[must_use]
pub fn two_workers() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_time().build().expect("the system can start threads")
}
