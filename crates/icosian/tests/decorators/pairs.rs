//! The order of two decorators around a body, as the guide's table describes it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use icosian::adapter::TokioAdapter;
use icosian::decorators::{
    CheckOutput, Decorator, Fallback, Function, Importance, Limit, Offload, Retry, Timeout,
};
use icosian::prelude::*;
use icosian::{Asyncness, Node, NodeError, Outline};
use tokio::time::{Instant, sleep};

use crate::behaviour::{ASYNCNESS, flow};
use crate::workshop::function;

const SECOND: Duration = Duration::from_secs(1);

/// A decorator around a body, by its name in the table.
fn decorator(name: &str) -> Arc<dyn Decorator> {
    match name {
        "retry" => Arc::new(Retry::new(2)),
        "timeout" => Arc::new(Timeout::new(SECOND)),
        "limit" => Arc::new(Limit::new("few").max_concurrency(1)),
        "fallback" => Arc::new(Fallback::value(0_u64)),
        "fallback function" => {
            Arc::new(Fallback::function(function::<u64, _>(Asyncness::Sync, "cached", &[], |_| Ok(1))))
        }
        "offload" => Arc::new(Offload),
        other => panic!("{other}"),
    }
}

#[test]
fn pairs_without_effect_are_refused() {
    let names = ["retry", "timeout", "limit", "fallback", "fallback function", "offload"];
    let mut refused = Vec::new();
    for asyncness in ASYNCNESS {
        for (upper, lower) in names.iter().flat_map(|upper| names.map(|lower| (upper, lower))) {
            let node = function::<u64, _>(asyncness, "f", &[], |_| Ok(7));
            let node = node.with_decorator(decorator(lower)).with_decorator(decorator(upper));
            let built = AsyncDriver::builder().with_dataflow(flow().with_node(node)).build();
            if let Err(error) = built {
                refused.push(format!("{asyncness:?}: {upper} above {lower}: {error}"));
            }
        }
    }
    // Every pair with a `timeout` that is not above `offload` is refused on a sync function.
    let is_uninterruptible = |line: &String| line.contains("cancellation of running nodes");
    refused.retain(|line| !(line.starts_with("Sync") && is_uninterruptible(line)));
    let expect = |asyncness: &str| {
        let why = |decorator: &str, effect: &str| {
            format!("`{decorator}` on `f` {effect}, because the `fallback` below it replaces every error")
        };
        [
            format!("{asyncness}: retry above fallback: {}", why("retry", "never retries the function")),
            format!("{asyncness}: fallback above fallback: {}", why("fallback", "is never used")),
            format!("{asyncness}: fallback function above fallback: {}", why("fallback", "is never used")),
        ]
    };
    let timeouts = "Async: timeout above timeout: two `timeout`s on `f` cover the same work, so only the shorter one can expire";
    let mut expected = [expect("Sync"), expect("Async")].concat();
    expected.insert(4, timeouts.to_owned());
    assert_eq!(refused, expected);
}

#[test]
fn permits_per_attempt_are_refused_on_threads_and_twice() {
    let refuse = |asyncness: Asyncness, innermost_first: &[&str]| {
        let node = Function::from(function::<u64, _>(asyncness, "f", &[], |_| Ok(7)));
        let node = innermost_first.iter().fold(node, |node, name| node.with_decorator(decorator(name)));
        let built = AsyncDriver::builder().with_dataflow(flow().with_node(node)).build();
        built.map(drop).map_err(|error| error.to_string())
    };
    for asyncness in ASYNCNESS {
        for stack in
            [["offload", "limit", "retry"], ["limit", "offload", "retry"], ["limit", "retry", "offload"]]
        {
            let error = refuse(asyncness, &stack).unwrap_err();
            assert!(
                error.contains("an offloaded node would block its thread"),
                "{asyncness:?} {stack:?}: {error}"
            );
        }
        for stack in
            [["offload", "retry", "limit"], ["retry", "offload", "limit"], ["retry", "limit", "offload"]]
        {
            assert_eq!(refuse(asyncness, &stack), Ok(()), "{asyncness:?} {stack:?}");
        }
        let error = refuse(asyncness, &["limit", "retry", "limit"]).unwrap_err();
        assert!(error.contains("another one for group"), "{error}");
        assert_eq!(refuse(asyncness, &["limit", "retry", "retry"]), Ok(()));
    }
}

