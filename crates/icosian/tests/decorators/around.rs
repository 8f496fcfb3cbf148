//! Wrappers of a body: attempts, timeouts, permits, threads and fallbacks.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use icosian::decorators::{Fallback, Limit, Offload, Retry, Timeout};
use icosian::prelude::*;
use icosian::{Asyncness, Node, NodeError, Outline, Output, Param};

use crate::behaviour::{ASYNCNESS, flow};
use crate::workshop::{Under, function};

/// A function that fails `failures` times before it succeeds.
fn stubborn(asyncness: Asyncness, failures: usize, calls: &Arc<AtomicUsize>) -> Node {
    let calls = Arc::clone(calls);
    function(asyncness, "f", &["x"], move |read| {
        if calls.fetch_add(1, Ordering::SeqCst) < failures {
            return Err(NodeError::failed(std::io::Error::from(std::io::ErrorKind::TimedOut)));
        }
        Ok(read[0])
    })
}

#[test]
fn retry_stops_after_the_maximal_attempts() {
    for (asyncness, backoff) in
        ASYNCNESS.into_iter().flat_map(|asyncness| [false, true].map(|backoff| (asyncness, backoff)))
    {
        for under in
            Under::ALL.into_iter().filter(|it| asyncness == Asyncness::Sync || it.spec().runs_async_nodes())
        {
            let run = |attempts, failures, retryable: bool| {
                let calls = Arc::new(AtomicUsize::new(0));
                let retry = Retry::new(attempts).when(move |_: &std::io::Error| retryable);
                let retry = if backoff {
                    retry.backoff(Duration::from_micros(1), Duration::from_micros(9)).jitter()
                } else {
                    retry
                };
                let flow = flow().with_node(stubborn(asyncness, failures, &calls).with_decorator(retry));
                let outcome =
                    under.run(flow, Config::new(), &["f".to_owned()], inputs! { x: 7_u64 }).unwrap();
                (outcome.ok(), calls.load(Ordering::SeqCst))
            };
            let given = || Some(vec!["f = 7".to_owned()]);
            assert_eq!(run(3, 2, true), (given(), 3), "{asyncness:?} under {under:?}");
            assert_eq!(run(3, 3, true), (None, 3), "{asyncness:?} under {under:?}");
            assert_eq!(run(3, 1, false), (None, 1), "{asyncness:?} under {under:?}");
            assert_eq!(run(1, 0, true), (given(), 1), "{asyncness:?} under {under:?}");
        }
    }
}

#[test]
fn consumed_value_is_available_to_each_attempt() {
    for asyncness in ASYNCNESS {
        let calls = Arc::new(AtomicUsize::new(0));
        let outline = Outline::new("f").with_param(Param::taken::<String>("text").with_clone());
        let outline = outline.with_output(Output::of::<String>().cloneable::<String>());
        let outcome = {
            let calls = Arc::clone(&calls);
            move |text: String| {
                if calls.fetch_add(1, Ordering::SeqCst) < 2 {
                    Err(NodeError::failed("not yet"))
                } else {
                    Ok(text)
                }
            }
        };
        let node = match asyncness {
            Asyncness::Sync => Node::sync(outline, move |args| outcome(args.take(0))),
            Asyncness::Async => Node::future(outline, move |args| {
                let (text, outcome) = (args.take(0), outcome.clone());
                async move { outcome(text) }
            }),
        };
        let flow = flow().with_node(node.with_decorator(Retry::new(3)));
        let shown = Under::Tokio.run(flow, Config::new(), &["f".to_owned()], inputs! { "text": "kept" });
        assert_eq!(shown.unwrap().unwrap(), ["f = \"kept\""], "{asyncness:?}");
    }
}

