//! Tests of `parameterize`, `parameterize_sources`, `parameterize_values` and `inject`.

use std::collections::{BTreeMap, HashMap};

use icosian::decorators::{Inject, Parameterization, Parameterize, list, map, sorted_map, source, value};
use icosian::{Asyncness, Node, Outline, Param};

use crate::case::{Case, function, number, outline, reading, run_each};

fn pair(asyncness: Asyncness) -> Node {
    function(asyncness, "pair", ["x", "y"], |[x, y]| x * 10 + y)
}

#[test]
fn sources_and_values_mix_with_unbound_parameters() {
    run_each(|asyncness| {
        let pair = pair(asyncness).with_decorator(
            Parameterize::new()
                .with(Parameterization::new("a").bind("x", source("s")).bind("y", value(2_i64)))
                .with(Parameterization::new("b").bind("x", value(5_i64)).bind("y", source("t")))
                .with(Parameterization::new("c")),
        );
        Case::of([pair])
            .input("s", 1_i64)
            .input("t", 7_i64)
            .input("x", 3_i64)
            .input("y", 4_i64)
            .nodes(["a <- s", "b <- t", "c <- x, y"])
            .output("a", 12_i64)
            .output("b", 57_i64)
            .output("c", 34_i64)
    });
}

#[test]
fn function_name_is_a_node_only_if_listed() {
    run_each(|asyncness| {
        let same = function(asyncness, "same", ["x"], |[x]| x);
        let same = same.with_decorator(Parameterize::new().values("x", [("same", 3_i64), ("other", 4)]));
        Case::of([same]).nodes(["other", "same"]).output("same", 3_i64).output("other", 4_i64)
    });
}

#[test]
fn short_forms_accept_only_sources_or_only_values() {
    run_each(|asyncness| {
        let sources = pair(asyncness).with_decorator(
            Parameterize::new().sources("a", [("x", "s"), ("y", "s")]).sources("b", [("x", "t")]),
        );
        let values = function(asyncness, "values", ["x", "z"], |[x, z]| x + z);
        let values = values.with_decorator(Parameterize::new().values("x", [("low", 1_i64), ("high", 9)]));
        Case::of([sources, values])
            .input("s", 1_i64)
            .input("t", 2_i64)
            .input("y", 3_i64)
            .input("z", 100_i64)
            .nodes(["a <- s, s", "b <- t, y", "high <- z", "low <- z"])
            .output("a", 11_i64)
            .output("b", 23_i64)
            .output("low", 101_i64)
            .output("high", 109_i64)
    });
}

#[test]
fn documentation_contains_the_bindings() {
    run_each(|asyncness| {
        let (outline, body) = pair(asyncness).into_parts();
        let pair = Node::from_parts(outline.with_documentation("{x} and {y}, {z}"), body);
        let pair = pair.with_decorator(
            Parameterize::new()
                .with(Parameterization::new("a").bind("x", source("s")).bind("y", value(2_i64)))
                .with(Parameterization::new("b").bind("x", value(5_i64)).with_documentation("five is {x}")),
        );
        Case::of([pair]).check_graph(|graph| {
            assert_eq!(outline_of(graph, "a"), "s and 2, {z}");
            assert_eq!(outline_of(graph, "b"), "five is 5");
        })
    });
}

fn outline_of<'a>(graph: &'a icosian::graph::Graph, name: &str) -> &'a str {
    outline(graph, name).documentation()
}

#[test]
fn parameterized_nodes_can_be_read_and_overridden() {
    run_each(|asyncness| {
        let double = function(asyncness, "double", ["x"], |[x]| 2 * x);
        let double = double.with_decorator(
            Parameterize::new().sources("once", [("x", "s")]).sources("twice", [("x", "once")]),
        );
        let sum = function(asyncness, "sum", ["once", "twice"], |[once, twice]| once + twice);
        let case = || {
            let case = Case::of([double.clone(), sum.clone().into()]).input("s", 1_i64);
            case.nodes(["once <- s", "sum <- once, twice", "twice <- once"])
        };
        vec![case().output("sum", 6_i64), case().overriding("once", 10).output("sum", 30_i64)]
    });
}

