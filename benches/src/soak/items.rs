//! Many items through a `CollectStream`, in one run.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use icosian::prelude::*;

use super::{Change, SAMPLES, Sample, Unmeasurable, measure_change, mebibytes, resident_memory};
use crate::contenders::one_thread;

/// Samples resident memory while a node reads the results of items.
#[derive(Debug)]
pub struct Meter {
    interval: u64,
    samples: Mutex<Vec<Sample>>,
}

impl Meter {
    fn new(items: u64) -> Self {
        Self { interval: (items / SAMPLES).max(1), samples: Mutex::default() }
    }

    /// Takes a sample if `results` results complete an interval.
    fn observe(&self, results: u64) {
        if results.is_multiple_of(self.interval)
            && let Ok(kib) = resident_memory()
        {
            let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
            samples.push(Sample { runs: results, kib });
        }
    }

    fn into_samples(self) -> Vec<Sample> {
        self.samples.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Each item allocates a text of 300 bytes.
#[dataflow]
mod sync_items {
    use icosian::expand::ItemError;
    use icosian::prelude::*;

    use super::Meter;

    #[expand]
    pub fn number(count: u64) -> impl Iterator<Item = u64> + Send + 'static {
        0..count
    }

    pub fn text(number: u64) -> String {
        format!("{number:>300}")
    }

    pub fn results(text: CollectStream<String>, meter: &Meter) -> Result<u64, ItemError> {
        let mut results = 0;
        for text in text {
            results += u64::from(text?.len() == 300);
            meter.observe(results);
        }
        Ok(results)
    }
}

/// The same nodes as async functions. Each item yields once.
#[dataflow]
mod async_items {
    use futures::{Stream, StreamExt, stream};
    use icosian::expand::ItemError;
    use icosian::prelude::*;
    use tokio::task::yield_now;

    use super::Meter;

    #[expand(concurrency = 16)]
    pub fn number(count: u64) -> impl Stream<Item = u64> + Send + 'static {
        stream::iter(0..count)
    }

    pub async fn text(number: u64) -> String {
        yield_now().await;
        format!("{number:>300}")
    }

    pub async fn results(mut text: CollectStream<String>, meter: &Meter) -> Result<u64, ItemError> {
        let mut results = 0;
        while let Some(text) = text.next().await {
            results += u64::from(text?.len() == 300);
            meter.observe(results);
        }
        Ok(results)
    }
}

/// The resident memory of a run with many items.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ItemSoak {
    /// The driver.
    pub driver: &'static str,
    /// The number of items.
    pub items: u64,
    /// Resident memory before the run, in KiB.
    pub before: u64,
    /// Resident memory after the last result, in KiB.
    pub after: u64,
    /// The change after warm-up. Its runs are items.
    pub change: Change,
}

impl ItemSoak {
    /// The header of the Markdown table. An `ItemSoak` displays as a line of this table.
    pub const HEAD: &'static str = "\
| driver |      items | RSS before, MiB | RSS after, MiB | change after warm-up, MiB |
|--------|-----------:|----------------:|---------------:|--------------------------:|";
}

impl fmt::Display for ItemSoak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { driver, items, before, after, change } = self;
        let (before, after) = (mebibytes(*before), mebibytes(*after));
        write!(f, "| {driver:<6} | {items:>10} | {before:>15.2} | {after:>14.2} ")?;
        write!(f, "| {:>+25.2} |", change.mebibytes())
    }
}

/// Streams `items` items under a sync driver, and then under an async driver on a current-thread runtime.
///
/// # Errors
/// Returns [`Unmeasurable`] if the system does not report resident memory.
///
/// # Panics
/// Panics if a run fails, or if `items` is less than five.
///
/// # Examples
/// ```
/// # #[cfg(target_os = "linux")] {
/// let [sync, asynchronous] = icosian_benches::soak::items::soak_items(100).unwrap();
/// assert_eq!((sync.driver, asynchronous.driver), ("sync", "tokio"));
/// # }
/// ```
pub fn soak_items(items: u64) -> Result<[ItemSoak; 2], Unmeasurable> {
    let driver =
        Driver::builder().with_dataflow(sync_items::dataflow()).build().expect("the dataflow is valid");
    let sync = soak("sync", items, |inputs| driver.execute::<sync_items::results>(inputs))?;
    let runtime = one_thread();
    let driver = AsyncDriver::builder().with_dataflow(async_items::dataflow());
    let driver = driver.build().expect("the dataflow is valid");
    let tokio =
        soak("tokio", items, |inputs| runtime.block_on(driver.execute::<async_items::results>(inputs)))?;
    Ok([sync, tokio])
}

fn soak(
    driver: &'static str,
    items: u64,
    execute: impl FnOnce(Inputs) -> Result<u64, ExecuteError>,
) -> Result<ItemSoak, Unmeasurable> {
    let meter = Arc::new(Meter::new(items));
    let before = resident_memory()?;
    let results = execute(inputs! { count: items, meter: Arc::clone(&meter) });
    let after = resident_memory()?;
    assert_eq!(results.ok(), Some(items), "every item has a result");
    let meter = Arc::into_inner(meter).expect("the run has ended");
    let change = measure_change(&meter.into_samples()).expect("a run with many items takes enough samples");
    Ok(ItemSoak { driver, items, before, after, change })
}
