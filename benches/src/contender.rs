//! The contract of contenders: a runner, or an implementation with async nodes.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};

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

/// Returns a runner of a function that runs a graph once.
pub fn sync_runner(mut run: impl FnMut() -> u64 + 'static) -> Runner {
    Box::new(move |times| Measurement::time(|| (0..times).fold(0, |sum, _| sum.wrapping_add(run()))))
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