fn total(asyncness: Asyncness) -> Node {
    let outline = Outline::new("total").with_param(Param::taken::<Vec<i64>>("parts").with_clone());
    reading(
        asyncness,
        outline,
        |args| args.take::<Vec<i64>>(0),
        |parts| parts.iter().fold(0, |total, part| total * 10 + part),
    )
}

#[test]
fn list_keeps_source_order_and_duplicates() {
    run_each(|asyncness| {
        let total = total(asyncness).with_decorator(
            Inject::new().bind("parts", list::<i64>([source("s"), value(2_i64), source("s"), source("t")])),
        );
        let t = function(asyncness, "t", ["s"], |[s]| s + 3);
        Case::of([total, t.into()])
            .input("s", 1_i64)
            .nodes(["t <- s", "total <- total.parts", "total.parts <- s, s, t"])
            .output("total", 1214_i64)
    });
}

#[test]
fn parameterized_nodes_have_separate_lists() {
    run_each(|asyncness| {
        let total = total(asyncness).with_decorator(
            Parameterize::new()
                .with(Parameterization::new("a").bind("parts", list::<i64>([source("s"), source("s")])))
                .with(Parameterization::new("b").bind("parts", list::<i64>([value(7_i64)])))
                .with(Parameterization::new("c").bind("parts", list::<i64>([]))),
        );
        Case::of([total]).input("s", 1_i64).output("a", 11_i64).output("b", 7_i64).output("c", 0_i64)
    });
}

#[test]
fn map_has_a_key_for_each_binding() {
    run_each(|asyncness| {
        let outline = Outline::new("hashed").with_param(Param::borrowed::<HashMap<String, i64>>("by_name"));
        let hashed = reading(
            asyncness,
            outline,
            |args| args.lease::<HashMap<String, i64>>(0),
            |by_name| by_name["a"] * 100 + by_name["b"] * 10 + by_name["c"],
        );
        let bound = [("a", source("s")), ("b", source("s")), ("c", value(3_i64))];
        let hashed = hashed.with_decorator(Inject::new().bind("by_name", map::<i64>(bound.clone())));
        let outline = Outline::new("sorted").with_param(Param::borrowed::<BTreeMap<String, i64>>("by_name"));
        let sorted = reading(
            asyncness,
            outline,
            |args| args.lease::<BTreeMap<String, i64>>(0),
            |by_name| by_name.keys().cloned().collect::<String>(),
        );
        let sorted = sorted.with_decorator(Inject::new().bind("by_name", sorted_map::<i64>(bound)));
        Case::of([hashed, sorted])
            .input("s", 1_i64)
            .output("hashed", 113_i64)
            .output("sorted", "abc".to_owned())
    });
}

#[test]
fn lists_of_lists_are_injected() {
    run_each(|asyncness| {
        let outline = Outline::new("nested").with_param(Param::borrowed::<[Vec<i64>]>("rows"));
        let nested = reading(
            asyncness,
            outline,
            |args| args.lease::<[Vec<i64>]>(0),
            |rows| rows.iter().map(Vec::len).collect::<Vec<_>>(),
        );
        let rows = list::<Vec<i64>>([list::<i64>([source("s"), source("s")]), value(vec![1_i64])]);
        Case::of([nested.with_decorator(Inject::new().bind("rows", rows))])
            .input("s", 1_i64)
            .output("nested", vec![2_usize, 1])
    });
}

#[test]
fn inject_keeps_the_function_name() {
    run_each(|asyncness| {
        let pair = pair(asyncness).with_decorator(Inject::new().bind("x", value(3_i64)));
        Case::of([pair]).input("y", 1_i64).nodes(["pair <- y"]).output("pair", 31_i64)
    });
}

#[test]
fn source_of_several_lists_runs_once() {
    run_each(|asyncness| {
        let calls = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(0));
        let counting = std::sync::Arc::clone(&calls);
        let s = reading(
            asyncness,
            Outline::new("s"),
            |_| (),
            move |()| {
                counting.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                1_i64
            },
        );
        let total = total(asyncness).with_decorator(
            Parameterize::new()
                .with(Parameterization::new("a").bind("parts", list::<i64>([source("s"), source("s")])))
                .with(Parameterization::new("b").bind("parts", list::<i64>([source("s")]))),
        );
        let calls = move |_: &_| assert_eq!(calls.swap(0, std::sync::atomic::Ordering::SeqCst), 1);
        Case::of([s.into(), total]).output("a", 11_i64).output("b", 1_i64).check_outputs(calls)
    });
}

