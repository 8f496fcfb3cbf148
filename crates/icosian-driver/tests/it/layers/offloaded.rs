use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

use icosian_core::run::Attempts;
use icosian_core::{Dataflow, Node, Outline, output_of};
use icosian_decorators::{Offload, Retry, Spawn, Timeout};
use icosian_driver::{AsyncDriver, RunError};
use tower::timeout::TimeoutLayer;

use super::{describe, failures, run};

const SECOND: Duration = Duration::from_secs(1);

fn thread_of_sync(name: &'static str) -> Node {
    Node::sync(Outline::new(name), |_| Ok(thread::current().id()))
}

fn thread_of_async(name: &'static str) -> Node {
    Node::future(Outline::new(name), |_| async {
        tokio::task::yield_now().await;
        Ok(thread::current().id())
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn functions_run_where_they_declare() {
    let flow = Dataflow::new("flow")
        .with_node(thread_of_sync("inline"))
        .with_node(thread_of_sync("offloaded").with_decorator(Offload))
        .with_node(thread_of_async("polled").with_decorator(Offload))
        .with_node(thread_of_sync("spawned").with_decorator(Spawn))
        .with_node(thread_of_async("task").with_decorator(Spawn));
    let driver = AsyncDriver::builder()
        .with_dataflow(flow)
        .with_layer(TimeoutLayer::new(60 * SECOND))
        .build()
        .unwrap();
    let names = ["inline", "offloaded", "polled", "spawned", "task"];
    let (values, own) = (run(&driver, &names).await.unwrap(), thread::current().id());
    let is_own = |name| values.get::<ThreadId>(name) == Some(&own);
    assert_eq!(names.map(is_own), [true, false, false, false, false]);
}

/// Returns a node that blocks until the sender is dropped.
fn blocking(until: mpsc::Receiver<()>) -> Node {
    let until = Arc::new(Mutex::new(until));
    Node::sync(Outline::new("blocking").with_output(output_of!(u64)), move |_| {
        until.lock().expect("no test panics").recv().ok();
        Ok(1_u64)
    })
}

#[tokio::test]
async fn timeout_abandons_an_offloaded_function() {
    let (release, until) = mpsc::channel();
    let driver = AsyncDriver::builder()
        .with_dataflow(Dataflow::new("flow").with_node(blocking(until).with_decorator(Offload)))
        .with_layer(TimeoutLayer::new(Duration::from_millis(1)))
        .build()
        .unwrap();
    let error = run(&driver, &["blocking"]).await.unwrap_err();
    assert!(describe(error).ends_with("request timed out"));
    drop(release);
}

#[tokio::test]
async fn time_limit_of_an_offloaded_function_holds_inside_of_the_layer() {
    let (release, until) = mpsc::channel();
    let limit = Duration::from_millis(1);
    let node = blocking(until).with_decorator(Offload).with_decorator(Timeout::new(limit));
    let driver = AsyncDriver::builder()
        .with_dataflow(Dataflow::new("flow").with_node(node))
        .with_layer(TimeoutLayer::new(60 * SECOND))
        .build()
        .unwrap();
    let error = run(&driver, &["blocking"]).await.unwrap_err();
    assert!(
        matches!(failures(error).first(), Some(RunError::NodeTimedOut { limit: at, .. }) if *at == limit)
    );
    drop(release);
}

#[tokio::test]
async fn decorators_of_an_offloaded_function_work() {
    let calls = Arc::new(Mutex::new(0_u64));
    let node = Node::sync(Outline::new("flaky").with_output(output_of!(u64)), move |_| {
        let mut calls = calls.lock().unwrap();
        *calls += 1;
        if *calls < 3 { Err(std::io::Error::other("no route").into()) } else { Ok(*calls) }
    });
    let driver = AsyncDriver::builder()
        .with_dataflow(
            Dataflow::new("flow").with_node(node.with_decorator(Retry::new(5)).with_decorator(Offload)),
        )
        .with_layer(TimeoutLayer::new(60 * SECOND))
        .build()
        .unwrap();
    assert_eq!(run(&driver, &["flaky"]).await.unwrap().get::<u64>("flaky"), Some(&3));
    assert!(!Attempts::is_cancelled());
}
