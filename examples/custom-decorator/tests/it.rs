//! The decorators do the same for a sync function and for its async twin.

use custom_decorator::{Alias, Count, Counted};
use icosian::prelude::*;
use icosian::{Node, NodeError, Outline};

fn unlucky(is_async: bool) -> Node {
    let outline = Outline::new("unlucky");
    let outcome = || Err::<u64, _>(NodeError::failed("no luck"));
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
        let node = unlucky(is_async).decorated(Counted::new(count.clone())).decorated(Alias::new("alias"));
        let driver =
            AsyncDriver::builder().with_dataflow(Dataflow::new("flow").with_node(node)).build().unwrap();
        for _ in 0..2 {
            let error = driver.execute_named(["alias"], inputs! {}).await.unwrap_err();
            assert_eq!(error.node().map(icosian::Name::as_str), Some("unlucky"));
        }
        assert_eq!((count.calls(), count.failures()), (2, 2));
    }
}

#[test]
fn an_alias_has_a_name_of_its_own() {
    let node = unlucky(false).decorated(Alias::new("unlucky"));
    let problems =
        Driver::builder().with_dataflow(Dataflow::new("flow").with_node(node)).build().unwrap_err();
    assert_eq!(problems.to_string(), "`unlucky` is an alias of itself");
}
