use std::sync::{Arc, Mutex};
use std::time::Duration;

use icosian_core::node::Asyncness;
use icosian_core::run::Group;
use icosian_core::{Handle, Node, Outline, Param, output_of};
use icosian_decorators::{CheckOutput, Tag, Validation, Validator};
use icosian_driver::{AsyncDriver, BuildErrorKind, config, inputs};
use icosian_tower::{LayerTarget, NodeCall, TargetError};
use tower::ServiceBuilder;
use tower::layer::util::{Identity, Stack};
use tower::util::MapRequestLayer;

use super::{Gauge, flow, next, run, slow};

#[allow(non_camel_case_types, dead_code, reason = "a handle has the name of its function")]
struct read {}
impl Handle for read {
    const NAME: &'static str = "read";
    type Output = u64;
}

/// The names of the nodes that a layer has called.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

type LogLayer<F> = ServiceBuilder<Stack<MapRequestLayer<F>, Identity>>;

impl Log {
    fn layer(&self) -> LogLayer<impl Fn(NodeCall) -> NodeCall + Clone + Send + Sync + 'static> {
        let log = self.0.clone();
        let keep = move |call: NodeCall| {
            log.lock().expect("no test panics").push(call.id());
            call
        };
        ServiceBuilder::new().map_request(keep)
    }

    fn take(&self) -> Vec<String> {
        let mut names = std::mem::take(&mut *self.0.lock().expect("no test panics"));
        names.sort();
        names
    }
}

fn nodes() -> [Node; 4] {
    let gauge = Gauge::default();
    let (outline, body) = slow("read", Duration::ZERO, &gauge).into_parts();
    let outline =
        outline.with_group(Group::new("db").with_max_concurrency(9)).with_tag("team", ["pricing", "web"]);
    let (other, other_body) = slow("other", Duration::ZERO, &gauge).into_parts();
    [
        Node::from_parts(outline, body),
        Node::from_parts(other.with_tag("team", ["search"]), other_body),
        next("after", "read"),
        next("last", "other"),
    ]
}

/// Returns the names of the nodes that a layer on `target` wraps.
async fn wrapped(target: LayerTarget) -> Vec<String> {
    let log = Log::default();
    let builder = AsyncDriver::builder().with_dataflow(flow(nodes()));
    let driver = builder.with_layer_on(target, log.layer()).build().expect("the target exists");
    run(&driver, &["after", "last"]).await.expect("no node fails");
    log.take()
}

#[tokio::test]
async fn targets_select_nodes() {
    assert_eq!(wrapped(LayerTarget::all()).await, ["after", "last", "other", "read"]);
    assert_eq!(wrapped(LayerTarget::node::<read>()).await, ["read"]);
    assert_eq!(wrapped(LayerTarget::named("last")).await, ["last"]);
    assert_eq!(wrapped(LayerTarget::group("db")).await, ["read"]);
    assert_eq!(wrapped(LayerTarget::tag("team")).await, ["other", "read"]);
    assert_eq!(wrapped(LayerTarget::tag_value("team", "web")).await, ["read"]);
    let is_sync = LayerTarget::matching(|node| node.asyncness() == Asyncness::Sync);
    assert_eq!(wrapped(is_sync).await, ["after", "last"]);
    let one_of_three =
        LayerTarget::named("read").or(LayerTarget::named("other")).or(LayerTarget::group("db"));
    assert_eq!(wrapped(one_of_three).await, ["other", "read"]);
}

/// Returns the errors of `build` with a layer on each target.
fn errors(targets: impl IntoIterator<Item = LayerTarget>) -> Vec<String> {
    let builder = AsyncDriver::builder().with_dataflow(flow(nodes()));
    let builder =
        targets.into_iter().fold(builder, |builder, target| builder.with_layer_on(target, Identity::new()));
    let Err(error) = builder.build() else { return Vec::new() };
    let describe = |kind: &BuildErrorKind| {
        let (code, help) = (miette::Diagnostic::code(kind), miette::Diagnostic::help(kind));
        let text =
            |part: Option<Box<dyn std::fmt::Display + '_>>| part.map(|it| it.to_string()).unwrap_or_default();
        format!("{}: {kind} ({})", text(code), text(help))
    };
    error.kinds().map(describe).collect()
}

