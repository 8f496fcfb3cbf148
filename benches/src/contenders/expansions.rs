//! Fan-out: the same function for many items, by hand and as the block of an expansion.
//!
//! The items are the numbers below a count. Each item is mixed some times, and the results are added.

use std::hint::black_box;
use std::num::NonZeroUsize;
use std::time::Instant;

use ::icosian::Builder;
use ::icosian::adapter::GraphAdapter;
use ::icosian::expand::ItemError;
use ::icosian::prelude::*;
use futures::stream::{self, StreamExt};
use icosian_rayon::RayonAdapter;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

use super::busy::mix;
use super::{Contender, FLOOR, Runner, async_runner, sync_runner};
use crate::stopwatch::nanos;

/// The number of items that run at the same time in a buffered stream: the default of an async driver.
const CONCURRENCY: usize = 16;

/// The items and the work of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemWork {
    /// The number of items.
    pub count: u64,
    /// The number of times an item is mixed.
    pub mixes: u32,
}

impl ItemWork {
    /// Returns items that are passed on unchanged.
    #[must_use]
    pub fn trivial(count: u64) -> Self {
        Self { count, mixes: 0 }
    }

    /// Returns items that take about a microsecond on this machine.
    ///
    /// # Examples
    /// ```
    /// use icosian_benches::contenders::expansions::ItemWork;
    ///
    /// assert!(ItemWork::of_a_microsecond(10).mixes > 1);
    /// ```
    #[must_use]
    pub fn of_a_microsecond(count: u64) -> Self {
        const MIXES: u32 = 100_000;
        let time = || {
            let start = Instant::now();
            black_box(mix(black_box(7), MIXES));
            nanos(start.elapsed()) / f64::from(MIXES)
        };
        // The minimum ignores interruptions by other programs.
        let nanos_per_mix = (0..9).map(|_| time()).fold(f64::INFINITY, f64::min);
        let mixes = (1..MIXES).find(|&mixes| f64::from(mixes) * nanos_per_mix >= 1_000.0);
        Self { count, mixes: mixes.unwrap_or(MIXES) }
    }

    /// Mixes an item. The compiler must not compute the sum of all items at once.
    fn mix(self, item: u64) -> u64 {
        mix(black_box(item), self.mixes)
    }

    fn inputs(self) -> Inputs {
        inputs! { count: self.count, mixes: self.mixes }
    }
}

/// The nodes as sync functions.
pub mod sync_nodes {
    use super::{Collect, CollectStream, ItemError, mix};

    /// Returns the items.
    #[icosian::node]
    #[expand]
    pub fn number(count: u64) -> impl Iterator<Item = u64> + Send + 'static {
        0..count
    }

    /// Mixes an item.
    #[icosian::node]
    pub fn score(number: u64, mixes: u32) -> u64 {
        mix(number, mixes)
    }

    /// Adds all results.
    #[icosian::node]
    pub fn total(score: &Collect<u64>) -> u64 {
        score.iter().fold(0, |sum, score| sum.wrapping_add(*score))
    }

    /// Adds the results while the items run.
    ///
    /// # Errors
    /// The error of the first item that failed.
    #[icosian::node]
    pub fn streamed_total(score: CollectStream<u64>) -> Result<u64, ItemError> {
        score.into_iter().try_fold(0_u64, |sum, score| Ok(sum.wrapping_add(score?)))
    }
}

/// The nodes as async functions.
pub mod async_nodes {
    use futures::StreamExt;

    use super::{Collect, CollectStream, ItemError, mix};

    /// Returns the items.
    #[icosian::node]
    #[expand]
    pub fn number(count: u64) -> impl Iterator<Item = u64> + Send + 'static {
        0..count
    }

    /// Mixes an item.
    #[icosian::node]
    pub async fn score(number: u64, mixes: u32) -> u64 {
        mix(number, mixes)
    }

    /// Adds all results.
    #[icosian::node]
    pub async fn total(score: &Collect<u64>) -> u64 {
        score.iter().fold(0, |sum, score| sum.wrapping_add(*score))
    }

    /// Adds the results while the items run.
    ///
    /// # Errors
    /// The error of the first item that failed.
    #[icosian::node]
    pub async fn streamed_total(mut score: CollectStream<u64>) -> Result<u64, ItemError> {
        let mut sum = 0_u64;
        while let Some(score) = score.next().await {
            sum = sum.wrapping_add(score?);
        }
        Ok(sum)
    }
}

/// Returns the dataflow with [`sync_nodes::total`].
fn sync_collect() -> Dataflow {
    nodes![sync_nodes::number, sync_nodes::score, sync_nodes::total]
}

/// Returns the dataflow with [`sync_nodes::streamed_total`].
pub(crate) fn sync_stream() -> Dataflow {
    nodes![sync_nodes::number, sync_nodes::score, sync_nodes::streamed_total]
}

/// Returns the dataflow with [`async_nodes::streamed_total`].
pub(crate) fn async_stream() -> Dataflow {
    nodes![async_nodes::number, async_nodes::score, async_nodes::streamed_total]
}

