//! Who runs the graphs: one file each.
//!
//! A contender gets ready once, from a graph, and then runs any number of times. Sync ones are a [`Round`]; async ones
//! are a [`Contender`], and each of their nodes makes a future, which awaits a [`Pause`](crate::pause::Pause) and gives
//! the node's value.

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

/// Runs a graph as often as it is told.
pub type Round = Box<dyn FnMut(u64) -> Lap>;

/// What came out of some runs.
#[derive(Debug, Clone, Copy)]
pub struct Lap {
    /// The wrapping sum of the results.
    pub sum: u64,
    /// How long all of it took.
    pub took: Duration,
}

impl Lap {
    /// Returns what `runs` gives, and how long it took.
    pub fn timed(runs: impl FnOnce() -> u64) -> Self {
        let start = Instant::now();
        let sum = runs();
        Self { sum, took: start.elapsed() }
    }

    /// Returns what `times` laps come to.
    #[must_use]
    pub fn added(times: u64, mut lap: impl FnMut() -> Self) -> Self {
        (0..times).fold(Self { sum: 0, took: Duration::ZERO }, |all, _| {
            let Self { sum, took } = lap();
            Self { sum: all.sum.wrapping_add(sum), took: all.took + took }
        })
    }
}

/// Runs async nodes.
pub trait Contender: Send + Sync + 'static {
    /// Runs all nodes once and gives the graph's result.
    fn run(&self) -> impl Future<Output = u64> + Send;
}

/// A way to run a graph in rounds.
#[derive(Clone, Copy)]
pub struct Entry {
    /// What it is called in reports.
    pub name: &'static str,
    /// Whether each node makes a future.
    pub is_async: bool,
    /// The largest graph that it runs in reasonable time.
    pub largest: usize,
    /// Makes it ready.
    pub ready: fn(&Arc<Graph>) -> Round,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The name of the contender that others are compared to.
pub const FLOOR: &str = "floor";

/// The name of the contender that async ones are compared to.
pub const FUTURES_UNORDERED: &str = "futures_unordered";

/// Returns all contenders, the floor first.
#[must_use]
pub fn all() -> Vec<Entry> {
    let sync = |name, ready| Entry { name, is_async: false, largest: 1_000_000, ready };
    let tasks = |name, ready| Entry { name, is_async: true, largest: 1_000_000, ready };
    vec![
        sync(FLOOR, floor::round),
        sync("icosian", icosian::round),
        sync("petgraph_hashmap", petgraph_hashmap::round),
        tasks("icosian_async", |graph| rounds(icosian::Async::new(graph, &Never, icosian::Reads::Taken))),
        tasks("icosian_async_borrowed", |graph| {
            rounds(icosian::Async::new(graph, &Never, icosian::Reads::Borrowed))
        }),
        tasks("icosian_mixed", |graph| rounds(icosian::Async::mixed(graph, &Never))),
        tasks(FUTURES_UNORDERED, |graph| rounds(futures_unordered::Boxed::new(graph, Never))),
        tasks("spawn", |graph| rounds(spawn::Tasks::new(graph, Never))),
        tasks("levels", |graph| rounds(levels::Levels::new(graph, Never))),
        #[cfg(feature = "peers")]
        Entry { largest: 10_000, ..tasks("async_dag", async_dag::round) },
        #[cfg(feature = "peers")]
        Entry { largest: 10_000, ..tasks("operese_dagx", operese_dagx::round) },
        #[cfg(feature = "peers")]
        Entry { largest: 10_000, ..tasks("taski", taski::round) },
        #[cfg(feature = "peers")]
        Entry { largest: 10_000, ..tasks("dagx", dagx::round) },
        #[cfg(feature = "peers")]
        Entry { largest: 10_000, ..tasks("dagrs", dagrs::round) },
    ]
}

/// Returns rounds of an async contender, on a runtime of one thread.
pub fn rounds(contender: impl Contender) -> Round {
    let runtime = one_thread();
    Box::new(move |times| {
        Lap::timed(|| {
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

/// Returns rounds in which `tasks` tasks of `runtime` each run the contender once, all at the same time.
///
/// # Panics
/// A round panics when a node does.
pub fn crowds(contender: impl Contender, runtime: Arc<Runtime>, tasks: usize) -> Round {
    let contender = Arc::new(contender);
    Box::new(move |times| {
        let task = || {
            let contender = Arc::clone(&contender);
            async move { contender.run().await }
        };
        let crowd = async || {
            let started: Vec<_> = (0..tasks).map(|_| tokio::spawn(task())).collect();
            let mut sum = 0_u64;
            for run in started {
                sum = sum.wrapping_add(run.await.expect("no node panics"));
            }
            sum
        };
        Lap::timed(|| (0..times).fold(0, |sum, _| sum.wrapping_add(runtime.block_on(crowd()))))
    })
}

/// Returns a runtime of one thread.
///
/// # Panics
/// When the system gives none.
#[must_use]
pub fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_time().build().expect("there is a runtime")
}

/// Returns a runtime of two threads.
///
/// # Panics
/// When the system gives none.
#[must_use]
pub fn two_workers() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_time().build().expect("there is a runtime")
}
