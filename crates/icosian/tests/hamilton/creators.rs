//! Tests of `does`.

use icosian::decorators::{Does, Parameterization, Parameterize, PipeOutput, PipeStep, value};
use icosian::{Asyncness, Node};

use crate::case::{Case, function, outline, run_each};

fn other(asyncness: Asyncness) -> Node {
    function(asyncness, "other", ["x", "y"], |[x, y]| x * 10 + y)
}

fn empty(asyncness: Asyncness) -> Node {
    function(asyncness, "f", ["a", "b"], |_| -> i64 { unreachable!("its body is replaced") })
}

#[test]
fn body_is_replaced_by_another_function() {
    run_each(|asyncness| {
        let same = function(asyncness, "same", ["b", "a"], |[b, a]| b * 100 + a);
        let f = empty(asyncness).with_decorator(Does::new(same));
        Case::of([f]).input("a", 1_i64).input("b", 2_i64).output("f", 201_i64)
    });
}

#[test]
fn parameters_are_mapped() {
    run_each(|asyncness| {
        let f = empty(asyncness).with_decorator(Does::new(other(asyncness)).map("x", "a").map("y", "b"));
        Case::of([f]).input("a", 1_i64).input("b", 2_i64).nodes(["f <- a, b"]).output("f", 12_i64)
    });
}

#[test]
fn other_decorators_apply_to_the_replacement() {
    run_each(|asyncness| {
        let double = PipeStep::of(function(asyncness, "double", ["given"], |[given]| given * 2));
        let f = empty(asyncness)
            .with_decorator(Does::new(other(asyncness)).map("x", "a").map("y", "b"))
            .with_decorator(PipeOutput::new().step(double))
            .with_decorator(Parameterize::new().with(Parameterization::new("e").bind("a", value(3_i64))));
        Case::of([f])
            .input("b", 2_i64)
            .nodes(["e <- e.with_double", "e.raw <- b", "e.with_double <- e.raw"])
            .output("e", 64_i64)
    });
}

#[test]
fn replacement_can_be_sync_or_async() {
    run_each(|asyncness| {
        let case = |own: Asyncness, other_asyncness: Asyncness| {
            let f = empty(own).with_decorator(Does::new(other(other_asyncness)).map("x", "a").map("y", "b"));
            Case::of([f])
                .input("a", 1_i64)
                .input("b", 2_i64)
                .check_graph(move |graph| assert_eq!(outline(graph, "f").asyncness(), other_asyncness))
                .output("f", 12_i64)
        };
        vec![case(asyncness, Asyncness::Sync), case(Asyncness::Sync, asyncness)]
    });
}

#[test]
fn parameters_and_output_must_match() {
    run_each(|asyncness| {
        let text = function(asyncness, "text", ["a"], |[a]| a.to_string());
        vec![
            Case::of([empty(asyncness).with_decorator(Does::new(other(asyncness)).map("x", "a"))])
                .refusal("ICO0415 unknown-param", "`does` names `y`, but `f` has no such parameter"),
            Case::of([empty(asyncness)
                .with_decorator(Does::new(other(asyncness)).map("x", "a").map("z", "b").map("y", "b"))])
            .refusal("ICO0415 unknown-param", "`does` names `z`, but `other` has no such parameter"),
            Case::of([empty(asyncness).with_decorator(Does::new(text))]).refusal(
                "ICO0421 decorator-type-mismatch",
                "`f` returns `i64`, but its replacement `text` returns `String`",
            ),
        ]
    });
}
