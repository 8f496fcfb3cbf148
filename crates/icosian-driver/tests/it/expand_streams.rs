//! Nodes that stream the results of a block: limits, aborts, nested blocks and requests.

use std::error::Error;

use futures::StreamExt;
use icosian_adapter::{Hook, ItemEnd};
use icosian_core::expand::{Collect, CollectParam, CollectStream, Items};
use icosian_core::run::Group;
use icosian_core::{BoxError, Handle, Node, NodeError, Outline, Param, RunContext, output_of};
use icosian_driver::{AsyncDriver, Driver, inputs};
use icosian_tokio::TokioAdapter;

use crate::expand_faults::{
    async_same, async_stream_total, expansion, flow, numbers, same, sync, sync_stream_total, tokio_driver,
    total,
};

#[allow(non_camel_case_types, dead_code, reason = "a handle has the name of its function")]
struct streamed {}

impl Handle for streamed {
    const NAME: &'static str = "streamed";
    type Output = CollectStream<u64>;
}

fn five_numbers() -> Node {
    numbers(expansion(), || Items::new(0..5_u64))
}

#[tokio::test]
async fn stream_needs_no_permit_of_the_limit_on_all_nodes() {
    let adapter = TokioAdapter::new().with_max_concurrent_nodes(1).with_max_concurrent_runs(1);
    let yields = async |number| {
        tokio::task::yield_now().await;
        Ok(number)
    };
    for collection in [CollectParam::stream::<u64>(), CollectParam::stream::<u64>().unordered()] {
        let nodes = [five_numbers(), async_same(yields), async_stream_total(collection)];
        let driver = AsyncDriver::builder().with_adapter(adapter.clone()).with_dataflow(flow(nodes)).build();
        let driver = driver.expect("the dataflow is valid");
        assert_eq!(driver.execute::<total>(inputs! {}).await.expect("all items succeed"), 10);
    }
}

#[tokio::test]
async fn sync_function_streams_nested_blocks_under_an_async_adapter() {
    let inner = Outline::new("inner").with_param(Param::borrowed::<u64>("number"));
    let inner = Node::expanding(inner.with_output(output_of!(u64)).with_expansion(expansion()), |args| {
        Ok(Items::new(0..*args.borrow::<u64>(0)))
    });
    let inners = Param::borrowed::<Collect<u64>>("inner").with_collection(CollectParam::values::<u64>());
    let same = Node::sync(Outline::new("same").with_param(inners).with_output(output_of!(u64)), |args| {
        Ok(args.borrow::<Collect<u64>>(0).iter().sum::<u64>())
    });
    let driver = tokio_driver([five_numbers(), inner, same, sync_stream_total()]);
    assert_eq!(driver.execute::<total>(inputs! {}).await.expect("all items succeed"), 10);
}

#[tokio::test]
async fn sync_function_cannot_stream_nodes_with_limits() {
    let (outline, body) = same(Ok).into_parts();
    let limited = Node::from_parts(outline.with_group(Group::new("few").with_max_concurrency(2)), body);
    let driver = tokio_driver([five_numbers(), limited, sync_stream_total()]);
    let error = driver.prepare::<total>().expect_err("the limit would be ignored");
    assert!(error.to_string().contains("streams results of node `same`, which has a limit"), "{error}");
}

#[derive(Debug)]
struct Refusing;

impl Hook for Refusing {
    fn after_item(&self, _: &ItemEnd<'_>) -> Result<(), BoxError> {
        Err("enough".into())
    }
}

#[test]
fn hook_that_fails_after_a_streamed_item_ends_the_run() {
    let driver = Driver::builder()
        .with_dataflow(flow([five_numbers(), same(Ok), sync_stream_total()]))
        .with_hook(Refusing)
        .build()
        .expect("the dataflow is valid");
    let error = driver.execute::<total>(inputs! {}).expect_err("the hook fails");
    assert!(error.to_string().contains("Refusing` failed"), "{error}");
}

/// An error that a function returns for the error of an item.
#[derive(Debug)]
struct Wrapped(icosian_core::expand::ItemError);

impl std::fmt::Display for Wrapped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no total")
    }
}

impl Error for Wrapped {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn cancelled_stream_cancels_the_run() {
    let results = Param::taken::<CollectStream<u64>>("same").with_collection(CollectParam::stream::<u64>());
    let wrapping = Node::sync(Outline::new("total").with_param(results), |args| {
        let results = args.take_with::<CollectStream<u64>>(0, None);
        results.into_iter().sum::<Result<u64, _>>().map_err(|error| NodeError::failed(Wrapped(error)))
    });
    for consumer in [sync_stream_total(), wrapping] {
        let context = RunContext::new();
        let inner = context.clone();
        let cancels = move |number| {
            inner.cancel();
            Ok(number)
        };
        let driver = sync([five_numbers(), same(cancels), consumer]);
        let error = driver.execute::<total>(inputs! {}.with_context(context)).expect_err("it is cancelled");
        assert_eq!(error.to_string(), "the execution was cancelled");
    }
}

#[tokio::test]
async fn stream_outlives_its_driver() {
    let results = Param::taken::<CollectStream<u64>>("same").with_collection(CollectParam::stream::<u64>());
    let returned = Node::future(Outline::new("streamed").with_param(results), |args| {
        let results = args.take_with::<CollectStream<u64>>(0, None);
        async move { Ok(results) }
    });
    let yields = async |number| {
        tokio::task::yield_now().await;
        Ok(number)
    };
    let driver = tokio_driver([five_numbers(), async_same(yields), returned]);
    let mut results = driver.execute::<streamed>(inputs! {}).await.expect("no item has run");
    drop(driver);
    let task = async move {
        let mut total = 0;
        while let Some(result) = results.next().await {
            total += result.expect("all items succeed");
        }
        assert!(results.next().await.is_none());
        total
    };
    assert_eq!(tokio::spawn(task).await.expect("the task does not panic"), 10);
}