/// Returns the runners on one thread without futures. The floor is a loop.
///
/// # Panics
/// Panics if a driver cannot be built. The runners panic if a run fails.
///
/// # Examples
/// ```
/// use icosian_benches::contenders::expansions::{ItemWork, sync_runners};
///
/// let mut runners = sync_runners(ItemWork::trivial(5));
/// assert!(runners.iter_mut().all(|(_, runner)| runner(1).sum == 10));
/// ```
#[must_use]
pub fn sync_runners(items: ItemWork) -> Vec<(&'static str, Runner)> {
    let by_loop = move || (0..items.count).map(|item| items.mix(item)).fold(0, u64::wrapping_add);
    vec![
        (FLOOR, sync_runner(by_loop)),
        ("icosian", collecting(Driver::builder().with_dataflow(sync_collect()), items)),
        ("icosian_stream", streaming(Driver::builder().with_dataflow(sync_stream()), items)),
    ]
}

/// Returns the runners on two threads. The floor is a parallel iterator of rayon.
///
/// # Panics
/// Panics if the threads cannot be started. The runners panic if a run fails.
///
/// # Examples
/// ```
/// use icosian_benches::contenders::expansions::{ItemWork, rayon_runners};
///
/// let mut runners = rayon_runners(ItemWork::trivial(5));
/// assert!(runners.iter_mut().all(|(_, runner)| runner(1).sum == 10));
/// ```
#[must_use]
pub fn rayon_runners(items: ItemWork) -> Vec<(&'static str, Runner)> {
    let two = NonZeroUsize::MIN.saturating_add(1);
    let threads = ThreadPoolBuilder::new().num_threads(two.get()).build();
    let threads = threads.expect("the system can start threads");
    let par_iter = move || {
        let results = (0..items.count).into_par_iter().map(|item| items.mix(item));
        threads.install(|| results.reduce(|| 0, u64::wrapping_add))
    };
    let builder = || {
        let adapter = RayonAdapter::with_threads(two).expect("the system can start threads");
        Driver::builder().with_adapter(adapter)
    };
    vec![
        (FLOOR, sync_runner(par_iter)),
        ("icosian_rayon", collecting(builder().with_dataflow(sync_collect()), items)),
        ("icosian_rayon_stream", streaming(builder().with_dataflow(sync_stream()), items)),
    ]
}

/// Returns the runners of async functions on one thread. The floor is a buffered stream.
///
/// # Panics
/// Panics if the runtime cannot be created. The runners panic if a run fails.
///
/// # Examples
/// ```
/// use icosian_benches::contenders::expansions::{ItemWork, async_runners};
///
/// let mut runners = async_runners(ItemWork::trivial(5));
/// assert!(runners.iter_mut().all(|(_, runner)| runner(1).sum == 10));
/// ```
#[must_use]
pub fn async_runners(items: ItemWork) -> Vec<(&'static str, Runner)> {
    let build =
        |dataflow| AsyncDriver::builder().with_dataflow(dataflow).build().expect("the dataflow is valid");
    let collect = nodes![async_nodes::number, async_nodes::score, async_nodes::total];
    vec![
        (FLOOR, async_runner(BufferedItems(items))),
        ("icosian_async", async_runner(CollectedItems(build(collect), items))),
        ("icosian_async_stream", async_runner(StreamedItems(build(async_stream()), items))),
    ]
}

/// A stream that runs [`CONCURRENCY`] items at a time.
struct BufferedItems(ItemWork);

impl Contender for BufferedItems {
    async fn run(&self) -> u64 {
        let items = self.0;
        let results = stream::iter(0..items.count).map(move |item| async move { items.mix(item) });
        let results = results.buffer_unordered(CONCURRENCY);
        results.fold(0_u64, |sum, result| async move { sum.wrapping_add(result) }).await
    }
}

/// A driver of [`async_nodes::total`].
struct CollectedItems(AsyncDriver, ItemWork);

impl Contender for CollectedItems {
    async fn run(&self) -> u64 {
        self.0.execute::<async_nodes::total>(self.1.inputs()).await.expect("no item fails")
    }
}

/// A driver of [`async_nodes::streamed_total`].
struct StreamedItems(AsyncDriver, ItemWork);

impl Contender for StreamedItems {
    async fn run(&self) -> u64 {
        self.0.execute::<async_nodes::streamed_total>(self.1.inputs()).await.expect("no item fails")
    }
}

/// Returns a runner of [`sync_nodes::total`].
fn collecting(builder: SyncBuilder, items: ItemWork) -> Runner {
    let driver = builder.build().expect("the dataflow is valid");
    sync_runner(move || driver.execute::<sync_nodes::total>(items.inputs()).expect("no item fails"))
}

/// Returns a runner of [`sync_nodes::streamed_total`].
fn streaming(builder: SyncBuilder, items: ItemWork) -> Runner {
    let driver = builder.build().expect("the dataflow is valid");
    sync_runner(move || driver.execute::<sync_nodes::streamed_total>(items.inputs()).expect("no item fails"))
}

type SyncBuilder = Builder<dyn GraphAdapter>;
