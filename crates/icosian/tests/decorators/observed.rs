//! Hooks and `tracing` events observe the work of `retry`, `fallback` and `timeout`.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use icosian::adapter::{SyncAdapter, TokioAdapter};
use icosian::decorators::{Fallback, Function, Offload, Retry, Timeout};
use icosian::prelude::*;
use icosian::{Asyncness, BoxError, Hook, Node, NodeEnd, NodeError, NodeInfo, NodeOutcome, Outline};
use icosian_rayon::RayonAdapter;

use crate::behaviour::{ASYNCNESS, flow};
use crate::workshop::function;

/// The ends of nodes: name, attempts, the replaced error, and the outcome.
#[derive(Clone, Debug, Default)]
struct Ends(Arc<Mutex<Vec<String>>>);

impl Hook for Ends {
    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let outcome = match end.outcome() {
            NodeOutcome::Succeeded => "succeeded",
            NodeOutcome::Failed(_) => "failed",
            NodeOutcome::Cancelled => "cancelled",
            NodeOutcome::Skipped => "skipped",
        };
        let recovered = end.recovered_from().map_or("nothing".to_owned(), ToString::to_string);
        let name = node.outline().name();
        self.0
            .lock()
            .unwrap()
            .push(format!("{name}: {} attempts, from {recovered}, {outcome}", end.attempts()));
        Ok(())
    }
}

/// A function that fails in its first calls, each time with another error.
fn failing(asyncness: Asyncness, failures: usize) -> Node {
    let calls = Arc::new(AtomicUsize::new(0));
    function::<u64, _>(asyncness, "f", &[], move |_| {
        let call = calls.fetch_add(1, Ordering::SeqCst) + 1;
        if call <= failures { Err(NodeError::failed(format!("fault {call}"))) } else { Ok(7) }
    })
}

fn cached(asyncness: Asyncness, works: bool) -> Fallback {
    Fallback::function(function::<u64, _>(asyncness, "cached", &[], move |_| {
        if works { Ok(1) } else { Err(NodeError::failed("no cache")) }
    }))
}

/// Runs a node of every asyncness under every adapter, and checks the line of its end.
fn check(decorate: impl Fn(Asyncness) -> Function, expect: &str) {
    let mut lines = Vec::new();
    for asyncness in ASYNCNESS {
        let dataflow = || flow().with_node(decorate(asyncness));
        if asyncness == Asyncness::Sync {
            let ends = Ends::default();
            let builder = Driver::builder().with_dataflow(dataflow()).with_hook(ends.clone());
            builder.with_adapter(SyncAdapter).build().unwrap().execute_named(["f"], inputs! {}).ok();
            lines.push(("sync", asyncness, ends));
            let ends = Ends::default();
            let builder = Driver::builder().with_dataflow(dataflow()).with_hook(ends.clone());
            let rayon = RayonAdapter::with_threads(std::num::NonZeroUsize::new(2).unwrap()).unwrap();
            builder.with_adapter(rayon).build().unwrap().execute_named(["f"], inputs! {}).ok();
            lines.push(("rayon", asyncness, ends));
        }
        for (under, adapter) in [
            ("tokio", TokioAdapter::default()),
            (
                "bounded",
                TokioAdapter::default()
                    .with_max_concurrent_nodes(2)
                    .with_node_timeout(Duration::from_mins(1)),
            ),
        ] {
            let ends = Ends::default();
            let builder = AsyncDriver::builder().with_dataflow(dataflow()).with_hook(ends.clone());
            let driver = builder.with_adapter(adapter).build().unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(driver.execute_named(["f"], inputs! {})).ok();
            lines.push((under, asyncness, ends));
        }
    }
    for (under, asyncness, ends) in lines {
        assert_eq!(*ends.0.lock().unwrap(), [expect], "{asyncness:?} under {under}");
    }
}

#[test]
fn hooks_observe_attempts_and_replaced_errors() {
    check(
        |asyncness| failing(asyncness, 0).with_decorator(Retry::new(3)),
        "f: 1 attempts, from nothing, succeeded",
    );
    check(
        |asyncness| failing(asyncness, 2).with_decorator(Retry::new(3)),
        "f: 3 attempts, from fault 2, succeeded",
    );
    let waits = || Retry::new(3).backoff(Duration::from_micros(1), Duration::from_micros(2));
    check(
        |asyncness| failing(asyncness, 2).with_decorator(waits()),
        "f: 3 attempts, from fault 2, succeeded",
    );
    check(
        |asyncness| failing(asyncness, 9).with_decorator(Retry::new(3)),
        "f: 3 attempts, from nothing, failed",
    );
    check(
        |asyncness| {
            failing(asyncness, 9).with_decorator(Retry::new(3)).with_decorator(Fallback::value(1_u64))
        },
        "f: 3 attempts, from fault 3, succeeded",
    );
    check(
        |asyncness| failing(asyncness, 9).with_decorator(Fallback::value(1_u64)),
        "f: 1 attempts, from fault 1, succeeded",
    );
    for works in [true, false] {
        let expect = if works { "from fault 1, succeeded" } else { "from nothing, failed" };
        check(
            |asyncness| failing(asyncness, 9).with_decorator(cached(asyncness, works)),
            &format!("f: 1 attempts, {expect}"),
        );
    }
    check(
        |asyncness| failing(asyncness, 2).with_decorator(Retry::new(3)).with_decorator(Offload),
        "f: 3 attempts, from fault 2, succeeded",
    );
}

