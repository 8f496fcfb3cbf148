//! Failures, limits, cancellation and refusals of expansions.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::StreamExt;
use icosian_adapter::{Hook, ItemEnd, NodeEnd, NodeInfo};
use icosian_core::expand::{
    Collect, CollectParam, CollectStream, Collected, Expansion, ItemError, Items, OnError,
};
use icosian_core::run::Group;
use icosian_core::{BoxError, Dataflow, Handle, Node, NodeError, Outline, Param, RunContext, output_of};
use icosian_driver::{AsyncDriver, Driver, config, inputs};
use icosian_rayon::RayonAdapter;

macro_rules! handles {
    ($($name:ident: $output:ty),*) => {$(
        #[allow(non_camel_case_types, dead_code, reason = "a handle has the name of its function")]
        pub(crate) struct $name {}
        impl Handle for $name {
            const NAME: &'static str = stringify!($name);
            type Output = $output;
        }
    )*};
}

handles!(number: u64, same: u64, total: u64);

pub(crate) fn numbers(expansion: Expansion, items: impl Fn() -> Items + Send + Sync + 'static) -> Node {
    let outline = Outline::new("number").with_output(output_of!(u64)).with_expansion(expansion);
    Node::expanding(outline, move |_| Ok(items()))
}

pub(crate) fn expansion() -> Expansion {
    Expansion::of::<u64>()
}

/// Returns the sync node `same` with this body.
pub(crate) fn same(body: impl Fn(u64) -> Result<u64, NodeError> + Send + Sync + 'static) -> Node {
    let outline =
        Outline::new("same").with_param(Param::borrowed::<u64>("number")).with_output(output_of!(u64));
    Node::sync(outline, move |args| body(*args.borrow::<u64>(0)))
}

