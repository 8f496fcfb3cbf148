//! Tests of `extract_fields`, `unpack_fields` and `extract_outputs`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use icosian::decorators::ExtractOutputs;
use icosian::prelude::*;
use icosian::{Asyncness, Node, Outline, Output, Param};

use crate::case::{Case, function, outline, reading, run_each};

/// The type of a part.
fn part<T: std::any::Any + Send + Sync + Clone>() -> Output {
    Output::of::<T>().cloneable::<T>()
}

fn triple(asyncness: Asyncness) -> Node {
    function(asyncness, "triple", ["x"], |[x]| (x, format!("{x}!"), x * 2))
}

type Triple = (i64, String, i64);

#[test]
fn positions_and_the_tuple_are_nodes() {
    run_each(|asyncness| {
        let triple = triple(asyncness).with_decorator(
            ExtractOutputs::<Triple>::positions()
                .field("first", |triple| &triple.0, part::<i64>())
                .field("text", |triple| &triple.1, part::<String>())
                .field("last", |triple| &triple.2, part::<i64>()),
        );
        let sum = function(asyncness, "sum", ["first", "last"], |[first, last]| first + last);
        Case::of([triple, sum.into()])
            .input("x", 3_i64)
            .nodes([
                "first <- triple",
                "last <- triple",
                "sum <- first, last",
                "text <- triple",
                "triple <- x",
            ])
            .output("triple", (3_i64, "3!".to_owned(), 6_i64))
            .output("first", 3_i64)
            .output("text", "3!".to_owned())
            .output("sum", 9_i64)
    });
}

#[test]
fn subset_of_the_positions_can_be_extracted() {
    run_each(|asyncness| {
        let unpack =
            ExtractOutputs::<Triple>::positions().field("text", |triple| &triple.1, part::<String>());
        let case = Case::of([triple(asyncness).with_decorator(unpack)]).input("x", 3_i64);
        case.nodes(["text <- triple", "triple <- x"]).output("text", "3!".to_owned())
    });
}

/// A number is copied out of the whole, so a node can consume the whole. A list is borrowed, so the whole stays
/// alive.
#[test]
fn copied_part_does_not_keep_the_whole_alive() {
    let driver = |mean: bool| {
        let parts = ExtractOutputs::<Moments>::fields();
        let parts = if mean {
            parts.field("part", |moments| &moments.mean, part::<i64>())
        } else {
            parts.field("part", |moments| &moments.samples, part::<Vec<i64>>())
        };
        let taker = Outline::new("length").with_param(Param::taken::<Moments>("moments"));
        let taker = Node::sync(taker, |args| Ok(args.take_with::<Moments>(0, None).samples.len()));
        let flow = Dataflow::new("flow")
            .with_node(moments(Asyncness::Sync, &Arc::default()).with_decorator(parts))
            .with_node(taker);
        Driver::builder().with_dataflow(flow).build().unwrap()
    };
    let wanted = ["part", "length"];
    let values = driver(true).execute_named(wanted, inputs! {}).unwrap();
    assert_eq!((values.get::<i64>("part"), values.get::<usize>("length")), (Some(&2), Some(&3)));
    let refused = driver(false).execute_named(wanted, inputs! {}).unwrap_err();
    assert!(refused.to_string().contains("is not `Clone`"), "{refused}");
}

struct Moments {
    mean: i64,
    samples: Vec<i64>,
}

fn moments(asyncness: Asyncness, calls: &Arc<AtomicI64>) -> Node {
    let calls = Arc::clone(calls);
    let outline = Outline::new("moments");
    match asyncness {
        Asyncness::Sync => Node::sync(outline, move |_| {
            calls.fetch_add(1, Ordering::SeqCst);
            Ok(Moments { mean: 2, samples: vec![1, 2, 3] })
        }),
        Asyncness::Async => Node::future(outline, move |_| {
            let calls = Arc::clone(&calls);
            async move {
                tokio::task::yield_now().await;
                calls.fetch_add(1, Ordering::SeqCst);
                Ok(Moments { mean: 2, samples: vec![1, 2, 3] })
            }
        }),
    }
}

/// Parts are borrowed, so a struct without `Clone` can be split.
#[test]
fn fields_are_nodes_and_the_function_runs_once() {
    run_each(|asyncness| {
        let calls = Arc::<AtomicI64>::default();
        let moments =
            moments(asyncness, &calls).with_decorator(
                ExtractOutputs::<Moments>::fields()
                    .field("mean", |moments| &moments.mean, part::<i64>())
                    .field("samples", |moments| &moments.samples, part::<Vec<i64>>()),
            );
        let spread = Outline::new("spread").with_param(Param::borrowed::<[i64]>("samples"));
        let spread = reading(
            asyncness,
            spread.with_param(Param::borrowed::<i64>("mean")),
            |args| (args.lease::<[i64]>(0), args.lease::<i64>(1)),
            |(samples, mean)| samples.iter().map(|sample| (sample - *mean).pow(2)).sum::<i64>(),
        );
        Case::of([moments, spread.into()])
            .nodes(["mean <- moments", "moments", "samples <- moments", "spread <- samples, mean"])
            .output("spread", 2_i64)
            .output("mean", 2_i64)
            .output("samples", vec![1_i64, 2, 3])
            .check_outputs(move |_| assert_eq!(calls.swap(0, Ordering::SeqCst), 1))
    });
}

