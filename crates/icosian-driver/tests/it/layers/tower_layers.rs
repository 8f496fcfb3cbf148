//! Each layer of tower, alone and composed.

use std::future::{Ready, ready};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use icosian_adapter::{Hook, NodeEnd, NodeInfo};
use icosian_core::{BoxError, Dataflow};
use icosian_decorators::Retry;
use icosian_driver::AsyncDriver;
use icosian_tower::{LayerTarget, NodeCall, NodeCallError, NodeOutput};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tower::ServiceBuilder;
use tower::buffer::BufferLayer;
use tower::limit::{ConcurrencyLimitLayer, GlobalConcurrencyLimitLayer};
use tower::load_shed::LoadShedLayer;
use tower::retry::{Policy, RetryLayer};
use tower::timeout::TimeoutLayer;

use super::{Gauge, describe, flaky, flow, next, run, slow};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn timeout_fails_slow_nodes_only() {
    let gauge = Gauge::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([
            slow("quick", SECOND / 2, &gauge),
            slow("late", 2 * SECOND, &gauge),
            next("after", "quick"),
        ]))
        .with_layer(TimeoutLayer::new(SECOND))
        .build()
        .unwrap();
    let values = run(&driver, &["after"]).await.unwrap();
    assert_eq!(values.get::<u64>("after"), Some(&2));
    let error = run(&driver, &["late"]).await.unwrap_err();
    assert_eq!(
        describe(error),
        "ICO1119 layer-failed: node `late` failed: layer `TimeoutLayer` failed: request timed out"
    );
    assert_eq!(gauge.running(), 0);
}

/// Runs `outputs` in ten executions at the same time.
async fn run_ten(driver: &AsyncDriver, outputs: &'static [&'static str]) -> Vec<Result<(), String>> {
    let mut runs = JoinSet::new();
    for _ in 0..10 {
        let driver = driver.clone();
        runs.spawn(async move { run(&driver, outputs).await.map(drop).map_err(describe) });
    }
    runs.join_all().await
}

#[tokio::test(start_paused = true)]
async fn concurrency_limit_holds_for_each_node_over_all_runs() {
    let (one, two) = (Gauge::default(), Gauge::default());
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([slow("one", SECOND, &one), slow("two", SECOND, &two)]))
        .with_layer(ConcurrencyLimitLayer::new(3))
        .build()
        .unwrap();
    let began = Instant::now();
    assert!(run_ten(&driver, &["one", "two"]).await.iter().all(Result::is_ok));
    assert_eq!((one.most(), two.most()), (3, 3));
    assert_eq!(began.elapsed().as_secs(), 4);
}

#[tokio::test(start_paused = true)]
async fn global_limit_holds_for_all_nodes_together() {
    let gauge = Gauge::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([slow("one", SECOND, &gauge), slow("two", SECOND, &gauge)]))
        .with_layer(GlobalConcurrencyLimitLayer::new(4))
        .build()
        .unwrap();
    let began = Instant::now();
    assert!(run_ten(&driver, &["one", "two"]).await.iter().all(Result::is_ok));
    assert_eq!(gauge.most(), 4);
    assert_eq!(began.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn waiting_for_one_service_does_not_delay_other_nodes() {
    let (busy, free) = (Gauge::default(), Gauge::default());
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([
            slow("busy", 10 * SECOND, &busy),
            slow("free", SECOND, &free),
            next("after", "free"),
        ]))
        .with_layer_on(LayerTarget::named("busy"), ConcurrencyLimitLayer::new(1))
        .build()
        .unwrap();
    let mut runs = JoinSet::new();
    for _ in 0..3 {
        let driver = driver.clone();
        runs.spawn(async move { run(&driver, &["busy", "after"]).await.map(drop) });
    }
    tokio::time::sleep(2 * SECOND).await;
    assert_eq!((busy.calls(), free.calls(), free.running()), (1, 3, 0));
    assert!(runs.join_all().await.iter().all(Result::is_ok));
    assert_eq!((busy.most(), busy.calls()), (1, 3));
}

#[tokio::test(start_paused = true)]
async fn load_shed_refuses_calls_above_the_limit() {
    let gauge = Gauge::default();
    let shed = ServiceBuilder::new().load_shed().concurrency_limit(4).into_inner();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([slow("busy", SECOND, &gauge)]))
        .with_layer(shed)
        .build()
        .unwrap();
    let ended = run_ten(&driver, &["busy"]).await;
    assert_eq!((ended.iter().filter(|ended| ended.is_ok()).count(), gauge.calls()), (4, 4));
    let error = ended.into_iter().find_map(Result::err).unwrap();
    assert_eq!(
        error,
        "ICO1119 layer-failed: node `busy` failed: \
         layer `LoadShedLayer -> ConcurrencyLimitLayer` failed: service overloaded"
    );
    // The permits are free again.
    assert!(run(&driver, &["busy"]).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn buffer_and_rate_limit_spread_calls() {
    let gauge = Gauge::default();
    let limit = ServiceBuilder::new().layer(BufferLayer::new(16)).rate_limit(2, SECOND);
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([slow("asked", SECOND / 10, &gauge)]))
        .with_layer(limit)
        .build()
        .unwrap();
    let began = Instant::now();
    assert!(run_ten(&driver, &["asked"]).await.iter().all(Result::is_ok));
    assert_eq!((gauge.calls(), began.elapsed().as_secs()), (10, 4));
}

/// Retries transient errors, at once.
#[derive(Clone)]
struct Retries(usize);