#[test]
fn fallback_replaces_a_failure() {
    for (asyncness, other) in
        ASYNCNESS.into_iter().flat_map(|asyncness| ASYNCNESS.map(|other| (asyncness, other)))
    {
        let both_sync = asyncness == Asyncness::Sync && other == Asyncness::Sync;
        for under in Under::ALL.into_iter().filter(|it| both_sync || it.spec().runs_async_nodes()) {
            let run = |fallback: Fallback, failures| {
                let calls = Arc::new(AtomicUsize::new(0));
                let flow = flow().with_node(stubborn(asyncness, failures, &calls).with_decorator(fallback));
                let inputs = inputs! { x: 7_u64 };
                under.run(flow, Config::new(), &["f".to_owned()], inputs).unwrap().unwrap().concat()
            };
            let cached = || Fallback::function(function(other, "cached", &["x"], |read| Ok(read[0] * 2)));
            let what = format!("{asyncness:?}, {other:?} under {under:?}");
            assert_eq!(run(cached(), 1), "f = 14", "{what}");
            assert_eq!(run(cached(), 0), "f = 7", "{what}");
            assert_eq!(run(Fallback::value(1_u64), 1), "f = 1", "{what}");
            assert_eq!(run(Fallback::with(|error| error.to_string().len() as u64), 1), "f = 9", "{what}");
        }
    }
}

/// Runs a node under tokio's paused clock, and returns its error, if any, and its duration.
async fn timed(node: icosian::decorators::Function) -> (Option<String>, Duration) {
    let driver = AsyncDriver::builder().with_dataflow(flow().with_node(node)).build().unwrap();
    let began = tokio::time::Instant::now();
    let outcome = driver.execute_named(["slow"], inputs! {}).await;
    (outcome.err().map(|error| format!("{error:?}")), began.elapsed())
}

fn slow(takes: Duration) -> Node {
    Node::future(Outline::new("slow"), move |_| async move {
        tokio::time::sleep(takes).await;
        Ok(1_u64)
    })
}

#[tokio::test(start_paused = true)]
async fn timeout_fails_an_async_function() {
    let limited =
        |takes| slow(Duration::from_secs(takes)).with_decorator(Timeout::new(Duration::from_secs(2)));
    assert_eq!(timed(limited(1)).await, (None, Duration::from_secs(1)));
    let (error, took) = timed(limited(9)).await;
    assert!(error.unwrap().contains("timed out after 2s"));
    assert_eq!(took, Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn timeout_applies_per_attempt_or_to_all_attempts() {
    let second = Duration::from_secs(1);
    let each = slow(9 * second).with_decorator(Timeout::new(2 * second));
    let each = each.with_decorator(Retry::new(3).backoff(second, 4 * second));
    // Three attempts of two seconds each, with waits of one and two seconds.
    assert_eq!(timed(each).await.1, 9 * second);
    let all = slow(9 * second).with_decorator(Retry::new(3)).with_decorator(Timeout::new(2 * second));
    assert_eq!(timed(all).await.1, 2 * second);
    let caught =
        slow(9 * second).with_decorator(Timeout::new(2 * second)).with_decorator(Fallback::value(0_u64));
    assert_eq!(timed(caught).await, (None, 2 * second));
}

#[tokio::test]
async fn timeout_releases_an_offloaded_function() {
    let (sender, receiver) = std::sync::mpsc::channel::<()>();
    let receiver = std::sync::Mutex::new(receiver);
    let blocked = Node::sync(Outline::new("slow"), move |_| {
        receiver.lock().unwrap().recv().ok();
        Ok(1_u64)
    });
    let blocked = blocked.with_decorator(Offload).with_decorator(Timeout::new(Duration::from_millis(10)));
    let (error, _) = timed(blocked).await;
    assert!(error.unwrap().contains("timed out after 10ms"));
    drop(sender);
}

#[tokio::test(start_paused = true)]
async fn limit_bounds_the_nodes_of_a_group() {
    let second = Duration::from_secs(1);
    let query = |name: &'static str| {
        let node = Node::future(Outline::new(name), move |_| async move {
            tokio::time::sleep(second).await;
            Ok(1_u64)
        });
        node.with_decorator(Limit::new("database").max_concurrency(2))
    };
    let flow = ["a", "b", "c", "d"].into_iter().fold(flow(), |flow, name| flow.with_node(query(name)));
    let driver = AsyncDriver::builder().with_dataflow(flow).build().unwrap();
    let began = tokio::time::Instant::now();
    driver.execute_named(["a", "b", "c", "d"], inputs! {}).await.unwrap();
    assert_eq!(began.elapsed(), 2 * second);
}

/// Executes two async nodes that fail until their last attempt, and returns the waits between the attempts of each.
async fn waits(attempts: usize, longest: Duration, jitter: bool) -> Vec<Vec<Duration>> {
    let begun = Arc::new(std::sync::Mutex::new(vec![Vec::new(); 2]));
    let node = |at: usize, name: &'static str| {
        let begun = Arc::clone(&begun);
        let node = Node::future(Outline::new(name), move |_| {
            let begun = &mut begun.lock().unwrap()[at];
            begun.push(tokio::time::Instant::now());
            let outcome = if begun.len() == attempts { Ok(1_u64) } else { Err(NodeError::failed("no luck")) };
            async { outcome }
        });
        let retry = Retry::new(attempts).backoff(Duration::from_millis(100), longest);
        node.with_decorator(if jitter { retry.jitter() } else { retry })
    };
    let flow = flow().with_node(node(0, "a")).with_node(node(1, "b"));
    let driver = AsyncDriver::builder().with_dataflow(flow).build().unwrap();
    driver.execute_named(["a", "b"], inputs! {}).await.unwrap();
    let begun = begun.lock().unwrap();
    begun.iter().map(|begun| begun.windows(2).map(|pair| pair[1] - pair[0]).collect()).collect()
}