#[test]
fn overridden_part_does_not_run_the_function() {
    run_each(|asyncness| {
        let calls = Arc::<AtomicI64>::default();
        let moments = moments(asyncness, &calls).with_decorator(ExtractOutputs::<Moments>::fields().field(
            "mean",
            |moments| &moments.mean,
            part::<i64>(),
        ));
        let double = function(asyncness, "double", ["mean"], |[mean]| mean * 2);
        Case::of([moments, double.into()])
            .overriding("mean", 9)
            .output("double", 18_i64)
            .check_outputs(move |_| assert_eq!(calls.load(Ordering::SeqCst), 0))
    });
}

fn by_name(asyncness: Asyncness) -> Node {
    function(asyncness, "by_name", ["x"], |[x]| {
        HashMap::from([("eu".to_owned(), x), ("asia".to_owned(), x + 1)])
    })
}

/// Hamilton also adds the default to the map; here the map stays the function's output.
#[test]
fn missing_key_has_the_default() {
    run_each(|asyncness| {
        let by_name = by_name(asyncness).with_decorator(
            ExtractOutputs::<HashMap<String, i64>>::fields().key_or("eu", 9, part::<i64>()).key_or(
                "us",
                9,
                part::<i64>(),
            ),
        );
        Case::of([by_name])
            .input("x", 1_i64)
            .nodes(["by_name <- x", "eu <- by_name", "us <- by_name"])
            .output("eu", 1_i64)
            .output("us", 9_i64)
            .check_outputs(|values| {
                assert_eq!(values.get::<HashMap<String, i64>>("by_name").map(HashMap::len), None);
            })
    });
}

/// Hamilton returns `None`; a typed part has no such value.
#[test]
fn missing_key_without_default_fails_when_requested() {
    run_each(|asyncness| {
        let fields = ExtractOutputs::<HashMap<String, i64>>::fields()
            .key("eu", part::<i64>())
            .key("us", part::<i64>());
        let case = || Case::of([by_name(asyncness).with_decorator(fields.clone())]).input("x", 1_i64);
        vec![
            case().output("eu", 1_i64),
            case().error("us", "node `us` failed: key `us` is missing; known keys: `asia`, `eu`"),
        ]
    });
}

#[test]
fn unnamed_keys_of_sorted_maps_are_ignored() {
    run_each(|asyncness| {
        let sorted = function(asyncness, "sorted", ["x"], |[x]| {
            BTreeMap::from([("eu".to_owned(), x), ("us".to_owned(), x + 1), ("asia".to_owned(), x + 2)])
        });
        let fields = ExtractOutputs::<BTreeMap<String, i64>>::new().key("us", part::<i64>());
        let case = Case::of([sorted.with_decorator(fields)]).input("x", 1_i64);
        case.nodes(["sorted <- x", "us <- sorted"]).output("us", 2_i64)
    });
}

#[test]
fn nested_parts_have_qualified_names() {
    run_each(|asyncness| {
        let nested = function(asyncness, "nested", ["x"], |[x]| ((x, x + 1), x + 2));
        let nested = nested
            .with_decorator(
                ExtractOutputs::<((i64, i64), i64)>::positions()
                    .field("inner", |nested| &nested.0, part::<(i64, i64)>())
                    .field("outer", |nested| &nested.1, part::<i64>()),
            )
            .with_decorator(
                ExtractOutputs::<(i64, i64)>::positions()
                    .field("second", |inner| &inner.1, part::<i64>())
                    .on("inner"),
            );
        Case::of([nested])
            .input("x", 1_i64)
            .nodes(["inner <- nested", "nested <- x", "outer <- nested", "second <- inner"])
            .output("second", 2_i64)
            .output("outer", 3_i64)
            .output("inner", (1_i64, 2_i64))
    });
}

#[test]
fn part_has_a_location_and_a_type() {
    run_each(|asyncness| {
        let unpack =
            ExtractOutputs::<Triple>::positions().field("text", |triple| &triple.1, part::<String>());
        Case::of([triple(asyncness).with_decorator(unpack)]).check_graph(|graph| {
            assert_eq!(outline(graph, "text").to_string(), "text(triple: &(i64, String, i64)) -> String");
        })
    });
}

#[test]
fn extraction_must_match_the_output() {
    run_each(|asyncness| {
        let unpack = ExtractOutputs::<(i64, i64)>::positions().field("first", |pair| &pair.0, part::<i64>());
        let on = ExtractOutputs::<Triple>::positions()
            .field("text", |triple| &triple.1, part::<String>())
            .on("tripel");
        Case::of([
            triple(asyncness).with_decorator(unpack),
            function(asyncness, "other", ["x"], |[x]| (x, String::new(), x)).with_decorator(on),
        ])
        .refusal(
            "ICO0421 decorator-type-mismatch",
            "`unpack_fields` splits a `(i64, i64)`, but `triple` returns `(i64, String, i64)`",
        )
        .refusal(
            "ICO0419 unclear-target",
            "`unpack_fields` names node `tripel`, but `other` has no such node",
        )
    });
}

#[test]
fn part_with_the_name_of_another_node_is_refused() {
    run_each(|asyncness| {
        let unpack = ExtractOutputs::<Triple>::positions().field("taken", |triple| &triple.0, part::<i64>());
        let taken = function(asyncness, "taken", [], |[]| 1_i64);
        Case::of([triple(asyncness).with_decorator(unpack), taken.into()])
            .refusal("ICO0002 duplicate-node", "node `taken` is defined twice")
    });
}
