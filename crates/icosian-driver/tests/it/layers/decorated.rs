use std::time::Duration;

use icosian_core::{Dataflow, Node, Outline, Param, output_of};
use icosian_decorators::{ExtractOutputs, Fallback, Limit, Retry, Timeout};
use icosian_driver::AsyncDriver;
use icosian_tower::LayerTarget;
use tokio::task::JoinSet;
use tower::ServiceBuilder;
use tower::limit::ConcurrencyLimitLayer;
use tower::timeout::TimeoutLayer;

use super::{Gauge, describe, flaky, flow, run, slow};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn layer_is_outside_of_retry() {
    let gauge = Gauge::default();
    let retry = Retry::new(5).backoff(SECOND, SECOND);
    let driver = |time| {
        AsyncDriver::builder()
            .with_dataflow(
                Dataflow::new("flow").with_node(flaky("flaky", 2, &gauge).with_decorator(retry.clone())),
            )
            .with_layer(TimeoutLayer::new(time))
            .build()
            .unwrap()
    };
    let error = run(&driver(SECOND / 2), &["flaky"]).await.unwrap_err();
    assert!(describe(error).ends_with("request timed out"));
    assert_eq!(gauge.calls(), 1);
    assert!(run(&driver(5 * SECOND), &["flaky"]).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn timeout_of_the_function_is_inside() {
    let gauge = Gauge::default();
    let timed = slow("slow", 5 * SECOND, &gauge).with_decorator(Timeout::new(SECOND));
    let driver = AsyncDriver::builder()
        .with_dataflow(Dataflow::new("flow").with_node(timed))
        .with_layer(ServiceBuilder::new().timeout(2 * SECOND).concurrency_limit(1))
        .build()
        .unwrap();
    let error = run(&driver, &["slow"]).await.unwrap_err();
    assert_eq!(describe(error), "ICO1102 node-timed-out: node `slow` timed out after 1s");
}

#[tokio::test]
async fn fallback_of_the_function_is_inside() {
    let gauge = Gauge::default();
    let recovers = flaky("flaky", 9, &gauge).with_decorator(Fallback::value(7_usize));
    let driver = AsyncDriver::builder()
        .with_dataflow(Dataflow::new("flow").with_node(recovers))
        .with_layer(ConcurrencyLimitLayer::new(1))
        .build()
        .unwrap();
    assert_eq!(run(&driver, &["flaky"]).await.unwrap().get::<usize>("flaky"), Some(&7));
}

#[tokio::test(start_paused = true)]
async fn permits_of_limit_are_acquired_before_the_layer() {
    let gauge = Gauge::default();
    let limited = slow("slow", SECOND, &gauge).with_decorator(Limit::new("db").max_concurrency(2));
    let driver = AsyncDriver::builder()
        .with_dataflow(Dataflow::new("flow").with_node(limited))
        .with_layer_on(LayerTarget::group("db"), TimeoutLayer::new(2 * SECOND))
        .build()
        .unwrap();
    let mut runs = JoinSet::new();
    for _ in 0..8 {
        let driver = driver.clone();
        runs.spawn(async move { run(&driver, &["slow"]).await.map(drop).map_err(describe) });
    }
    // The last run waits three seconds for its permit.
    assert_eq!(runs.join_all().await, vec![Ok(()); 8]);
    assert_eq!(gauge.most(), 2);
}

#[tokio::test]
async fn extracted_parts_are_not_wrapped() {
    let pair = Node::sync(Outline::new("pair").with_output(output_of!((u64, u64))), |_| Ok((1_u64, 2_u64)));
    let parts = ExtractOutputs::<(u64, u64)>::positions()
        .field("left", |pair| &pair.0, output_of!(u64))
        .field("right", |pair| &pair.1, output_of!(u64));
    let pair = pair.with_decorator(parts);
    let sum = Outline::new("sum")
        .with_param(Param::borrowed::<u64>("left"))
        .with_param(Param::borrowed::<u64>("right"));
    let sum = Node::sync(sum, |args| Ok(args.borrow::<u64>(0) + args.borrow::<u64>(1)));
    let flow = Dataflow::new("flow").with_node(pair).with_node(sum);
    let driver =
        AsyncDriver::builder().with_dataflow(flow).with_layer(ConcurrencyLimitLayer::new(1)).build().unwrap();
    assert_eq!(run(&driver, &["sum"]).await.unwrap().get::<u64>("sum"), Some(&3));
    let graph = driver.graph();
    let is_async = |name| graph.outline(graph.node(name).unwrap()).to_string().starts_with("async");
    assert_eq!(["pair", "left", "right", "sum"].map(is_async), [true, false, false, true]);
}

#[tokio::test]
async fn sync_and_async_twins_have_the_same_results() {
    let sync = Node::sync(Outline::new("sync").with_param(Param::borrowed::<u64>("x")), |args| {
        Ok(args.borrow::<u64>(0) * 2)
    });
    let twin = Node::future(Outline::new("twin").with_param(Param::borrowed::<u64>("x")), |args| {
        let x = args.lease::<u64>(0);
        async move {
            tokio::task::yield_now().await;
            Ok(*x * 2)
        }
    });
    let x = Node::sync(Outline::new("x").with_output(output_of!(u64)), |_| Ok(21_u64));
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([x, sync, twin]))
        .with_layer(ServiceBuilder::new().timeout(SECOND).concurrency_limit(1))
        .build()
        .unwrap();
    for _ in 0..3 {
        let values = run(&driver, &["sync", "twin"]).await.unwrap();
        assert_eq!((values.get::<u64>("sync"), values.get::<u64>("twin")), (Some(&42), Some(&42)));
    }
}