/// A function that takes a second and fails in its first calls.
fn slow(name: &'static str, failures: usize) -> Node {
    let calls = Arc::new(AtomicUsize::new(0));
    Node::future(Outline::new(name), move |_| {
        let call = calls.fetch_add(1, Ordering::SeqCst);
        async move {
            sleep(SECOND).await;
            if call < failures { Err(NodeError::failed("no luck")) } else { Ok(1_u64) }
        }
    })
}

/// Executes nodes under a virtual clock, and returns their outcome and the time that they took.
async fn run(
    adapter: TokioAdapter,
    nodes: impl IntoIterator<Item = Function>,
) -> (Result<NamedValues, ExecuteError>, Duration) {
    let mut names = Vec::new();
    let flow = nodes.into_iter().fold(flow(), |flow, node| {
        names.push(node.node().name().to_string());
        flow.with_node(node)
    });
    let driver = AsyncDriver::builder().with_dataflow(flow).with_adapter(adapter).build().unwrap();
    let began = Instant::now();
    let outcome =
        tokio::time::timeout(Duration::from_hours(1), driver.execute_named(names, inputs! {})).await;
    (outcome.expect("nothing waits forever"), began.elapsed())
}

#[tokio::test(start_paused = true)]
async fn limit_above_retry_holds_its_permit_over_waits_and_below_releases_it() {
    let limit = || Limit::new("few").max_concurrency(1);
    let retry = || Retry::new(2).backoff(10 * SECOND, 10 * SECOND);
    let other = || slow("other", 0).with_decorator(limit());

    let held = slow("f", 1).with_decorator(retry()).with_decorator(limit());
    let (outcome, took) = run(TokioAdapter::default(), [held, other()]).await;
    outcome.unwrap();
    assert_eq!(took, 13 * SECOND, "an attempt, a wait and an attempt, then the other node");

    let released = slow("f", 1).with_decorator(limit()).with_decorator(retry());
    let (outcome, took) = run(TokioAdapter::default(), [released, other()]).await;
    outcome.unwrap();
    assert_eq!(took, 12 * SECOND, "the other node runs during the wait");
}

#[tokio::test(start_paused = true)]
async fn sync_function_releases_its_permit_between_attempts_too() {
    let log = Arc::new(std::sync::Mutex::new(Vec::new()));
    let note = |name: &'static str| {
        let log = Arc::clone(&log);
        move || {
            let mut log = log.lock().unwrap();
            log.push(name);
            log.iter().filter(|it| **it == name).count()
        }
    };
    let (f, other) = (note("f"), note("other"));
    let f = function::<u64, _>(Asyncness::Sync, "f", &[], move |_| {
        if f() == 1 { Err(NodeError::failed("no luck")) } else { Ok(1) }
    });
    let other = function::<u64, _>(Asyncness::Sync, "other", &[], move |_| Ok(other() as u64));
    let f = f
        .with_decorator(Limit::new("few").max_concurrency(1))
        .with_decorator(Retry::new(2).backoff(SECOND, SECOND));
    let other = other.with_decorator(Limit::new("few").max_concurrency(1));
    run(TokioAdapter::default(), [f, other]).await.0.unwrap();
    assert_eq!(*log.lock().unwrap(), ["f", "other", "f"]);
}

#[tokio::test(start_paused = true)]
async fn attempts_stay_within_the_limit_and_never_deadlock() {
    let running = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
    let names = ["a", "b", "c", "d", "e", "f"];
    let node = |at: usize, name: &'static str| {
        let (running, calls) = (Arc::clone(&running), AtomicUsize::new(0));
        let node = Node::future(Outline::new(name), move |_| {
            let (running, call) = (Arc::clone(&running), calls.fetch_add(1, Ordering::SeqCst));
            async move {
                let [now, most] = &*running;
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                sleep(SECOND).await;
                now.fetch_sub(1, Ordering::SeqCst);
                if call < 2 { Err(NodeError::failed("no luck")) } else { Ok(1_u64) }
            }
        });
        let (limit, retry) =
            (Limit::new("few").max_concurrency(2), Retry::new(3).backoff(SECOND, SECOND).jitter());
        // Some nodes hold the permit of the group while they wait for that of all nodes.
        if at.is_multiple_of(2) {
            node.with_decorator(limit).with_decorator(retry)
        } else {
            node.with_decorator(retry).with_decorator(limit)
        }
    };
    for nodes_at_a_time in [1, 2, 9] {
        running[1].store(0, Ordering::SeqCst);
        let nodes: Vec<_> = names.into_iter().enumerate().map(|(at, name)| node(at, name)).collect();
        let adapter = TokioAdapter::default().with_max_concurrent_nodes(nodes_at_a_time);
        run(adapter, nodes).await.0.unwrap();
        assert_eq!(running[1].load(Ordering::SeqCst), nodes_at_a_time.min(2));
    }
}

