use std::sync::{Arc, Mutex};
use std::time::Duration;

use icosian_driver::AsyncDriver;
use icosian_tower::{LayerTarget, NodeCall};
use tower::ServiceBuilder;

use super::{Gauge, flow, run, slow};

#[tokio::test]
async fn last_layer_is_the_outermost() {
    let log: Arc<Mutex<Vec<&str>>> = Arc::default();
    let layer = |name: &'static str| {
        let log = log.clone();
        ServiceBuilder::new().map_request(move |call: NodeCall| {
            log.lock().unwrap().push(name);
            call
        })
    };
    let gauge = Gauge::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([slow("one", Duration::ZERO, &gauge)]))
        .with_layer(layer("first"))
        .with_layer_on(
            LayerTarget::named("one"),
            ServiceBuilder::new().layer(layer("outer")).layer(layer("inner")),
        )
        .with_layer(layer("last"))
        .build()
        .unwrap();
    run(&driver, &["one"]).await.unwrap();
    assert_eq!(*log.lock().unwrap(), ["last", "outer", "inner", "first"]);
}

#[tokio::test]
async fn call_knows_its_node_and_run() {
    let calls: Arc<Mutex<Vec<NodeCall>>> = Arc::default();
    let seen = calls.clone();
    let keep = ServiceBuilder::new().map_request(move |call: NodeCall| {
        seen.lock().unwrap().push(call.clone());
        call
    });
    let gauge = Gauge::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([slow("one", Duration::ZERO, &gauge)]))
        .with_layer(keep)
        .build()
        .unwrap();
    run(&driver, &["one"]).await.unwrap();
    run(&driver, &["one"]).await.unwrap();
    let calls = calls.lock().unwrap();
    let [first, second] = &calls[..] else { panic!("{calls:?}") };
    assert_eq!((first.outline().to_string().as_str(), first.id().as_str()), ("async one() -> u64", "one"));
    assert_ne!(first.run(), second.run());
    assert_eq!((first.calls(), first.items().len()), (1, 0));
}
