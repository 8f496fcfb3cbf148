use std::time::Duration;

use icosian_core::RunContext;
use icosian_driver::{AsyncDriver, RunError, inputs};
use tokio::time::{sleep, timeout};
use tower::ServiceBuilder;
use tower::buffer::BufferLayer;
use tower::limit::ConcurrencyLimitLayer;

use super::{Gauge, failures, flow, run, slow};

const SECOND: Duration = Duration::from_secs(1);

fn limited(gauge: &Gauge) -> AsyncDriver {
    AsyncDriver::builder()
        .with_dataflow(flow([slow("slow", 5 * SECOND, gauge)]))
        .with_layer(ServiceBuilder::new().layer(BufferLayer::new(8)).layer(ConcurrencyLimitLayer::new(1)))
        .build()
        .expect("there is a node")
}

#[tokio::test(start_paused = true)]
async fn dropped_run_drops_the_call_and_its_permit() {
    let gauge = Gauge::default();
    let driver = limited(&gauge);
    assert!(timeout(SECOND, run(&driver, &["slow"])).await.is_err());
    assert_eq!((gauge.calls(), gauge.running()), (1, 0));
    assert!(timeout(6 * SECOND, run(&driver, &["slow"])).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn dropped_run_that_waits_is_never_called() {
    let gauge = Gauge::default();
    let driver = limited(&gauge);
    let first = tokio::spawn({
        let driver = driver.clone();
        async move { run(&driver, &["slow"]).await.map(drop) }
    });
    sleep(SECOND).await;
    assert!(timeout(SECOND, run(&driver, &["slow"])).await.is_err());
    assert!(first.await.unwrap().is_ok());
    assert!(run(&driver, &["slow"]).await.is_ok());
    assert_eq!((gauge.calls(), gauge.most()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn cancelled_context_ends_the_call() {
    let gauge = Gauge::default();
    let driver = limited(&gauge);
    let context = RunContext::new();
    let cancel = context.clone();
    tokio::spawn(async move {
        sleep(SECOND).await;
        cancel.cancel();
    });
    let error = driver.execute_named(["slow"], inputs! {}.with_context(context)).await.unwrap_err();
    assert!(matches!(failures(error).first(), Some(RunError::Cancelled)));
    assert_eq!((gauge.calls(), gauge.running()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn failed_node_cancels_the_calls_of_others() {
    let gauge = Gauge::default();
    let fails = super::flaky("fails", 9, &Gauge::default());
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([slow("slow", 5 * SECOND, &gauge), fails]))
        .with_layer(ConcurrencyLimitLayer::new(1))
        .build()
        .unwrap();
    let error = run(&driver, &["slow", "fails"]).await.unwrap_err();
    assert_eq!(
        failures(error).first().and_then(RunError::node).map(ToString::to_string).as_deref(),
        Some("fails")
    );
    assert_eq!(gauge.running(), 0);
}

#[test]
fn driver_without_buffer_works_in_several_runtimes() {
    let gauge = Gauge::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([slow("slow", Duration::ZERO, &gauge)]))
        .with_layer(ConcurrencyLimitLayer::new(1))
        .build()
        .unwrap();
    for _ in 0..2 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        assert!(runtime.block_on(run(&driver, &["slow"])).is_ok());
    }
}