#[tokio::test(start_paused = true)]
async fn retry_above_a_fallback_function_retries_both() {
    let calls = Arc::new(AtomicUsize::new(0));
    let cached = {
        let calls = Arc::clone(&calls);
        function::<u64, _>(Asyncness::Async, "cached", &[], move |_| {
            if calls.fetch_add(1, Ordering::SeqCst) == 0 { Err(NodeError::failed("empty")) } else { Ok(7) }
        })
    };
    let node = slow("f", 9).with_decorator(Fallback::function(cached)).with_decorator(Retry::new(3));
    let (outcome, took) = run(TokioAdapter::default(), [node]).await;
    assert_eq!(outcome.unwrap().get::<u64>("f"), Some(&7));
    assert_eq!((calls.load(Ordering::SeqCst), took), (2, 2 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn retries_multiply() {
    let calls = Arc::new(AtomicUsize::new(0));
    let node = {
        let calls = Arc::clone(&calls);
        function::<u64, _>(Asyncness::Async, "f", &[], move |_| {
            calls.fetch_add(1, Ordering::SeqCst);
            Err(NodeError::failed("no luck"))
        })
    };
    run(TokioAdapter::default(), [node.with_decorator(Retry::new(2)).with_decorator(Retry::new(3))])
        .await
        .0
        .unwrap_err();
    assert_eq!(calls.load(Ordering::SeqCst), 6);
}

#[tokio::test(start_paused = true)]
async fn timeout_covers_what_is_below_it_and_no_wait_for_a_permit() {
    let limit = || Limit::new("few").max_concurrency(1);
    let time = || Timeout::new(SECOND + SECOND / 2);
    // The second node waits a second for the permit.
    for above in [true, false] {
        let nodes = ["a", "b"].map(|name| {
            let node = slow(name, 0);
            if above {
                node.with_decorator(limit()).with_decorator(time())
            } else {
                node.with_decorator(time()).with_decorator(limit())
            }
        });
        let (outcome, took) = run(TokioAdapter::default(), nodes).await;
        outcome.unwrap();
        assert_eq!(took, 2 * SECOND);
    }
    // The same holds with a permit for each attempt.
    let nodes = ["a", "b"].map(|name| {
        slow(name, 0).with_decorator(time()).with_decorator(limit()).with_decorator(Retry::new(2))
    });
    let (outcome, took) = run(TokioAdapter::default(), nodes).await;
    outcome.unwrap();
    assert_eq!(took, 2 * SECOND);
    // The time limit includes the fallback function.
    let node = slow("f", 9).with_decorator(Fallback::function(slow("cached", 0))).with_decorator(time());
    let (outcome, took) = run(TokioAdapter::default(), [node]).await;
    assert!(outcome.unwrap_err().to_string().contains("timed out after 1.5s"));
    assert_eq!(took, SECOND + SECOND / 2);
}

#[tokio::test(start_paused = true)]
async fn permit_covers_the_fallback_function() {
    for above in [true, false] {
        let nodes = ["a", "b"].map(|name| {
            let (limit, fallback) =
                (Limit::new("few").max_concurrency(1), Fallback::function(slow("cached", 0)));
            let node = slow(name, 9);
            if above {
                node.with_decorator(fallback).with_decorator(limit)
            } else {
                node.with_decorator(limit).with_decorator(fallback)
            }
        });
        let (outcome, took) = run(TokioAdapter::default(), nodes).await;
        outcome.unwrap();
        assert_eq!(took, 4 * SECOND, "limit above: {above}");
    }
}

/// Checks run on the output after all wrappers of the body, in any source order.
#[tokio::test(start_paused = true)]
async fn failed_check_is_neither_retried_nor_replaced() {
    for above in [true, false] {
        let calls = Arc::new(AtomicUsize::new(0));
        let node = {
            let calls = Arc::clone(&calls);
            function::<u64, _>(Asyncness::Async, "f", &[], move |_| {
                calls.fetch_add(1, Ordering::SeqCst);
                Ok(9)
            })
        };
        let check = CheckOutput::<u64>::new().range(0..=1).importance(Importance::Fail);
        let around =
            |node: Function| node.with_decorator(Retry::new(3)).with_decorator(Fallback::value(1_u64));
        let node = if above {
            around(node.into()).with_decorator(check)
        } else {
            around(node.with_decorator(check))
        };
        run(TokioAdapter::default(), [node]).await.0.unwrap_err();
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }
}
