//! Wrappers of a body observe the cancellation of the execution.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use icosian::prelude::*;

/// Functions that are cancelled, or never ready.
#[dataflow]
pub(crate) mod late {
    use super::*;
    use icosian::Cancelled;

    #[fallback(value = 5)]
    #[retry(attempts = 50, backoff = "10ms..10ms")]
    pub fn cancelled(context: &RunContext, calls: &Arc<AtomicUsize>) -> Result<u64, Cancelled> {
        calls.fetch_add(1, Ordering::SeqCst);
        context.cancel();
        context.check()?;
        Ok(1)
    }

    #[timeout("30ms")]
    #[retry(attempts = 1_000_000_000)]
    pub async fn spins() -> Result<u64, std::fmt::Error> {
        Err(std::fmt::Error)
    }

    /// The context of the caller, which can cancel the execution.
    pub(crate) struct Caller(pub(crate) RunContext);

    #[retry(attempts = 1_000)]
    pub fn unwanted(caller: &Caller, calls: &Arc<AtomicUsize>) -> Result<u64, std::fmt::Error> {
        if calls.fetch_add(1, Ordering::SeqCst) == 2 {
            caller.0.cancel();
        }
        Err(std::fmt::Error)
    }

    /// A value without `Clone`.
    #[derive(Debug)]
    pub(crate) struct Only(pub(crate) u64);

    pub fn only() -> Only {
        Only(7)
    }

    #[retry(attempts = 1)]
    pub async fn once(only: Only) -> Result<u64, std::fmt::Error> {
        Ok(only.0)
    }

    #[config_when(env = "a")]
    pub fn r#type__prod() -> u64 {
        1
    }
}

#[test]
fn cancelled_node_is_neither_retried_nor_replaced() {
    let driver = Driver::builder().with_dataflow(late::dataflow()).build().unwrap();
    let calls = Arc::new(AtomicUsize::new(0));
    let error = driver.execute::<late::cancelled>(inputs! { calls: Arc::clone(&calls) }).unwrap_err();
    assert_eq!(error.to_string(), "node `cancelled` failed");
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn timeout_fires_between_attempts_that_are_ready_at_once() {
    let driver = AsyncDriver::builder().with_dataflow(late::dataflow()).build().unwrap();
    let spins = tokio::time::timeout(Duration::from_mins(1), driver.execute::<late::spins>(inputs! {}));
    let error = spins.await.expect("it ends").unwrap_err();
    assert_eq!(error.to_string(), "node `spins` timed out after 30ms");
}

#[test]
fn many_attempts_without_a_wait_end_with_the_execution() {
    let driver = Driver::builder().with_dataflow(late::dataflow()).build().unwrap();
    let (context, calls) = (RunContext::new(), Arc::new(AtomicUsize::new(0)));
    let inputs = inputs! { caller: late::Caller(context.clone()), calls: Arc::clone(&calls) };
    driver.execute::<late::unwanted>(inputs.with_context(context)).unwrap_err();
    assert_eq!(calls.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn single_attempt_moves_values_without_clone() {
    let driver = AsyncDriver::builder().with_dataflow(late::dataflow()).build().unwrap();
    assert_eq!(driver.execute::<late::once>(inputs! {}).await.unwrap(), 7);
}
