//! Tests of `subdag` and `parameterized_subdag`.

use icosian::decorators::{
    Condition, ConfigWhen, Function, ParameterizedSubdag, Retry, Subdag, SubdagVariant, Tag, source, value,
};
use icosian::prelude::*;
use icosian::{Asyncness, Node};

use crate::case::{Case, flow, function, run_each};

/// `tri` is `x * k`, `quad` is `tri + 1`, `md` is `x` or `-x`, depending on `mode`.
fn inner(asyncness: Asyncness) -> Dataflow {
    let md = |name, sign: i64, mode: &'static str| {
        let md = function(asyncness, name, ["x"], move |[x]| sign * x);
        md.with_decorator(ConfigWhen::new(Condition::when("mode", mode)))
    };
    flow(
        "inner",
        [
            function(asyncness, "tri", ["x", "k"], |[x, k]| x * k).into(),
            function(asyncness, "quad", ["tri"], |[tri]| tri + 1).into(),
            md("md__a", 1, "a"),
            md("md__b", -1, "b"),
        ],
    )
}

fn quad(asyncness: Asyncness, name: &'static str) -> Node {
    function(asyncness, name, ["quad"], |[quad]| quad)
}

/// Hamilton also creates nodes `s.x` for inputs and `s.k` for values. Here readers read the bound node or value
/// directly.
#[test]
fn inner_nodes_have_the_namespace_of_the_function() {
    run_each(|asyncness| {
        let s = function(asyncness, "s", ["quad", "md"], |[quad, md]| quad * 100 + md).with_decorator(
            Subdag::new(inner(asyncness))
                .input("x", source("outer_x"))
                .input("k", value(3_i64))
                .config("mode", "a"),
        );
        Case::of([s])
            .input("outer_x", 5_i64)
            .nodes(["s <- s.quad, s.md", "s.md <- outer_x", "s.quad <- s.tri", "s.tri <- outer_x"])
            .output("s", 1605_i64)
            .output("s.tri", 15_i64)
    });
}

#[test]
fn namespace_can_be_set() {
    run_each(|asyncness| {
        let s = quad(asyncness, "s").with_decorator(
            Subdag::new(inner(asyncness))
                .namespace("ns")
                .input("x", source("outer_x"))
                .input("k", value(3_i64)),
        );
        Case::of([s])
            .input("outer_x", 5_i64)
            .nodes(["ns.quad <- ns.tri", "ns.tri <- outer_x", "s <- ns.quad"])
            .output("s", 16_i64)
    });
}

#[test]
fn unmapped_inputs_read_outer_nodes_of_the_same_name() {
    run_each(|asyncness| {
        let s = quad(asyncness, "s").with_decorator(Subdag::new(inner(asyncness)).input("k", value(3_i64)));
        let case = || Case::of([s.clone()]).nodes(["s <- s.quad", "s.quad <- s.tri", "s.tri <- x"]);
        let x = function(asyncness, "x", [], |[]| 7_i64).into();
        vec![case().input("x", 5_i64).output("s", 16_i64), Case::of([s.clone(), x]).output("s", 22_i64)]
    });
}

#[test]
fn outer_names_must_be_declared() {
    run_each(|asyncness| {
        let s = || function(asyncness, "s", ["quad", "ext"], |[quad, ext]| quad * 100 + ext);
        let subdag = || Subdag::new(inner(asyncness)).input("k", value(3_i64));
        vec![
            Case::of([s().with_decorator(subdag().external(["ext"]))])
                .input("x", 5_i64)
                .input("ext", 7_i64)
                .nodes(["s <- s.quad, ext", "s.quad <- s.tri", "s.tri <- x"])
                .output("s", 1607_i64),
            // Hamilton requires an input `s.ext` in this case.
            Case::of([s().with_decorator(subdag())]).refusal(
                "ICO0414 subdag-unresolved-input",
                "`s` reads node `ext`, which dataflow `inner` does not contain",
            ),
        ]
    });
}

#[test]
fn function_can_read_a_mapped_input() {
    run_each(|asyncness| {
        let s = function(asyncness, "s", ["quad", "x", "k"], |[quad, x, k]| quad * 100 + x * 10 + k);
        let s =
            s.with_decorator(Subdag::new(inner(asyncness)).input("x", source("p")).input("k", value(2_i64)));
        Case::of([s])
            .input("p", 1_i64)
            .nodes(["s <- s.quad, p", "s.quad <- s.tri", "s.tri <- p"])
            .output("s", 312_i64)
    });
}

