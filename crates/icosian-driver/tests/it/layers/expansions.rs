use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::StreamExt;
use icosian_core::expand::{Collect, CollectParam, CollectStream, Expansion, ItemError, Items};
use icosian_core::node::NodeOutput;
use icosian_core::{Dataflow, Node, NodeError, Outline, Param, output_of};
use icosian_driver::{AsyncDriver, BuildErrorKind, inputs};
use icosian_tower::{LayerTarget, NodeCall, TargetError};
use tokio::time::Instant;
use tower::ServiceBuilder;
use tower::layer::util::Identity;
use tower::limit::ConcurrencyLimitLayer;
use tower::timeout::TimeoutLayer;
use tower::util::MapResponseLayer;

use super::{Gauge, describe};

const SECOND: Duration = Duration::from_secs(1);

fn number() -> Node {
    let outline = Outline::new("number")
        .with_param(Param::borrowed::<u64>("count"))
        .with_output(output_of!(u64))
        .with_expansion(Expansion::of::<u64>().with_clone::<u64>());
    Node::expanding(outline, |args| Ok(Items::new(0..*args.borrow::<u64>(0))))
}

/// Returns a node that takes as many seconds as the item.
fn waited(gauge: &Gauge) -> Node {
    let gauge = gauge.clone();
    let outline =
        Outline::new("waited").with_param(Param::borrowed::<u64>("number")).with_output(output_of!(u64));
    Node::future(outline, move |args| {
        let (number, gauge) = (*args.borrow::<u64>(0), gauge.clone());
        async move {
            let _running = gauge.enter();
            tokio::time::sleep(Duration::from_secs(number)).await;
            Ok(number)
        }
    })
}

fn total() -> Node {
    let waits = Param::taken::<Collect<u64>>("waited").with_collection(CollectParam::values::<u64>());
    let outline = Outline::new("total").with_param(waits.with_clone()).with_output(output_of!(u64));
    Node::sync(outline, |args| Ok(args.take::<Collect<u64>>(0).iter().sum::<u64>()))
}

fn streamed() -> Outline {
    let waits = Param::taken::<CollectStream<u64>>("waited").with_collection(CollectParam::stream::<u64>());
    Outline::new("total").with_param(waits)
}

fn flow(gauge: &Gauge, total: Node) -> Dataflow {
    Dataflow::new("waits").with_node(number()).with_node(waited(gauge)).with_node(total)
}

#[tokio::test(start_paused = true)]
async fn nodes_of_items_share_a_limit_and_know_their_item() {
    let (gauge, log) = (Gauge::default(), Arc::new(Mutex::new(Vec::new())));
    let seen = log.clone();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow(&gauge, total()))
        .with_layer_on(LayerTarget::named("waited"), ConcurrencyLimitLayer::new(1))
        .with_layer(ServiceBuilder::new().map_request(move |call: NodeCall| {
            seen.lock().unwrap().push(call.id());
            call
        }))
        .build()
        .unwrap();
    let began = Instant::now();
    let values = driver.execute_named(["total"], inputs! { count: 4_u64 }).await.unwrap();
    assert_eq!((values.get::<u64>("total"), gauge.most(), began.elapsed()), (Some(&6), 1, 6 * SECOND));
    let mut names = log.lock().unwrap().clone();
    names.sort();
    assert_eq!(
        names,
        ["number", "number[0].waited", "number[1].waited", "number[2].waited", "number[3].waited", "total"]
    );
}

#[tokio::test(start_paused = true)]
async fn error_of_a_layer_fails_the_item() {
    let gauge = Gauge::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow(&gauge, total()))
        .with_layer(TimeoutLayer::new(SECOND * 2 + SECOND / 2))
        .build()
        .unwrap();
    let error = driver.execute_named(["total"], inputs! { count: 4_u64 }).await.unwrap_err();
    insta::assert_snapshot!(describe(error));
    assert_eq!(gauge.running(), 0);
}

#[tokio::test(start_paused = true)]
async fn async_function_with_a_stream_can_have_a_layer() {
    let gauge = Gauge::default();
    let total = Node::future(streamed(), |args| {
        let mut waits = args.take_with::<CollectStream<u64>>(0, None);
        async move {
            let mut total = 0;
            while let Some(wait) = waits.next().await {
                total += wait.map_err(NodeError::from)?;
            }
            Ok(total)
        }
    });
    let driver = AsyncDriver::builder()
        .with_dataflow(flow(&gauge, total))
        .with_layer(TimeoutLayer::new(60 * SECOND))
        .build()
        .unwrap();
    let values = driver.execute_named(["total"], inputs! { count: 4_u64 }).await.unwrap();
    assert_eq!(values.get::<u64>("total"), Some(&6));
}

#[test]
fn sync_function_with_a_stream_is_refused() {
    let total = Node::sync(streamed(), |args| {
        let waits = args.take_with::<CollectStream<u64>>(0, None);
        waits.into_iter().sum::<Result<u64, ItemError>>().map_err(NodeError::from)
    });
    let flow = flow(&Gauge::default(), total);
    let error = AsyncDriver::builder().with_dataflow(flow).with_layer(Identity::new()).build().unwrap_err();
    let is_stream =
        |kind: &BuildErrorKind| matches!(kind, BuildErrorKind::Layer(TargetError::SyncStream { .. }));
    assert!(error.kinds().all(is_stream), "{error}");
}

#[tokio::test]
async fn layer_cannot_replace_the_items_by_a_value_of_another_type() {
    let text = || NodeOutput::new("no items".to_owned());
    let nodes = [number(), waited(&Gauge::default()), total()];
    let flow = nodes.into_iter().fold(Dataflow::new("flow"), Dataflow::with_node);
    let layer = MapResponseLayer::new(move |_: NodeOutput| text());
    let builder =
        AsyncDriver::builder().with_dataflow(flow).with_layer_on(LayerTarget::named("number"), layer);
    let driver = builder.build().unwrap();
    let error = driver.execute_named(["total"], inputs! { count: 2_u64 }).await.unwrap_err();
    let expected = "a layer replaced it by a value of another type";
    assert!(describe(error).ends_with(expected));
}