#[test]
fn targets_without_nodes_are_errors_of_build() {
    assert_eq!(
        errors([
            LayerTarget::named("reed"),
            LayerTarget::group("dbs"),
            LayerTarget::tag("teams"),
            LayerTarget::tag_value("team", "serch"),
            LayerTarget::matching(|_| false),
            LayerTarget::named("read").or(LayerTarget::named("elsewhere")),
        ]),
        [
            "ICO0039 invalid-layer: a layer targets node `reed`, which matches no node (did you mean `read`?)",
            "ICO0039 invalid-layer: a layer targets group `dbs`, which matches no node (did you mean `db`?)",
            "ICO0039 invalid-layer: a layer targets tag `teams`, which matches no node (did you mean `team`?)",
            "ICO0039 invalid-layer: a layer targets tag `team = serch`, which matches no node (did you mean `search`?)",
            "ICO0039 invalid-layer: a layer targets a predicate, which matches no node (remove the layer, or change its target)",
            "ICO0039 invalid-layer: a layer targets node `elsewhere`, which matches no node (remove the layer, or change its target)",
        ]
    );
    assert!(errors([LayerTarget::all(), LayerTarget::named("read")]).is_empty());
}

#[test]
fn dataflow_without_nodes_accepts_a_layer_on_all() {
    assert!(AsyncDriver::builder().with_layer(Identity::new()).build().is_ok());
}

struct IsEven;

impl Validator<u64> for IsEven {
    fn name(&self) -> &'static str {
        "is_even"
    }

    fn validate(&self, value: &u64) -> Validation {
        Validation::of(value.is_multiple_of(2), "it is odd")
    }
}

#[tokio::test]
async fn target_of_a_checked_function_matches_the_function_only() {
    let two = || {
        let outline = Outline::new("two").with_output(output_of!(u64));
        Node::sync(outline, |_| Ok(2_u64))
            .with_decorator(CheckOutput::<u64>::new().custom(IsEven))
            .with_decorator(Tag::new().with("team", ["web"]))
    };
    for target in [LayerTarget::named("two"), LayerTarget::all(), LayerTarget::tag("team")] {
        let log = Log::default();
        let flow = icosian_core::Dataflow::new("flow").with_node(two());
        let driver =
            AsyncDriver::builder().with_dataflow(flow).with_layer_on(target, log.layer()).build().unwrap();
        run(&driver, &["two"]).await.unwrap();
        assert_eq!(log.take(), ["two_raw"]);
    }
    let flow = icosian_core::Dataflow::new("flow").with_node(two());
    let check = LayerTarget::named("two_is_even");
    let error =
        AsyncDriver::builder().with_dataflow(flow).with_layer_on(check, Identity::new()).build().unwrap_err();
    let no_function = |kind: &BuildErrorKind| matches!(kind, BuildErrorKind::Layer(TargetError::NoFunction { source_node, .. }) if *source_node == "two_raw");
    assert!(error.kinds().all(no_function), "{error}");
}

#[tokio::test]
async fn target_that_config_replaces_is_no_error() {
    let log = Log::default();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow(nodes()))
        .with_config(config! { "read": 5_u64 })
        .with_layer_on(LayerTarget::named("read"), log.layer())
        .build()
        .unwrap();
    assert_eq!(run(&driver, &["after"]).await.unwrap().get::<u64>("after"), Some(&6));
    assert!(log.take().is_empty());
}

#[tokio::test]
async fn overridden_node_is_not_called() {
    let log = Log::default();
    let driver = AsyncDriver::builder().with_dataflow(flow(nodes())).with_layer(log.layer()).build().unwrap();
    let overridden = inputs! {}.overriding::<read>(7);
    let values = driver.execute_named(["after"], overridden).await.unwrap();
    assert_eq!(values.get::<u64>("after"), Some(&8));
    assert_eq!(log.take(), ["after"]);
}

#[test]
fn sync_twin_of_a_wrapped_node_is_async() {
    let outline = |wrap: bool| {
        let node = Node::sync(Outline::new("one").with_param(Param::borrowed::<u64>("x")), |_| Ok(1_u64));
        let builder = AsyncDriver::builder().with_dataflow(flow([node]));
        let driver = if wrap { builder.with_layer(Identity::new()) } else { builder }.build().unwrap();
        let graph = driver.graph();
        graph.outline(graph.node("one").unwrap()).asyncness()
    };
    assert_eq!((outline(false), outline(true)), (Asyncness::Sync, Asyncness::Async));
}
