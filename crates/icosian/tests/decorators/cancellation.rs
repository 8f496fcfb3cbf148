//! Decorators call no function after the execution was cancelled.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use icosian::decorators::{Fallback, Limit, Offload, Retry};
use icosian::prelude::*;
use icosian::{Asyncness, Node, NodeError};

use crate::behaviour::{ASYNCNESS, flow};
use crate::workshop::{Under, function};

/// A function that always fails, and cancels the execution in its second call.
fn cancelling(
    asyncness: Asyncness,
    cancel_in: usize,
    calls: &Arc<AtomicUsize>,
    context: &RunContext,
) -> Node {
    let (calls, context) = (Arc::clone(calls), context.clone());
    function::<u64, _>(asyncness, "f", &["x"], move |_| {
        if calls.fetch_add(1, Ordering::SeqCst) + 1 == cancel_in {
            context.cancel();
        }
        Err(NodeError::failed("no luck"))
    })
}

fn unders(asyncness: Asyncness) -> impl Iterator<Item = Under> {
    Under::ALL.into_iter().filter(move |it| asyncness == Asyncness::Sync || it.spec().runs_async_nodes())
}

#[test]
fn no_attempt_starts_after_cancellation() {
    let waits = [None, Some(Duration::ZERO), Some(Duration::from_micros(1))];
    for (asyncness, wait) in ASYNCNESS.into_iter().flat_map(|asyncness| waits.map(|wait| (asyncness, wait))) {
        for (under, offloaded) in unders(asyncness).flat_map(|under| [(under, false), (under, true)]) {
            let (calls, context) = (Arc::new(AtomicUsize::new(0)), RunContext::new());
            let retry = Retry::new(12);
            let retry = wait.into_iter().fold(retry, |retry, wait| retry.backoff(wait, wait).jitter());
            let node = cancelling(asyncness, 2, &calls, &context);
            let node = if offloaded {
                node.with_decorator(retry).with_decorator(Offload)
            } else {
                node.with_decorator(retry)
            };
            let inputs = inputs! { x: 7_u64 }.with_context(context);
            let outcome = under.run(flow().with_node(node), Config::new(), &["f".to_owned()], inputs);
            assert!(outcome.unwrap().is_err());
            let what = format!("{asyncness:?}, {wait:?}, offloaded: {offloaded}, under {under:?}");
            assert_eq!(calls.load(Ordering::SeqCst), 2, "{what}");
        }
    }
}

#[test]
fn no_fallback_is_used_after_cancellation() {
    for (asyncness, other) in
        ASYNCNESS.into_iter().flat_map(|asyncness| ASYNCNESS.map(|other| (asyncness, other)))
    {
        let both_sync = asyncness == Asyncness::Sync && other == Asyncness::Sync;
        for under in Under::ALL.into_iter().filter(|it| both_sync || it.spec().runs_async_nodes()) {
            let used = Arc::new(AtomicUsize::new(0));
            let (by_function, by_closure) = (Arc::clone(&used), Arc::clone(&used));
            let fallbacks = [
                Fallback::function(function(other, "cached", &["x"], move |read| {
                    by_function.fetch_add(1, Ordering::SeqCst);
                    Ok(read[0])
                })),
                Fallback::with(move |_| by_closure.fetch_add(1, Ordering::SeqCst) as u64),
            ];
            for fallback in fallbacks {
                let (calls, context) = (Arc::new(AtomicUsize::new(0)), RunContext::new());
                let node = cancelling(asyncness, 1, &calls, &context).with_decorator(fallback);
                let inputs = inputs! { x: 7_u64 }.with_context(context);
                let outcome = under.run(flow().with_node(node), Config::new(), &["f".to_owned()], inputs);
                assert!(outcome.unwrap().is_err());
            }
            assert_eq!(used.load(Ordering::SeqCst), 0, "{asyncness:?}, {other:?} under {under:?}");
        }
    }
}

/// Dropping the execution also cancels it, at the latest between two attempts.
#[tokio::test]
async fn dropped_execution_makes_no_further_attempt() {
    let calls = Arc::new(AtomicUsize::new(0));
    let (drop_it, dropped) = tokio::sync::watch::channel(false);
    let node = {
        let calls = Arc::clone(&calls);
        Node::future(icosian::Outline::new("f"), move |_| {
            if calls.fetch_add(1, Ordering::SeqCst) == 1 {
                drop_it.send_replace(true);
            }
            async { Err::<u64, _>(NodeError::failed("no luck")) }
        })
    };
    let driver = AsyncDriver::builder()
        .with_dataflow(flow().with_node(node.with_decorator(Retry::new(20))))
        .build()
        .unwrap();
    let mut dropped = dropped;
    tokio::select! {
        biased;
        _ = dropped.wait_for(|is_dropped| *is_dropped) => {}
        _ = driver.execute_named(["f"], inputs! {}) => panic!("it retries for longer"),
    }
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}

/// A node that waits for the permit of its next attempt does not begin it.
#[tokio::test(start_paused = true)]
async fn no_permit_is_acquired_after_cancellation() {
    let (calls, context) = (Arc::new(AtomicUsize::new(0)), RunContext::new());
    let node = cancelling(Asyncness::Async, 2, &calls, &context);
    let node = node.with_decorator(Limit::new("database").max_concurrency(1)).with_decorator(Retry::new(9));
    let driver = AsyncDriver::builder().with_dataflow(flow().with_node(node)).build().unwrap();
    let inputs = inputs! { x: 7_u64 }.with_context(context);
    driver.execute_named(["f"], inputs).await.unwrap_err();
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}