#[test]
fn subdags_can_be_nested() {
    run_each(|asyncness| {
        let middle = quad(asyncness, "middle").with_decorator(
            Subdag::new(inner(asyncness))
                .namespace("ns")
                .input("x", source("outer_x"))
                .input("k", value(3_i64)),
        );
        let s = function(asyncness, "s", ["middle"], |[middle]| middle * 2)
            .with_decorator(Subdag::new(flow("middle", [middle])).input("outer_x", source("oo")));
        Case::of([s])
            .input("oo", 5_i64)
            .nodes(["s <- s.middle", "s.middle <- s.ns.quad", "s.ns.quad <- s.ns.tri", "s.ns.tri <- oo"])
            .output("s", 32_i64)
            .output("s.ns.tri", 15_i64)
    });
}

#[test]
fn config_is_inherited_extended_and_remapped() {
    run_each(|asyncness| {
        let md = |subdag: Subdag| {
            let s = function(asyncness, "s", ["md"], |[md]| md);
            Case::of([s.with_decorator(subdag.input("x", source("p")).input("k", value(1_i64)))])
                .input("p", 5_i64)
        };
        let subdag = || Subdag::new(inner(asyncness));
        vec![
            md(subdag()).config("mode", "b").output("s", -5_i64),
            md(subdag().config("mode", "a")).config("mode", "b").output("s", 5_i64),
            md(subdag().config_from("mode", "outer_mode")).config("outer_mode", "b").output("s", -5_i64),
            md(subdag().config_from("mode", "outer_mode"))
                .config("outer_mode", "b")
                .config("mode", "a")
                .output("s", -5_i64),
            md(subdag().config_from("mode", "outer_mode")).config("outer_mod", "b").refusal(
                "ICO0414 subdag-unresolved-input",
                "config value `outer_mode` is missing; the subdag of `s` reads it as `mode`",
            ),
        ]
    });
}

#[test]
fn nested_subdags_inherit_config() {
    run_each(|asyncness| {
        let middle = function(asyncness, "middle", ["md"], |[md]| md * 10).with_decorator(
            Subdag::new(inner(asyncness)).input("k", value(1_i64)).config_from("mode", "middle_mode"),
        );
        let s = function(asyncness, "s", ["middle"], |[middle]| middle).with_decorator(
            Subdag::new(flow("middle", [middle]))
                .input("x", source("p"))
                .config_from("middle_mode", "outer_mode"),
        );
        Case::of([s])
            .config("outer_mode", "b")
            .input("p", 5_i64)
            .nodes([
                "s <- s.middle",
                "s.middle <- s.middle.md",
                "s.middle.md <- p",
                "s.middle.quad <- s.middle.tri",
                "s.middle.tri <- p",
            ])
            .output("s", -50_i64)
    });
}

#[test]
fn config_value_is_read_like_an_input() {
    run_each(|asyncness| {
        let s = quad(asyncness, "s")
            .with_decorator(Subdag::new(inner(asyncness)).input("x", source("p")).config("k", 4_i64));
        Case::of([s])
            .input("p", 1_i64)
            .nodes(["s <- s.quad", "s.quad <- s.tri", "s.tri <- p"])
            .output("s", 5_i64)
    });
}

#[test]
fn subdags_of_one_dataflow_do_not_clash() {
    run_each(|asyncness| {
        let one = |name: &'static str, x: &'static str, k: i64| -> Function {
            let subdag = Subdag::new(inner(asyncness)).input("x", source(x)).input("k", value(k));
            quad(asyncness, name).with_decorator(subdag)
        };
        Case::of([one("c1", "p", 2), one("c2", "q", 3), inner_too(asyncness)])
            .input("p", 1_i64)
            .input("q", 2_i64)
            .nodes([
                "c1 <- c1.quad",
                "c1.quad <- c1.tri",
                "c1.tri <- p",
                "c2 <- c2.quad",
                "c2.quad <- c2.tri",
                "c2.tri <- q",
                "tri <- c1, c2",
            ])
            .output("c1", 3_i64)
            .output("c2", 7_i64)
            .output("tri", 307_i64)
    });
}

/// A node with the name of an inner node.
fn inner_too(asyncness: Asyncness) -> Function {
    function(asyncness, "tri", ["c1", "c2"], |[c1, c2]| c1 * 100 + c2).into()
}

