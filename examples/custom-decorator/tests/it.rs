//! Tests the decorators on sync and async functions.

use custom_decorator::{Alias, Count, Counted};
use icosian::prelude::*;
use icosian::{Node, NodeError, Outline};

fn failing_node(is_async: bool) -> Node {
    let outline = Outline::new("failing");
    let outcome = || Err::<u64, _>(NodeError::failed("no route"));
    if is_async {
        Node::future(outline, move |_| async move { outcome() })
    } else {
        Node::sync(outline, move |_| outcome())
    }
}

#[tokio::test]
async fn calls_and_failures_are_counted() {
    for is_async in [false, true] {
        let count = Count::default();
        let node = failing_node(is_async)
            .with_decorator(Counted::new(count.clone()))
            .with_decorator(Alias::new("alias"));
        let driver =
            AsyncDriver::builder().with_dataflow(Dataflow::new("flow").with_node(node)).build().unwrap();
        for _ in 0..2 {
            let error = driver.execute_named(["alias"], inputs! {}).await.unwrap_err();
            assert_eq!(error.node().map(icosian::Name::as_str), Some("failing"));
        }
        assert_eq!((count.calls(), count.failures()), (2, 2));
    }
}

#[test]
fn alias_must_differ_from_the_function_name() {
    let node = failing_node(false).with_decorator(Alias::new("failing"));
    let problems =
        Driver::builder().with_dataflow(Dataflow::new("flow").with_node(node)).build().unwrap_err();
    assert_eq!(problems.to_string(), "`failing` is an alias of itself");
}
