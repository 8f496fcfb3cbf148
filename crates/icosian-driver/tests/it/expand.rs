use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use icosian_core::expand::{
    Collect, CollectParam, CollectStream, Collected, Expansion, ItemError, Items, OnError,
};
use icosian_core::{Dataflow, Handle, Node, NodeError, Outline, Param, output_of};
use icosian_driver::{AsyncDriver, Driver, ExecuteError, inputs};
use icosian_rayon::RayonAdapter;

macro_rules! handles {
    ($($name:ident: $output:ty),*) => {$(
        #[allow(non_camel_case_types, dead_code, reason = "a handle has the name of its function")]
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
    let squares = Param::taken::<Collect<u64>>("square").with_collection(CollectParam::values::<u64>());
    Node::sync(
        Outline::new("total").with_param(squares.with_clone()).with_output(output_of!(u64)),
        move |args| {
            calls.count(2);
            Ok(args.take::<Collect<u64>>(0).iter().sum::<u64>())
        },
    )
}

fn stream_total_node() -> Node {
    let squares = Param::taken::<CollectStream<u64>>("square").with_collection(CollectParam::stream::<u64>());
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
    assert_eq!(sum.expect("all items succeed"), (0..12).map(|number| number * number + 1).sum::<u64>());
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
fn override_of_a_collected_node_has_the_type_of_the_node() {
    handles!(word: String, length: usize, lengths: Vec<usize>);
    let flow = || {
        let word = Outline::new("word").with_output(output_of!(String));
        let word = word.with_expansion(Expansion::of::<String>().with_clone::<String>());
        let length = Outline::new("length").with_param(Param::borrowed::<str>("word"));
        let collected = Param::taken::<Collect<usize>>("length");
        let collected = collected.with_collection(CollectParam::values::<usize>()).with_clone();
        Dataflow::new("words")
            .with_node(Node::expanding(word, |_| Ok(Items::new(["one".to_owned(), "three".to_owned()]))))
            .with_node(Node::sync(length.with_output(output_of!(usize)), |args| {
                Ok(args.borrow::<str>(0).len())
            }))
            .with_node(Node::sync(Outline::new("lengths").with_param(collected), |args| {
                Ok(args.take::<Collect<usize>>(0).into_vec())
            }))
    };
    for driver in drivers(flow) {
        assert_eq!(driver.execute::<lengths>(inputs! {}).expect("all items succeed"), [3, 5]);
        let fixed = inputs! {}.overriding::<length>(7);
        assert_eq!(driver.execute::<lengths>(fixed).expect("all items succeed"), [7, 7]);
        let words = driver.execute::<Collected<word>>(inputs! {}).expect("all items succeed");
        assert_eq!(words.into_vec(), ["one", "three"]);
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

fn grand_flow() -> Dataflow {
    // For each group of numbers: the squares of its numbers plus the group, summed; then the sum of these sums.
    let group = Outline::new("group").with_output(output_of!(u64)).with_expansion(expansion());
    let group = Node::expanding(group, |_| Ok(Items::new(vec![1_u64, 2, 3])));
    let member = Outline::new("number")
        .with_param(Param::borrowed::<u64>("group"))
        .with_output(output_of!(u64))
        .with_expansion(expansion());
    let member = Node::expanding(member, |args| Ok(Items::new(0..*args.borrow::<u64>(0))));
    let square = Outline::new("square")
        .with_param(Param::borrowed::<u64>("number"))
        .with_param(Param::borrowed::<u64>("group"))
        .with_param(Param::borrowed::<u64>("offset"))
        .with_output(output_of!(u64));
    let square = Node::sync(square, |args| {
        square_of(*args.borrow::<u64>(0), args.borrow::<u64>(1) * 10 + args.borrow::<u64>(2))
    });
    let totals = Param::taken::<Collect<u64>>("total").with_collection(CollectParam::values::<u64>());
    let grand = Node::sync(
        Outline::new("grand").with_param(totals.with_clone()).with_output(output_of!(u64)),
        |args| Ok(args.take::<Collect<u64>>(0).iter().sum::<u64>()),
    );
    let offset = Node::sync(Outline::new("offset").with_output(output_of!(u64)), |_| Ok(100_u64));
    Dataflow::new("grand")
        .with_node(group)
        .with_node(member)
        .with_node(square)
        .with_node(total_node(&Calls::default()))
        .with_node(grand)
        .with_node(offset)
}

#[test]
fn expansions_nest() {
    for driver in drivers(grand_flow) {
        let sum: u64 = (1..=3)
            .map(|group| (0..group).map(|number| number * number + group * 10 + 100).sum::<u64>())
            .sum();
        assert_eq!(driver.execute::<grand>(inputs! {}).expect("all items succeed"), sum);
        let all = driver.execute::<Collected<square>>(inputs! {}).expect("all items succeed");
        assert_eq!(all.into_vec(), [110, 120, 121, 130, 131, 134]);
        let totals = driver.execute::<Collected<total>>(inputs! {}).expect("all items succeed");
        assert_eq!(totals.into_vec(), [110, 241, 395]);
        let inner = inputs! {}.overriding_items::<number>(vec![13]);
        let error = driver.execute::<grand>(inner).expect_err("13 fails");
        assert_eq!(error.to_string(), "node `square` failed for item 0 of `number` in item 0 of `group`");
    }
}

#[tokio::test]
async fn expansions_nest_under_tokio_with_one_permit() {
    let adapter = icosian_tokio::TokioAdapter::new()
        .with_max_concurrent_nodes(1)
        .with_max_concurrent_runs(1)
        .with_deadline(std::time::Duration::from_mins(1))
        .with_node_timeout(std::time::Duration::from_mins(1));
    let driver =
        AsyncDriver::under(adapter).with_dataflow(grand_flow()).build().expect("the dataflow is valid");
    let totals = driver.execute::<Collected<total>>(inputs! {}).await.expect("all items succeed");
    assert_eq!(totals.into_vec(), [110, 241, 395]);
}

handles!(report: String, ratio: f64, mean: f64);

fn side_by_side() -> Dataflow {
    let total = total_node(&Calls::default());
    let squares = || Param::borrowed::<Collect<u64>>("square").with_collection(CollectParam::values::<u64>());
    let mean = Node::sync(Outline::new("mean").with_param(squares()), |args| {
        let squares = args.borrow::<Collect<u64>>(0);
        Ok(squares.iter().map(|square| f64::from(u32::try_from(*square).expect("it is small"))).sum::<f64>()
            / f64::from(u32::try_from(squares.len()).expect("it is small")))
    });
    let word = Outline::new("word").with_output(output_of!(String)).with_expansion(Expansion::of::<String>());
    let word = Node::expanding(word, |_| Ok(Items::new(["a", "bb", "ccc"].map(str::to_owned))));
    let length = Outline::new("length").with_param(Param::taken::<String>("word"));
    let length = Node::sync(length.with_output(output_of!(usize)), |args| Ok(args.take::<String>(0).len()));
    let report = Outline::new("report")
        .with_param(
            Param::borrowed::<Collect<usize>>("length").with_collection(CollectParam::values::<usize>()),
        )
        .with_param(
            Param::borrowed::<Collect<u64>>("number")
                .with_collection(CollectParam::values::<u64>().unordered()),
        )
        .with_param(Param::borrowed::<f64>("mean"))
        .with_param(Param::borrowed::<u64>("total"));
    let report = Node::sync(report, |args| {
        let mut numbers = args.borrow::<Collect<u64>>(1).to_vec();
        numbers.sort_unstable();
        Ok(format!(
            "{:?} {numbers:?} {} {}",
            &**args.borrow::<Collect<usize>>(0),
            args.borrow::<f64>(2),
            args.borrow::<u64>(3)
        ))
    });
    Dataflow::new("side_by_side")
        .with_node(number_with(expansion(), &Calls::default()))
        .with_node(square_node(&Calls::default()))
        .with_node(total)
        .with_node(mean)
        .with_node(word)
        .with_node(length)
        .with_node(report)
}

#[test]
fn blocks_run_side_by_side_and_are_collected_several_times() {
    for driver in drivers(side_by_side) {
        let inputs = || inputs! { count: 4_u64, offset: 0_u64 };
        let text = driver.execute::<report>(inputs()).expect("all items succeed");
        assert_eq!(text, "[1, 2, 3] [0, 1, 2, 3] 3.5 14");
        assert!(driver.execute::<mean>(inputs! { count: 0_u64, offset: 0_u64 }).expect("no items").is_nan());
    }
}

#[tokio::test]
async fn blocks_run_side_by_side_under_tokio() {
    let driver = AsyncDriver::builder().with_dataflow(side_by_side()).build().expect("the dataflow is valid");
    let text = driver.execute::<report>(inputs! { count: 4_u64, offset: 0_u64 }).await;
    assert_eq!(text.expect("all items succeed"), "[1, 2, 3] [0, 1, 2, 3] 3.5 14");
}

#[test]
fn errors_are_collected() {
    let results = Param::taken::<Collect<Result<u64, ItemError>>>("square")
        .with_collection(CollectParam::results::<u64>())
        .with_clone();
    let flow = || {
        let report = Node::sync(Outline::new("report").with_param(results.clone()), |args| {
            let results = args.take::<Collect<Result<u64, ItemError>>>(0);
            let failed: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
            Ok(format!("{} of {}: {}", failed.len(), results.len(), failed[0]))
        });
        Dataflow::new("squares")
            .with_node(number_with(expansion().with_on_error(OnError::Collect), &Calls::default()))
            .with_node(square_node(&Calls::default()))
            .with_node(report)
    };
    for driver in drivers(flow) {
        let text =
            driver.execute::<report>(inputs! { count: 15_u64, offset: 0_u64 }).expect("errors are collected");
        assert_eq!(text, "1 of 15: node `square` failed for item 13 of `number` (13)");
    }
}

#[tokio::test]
async fn async_function_streams_results() {
    use futures::StreamExt;
    for order in [CollectParam::stream::<u64>(), CollectParam::stream::<u64>().unordered()] {
        let squares = Param::taken::<CollectStream<u64>>("square").with_collection(order);
        let stream = Node::future(Outline::new("total_of_stream").with_param(squares), |args| {
            let mut squares = args.take_with::<CollectStream<u64>>(0, None);
            async move {
                let mut total = 0;
                while let Some(square) = squares.next().await {
                    total += square?;
                }
                Ok(total)
            }
        });
        let calls = Calls::default();
        let driver = AsyncDriver::builder()
            .with_dataflow(
                Dataflow::new("squares")
                    .with_node(number_with(
                        expansion().with_concurrency(3).with_on_error(OnError::Skip),
                        &calls,
                    ))
                    .with_node(async_square_node(&calls))
                    .with_node(stream),
            )
            .build()
            .expect("the dataflow is valid");
        let sum = driver.execute::<total_of_stream>(inputs! { count: 20_u64, offset: 0_u64 }).await;
        assert_eq!(sum.expect("the failure is skipped"), 2470 - 169);
    }
}
