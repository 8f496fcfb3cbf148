use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use icosian_adapter::ErrorPolicy;
use icosian_core::{Node, Outline, Param};
use icosian_driver::{AsyncDriver, inputs};
use icosian_tower::{Layer, NodeCall, NodeCallError, NodeService};
use tower::ServiceBuilder;
use tower::retry::{Policy, RetryLayer};
use tower::timeout::TimeoutLayer;

use super::{Gauge, describe, failures, flaky, flow, next, run, slow};

/// Retries every error, three times.
#[derive(Clone)]
struct Always(usize);

impl<Res, E> Policy<NodeCall, Res, E> for Always {
    type Future = std::future::Ready<()>;

    fn retry(&mut self, _: &mut NodeCall, result: &mut Result<Res, E>) -> Option<Self::Future> {
        result.as_ref().err()?;
        self.0 = self.0.checked_sub(1)?;
        Some(std::future::ready(()))
    }

    fn clone_request(&mut self, call: &NodeCall) -> Option<NodeCall> {
        Some(call.clone())
    }
}

#[tokio::test]
async fn panic_of_a_layer_names_the_node_and_the_driver_stays_usable() {
    let is_broken = Arc::new(AtomicBool::new(true));
    let broken = is_broken.clone();
    let layer = ServiceBuilder::new().map_request(move |call: NodeCall| {
        assert!(!broken.load(Ordering::SeqCst), "the layer is broken");
        call
    });
    let gauge = Gauge::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([slow("one", Duration::ZERO, &gauge)]))
        .with_layer(ServiceBuilder::new().concurrency_limit(1))
        .with_layer(layer)
        .build()
        .unwrap();
    let error = run(&driver, &["one"]).await.unwrap_err();
    assert_eq!(describe(error), "ICO1103 node-panicked: node `one` panicked: the layer is broken");
    is_broken.store(false, Ordering::SeqCst);
    assert!(run(&driver, &["one"]).await.is_ok());
}

/// A layer that panics when it makes the first service.
#[derive(Clone)]
struct PanicsOnce(Arc<AtomicBool>);

impl Layer<NodeService> for PanicsOnce {
    type Service = NodeService;

    fn layer(&self, inner: NodeService) -> NodeService {
        assert!(self.0.swap(true, Ordering::SeqCst), "no service");
        inner
    }
}

#[tokio::test]
async fn panic_while_a_service_is_made_is_not_the_last_try() {
    let gauge = Gauge::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([slow("one", Duration::ZERO, &gauge)]))
        .with_layer(PanicsOnce(Arc::default()))
        .build()
        .unwrap();
    let error = run(&driver, &["one"]).await.unwrap_err();
    assert_eq!(describe(error), "ICO1103 node-panicked: node `one` panicked: no service");
    assert!(run(&driver, &["one"]).await.is_ok());
}

#[tokio::test]
async fn panic_of_a_function_is_not_retried() {
    let gauge = Gauge::default();
    let panics = {
        let gauge = gauge.clone();
        Node::future(Outline::new("one"), move |_| {
            let _running = gauge.enter();
            async { if true { panic!("no luck") } else { Ok(1_u64) } }
        })
    };
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([panics]))
        .with_layer(RetryLayer::new(Always(3)))
        .build()
        .unwrap();
    let error = run(&driver, &["one"]).await.unwrap_err();
    assert_eq!(describe(error), "ICO1103 node-panicked: node `one` panicked: no luck");
    assert_eq!(gauge.calls(), 1);
}

/// A value that is not `Clone`.
#[derive(Debug)]
struct Token(u64);

fn token() -> Node {
    Node::sync(Outline::new("token"), |_| Ok(Token(5)))
}

/// Returns a node that consumes the token, and fails `failures` times.
fn consumer(failures: usize, gauge: &Gauge) -> Node {
    let gauge = gauge.clone();
    let outline = Outline::new("consumer").with_param(Param::taken::<Token>("token"));
    Node::future(outline, move |args| {
        let token: Token = args.take_with(0, None);
        let _running = gauge.enter();
        let calls = gauge.calls();
        async move { if calls <= failures { Err(std::io::Error::other("no route").into()) } else { Ok(token.0) } }
    })
}

#[tokio::test]
async fn value_without_clone_moves_to_the_first_call() {
    let gauge = Gauge::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([token(), consumer(0, &gauge)]))
        .with_layer(RetryLayer::new(Always(3)))
        .build()
        .unwrap();
    assert_eq!(run(&driver, &["consumer"]).await.unwrap().get::<u64>("consumer"), Some(&5));
}

#[tokio::test]
async fn second_call_without_the_consumed_value_is_an_error() {
    let gauge = Gauge::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([token(), consumer(1, &gauge)]))
        .with_layer(RetryLayer::new(Always(1)))
        .build()
        .unwrap();
    let error = run(&driver, &["consumer"]).await.unwrap_err();
    assert_eq!(
        describe(error),
        "ICO1101 node-failed: node `consumer` failed: a layer calls node `consumer` again, \
         but the first call consumed `token`, which is not `Clone`"
    );
    assert_eq!(gauge.calls(), 1);
}

#[tokio::test]
async fn cloneable_value_is_cloned_for_each_call() {
    let gauge = Gauge::default();
    let (counted, text) =
        (gauge.clone(), Outline::new("text").with_param(Param::taken::<String>("word").with_clone()));
    let text = Node::future(text, move |args| {
        let word: String = args.take(0);
        let _running = counted.enter();
        let calls = counted.calls();
        async move { if calls < 3 { Err(std::io::Error::other("no route").into()) } else { Ok(word + "!") } }
    });
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([text]))
        .with_layer(RetryLayer::new(Always(5)))
        .build()
        .unwrap();
    let values = driver.execute_named(["text"], inputs! { word: "hello".to_owned() }).await.unwrap();
    assert_eq!(values.get::<String>("text").map(String::as_str), Some("hello!"));
}

#[tokio::test(start_paused = true)]
async fn error_policy_collects_errors_of_layers() {
    let gauge = Gauge::default();
    let second = Duration::from_secs(1);
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([
            slow("late", 5 * second, &gauge),
            flaky("flaky", 9, &gauge),
            slow("quick", Duration::ZERO, &gauge),
            next("after", "late"),
        ]))
        .with_layer(TimeoutLayer::new(second))
        .with_error_policy(ErrorPolicy::CollectAll)
        .build()
        .unwrap();
    let error = run(&driver, &["after", "flaky", "quick"]).await.unwrap_err();
    let mut nodes: Vec<_> =
        failures(error).iter().filter_map(|error| error.kind().node().map(ToString::to_string)).collect();
    nodes.sort();
    assert_eq!(nodes, ["flaky", "late"]);
}

#[derive(Debug, thiserror::Error)]
#[error("wrapped")]
struct Wrapped(#[source] NodeCallError);

#[tokio::test]
async fn wrapped_panic_of_an_offloaded_function_is_a_panic() {
    use icosian_core::node::Placement;
    let node = Node::sync(Outline::new("one"), |_| -> Result<u64, _> { panic!("no luck") });
    let (outline, body) = node.into_parts();
    let node = Node::from_parts(outline.with_placement(Placement::Offload), body);
    let driver = AsyncDriver::builder()
        .with_dataflow(flow([node]))
        .with_layer(ServiceBuilder::new().map_err(Wrapped))
        .build()
        .unwrap();
    let error = run(&driver, &["one"]).await.unwrap_err();
    assert_eq!(describe(error), "ICO1103 node-panicked: node `one` panicked: no luck");
}
