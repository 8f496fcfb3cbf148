//! Tests of the dataflow `quotes`, from the smallest to the largest.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use icosian::assert_lint_clean;
use icosian::expand::Collected;
use icosian::prelude::*;
use proptest::prelude::*;
use testing::{Prices, Unavailable, quotes};

fn driver() -> AsyncDriver {
    AsyncDriver::builder().with_dataflow(quotes::dataflow()).build().expect("the dataflow is valid")
}

fn order(articles: &[&str]) -> Vec<String> {
    articles.iter().map(ToString::to_string).collect()
}

/// A fake client: each article costs 50 cents. The first calls fail.
#[derive(Debug, Default)]
struct FakePrices {
    failures: usize,
    calls: AtomicUsize,
}

#[async_trait]
impl Prices for FakePrices {
    async fn price(&self, _: &str) -> Result<u64, Unavailable> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        if call < self.failures { Err(Unavailable) } else { Ok(50) }
    }
}

/// A fake client that never answers.
#[derive(Debug)]
struct SilentPrices;

#[async_trait]
impl Prices for SilentPrices {
    async fn price(&self, _: &str) -> Result<u64, Unavailable> {
        std::future::pending().await
    }
}

/// A function of a dataflow is a plain function.
#[test]
fn large_orders_have_a_discount() {
    assert_eq!([quotes::discount(9_999), quotes::discount(10_000)], [0, 10]);
}

/// An override replaces a node. Its own inputs are not needed, so this test needs no client.
#[tokio::test]
async fn discount_lowers_the_quote() {
    let inputs = inputs! {}.overriding::<quotes::total>(20_000);
    assert_eq!(driver().execute::<quotes::quote>(inputs).await.expect("no node fails"), 18_000);
}

/// The items of a fan-out can be replaced too, and the results of all items are an output.
#[tokio::test]
async fn each_article_is_asked_for_once() {
    let service = Arc::new(FakePrices::default());
    let client: Arc<dyn Prices> = service.clone();
    let inputs = inputs! { service: client }.overriding_items::<quotes::article>(order(&["a", "b", "c"]));
    let prices = driver().execute::<Collected<quotes::price>>(inputs).await.expect("no node fails");
    assert_eq!(prices.into_iter().collect::<Vec<_>>(), [50, 50, 50]);
    assert_eq!(service.calls.load(Ordering::Relaxed), 3);
}

/// Decorators are part of the dataflow, so a test with a fake client covers them.
#[tokio::test]
async fn two_failed_calls_are_repeated() {
    let service: Arc<dyn Prices> = Arc::new(FakePrices { failures: 2, ..FakePrices::default() });
    let inputs = quotes::QuoteInputs { order: order(&["a"]), service };
    assert_eq!(driver().execute::<quotes::quote>(inputs).await.expect("the third call succeeds"), 50);
}

/// The error of an execution names the node and its item.
#[tokio::test]
async fn third_failed_call_fails_the_quote() {
    let service: Arc<dyn Prices> = Arc::new(FakePrices { failures: 3, ..FakePrices::default() });
    let inputs = quotes::QuoteInputs { order: order(&["a"]), service };
    let error = driver().execute::<quotes::quote>(inputs).await.expect_err("the service fails three times");
    assert_eq!(error.to_string(), "node `price` failed for item 0 of `article`");
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("the price service is unavailable"));
}

/// Time limits use tokio's clock, so a paused clock makes the test fast.
#[tokio::test(start_paused = true)]
async fn silent_service_ends_in_a_timeout() {
    let inputs = quotes::QuoteInputs { order: order(&["a"]), service: Arc::new(SilentPrices) };
    let error = driver().execute::<quotes::quote>(inputs).await.expect_err("the service is silent");
    assert_eq!(error.to_string(), "node `price` timed out for item 0 of `article` (a): timed out after 1s");
}

/// The checks of the linter, without a run.
#[test]
fn dataflow_has_no_findings() {
    assert_lint_clean!(quotes::dataflow(), AsyncDriver::builder());
}

proptest! {
    /// A law of a node, for random inputs.
    #[test]
    fn quote_is_at_most_the_total(total in 0_u64..1_000_000) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("threads can be started");
        let inputs = inputs! {}.overriding::<quotes::total>(total);
        let quote = runtime.block_on(driver().execute::<quotes::quote>(inputs)).expect("no node fails");
        prop_assert!(quote <= total);
    }
}
