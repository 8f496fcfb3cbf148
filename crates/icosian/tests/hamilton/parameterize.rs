//! Tests of `parameterize`, `parameterize_sources`, `parameterize_values` and `inject`.

use std::collections::{BTreeMap, HashMap};

use icosian::decorators::{Inject, Parameterization, Parameterize, list, map, sorted_map, source, value};
use icosian::{Colour, Node, Outline, Param};

use crate::case::{Case, function, number, outline, reading, run_each};

fn pair(colour: Colour) -> Node {
    function(colour, "pair", ["x", "y"], |[x, y]| x * 10 + y)
}

#[test]
fn sources_and_values_mix_with_unbound_parameters() {
    run_each(|colour| {
        let pair = pair(colour).decorated(
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
    run_each(|colour| {
        let same = function(colour, "same", ["x"], |[x]| x);
        let same = same.decorated(Parameterize::new().values("x", [("same", 3_i64), ("other", 4)]));
        Case::of([same]).nodes(["other", "same"]).output("same", 3_i64).output("other", 4_i64)
    });
}

#[test]
fn short_forms_accept_only_sources_or_only_values() {
    run_each(|colour| {
        let sources = pair(colour)
            .decorated(Parameterize::new().sources("a", [("x", "s"), ("y", "s")]).sources("b", [("x", "t")]));
        let values = function(colour, "values", ["x", "z"], |[x, z]| x + z);
        let values = values.decorated(Parameterize::new().values("x", [("low", 1_i64), ("high", 9)]));
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
    run_each(|colour| {
        let (outline, body) = pair(colour).into_parts();
        let pair = Node::from_parts(outline.documented("{x} and {y}, {z}"), body);
        let pair = pair.decorated(
            Parameterize::new()
                .with(Parameterization::new("a").bind("x", source("s")).bind("y", value(2_i64)))
                .with(Parameterization::new("b").bind("x", value(5_i64)).documented("five is {x}")),
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
    run_each(|colour| {
        let double = function(colour, "double", ["x"], |[x]| 2 * x);
        let double = double
            .decorated(Parameterize::new().sources("once", [("x", "s")]).sources("twice", [("x", "once")]));
        let sum = function(colour, "sum", ["once", "twice"], |[once, twice]| once + twice);
        let case = || {
            let case = Case::of([double.clone(), sum.clone().into()]).input("s", 1_i64);
            case.nodes(["once <- s", "sum <- once, twice", "twice <- once"])
        };
        vec![case().output("sum", 6_i64), case().overriding("once", 10).output("sum", 30_i64)]
    });
}

fn total(colour: Colour) -> Node {
    let outline = Outline::new("total").param(Param::taken::<Vec<i64>>("parts").cloneable(true));
    reading(
        colour,
        outline,
        |args| args.take::<Vec<i64>>(0),
        |parts| parts.iter().fold(0, |total, part| total * 10 + part),
    )
}

#[test]
fn list_keeps_source_order_and_duplicates() {
    run_each(|colour| {
        let total = total(colour).decorated(
            Inject::new().bind("parts", list::<i64>([source("s"), value(2_i64), source("s"), source("t")])),
        );
        let t = function(colour, "t", ["s"], |[s]| s + 3);
        Case::of([total, t.into()])
            .input("s", 1_i64)
            .nodes(["t <- s", "total <- total.parts", "total.parts <- s, s, t"])
            .output("total", 1214_i64)
    });
}

#[test]
fn parameterized_nodes_have_separate_lists() {
    run_each(|colour| {
        let total = total(colour).decorated(
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
    run_each(|colour| {
        let outline = Outline::new("hashed").param(Param::borrowed::<HashMap<String, i64>>("by_name"));
        let hashed = reading(
            colour,
            outline,
            |args| args.lease::<HashMap<String, i64>>(0),
            |by_name| by_name["a"] * 100 + by_name["b"] * 10 + by_name["c"],
        );
        let bound = [("a", source("s")), ("b", source("s")), ("c", value(3_i64))];
        let hashed = hashed.decorated(Inject::new().bind("by_name", map::<i64>(bound.clone())));
        let outline = Outline::new("sorted").param(Param::borrowed::<BTreeMap<String, i64>>("by_name"));
        let sorted = reading(
            colour,
            outline,
            |args| args.lease::<BTreeMap<String, i64>>(0),
            |by_name| by_name.keys().cloned().collect::<String>(),
        );
        let sorted = sorted.decorated(Inject::new().bind("by_name", sorted_map::<i64>(bound)));
        Case::of([hashed, sorted])
            .input("s", 1_i64)
            .output("hashed", 113_i64)
            .output("sorted", "abc".to_owned())
    });
}

#[test]
fn lists_of_lists_are_injected() {
    run_each(|colour| {
        let outline = Outline::new("nested").param(Param::borrowed::<[Vec<i64>]>("rows"));
        let nested = reading(
            colour,
            outline,
            |args| args.lease::<[Vec<i64>]>(0),
            |rows| rows.iter().map(Vec::len).collect::<Vec<_>>(),
        );
        let rows = list::<Vec<i64>>([list::<i64>([source("s"), source("s")]), value(vec![1_i64])]);
        Case::of([nested.decorated(Inject::new().bind("rows", rows))])
            .input("s", 1_i64)
            .output("nested", vec![2_usize, 1])
    });
}

#[test]
fn inject_keeps_the_function_name() {
    run_each(|colour| {
        let pair = pair(colour).decorated(Inject::new().bind("x", value(3_i64)));
        Case::of([pair]).input("y", 1_i64).nodes(["pair <- y"]).output("pair", 31_i64)
    });
}

#[test]
fn source_of_several_lists_runs_once() {
    run_each(|colour| {
        let calls = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(0));
        let counting = std::sync::Arc::clone(&calls);
        let s = reading(
            colour,
            Outline::new("s"),
            |_| (),
            move |()| {
                counting.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                1_i64
            },
        );
        let total = total(colour).decorated(
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
    run_each(|colour| {
        let pair = pair(colour).decorated(Inject::new().bind("x", list::<i64>([source("s")])));
        let total = total(colour).decorated(Inject::new().bind("parts", map::<i64>([("a", source("s"))])));
        Case::of([pair, total])
            .refusal(
                "ICO0421 decorator-type-mismatch",
                "`pair` asks for `x: i64`, and the value given to it is of type `Vec<i64>`",
            )
            .refusal(
                "ICO0421 decorator-type-mismatch",
                "`total` asks for `parts: Vec<i64>`, and the value given to it is of type `HashMap<String, i64>`",
            )
    });
}

#[test]
fn list_items_must_have_the_item_type() {
    run_each(|colour| {
        let parts = list::<i64>([source("s"), value("text")]);
        let total = total(colour).decorated(Inject::new().bind("parts", parts));
        Case::of([total]).refusal(
            "ICO0421 decorator-type-mismatch",
            "`total.parts` asks for `1: i64`, and the value given to it is of type `&'static str`",
        )
    });
}

#[test]
fn source_of_another_type_is_refused() {
    run_each(|colour| {
        let text = function(colour, "text", [], |[]| "text".to_owned());
        let pair = pair(colour).decorated(Inject::new().bind("x", source("text")));
        Case::of([text.into(), pair]).refusal(
            "ICO0004 edge-type-mismatch",
            "node `pair` asks for `x: i64`, but node `text` gives `String`",
        )
    });
}

#[test]
fn unknown_and_duplicate_parameters_are_refused() {
    run_each(|colour| {
        let inject = Inject::new().bind("z", source("s")).bind("x", source("s")).bind("x", source("t"));
        Case::of([pair(colour).decorated(inject)])
            .refusal(
                "ICO0410 parameterize-unknown-param",
                "`inject` speaks of `z`, and `pair` has no such parameter",
            )
            .refusal("ICO0416 param-bound-twice", "`inject` binds `x` of `pair` twice")
    });
}

/// Hamilton silently creates no node in this case.
#[test]
fn empty_parameterization_is_refused() {
    run_each(|colour| {
        Case::of([pair(colour).decorated(Parameterize::new())])
            .refusal("ICO0418 nothing-to-decorate", "`parameterize` makes no node of `pair`")
    });
}

#[test]
fn duplicate_node_names_are_refused() {
    run_each(|colour| {
        let pair = pair(colour)
            .decorated(Parameterize::new().with(Parameterization::new("a")).with(Parameterization::new("a")));
        Case::of([pair]).refusal("ICO0002 duplicate-node", "node `a` is defined twice")
    });
}

#[test]
fn function_has_at_most_one_parameterization() {
    run_each(|colour| {
        let both = pair(colour)
            .decorated(Inject::new().bind("x", source("s")))
            .decorated(Parameterize::new().with(Parameterization::new("a")));
        Case::of([both])
            .refusal("ICO0407 conflicting-decorators", "`pair` has both `inject` and `parameterize`")
    });
}

#[test]
fn optional_parameter_can_be_bound_or_omitted() {
    run_each(|colour| {
        let outline = Outline::new("maybe").param(number("x"));
        let outline = outline.param(Param::optional_taken::<i64>("y").cloneable(true));
        let maybe = reading(
            colour,
            outline,
            |args| (args.take::<i64>(0), args.take_optional::<i64>(1)),
            |(x, y)| x * 10 + y.unwrap_or(-1),
        );
        let maybe = maybe.decorated(
            Parameterize::new()
                .with(Parameterization::new("a").bind("x", value(1_i64)).bind("y", value(2_i64)))
                .with(Parameterization::new("b").bind("x", value(1_i64)).bind("y", source("t")))
                .with(Parameterization::new("c").bind("x", value(1_i64))),
        );
        Case::of([maybe]).input("t", 5_i64).output("a", 12_i64).output("b", 15_i64).output("c", 9_i64)
    });
}