#[test]
fn source_is_an_outer_node_despite_inner_name() {
    run_each(|asyncness| {
        let outer = function(asyncness, "tri", [], |[]| 10_i64).into();
        let s = quad(asyncness, "s")
            .with_decorator(Subdag::new(inner(asyncness)).input("x", source("tri")).input("k", value(2_i64)));
        let case = Case::of([s, outer]);
        case.nodes(["s <- s.quad", "s.quad <- s.tri", "s.tri <- tri", "tri"]).output("s", 21_i64)
    });
}

#[test]
fn tags_and_wrappers_apply_to_the_function_only() {
    run_each(|asyncness| {
        let subdag = Subdag::new(inner(asyncness)).input("x", source("p")).input("k", value(2_i64));
        let s = quad(asyncness, "s")
            .with_decorator(Retry::new(2))
            .with_decorator(Tag::new().with("owner", ["me"]))
            .with_decorator(subdag);
        Case::of([s])
            .input("p", 1_i64)
            .tags("s", "owner = me")
            .tags("s.quad", "")
            .tags("s.tri", "")
            .output("s", 3_i64)
    });
}

#[test]
fn dataflow_can_be_included_several_times() {
    run_each(|asyncness| {
        let common = Subdag::new(inner(asyncness)).input("k", value(2_i64)).config("mode", "a");
        let s = function(asyncness, "s", ["quad", "md"], |[quad, md]| quad * 100 + md).with_decorator(
            ParameterizedSubdag::of(common)
                .with(SubdagVariant::new("eu").input("x", source("eu_x")))
                .with(SubdagVariant::new("us").input("x", value(9_i64)).config("mode", "b"))
                .with(SubdagVariant::new("asia").input("x", source("eu")).input("k", value(0_i64))),
        );
        Case::of([s])
            .input("eu_x", 1_i64)
            .nodes([
                "asia <- asia.quad, asia.md",
                "asia.md <- eu",
                "asia.quad <- asia.tri",
                "asia.tri <- eu",
                "eu <- eu.quad, eu.md",
                "eu.md <- eu_x",
                "eu.quad <- eu.tri",
                "eu.tri <- eu_x",
                "us <- us.quad, us.md",
                "us.md",
                "us.quad <- us.tri",
                "us.tri",
            ])
            .output("eu", 301_i64)
            .output("us", 1891_i64)
            .output("asia", 401_i64)
    });
}

#[test]
fn inputs_and_config_apply_to_all_or_one_variant() {
    run_each(|asyncness| {
        let s = function(asyncness, "s", ["md", "ext"], |[md, ext]| md * 100 + ext);
        let common = Subdag::new(inner(asyncness))
            .input("k", value(0_i64))
            .external(["ext"])
            .config_from("mode", "all_mode");
        let s = s.with_decorator(
            ParameterizedSubdag::of(common)
                .with(SubdagVariant::new("eu").input("x", value(1_i64)))
                .with(SubdagVariant::new("us").input("x", value(1_i64)).config_from("mode", "us_mode")),
        );
        Case::of([s])
            .config("all_mode", "a")
            .config("us_mode", "b")
            .input("ext", 7_i64)
            .output("eu", 107_i64)
            .output("us", -93_i64)
    });
}

/// Hamilton accepts an unread input, and reports the other error in `build`.
#[test]
fn unread_inputs_and_inner_nodes_as_inputs_are_refused() {
    run_each(|asyncness| {
        let s = quad(asyncness, "s").with_decorator(
            Subdag::new(inner(asyncness)).input("kk", value(1_i64)).input("tri", value(2_i64)),
        );
        Case::of([s])
            .refusal("ICO0414 subdag-unresolved-input", "no node in the subdag of `s` reads input `kk`")
            .refusal(
                "ICO0414 subdag-unresolved-input",
                "input `tri` of the subdag of `s` is one of its nodes",
            )
    });
}

#[test]
fn subdags_can_be_sync_or_async() {
    run_each(|asyncness| {
        let case = |inside: Asyncness, outside: Asyncness| {
            let subdag = Subdag::new(inner(inside)).input("x", source("p")).input("k", value(2_i64));
            Case::of([quad(outside, "s").with_decorator(subdag)]).input("p", 1_i64).output("s", 3_i64)
        };
        vec![case(asyncness, Asyncness::Sync), case(Asyncness::Sync, asyncness)]
    });
}

#[test]
fn inner_node_is_overridden_by_its_full_name() {
    run_each(|asyncness| {
        let s = quad(asyncness, "s").with_decorator(Subdag::new(inner(asyncness)).input("k", value(3_i64)));
        Case::of([s]).overriding("s.tri", 99).output("s", 100_i64)
    });
}