#[test]
fn list_for_another_parameter_type_is_refused() {
    run_each(|asyncness| {
        let pair = pair(asyncness).with_decorator(Inject::new().bind("x", list::<i64>([source("s")])));
        let total =
            total(asyncness).with_decorator(Inject::new().bind("parts", map::<i64>([("a", source("s"))])));
        Case::of([pair, total])
            .refusal(
                "ICO0421 decorator-type-mismatch",
                "node `pair` expects `x: i64`, but the bound value is a `Vec<i64>`",
            )
            .refusal(
                "ICO0421 decorator-type-mismatch",
                "node `total` expects `parts: Vec<i64>`, but the bound value is a `HashMap<String, i64>`",
            )
    });
}

#[test]
fn list_items_must_have_the_item_type() {
    run_each(|asyncness| {
        let parts = list::<i64>([source("s"), value("text")]);
        let total = total(asyncness).with_decorator(Inject::new().bind("parts", parts));
        Case::of([total]).refusal(
            "ICO0421 decorator-type-mismatch",
            "node `total.parts` expects `1: i64`, but the bound value is a `&'static str`",
        )
    });
}

#[test]
fn source_of_another_type_is_refused() {
    run_each(|asyncness| {
        let text = function(asyncness, "text", [], |[]| "text".to_owned());
        let pair = pair(asyncness).with_decorator(Inject::new().bind("x", source("text")));
        Case::of([text.into(), pair]).refusal(
            "ICO0004 edge-type-mismatch",
            "node `pair` expects `x: i64`, but node `text` returns `String`",
        )
    });
}

#[test]
fn unknown_and_duplicate_parameters_are_refused() {
    run_each(|asyncness| {
        let inject = Inject::new().bind("z", source("s")).bind("x", source("s")).bind("x", source("t"));
        Case::of([pair(asyncness).with_decorator(inject)])
            .refusal(
                "ICO0410 parameterize-unknown-param",
                "`inject` names `z`, but `pair` has no such parameter",
            )
            .refusal("ICO0416 param-bound-twice", "`inject` binds `x` of `pair` twice")
    });
}

/// Hamilton silently creates no node in this case.
#[test]
fn empty_parameterization_is_refused() {
    run_each(|asyncness| {
        Case::of([pair(asyncness).with_decorator(Parameterize::new())])
            .refusal("ICO0418 nothing-to-decorate", "`parameterize` on `pair` creates no nodes")
    });
}

#[test]
fn duplicate_node_names_are_refused() {
    run_each(|asyncness| {
        let pair = pair(asyncness).with_decorator(
            Parameterize::new().with(Parameterization::new("a")).with(Parameterization::new("a")),
        );
        Case::of([pair]).refusal("ICO0002 duplicate-node", "node `a` is defined twice")
    });
}

#[test]
fn function_has_at_most_one_parameterization() {
    run_each(|asyncness| {
        let both = pair(asyncness)
            .with_decorator(Inject::new().bind("x", source("s")))
            .with_decorator(Parameterize::new().with(Parameterization::new("a")));
        Case::of([both])
            .refusal("ICO0407 conflicting-decorators", "`pair` has both `inject` and `parameterize`")
    });
}

#[test]
fn optional_parameter_can_be_bound_or_omitted() {
    run_each(|asyncness| {
        let outline = Outline::new("maybe").with_param(number("x"));
        let outline = outline.with_param(Param::optional_taken::<i64>("y").with_clone());
        let maybe = reading(
            asyncness,
            outline,
            |args| (args.take::<i64>(0), args.take_optional::<i64>(1)),
            |(x, y)| x * 10 + y.unwrap_or(-1),
        );
        let maybe = maybe.with_decorator(
            Parameterize::new()
                .with(Parameterization::new("a").bind("x", value(1_i64)).bind("y", value(2_i64)))
                .with(Parameterization::new("b").bind("x", value(1_i64)).bind("y", source("t")))
                .with(Parameterization::new("c").bind("x", value(1_i64))),
        );
        Case::of([maybe]).input("t", 5_i64).output("a", 12_i64).output("b", 15_i64).output("c", 9_i64)
    });
}