pub(crate) fn async_same<F>(body: impl Fn(u64) -> F + Send + Sync + 'static) -> Node
where
    F: Future<Output = Result<u64, NodeError>> + Send + 'static,
{
    let outline = Outline::new("same").with_param(Param::taken::<u64>("number").with_clone());
    Node::future(outline.with_output(output_of!(u64)), move |args| body(args.take::<u64>(0)))
}

pub(crate) fn collected() -> Param {
    Param::taken::<Collect<u64>>("same").with_collection(CollectParam::values::<u64>()).with_clone()
}

pub(crate) fn total() -> Node {
    Node::sync(Outline::new("total").with_param(collected()), |args| {
        Ok(args.take::<Collect<u64>>(0).iter().sum::<u64>())
    })
}

pub(crate) fn async_stream_total(collection: CollectParam) -> Node {
    let results = Param::taken::<CollectStream<u64>>("same").with_collection(collection);
    Node::future(Outline::new("total").with_param(results), |args| {
        let mut results = args.take_with::<CollectStream<u64>>(0, None);
        async move {
            let mut total = 0;
            while let Some(result) = results.next().await {
                total += result?;
            }
            Ok(total)
        }
    })
}

pub(crate) fn sync_stream_total() -> Node {
    let results = Param::taken::<CollectStream<u64>>("same").with_collection(CollectParam::stream::<u64>());
    Node::sync(Outline::new("total").with_param(results), |args| {
        let results = args.take_with::<CollectStream<u64>>(0, None);
        results.into_iter().sum::<Result<u64, ItemError>>().map_err(NodeError::from)
    })
}

pub(crate) fn flow(nodes: impl IntoIterator<Item = Node>) -> Dataflow {
    nodes.into_iter().fold(Dataflow::new("flow"), Dataflow::with_node)
}

pub(crate) fn sync(nodes: impl IntoIterator<Item = Node>) -> Driver {
    Driver::builder().with_dataflow(flow(nodes)).build().expect("the dataflow is valid")
}

pub(crate) fn rayon(nodes: impl IntoIterator<Item = Node>) -> Driver {
    let builder = Driver::builder().with_adapter(RayonAdapter::new()).with_dataflow(flow(nodes));
    builder.build().expect("the dataflow is valid")
}

pub(crate) fn tokio_driver(nodes: impl IntoIterator<Item = Node>) -> AsyncDriver {
    AsyncDriver::builder().with_dataflow(flow(nodes)).build().expect("the dataflow is valid")
}

#[test]
fn panics_name_the_node_and_the_item() {
    let panics = |number| if number == 2 { panic!("two") } else { Ok(number) };
    for make in [sync, rayon] {
        let driver = make(vec![numbers(expansion(), || Items::new(0..9_u64)), same(panics), total()]);
        for _ in 0..2 {
            let error = driver.execute::<total>(inputs! {}).expect_err("item 2 panics");
            assert_eq!(error.to_string(), "node `same` panicked for item 2 of `number`: two");
        }
        let source = || Items::new((0..9_u64).inspect(|number| assert!(*number < 5, "the source ends")));
        let driver = make(vec![numbers(expansion(), source), same(Ok), total()]);
        let error = driver.execute::<total>(inputs! {}).expect_err("the source panics");
        assert_eq!(error.to_string(), "node `number` panicked: the source ends");
    }
}

#[test]
fn label_that_panics_is_left_out() {
    let items = || Items::new(0..9_u64).with_label(Some(|_| panic!("no label")));
    let driver = sync([numbers(expansion(), items), same(|_| Err(NodeError::failed("no"))), total()]);
    let error = driver.execute::<total>(inputs! {}).expect_err("all items fail");
    assert_eq!(error.to_string(), "node `same` failed for item 0 of `number`");
}

#[test]
fn source_that_fails_for_an_item_fails_the_item() {
    let items = || Items::fallible((0..4_u64).map(|number| if number == 1 { Err("no") } else { Ok(number) }));
    let driver = sync([numbers(expansion(), items), same(Ok), total()]);
    let error = driver.execute::<total>(inputs! {}).expect_err("item 1 fails");
    assert_eq!(error.to_string(), "node `number` failed for item 1 of `number`");
    let skipping = expansion().with_on_error(OnError::Skip);
    let driver = sync([numbers(skipping, items), same(Ok), total()]);
    assert_eq!(driver.execute::<total>(inputs! {}).expect("item 1 is skipped"), 5);
}

#[tokio::test]
async fn stream_is_pulled_no_faster_than_items_end() {
    let pulled = Arc::new(AtomicUsize::new(0));
    let ended = Arc::new(AtomicUsize::new(0));
    let source = {
        let (pulled, ended) = (Arc::clone(&pulled), Arc::clone(&ended));
        move || {
            let (pulled, ended) = (Arc::clone(&pulled), Arc::clone(&ended));
            Items::stream(futures::stream::iter(0..200_u64).inspect(move |_| {
                let ahead = 1 + pulled.fetch_add(1, Ordering::Relaxed) - ended.load(Ordering::Relaxed);
                assert!(ahead <= 4, "{ahead} items were pulled and have not ended");
            }))
        }
    };
    let body = {
        let ended = Arc::clone(&ended);
        move |number| {
            let ended = Arc::clone(&ended);
            async move {
                tokio::task::yield_now().await;
                ended.fetch_add(1, Ordering::Relaxed);
                Ok(number)
            }
        }
    };
    for collection in [CollectParam::stream::<u64>(), CollectParam::stream::<u64>().unordered()] {
        pulled.store(0, Ordering::Relaxed);
        ended.store(0, Ordering::Relaxed);
        let driver = tokio_driver([
            numbers(expansion().with_concurrency(4), source.clone()),
            async_same(body.clone()),
            async_stream_total(collection),
        ]);
        assert_eq!(driver.execute::<total>(inputs! {}).await.expect("all items succeed"), 19_900);
    }
}

#[test]
fn stream_needs_an_async_driver() {
    let driver =
        sync([numbers(expansion(), || Items::stream(futures::stream::iter(0..3_u64))), same(Ok), total()]);
    let error = driver.execute::<total>(inputs! {}).expect_err("the driver is sync");
    let icosian_driver::ExecuteError::Failed(failures) = error else { panic!("the run failed") };
    let failure = failures.iter().next().expect("a node failed");
    let source = std::error::Error::source(failure.kind()).map(ToString::to_string);
    assert_eq!(failure.to_string(), "node `number` failed");
    assert_eq!(source.as_deref(), Some("it returns a stream, which only an async driver can poll"));
}

#[tokio::test]
async fn sync_function_streams_sync_items_only() {
    let stream = sync_stream_total;
    let items = || numbers(expansion(), || Items::new(0..5_u64));
    let driver = tokio_driver([items(), same(Ok), stream()]);
    assert_eq!(driver.execute::<total>(inputs! {}).await.expect("all nodes are sync"), 10);
    let driver = tokio_driver([items(), async_same(async |number| Ok(number)), stream()]);
    let error = driver.prepare::<total>().expect_err("the function would block");
    assert!(error.to_string().contains("it is sync, and streams results of async node `same`"), "{error}");
}

#[tokio::test]
async fn dropping_an_execution_drops_all_items() {
    struct Guard(Arc<AtomicUsize>);
    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }
    let running = Arc::new(AtomicUsize::new(0));
    let body = {
        let running = Arc::clone(&running);
        move |_| {
            running.fetch_add(1, Ordering::Relaxed);
            let guard = Guard(Arc::clone(&running));
            async move {
                let _guard = guard;
                std::future::pending::<()>().await;
                Ok(0)
            }
        }
    };
    let source = numbers(expansion().with_concurrency(7), || Items::new(0..u64::MAX));
    let driver = tokio_driver([source, async_same(body), total()]);
    let execution = driver.execute::<total>(inputs! {});
    assert!(tokio::time::timeout(Duration::from_millis(20), execution).await.is_err());
    assert_eq!(running.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn cancelling_the_context_ends_a_block() {
    let context = RunContext::new();
    let inner = context.clone();
    let stops = move |number| {
        if number == 1000 {
            inner.cancel();
        }
        Ok(number)
    };
    let source = || numbers(expansion(), || Items::new(0..u64::MAX));
    let driver = sync([source(), same(stops.clone()), total()]);
    let error =
        driver.execute::<total>(inputs! {}.with_context(context.clone())).expect_err("it is cancelled");
    assert_eq!(error.to_string(), "the execution was cancelled");
    let late = RunContext::new().with_time_limit(Duration::from_millis(20));
    let driver = tokio_driver([source(), async_same(async |number| Ok(number)), total()]);
    let error = driver.execute::<total>(inputs! {}.with_context(late)).await.expect_err("it is late");
    assert!(error.to_string().contains("20ms"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn group_limit_holds_across_items() {
    let running = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (inner_running, inner_most) = (Arc::clone(&running), Arc::clone(&most));
    let limited = async_same(move |number| {
        let (running, most) = (Arc::clone(&inner_running), Arc::clone(&inner_most));
        async move {
            most.fetch_max(running.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(1)).await;
            running.fetch_sub(1, Ordering::Relaxed);
            Ok(number)
        }
    });
    let (outline, body) = limited.into_parts();
    let limited = Node::from_parts(outline.with_group(Group::new("few").with_max_concurrency(2)), body);
    let source = numbers(expansion().with_concurrency(10), || Items::new(0..50_u64));
    let driver = tokio_driver([source, limited, total()]);
    assert_eq!(driver.execute::<total>(inputs! {}).await.expect("all items succeed"), 1225);
    assert_eq!(most.load(Ordering::Relaxed), 2);
    let refused = Driver::builder()
        .with_dataflow(flow([
            numbers(expansion(), || Items::new(0..5_u64)),
            async_same(async |n| Ok(n)),
            total(),
        ]))
        .build()
        .expect("the dataflow is valid")
        .prepare::<total>()
        .expect_err("a node of the block is async");
    assert!(refused.to_string().contains("`same` is async"), "{refused}");
}

#[derive(Debug, Default)]
struct Log(Mutex<Vec<String>>);

impl Hook for Log {
    fn after_node(&self, node: &NodeInfo<'_>, _: &NodeEnd<'_>) -> Result<(), BoxError> {
        self.0.lock().expect("no test panics").push(node.id());
        Ok(())
    }

    fn after_item(&self, item: &ItemEnd<'_>) -> Result<(), BoxError> {
        let outcome = item.error().map_or("succeeded".to_owned(), ToString::to_string);
        self.0.lock().expect("no test panics").push(outcome);
        Ok(())
    }
}

#[test]
fn hooks_see_items() {
    let log = Arc::new(Log::default());
    let fails = |number| if number == 1 { Err(NodeError::failed("one")) } else { Ok(number) };
    let skipping = expansion().with_on_error(OnError::Skip);
    let driver = Driver::builder()
        .with_dataflow(flow([numbers(skipping, || Items::new(0..2_u64)), same(fails), total()]))
        .with_hook(Arc::clone(&log))
        .build()
        .expect("the dataflow is valid");
    driver.execute::<total>(inputs! {}).expect("the failure is skipped");
    let log = log.0.lock().expect("no test panics");
    let expected = [
        "number",
        "number[0].same",
        "succeeded",
        "number[1].same",
        "node `same` failed for item 1 of `number`",
        "total",
    ];
    assert_eq!(*log, expected);
}

#[derive(Debug)]
struct Refusing;

impl Hook for Refusing {
    fn after_item(&self, _: &ItemEnd<'_>) -> Result<(), BoxError> {
        Err("enough".into())
    }
}

#[test]
fn hook_that_fails_after_an_item_ends_the_run() {
    let driver = Driver::builder()
        .with_dataflow(flow([numbers(expansion(), || Items::new(0..2_u64)), same(Ok), total()]))
        .with_hook(Refusing)
        .build()
        .expect("the dataflow is valid");
    let error = driver.execute::<total>(inputs! {}).expect_err("the hook fails");
    assert!(error.to_string().contains("Refusing` failed"), "{error}");
}

#[test]
fn blocks_read_config_shared_and_optional_inputs() {
    let outline = Outline::new("same")
        .with_param(Param::borrowed::<u64>("number"))
        .with_param(Param::borrowed::<str>("unit"))
        .with_param(Param::taken::<u64>("factor").with_clone())
        .with_param(Param::optional_borrowed::<str>("note"))
        .with_output(output_of!(String));
    let node = || {
        Node::sync(outline.clone(), |args| {
            let factor = args.take::<u64>(2);
            let note = args.borrow_optional::<str>(3).unwrap_or("-");
            Ok(format!("{}{}{note}", args.borrow::<u64>(0) * factor, args.borrow::<str>(1)))
        })
    };
    handles!(same: String);
    let driver = Driver::builder()
        .with_dataflow(flow([numbers(expansion(), || Items::new(1..3_u64)), node()]))
        .with_config(config! { "factor": 10_u64 })
        .with_shared(inputs! { unit: "g" })
        .build()
        .expect("the dataflow is valid");
    let texts = driver.execute::<Collected<same>>(inputs! {}).expect("all items succeed");
    assert_eq!(texts.into_vec(), ["10g-", "20g-"]);
    let texts = driver.execute::<Collected<same>>(inputs! { note: "!" }).expect("all items succeed");
    assert_eq!(texts.into_vec(), ["10g!", "20g!"]);
    let error = driver.execute::<Collected<same>>(inputs! { not: "!" }).expect_err("no node reads it");
    assert!(error.to_string().contains("`not`"), "{error}");
}

#[test]
fn refused_graphs() {
    let build = |nodes: Vec<Node>| {
        let built = Driver::builder().with_dataflow(flow(nodes)).build();
        built.map(|_| ()).expect_err("the graph is invalid").to_string()
    };
    let source = || numbers(expansion(), || Items::new(0..2_u64));
    let plain = Node::sync(Outline::new("same").with_output(output_of!(u64)), |_| Ok(1_u64));
    let messages = [
        build(vec![plain, total()]),
        build(vec![total()]),
        build(vec![
            source(),
            Node::expanding(
                Outline::new("other").with_output(output_of!(u64)).with_expansion(expansion()),
                |_| Ok(Items::new(0..2_u64)),
            ),
            Node::sync(
                Outline::new("same")
                    .with_param(Param::borrowed::<u64>("number"))
                    .with_param(Param::borrowed::<u64>("other")),
                |_| Ok(1_u64),
            ),
        ]),
        build(vec![
            numbers(expansion().with_on_error(OnError::Collect), || Items::new(0..2_u64)),
            same(Ok),
            total(),
        ]),
        build(vec![
            source(),
            same(Ok),
            total(),
            Node::sync(
                Outline::new("share")
                    .with_param(Param::borrowed::<u64>("same"))
                    .with_param(Param::borrowed::<u64>("total")),
                |args| Ok(args.borrow::<u64>(0) * 100 / args.borrow::<u64>(1)),
            ),
        ]),
        build(vec![
            source(),
            same(Ok),
            Node::sync(
                Outline::new("total").with_param(collected()).with_param(Param::borrowed::<u64>("number")),
                |_| Ok(1_u64),
            ),
        ]),
        build(vec![
            source(),
            same(Ok),
            Node::sync(
                Outline::new("total").with_param(collected()).with_param(
                    Param::taken::<CollectStream<u64>>("number")
                        .with_collection(CollectParam::stream::<u64>()),
                ),
                |_| Ok(1_u64),
            ),
        ]),
        build(vec![source(), same(Ok), total(), {
            let (outline, body) = async_stream_total(CollectParam::stream::<u64>()).into_parts();
            Node::from_parts(outline.with_name("streamed"), body)
        }]),
        build(vec![
            source(),
            same(Ok),
            Node::sync(
                Outline::new("total").with_param(
                    Param::taken::<Collect<f64>>("same").with_collection(CollectParam::values::<f64>()),
                ),
                |_| Ok(1_u64),
            ),
        ]),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn a_million_items_need_the_memory_of_a_few() {
    let results = Param::taken::<CollectStream<u64>>("same").with_collection(CollectParam::stream::<u64>());
    let stream = Node::sync(Outline::new("total").with_param(results), |args| {
        let results = args.take_with::<CollectStream<u64>>(0, None);
        results.into_iter().sum::<Result<u64, ItemError>>().map_err(NodeError::from)
    });
    let count = if cfg!(debug_assertions) { 20_000 } else { 1_000_000 };
    let driver = sync([numbers(expansion(), move || Items::new(0..count)), same(Ok), stream]);
    assert_eq!(driver.execute::<total>(inputs! {}).expect("all items succeed"), count * (count - 1) / 2);
}

#[test]
fn results_without_clone_are_collected_in_one_way() {
    struct Page;
    let page = Outline::new("same").with_param(Param::borrowed::<u64>("number"));
    let page = Node::sync(page, |_| Ok(Page));
    let pages = |param: CollectParam| Param::borrowed::<Collect<Page>>("same").with_collection(param);
    let both = |other| {
        let values = CollectParam::values::<Page>();
        let outline = Outline::new("total").with_param(pages(values)).with_param(pages(other));
        let total = Node::sync(outline, |args| Ok(args.borrow::<Collect<Page>>(1).len() as u64));
        sync([numbers(expansion(), || Items::new(0..3_u64)), page.clone(), total])
    };
    let once = both(CollectParam::values::<Page>());
    assert_eq!(once.execute::<total>(inputs! {}).expect("both read the same results"), 3);
    let refused = both(CollectParam::values::<Page>().unordered()).prepare::<total>();
    let message = refused.expect_err("each order needs the values").to_string();
    assert!(
        message.starts_with("output `same`, which is collected in two ways, cannot be returned"),
        "{message}"
    );
}
