//! Cancellation, failures, panics, clocks and contexts of compiled outputs.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use icosian::prelude::*;

/// Counts the drops of its clones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drops(Arc<AtomicUsize>);

/// Counts when it is dropped.
pub(crate) struct OnDrop(Drops);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, SeqCst);
    }
}

#[dataflow(outputs(report), compile)]
pub(crate) mod waiting {
    use super::{Drops, OnDrop};

    pub async fn left(drops: &Drops) -> u64 {
        let _guard = OnDrop(drops.clone());
        std::future::pending().await
    }

    pub async fn right(drops: &Drops, fails: bool) -> Result<u64, String> {
        let _guard = OnDrop(drops.clone());
        tokio::task::yield_now().await;
        if fails { Err("no luck".to_owned()) } else { std::future::pending().await }
    }

    pub async fn both(left: u64, right: u64) -> u64 {
        left + right
    }

    pub async fn again(right: &u64) -> u64 {
        *right
    }

    pub fn report(both: u64, again: u64) -> u64 {
        both + again
    }
}

#[test]
fn dropped_future_drops_all_nodes() {
    let drops = Drops::default();
    {
        let mut run =
            pin!(waiting::run::report(waiting::ReportInputs { drops: drops.clone(), fails: false }));
        for _ in 0..3 {
            assert!(run.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        assert_eq!(drops.0.load(SeqCst), 0);
    }
    assert_eq!(drops.0.load(SeqCst), 2);
}

#[tokio::test]
async fn first_failure_drops_all_other_nodes() {
    let drops = Drops::default();
    let run = waiting::run::report(waiting::ReportInputs { drops: drops.clone(), fails: true });
    let error = run.await.unwrap_err();
    assert_eq!(error.node().map(icosian::Name::as_str), Some("right"));
    assert_eq!(drops.0.load(SeqCst), 2);
}

#[dataflow(outputs(report), compile)]
pub(crate) mod panicking {
    pub fn report(number: u64) -> u64 {
        assert!(number > 0, "the number is zero");
        number
    }
}

#[test]
fn panic_of_a_node_unwinds() {
    let run = || panicking::run::report(panicking::ReportInputs { number: 0 });
    let payload = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"the number is zero"));
}

#[dataflow(outputs(report), compile)]
pub(crate) mod timed {
    use std::time::Duration;

    #[fallback(value = 7_u64)]
    #[retry(attempts = 3, backoff = "100ms..1s")]
    #[timeout("1s")]
    pub async fn slow(seconds: u64) -> u64 {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        seconds
    }

    pub fn report(slow: u64) -> u64 {
        slow
    }
}

#[tokio::test(start_paused = true)]
async fn time_is_that_of_the_runtime() {
    let begun = tokio::time::Instant::now();
    assert_eq!(timed::run::report(timed::ReportInputs { seconds: 0 }).await.unwrap(), 0);
    assert!(begun.elapsed() < Duration::from_millis(2));
    assert_eq!(timed::run::report(timed::ReportInputs { seconds: 5 }).await.unwrap(), 7);
    let elapsed = begun.elapsed();
    let expected = Duration::from_millis(3 * 1_000 + 100 + 200);
    assert!(expected <= elapsed && elapsed < expected + Duration::from_millis(10), "{elapsed:?}");
}

#[dataflow(outputs(report), compile)]
pub(crate) mod in_context {
    use icosian::RunContext;

    /// A context as a value: a parameter of type `RunContext` is always the context of the run.
    pub(crate) struct Kept(RunContext);

    pub async fn kept(context: RunContext, fails: bool) -> Result<Kept, String> {
        if fails { Err("no luck".to_owned()) } else { Ok(Kept(context)) }
    }

    pub fn report(kept: Kept, context: &RunContext) -> RunContext {
        assert_eq!(kept.0.id(), context.id());
        kept.0
    }
}

#[tokio::test]
async fn context_outlives_success_only() {
    let context = in_context::run::report(in_context::ReportInputs { fails: false }).await.unwrap();
    assert!(!context.is_cancelled());
    let mut run = pin!(in_context::run::report(in_context::ReportInputs { fails: true }));
    let polled = run.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(polled, Poll::Ready(Err(_))));
}

#[dataflow(outputs(report), compile)]
pub(crate) mod moved {
    /// A value that is not `Clone`.
    pub(crate) struct Unique(pub(crate) u64);

    pub async fn unique(number: u64) -> Unique {
        Unique(number)
    }

    pub async fn peek(unique: &Unique) -> u64 {
        unique.0
    }

    pub async fn last(unique: Unique, peek: u64) -> u64 {
        unique.0 + peek
    }

    pub fn report(last: u64) -> u64 {
        last
    }
}

#[tokio::test]
async fn last_use_moves_a_value_that_is_not_clone() {
    assert_eq!(moved::run::report(moved::ReportInputs { number: 4 }).await.unwrap(), 8);
}
