//! An execution is dropped after each of its first polls. Every value is dropped exactly once, and the driver stays usable.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, AtomicU64, Ordering};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use icosian::prelude::*;

/// Counts the values that exist.
#[derive(Clone, Debug, Default)]
pub(crate) struct Census(Arc<AtomicIsize>);

impl Census {
    fn count(&self) -> isize {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn counted(&self, value: u64) -> Counted {
        self.0.fetch_add(1, Ordering::SeqCst);
        Counted { value, census: self.clone() }
    }
}

#[derive(Debug)]
pub(crate) struct Counted {
    pub(crate) value: u64,
    census: Census,
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        self.census.counted(self.value)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        assert!(self.census.0.fetch_sub(1, Ordering::SeqCst) > 0, "a value was dropped twice");
    }
}

/// Fails at every other call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flaky(Arc<AtomicU64>);

impl Flaky {
    pub(crate) fn call(&self) -> Result<(), String> {
        if self.0.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
            Err("not yet".to_owned())
        } else {
            Ok(())
        }
    }
}

/// Yields this many times.
pub(crate) async fn yields(times: usize) {
    for _ in 0..times {
        let mut is_first = true;
        std::future::poll_fn(|context| {
            if std::mem::take(&mut is_first) {
                context.waker().wake_by_ref();
                return std::task::Poll::Pending;
            }
            std::task::Poll::Ready(())
        })
        .await;
    }
}

#[dataflow]
pub(crate) mod held {
    use super::{Census, Counted, Flaky, yields};

    pub async fn first(census: &Census) -> Counted {
        let held = census.counted(1);
        yields(2).await;
        held.clone()
    }
    pub async fn left(first: &Counted, census: &Census) -> Counted {
        yields(3).await;
        census.counted(first.value + 1)
    }
    pub fn inline(first: &Counted) -> Counted {
        first.clone()
    }
    pub async fn right(first: &Counted, inline: Counted) -> Counted {
        yields(1).await;
        let held = first.clone();
        yields(4).await;
        drop(inline);
        held
    }
    #[retry(attempts = 3)]
    pub async fn retried(right: &Counted, flaky: &Flaky) -> Result<Counted, String> {
        yields(2).await;
        flaky.call()?;
        yields(2).await;
        Ok(right.clone())
    }
    #[fallback(spare)]
    pub async fn replaced(left: Counted, right: &Counted) -> Result<Counted, String> {
        yields(2).await;
        Err(format!("{} {}", left.value, right.value))
    }
    #[exclude]
    pub async fn spare(right: &Counted) -> Counted {
        yields(2).await;
        right.clone()
    }
    #[timeout("1m")]
    pub async fn timed(left: &Counted) -> Counted {
        yields(3).await;
        left.clone()
    }
    #[spawn]
    pub async fn spawned(left: &Counted, right: Counted) -> Counted {
        yields(2).await;
        drop(right);
        left.clone()
    }
    #[offload]
    pub fn offloaded(left: &Counted) -> Counted {
        left.clone()
    }
    pub async fn last(
        retried: Counted,
        replaced: &Counted,
        timed: Counted,
        spawned: Counted,
        offloaded: &Counted,
    ) -> u64 {
        yields(2).await;
        retried.value + replaced.value + timed.value + spawned.value + offloaded.value
    }
}

/// Waits until all values are dropped: spawned and offloaded nodes end on other threads.
fn wait_for_drops(census: &Census, polls: usize) {
    let start = Instant::now();
    while census.count() != 0 {
        assert!(start.elapsed() < Duration::from_secs(20), "{} values after {polls} polls", census.count());
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn execution_dropped_after_any_poll_drops_all_values() {
    const POLLS: usize = 200;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
    let driver = AsyncDriver::builder().with_dataflow(held::dataflow()).build().unwrap();
    let (census, flaky) = (Census::default(), Flaky::default());
    let mut completed = 0;
    let _entered = runtime.enter();
    for polls in 0..=POLLS {
        let inputs = inputs! { census: census.clone(), flaky: flaky.clone() };
        let mut execution = Box::pin(driver.execute::<held::last>(inputs));
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..polls {
            if let std::task::Poll::Ready(sum) = execution.as_mut().poll(&mut context) {
                assert_eq!(sum.unwrap(), 1 + 1 + 2 + 2 + 2);
                completed += 1;
                break;
            }
            std::thread::yield_now();
        }
        drop(execution);
        wait_for_drops(&census, polls);
    }
    assert!(completed > 0, "{POLLS} polls are too few to complete an execution");
    let inputs = inputs! { census: census.clone(), flaky };
    assert_eq!(runtime.block_on(driver.execute::<held::last>(inputs)).unwrap(), 8);
    wait_for_drops(&census, usize::MAX);
}
