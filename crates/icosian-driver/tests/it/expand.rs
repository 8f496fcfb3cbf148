use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use icosian_core::expand::{
    Collect, CollectStream, Collected, Collection, Expansion, ItemError, Items, OnError,
};
use icosian_core::{Dataflow, Handle, Node, NodeError, Outline, Param, output_of};
use icosian_driver::{AsyncDriver, Driver, ExecuteError, inputs};
use icosian_rayon::RayonAdapter;

macro_rules! handles {
    ($($name:ident: $output:ty),*) => {$(
        #[allow(non_camel_case_types, dead_code)]
        struct $name {}
        impl Handle for $name {
            const NAME: &'static str = stringify!($name);
            type Output = $output;
        }
    )*};
}

handles!(number: u64, square: u64, total: u64, total_of_stream: u64, grand: u64);

/// The calls of each function.
#[derive(Clone, Default)]
struct Calls(Arc<[AtomicUsize; 3]>);

impl Calls {
    fn count(&self, at: usize) {
        self.0[at].fetch_add(1, Ordering::Relaxed);
    }

    fn get(&self) -> [usize; 3] {
        [0, 1, 2].map(|at| self.0[at].load(Ordering::Relaxed))
    }
}

fn number_with(expansion: Expansion, calls: &Calls) -> Node {
    let calls = calls.clone();
    let outline = Outline::new("number")
        .with_param(Param::borrowed::<u64>("count"))
        .with_output(output_of!(u64))
        .with_expansion(expansion.with_label(Some(|item| Some(item.get::<u64>()?.to_string()))));
    Node::expanding(outline, move |args| {
        calls.count(0);
        let label: icosian_core::expand::ItemLabel = |item| Some(item.get::<u64>()?.to_string());
        Ok(Items::new(0..*args.borrow::<u64>(0)).with_label(Some(label)))
    })
}

fn square_of(number: u64, offset: u64) -> Result<u64, NodeError> {
    if number == 13 { Err(NodeError::failed("thirteen")) } else { Ok(number * number + offset) }
}

fn square_node(calls: &Calls) -> Node {
    let calls = calls.clone();
    let outline = Outline::new("square")
        .with_param(Param::borrowed::<u64>("number"))
        .with_param(Param::borrowed::<u64>("offset"))
        .with_output(output_of!(u64));
    Node::sync(outline, move |args| {
        calls.count(1);
        square_of(*args.borrow::<u64>(0), *args.borrow::<u64>(1))
    })
}

fn async_square_node(calls: &Calls) -> Node {
    let calls = calls.clone();
    let outline = Outline::new("square")
        .with_param(Param::borrowed::<u64>("number"))
        .with_param(Param::borrowed::<u64>("offset"))
        .with_output(output_of!(u64));
    Node::future(outline, move |args| {
        calls.count(1);
        let args = args.lease_all();
        async move {
            tokio::task::yield_now().await;
            square_of(*args.borrow::<u64>(0), *args.borrow::<u64>(1))
        }
    })
}

fn total_node(calls: &Calls) -> Node {
    let calls = calls.clone();
    let squares = Param::taken::<Collect<u64>>("square").with_collection(Collection::values::<u64>());
    Node::sync(
        Outline::new("total").with_param(squares.with_clone()).with_output(output_of!(u64)),
        move |args| {
            calls.count(2);
            Ok(args.take::<Collect<u64>>(0).iter().sum::<u64>())
        },
    )
}

fn stream_total_node() -> Node {
    let squares = Param::taken::<CollectStream<u64>>("square").with_collection(Collection::stream::<u64>());
    Node::sync(Outline::new("total_of_stream").with_param(squares), |args| {
        let squares = args.take_with::<CollectStream<u64>>(0, None);
        squares.into_iter().sum::<Result<u64, ItemError>>().map_err(NodeError::from)
    })
}

fn flow(expansion: Expansion, calls: &Calls) -> Dataflow {
    Dataflow::new("squares")
        .with_node(number_with(expansion, calls))
        .with_node(square_node(calls))
        .with_node(total_node(calls))
}

fn async_flow(expansion: Expansion, calls: &Calls) -> Dataflow {
    Dataflow::new("squares")
        .with_node(number_with(expansion, calls))
        .with_node(async_square_node(calls))
        .with_node(total_node(calls))
}

fn expansion() -> Expansion {
    Expansion::of::<u64>().with_clone::<u64>()
}