#[tokio::test(start_paused = true)]
async fn jitter_differs_between_nodes_and_executions_and_stays_in_range() {
    // A timer of tokio fires up to a millisecond later.
    let tick = Duration::from_millis(1);
    let longest = Duration::from_secs(1);
    let (first, second) = (waits(8, longest, true).await, waits(8, longest, true).await);
    let all: Vec<_> = first.into_iter().chain(second).collect();
    for (at, waits) in all.iter().enumerate() {
        assert!(!all[..at].contains(waits), "two nodes wait alike: {all:?}");
        let full = [100, 200, 400, 800, 1000, 1000, 1000].map(Duration::from_millis);
        for (wait, full) in waits.iter().zip(full) {
            assert!(full / 2 <= *wait && *wait <= full + tick, "{wait:?} of {full:?}");
        }
    }
    let exact = waits(4, longest, false).await;
    assert_eq!(exact[0], [100, 200, 400].map(Duration::from_millis));
}

#[test]
fn both_errors_are_reported_when_the_fallback_fails() {
    use icosian::{FallbackFailed, RunError};
    use std::num::ParseIntError;

    for (asyncness, other) in
        ASYNCNESS.into_iter().flat_map(|asyncness| ASYNCNESS.map(|other| (asyncness, other)))
    {
        let first =
            function::<u64, _>(asyncness, "f", &["x"], |_| Err(std::io::Error::other("no route").into()));
        let second = function::<u64, _>(other, "cached", &["x"], |_| Ok("none".parse()?));
        let flow = flow().with_node(first.with_decorator(Fallback::function(second)));
        let driver = AsyncDriver::builder().with_dataflow(flow).build().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let error = runtime.block_on(driver.execute_named(["f"], inputs! { x: 7_u64 })).unwrap_err();
        let ExecuteError::Failed(failed) = error else { panic!("{error:?}") };
        let Some(RunError::NodeFailed { source, .. }) = failed.first() else { panic!("{failed:?}") };
        let both = "no route; then the fallback function failed: invalid digit found in string";
        assert_eq!(source.to_string(), both, "{asyncness:?}, {other:?}");
        assert!(source.find::<std::io::Error, _>().is_some() && source.find::<ParseIntError, _>().is_some());
        assert!(source.downcast_ref::<FallbackFailed>().is_some());
        let shown = format!("{failed:?}");
        assert!(shown.contains("no route") && shown.contains("invalid digit"), "{shown}");
    }
}

/// The body uses up tokio's cooperative budget, so the timer must work without budget.
#[tokio::test]
async fn timeout_fires_over_a_body_that_uses_up_the_budget() {
    let busy = || {
        Node::future(Outline::new("slow"), |_| async {
            let begun = std::time::Instant::now();
            while begun.elapsed() < Duration::from_secs(5) {
                tokio::task::consume_budget().await;
            }
            Ok(1_u64)
        })
    };
    let begun = std::time::Instant::now();
    let limit = Duration::from_millis(20);
    assert!(
        timed(busy().with_decorator(Timeout::new(limit))).await.0.unwrap().contains("timed out after 20ms")
    );
    let caught = busy()
        .with_decorator(Timeout::new(limit))
        .with_decorator(Retry::new(2))
        .with_decorator(Fallback::value(0_u64));
    assert_eq!(timed(caught).await.0, None);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}