#[tokio::test(start_paused = true)]
async fn hooks_observe_timeouts_that_a_fallback_replaced() {
    let ends = Ends::default();
    let never = Node::future(Outline::new("f"), |_| std::future::pending::<Result<u64, NodeError>>());
    let node = never.with_decorator(Timeout::new(Duration::from_secs(1))).with_decorator(Retry::new(2));
    let flow = flow().with_node(node.with_decorator(Fallback::value(1_u64)));
    let driver = AsyncDriver::builder().with_dataflow(flow).with_hook(ends.clone()).build().unwrap();
    driver.execute_named(["f"], inputs! {}).await.unwrap();
    assert_eq!(*ends.0.lock().unwrap(), ["f: 2 attempts, from timed out after 1s, succeeded"]);
}

/// The retries of an inner execution are not those of the node that executes it.
#[test]
fn inner_execution_reports_nothing_to_outer_node() {
    let inner = flow().with_node(failing(Asyncness::Sync, 2).with_decorator(Retry::new(3)));
    let inner = Driver::builder().with_dataflow(inner).build().unwrap();
    let outer = function(Asyncness::Sync, "outer", &[], move |_| {
        Ok(*inner.execute_named(["f"], inputs! {}).unwrap().get::<u64>("f").unwrap())
    });
    let ends = Ends::default();
    let driver =
        Driver::builder().with_dataflow(flow().with_node(outer)).with_hook(ends.clone()).build().unwrap();
    driver.execute_named(["outer"], inputs! {}).unwrap();
    assert_eq!(*ends.0.lock().unwrap(), ["outer: 1 attempts, from nothing, succeeded"]);
}

/// Collects formatted events.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Executes a node under a virtual clock, and returns the events of it.
fn events(node: Function) -> Vec<String> {
    events_under(tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true), node)
}

/// Executes a node, and returns the events of it.
fn events_under(runtime: &mut tokio::runtime::Builder, node: Function) -> Vec<String> {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .without_time()
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        let driver = AsyncDriver::builder().with_dataflow(flow().with_node(node)).build().unwrap();
        let runtime = runtime.build().unwrap();
        runtime.block_on(driver.execute_named(["f"], inputs! {})).ok();
    });
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    text.lines().map(|line| line.trim().to_owned()).collect()
}

#[test]
fn retry_fallback_and_timeout_emit_warnings() {
    for asyncness in ASYNCNESS {
        let retry = Retry::new(3).backoff(Duration::from_millis(1), Duration::from_millis(2));
        let emitted =
            events(failing(asyncness, 9).with_decorator(retry).with_decorator(Fallback::value(1_u64)));
        assert_eq!(
            emitted,
            [
                "WARN icosian_decorators::retry: attempt failed, retrying the node node=f attempt=1 attempts=3 error=fault 1 wait=1ms",
                "WARN icosian_decorators::retry: attempt failed, retrying the node node=f attempt=2 attempts=3 error=fault 2 wait=2ms",
                "WARN icosian_decorators::fallback: node failed, using its fallback node=f error=fault 3",
            ],
            "{asyncness:?}"
        );
        assert!(events(failing(asyncness, 0).with_decorator(Retry::new(3))).is_empty());
    }
    let never = Node::future(Outline::new("f"), |_| std::future::pending::<Result<u64, NodeError>>());
    let emitted = events(never.with_decorator(Timeout::new(Duration::from_secs(1))));
    assert_eq!(emitted, ["WARN icosian_decorators::timeout: node timed out node=f limit=1s"]);
}

#[test]
fn timeout_of_an_offloaded_function_emits_a_warning() {
    let (sender, receiver) = std::sync::mpsc::channel::<()>();
    let receiver = Mutex::new(receiver);
    let blocked = Node::sync(Outline::new("f"), move |_| {
        receiver.lock().unwrap().recv_timeout(Duration::from_millis(200)).ok();
        Ok(1_u64)
    });
    let node = blocked.with_decorator(Offload).with_decorator(Timeout::new(Duration::from_millis(10)));
    let emitted = events_under(tokio::runtime::Builder::new_current_thread().enable_all(), node);
    assert_eq!(emitted, ["WARN icosian_adapter::detached: node timed out node=f limit=10ms"]);
    drop(sender);
}