impl Policy<NodeCall, NodeOutput, NodeCallError> for Retries {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        _: &mut NodeCall,
        result: &mut Result<NodeOutput, NodeCallError>,
    ) -> Option<Ready<()>> {
        let error = result.as_ref().err()?;
        error.node_error().find::<std::io::Error, _>()?;
        self.0 = self.0.checked_sub(1)?;
        Some(ready(()))
    }

    fn clone_request(&mut self, call: &NodeCall) -> Option<NodeCall> {
        Some(call.clone())
    }
}

#[tokio::test]
async fn retry_calls_the_function_again() {
    let gauge = Gauge::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([flaky("flaky", 2, &gauge)]))
        .with_layer(RetryLayer::new(Retries(3)))
        .build()
        .unwrap();
    let values = run(&driver, &["flaky"]).await.unwrap();
    assert_eq!(values.get::<usize>("flaky"), Some(&3));
}

/// Keeps the number of calls of the last node.
#[derive(Debug, Default)]
struct Attempts(AtomicUsize);

impl Hook for Attempts {
    fn after_node(&self, _: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        self.0.store(end.attempts(), Ordering::SeqCst);
        Ok(())
    }
}

#[tokio::test]
async fn hooks_count_the_calls_of_a_retry_layer() {
    for decorated in [false, true] {
        let (gauge, attempts) = (Gauge::default(), Arc::<Attempts>::default());
        let node = flaky("flaky", 3, &gauge);
        let flow = Dataflow::new("flow");
        // The decorator calls the function twice in each call of the layer.
        let flow =
            if decorated { flow.with_node(node.with_decorator(Retry::new(2))) } else { flow.with_node(node) };
        let driver = AsyncDriver::builder()
            .with_dataflow(flow)
            .with_hook(attempts.clone())
            .with_layer(RetryLayer::new(Retries(3)))
            .build()
            .unwrap();
        run(&driver, &["flaky"]).await.unwrap();
        assert_eq!((attempts.0.load(Ordering::SeqCst), gauge.calls()), (4, 4));
    }
}

#[tokio::test]
async fn last_error_of_retry_is_the_error_of_the_node() {
    let gauge = Gauge::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([flaky("flaky", 9, &gauge)]))
        .with_layer(RetryLayer::new(Retries(1)))
        .build()
        .unwrap();
    let error = run(&driver, &["flaky"]).await.unwrap_err();
    assert_eq!(describe(error), "ICO1101 node-failed: node `flaky` failed: no route (2)");
}

#[derive(Debug, thiserror::Error)]
#[error("the quote service is down")]
struct Down(#[source] NodeCallError);

#[tokio::test]
async fn map_err_keeps_the_error_of_the_function_as_source() {
    let gauge = Gauge::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([flaky("flaky", 9, &gauge)]))
        .with_layer(ServiceBuilder::new().map_err(Down))
        .build()
        .unwrap();
    let error = run(&driver, &["flaky"]).await.unwrap_err();
    let text = describe(error);
    assert!(text.ends_with("failed: the quote service is down: node `flaky` failed: no route (1)"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn composed_layers_work_together() {
    let gauge = Gauge::default();
    let layers = ServiceBuilder::new()
        .load_shed()
        .layer(BufferLayer::new(64))
        .timeout(5 * SECOND)
        .concurrency_limit(2)
        .retry(Retries(5));
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([flaky("flaky", 3, &gauge), slow("slow", SECOND, &gauge)]))
        .with_layer(layers)
        .build()
        .unwrap();
    assert!(run(&driver, &["flaky", "slow"]).await.is_ok());
    assert!(run_ten(&driver, &["slow"]).await.iter().all(Result::is_ok));
}

#[tokio::test(start_paused = true)]
async fn separate_layers_work_together() {
    let gauge = Gauge::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([slow("slow", SECOND, &gauge)]))
        .with_layer(ConcurrencyLimitLayer::new(1))
        .with_layer(LoadShedLayer::new())
        .with_layer(TimeoutLayer::new(5 * SECOND))
        .build()
        .unwrap();
    // The limit is inside of `LoadShed`, which refuses all calls but one.
    let ended = run_ten(&driver, &["slow"]).await;
    assert_eq!(ended.iter().filter(|ended| ended.is_ok()).count(), 1);
}

#[tokio::test]
async fn prepared_executions_share_the_services() {
    let gauge = Gauge::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([slow("slow", Duration::ZERO, &gauge)]))
        .with_layer(ServiceBuilder::new().layer(BufferLayer::new(NonZeroUsize::MIN.get())).into_inner())
        .build()
        .unwrap();
    for _ in 0..3 {
        assert!(run(&driver, &["slow"]).await.is_ok());
    }
    assert_eq!(gauge.calls(), 3);
}

#[tokio::test]
async fn layer_can_replace_the_output() {
    let gauge = Gauge::default();
    let double = |output: NodeOutput| match output.into_value::<u64>() {
        Ok(value) => NodeOutput::new(2 * value),
        Err(other) => other,
    };
    let nodes = || flow([slow("slow", Duration::ZERO, &gauge), next("after", "slow")]);
    let driver = AsyncDriver::builder()
        .with_dataflow(nodes())
        .with_layer(ServiceBuilder::new().map_response(double))
        .build()
        .unwrap();
    assert_eq!(run(&driver, &["after"]).await.unwrap().get::<u64>("after"), Some(&6));
    let driver = AsyncDriver::builder()
        .with_dataflow(nodes())
        .with_layer(ServiceBuilder::new().map_response(|_| NodeOutput::new("text")))
        .build()
        .unwrap();
    let error = run(&driver, &["after"]).await.unwrap_err();
    assert_eq!(
        describe(error),
        "ICO1101 node-failed: node `slow` failed: a layer returned a value of another type than `u64`"
    );
}