fn drivers(flow: impl Fn() -> Dataflow) -> Vec<Driver> {
    let sync = Driver::builder().with_dataflow(flow()).build().expect("the dataflow is valid");
    let rayon = Driver::builder().with_adapter(RayonAdapter::new()).with_dataflow(flow()).build();
    vec![sync, rayon.expect("the dataflow is valid")]
}

#[test]
fn block_runs_once_per_item_and_other_nodes_once() {
    let calls = Calls::default();
    for (round, driver) in drivers(|| flow(expansion(), &calls)).iter().enumerate() {
        let sum =
            driver.execute::<total>(inputs! { count: 5_u64, offset: 0_u64 }).expect("all items succeed");
        assert_eq!(sum, 1 + 4 + 9 + 16);
        assert_eq!(calls.get(), [1, 5, 1].map(|count| count * (round + 1)));
    }
}

#[tokio::test]
async fn async_block_has_the_same_result() {
    let calls = Calls::default();
    let driver = AsyncDriver::builder().with_dataflow(async_flow(expansion(), &calls)).build();
    let driver = driver.expect("the dataflow is valid");
    let sum = driver.execute::<total>(inputs! { count: 100_u64, offset: 1_u64 }).await;
    let error = sum.expect_err("13 fails");
    assert_eq!(error.to_string(), "node `square` failed for item 13 of `number` (13)");
    let sum = driver.execute::<total>(inputs! { count: 12_u64, offset: 1_u64 }).await;
    assert_eq!(sum.expect("all items succeed"), (0..12).map(|number| number * number + 1).sum());
}

#[test]
fn node_of_a_block_is_an_output() {
    for driver in drivers(|| flow(expansion(), &Calls::default())) {
        let inputs = || inputs! { count: 3_u64, offset: 1_u64 };
        let (squares, numbers) =
            driver.execute::<(Collected<square>, Collected<number>)>(inputs()).expect("all items succeed");
        assert_eq!((squares.into_vec(), numbers.into_vec()), (vec![1, 2, 5], vec![0, 1, 2]));
        let mut named = driver.execute_named(["square", "total"], inputs()).expect("all items succeed");
        assert_eq!(named.take::<Collect<u64>>("square"), Some(vec![1, 2, 5].into()));
        assert_eq!(named.take::<u64>("total"), Some(8));
        let refused = driver.execute::<square>(inputs()).expect_err("it runs once per item");
        assert!(refused.to_string().contains("Collect<u64>"), "{refused}");
    }
}

#[test]
fn overrides_replace_items_block_nodes_and_collecting_nodes() {
    let calls = Calls::default();
    for driver in drivers(|| flow(expansion(), &calls)) {
        let listed = inputs! { offset: 0_u64 }.overriding_items::<number>(vec![1, 2, 3]);
        assert_eq!(driver.execute::<total>(listed).expect("all items succeed"), 14);
        let fixed = inputs! { count: 4_u64 }.overriding::<square>(7);
        assert_eq!(driver.execute::<total>(fixed).expect("all items succeed"), 28);
        let whole = inputs! {}.overriding::<total>(1);
        assert_eq!(driver.execute::<total>(whole).expect("nothing runs"), 1);
    }
}

#[test]
fn failures_end_the_run_or_are_collected_or_skipped() {
    let inputs = || inputs! { count: 20_u64, offset: 0_u64 };
    for driver in drivers(|| flow(expansion(), &Calls::default())) {
        let error = driver.execute::<total>(inputs()).expect_err("13 fails");
        let ExecuteError::Failed(failures) = &error else { panic!("{error}") };
        let item = failures.iter().next().and_then(|failure| failure.kind().item()).expect("an item failed");
        assert_eq!((item.node().as_str(), item.items()[0].index()), ("square", 13));
    }
    for driver in drivers(|| flow(expansion().with_on_error(OnError::Skip), &Calls::default())) {
        let squares = driver.execute::<Collected<square>>(inputs()).expect("the failure is skipped");
        assert_eq!(squares.len(), 19);
    }
}

#[test]
fn stream_has_the_results_in_order() {
    let calls = Calls::default();
    let flow = || {
        Dataflow::new("squares")
            .with_node(number_with(expansion(), &calls))
            .with_node(square_node(&calls))
            .with_node(stream_total_node())
    };
    for driver in drivers(flow) {
        let sum = driver.execute::<total_of_stream>(inputs! { count: 10_u64, offset: 0_u64 });
        assert_eq!(sum.expect("all items succeed"), 285);
        let error = driver.execute::<total_of_stream>(inputs! { count: 20_u64, offset: 0_u64 });
        assert_eq!(
            error.expect_err("13 fails").to_string(),
            "node `square` failed for item 13 of `number` (13)"
        );
    }
}
