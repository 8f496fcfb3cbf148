//! Tests of `does`.

use icosian::decorators::{Does, Parameterization, Parameterize, PipeOutput, Step, value};
use icosian::{Colour, Node};

use crate::case::{Case, function, outline, run_each};

fn other(colour: Colour) -> Node {
    function(colour, "other", ["x", "y"], |[x, y]| x * 10 + y)
}

fn empty(colour: Colour) -> Node {
    function(colour, "f", ["a", "b"], |_| -> i64 { unreachable!("its body is replaced") })
}

#[test]
fn body_is_replaced_by_another_function() {
    run_each(|colour| {
        let same = function(colour, "same", ["b", "a"], |[b, a]| b * 100 + a);
        let f = empty(colour).decorated(Does::new(same));
        Case::of([f]).input("a", 1_i64).input("b", 2_i64).output("f", 201_i64)
    });
}

#[test]
fn parameters_are_mapped() {
    run_each(|colour| {
        let f = empty(colour).decorated(Does::new(other(colour)).map("x", "a").map("y", "b"));
        Case::of([f]).input("a", 1_i64).input("b", 2_i64).nodes(["f <- a, b"]).output("f", 12_i64)
    });
}

#[test]
fn other_decorators_apply_to_the_replacement() {
    run_each(|colour| {
        let double = Step::of(function(colour, "double", ["given"], |[given]| given * 2));
        let f = empty(colour)
            .decorated(Does::new(other(colour)).map("x", "a").map("y", "b"))
            .decorated(PipeOutput::new().step(double))
            .decorated(Parameterize::new().with(Parameterization::new("e").bind("a", value(3_i64))));
        Case::of([f])
            .input("b", 2_i64)
            .nodes(["e <- e.with_double", "e.raw <- b", "e.with_double <- e.raw"])
            .output("e", 64_i64)
    });
}

#[test]
fn replacement_can_be_sync_or_async() {
    run_each(|colour| {
        let case = |own: Colour, other_colour: Colour| {
            let f = empty(own).decorated(Does::new(other(other_colour)).map("x", "a").map("y", "b"));
            Case::of([f])
                .input("a", 1_i64)
                .input("b", 2_i64)
                .check_graph(move |graph| assert_eq!(outline(graph, "f").colour(), other_colour))
                .output("f", 12_i64)
        };
        vec![case(colour, Colour::Sync), case(Colour::Sync, colour)]
    });
}

#[test]
fn parameters_and_output_must_match() {
    run_each(|colour| {
        let text = function(colour, "text", ["a"], |[a]| a.to_string());
        vec![
            Case::of([empty(colour).decorated(Does::new(other(colour)).map("x", "a"))])
                .refusal("ICO0415 unknown-param", "`does` speaks of `y`, and `f` has no such parameter"),
            Case::of([
                empty(colour).decorated(Does::new(other(colour)).map("x", "a").map("z", "b").map("y", "b"))
            ])
            .refusal("ICO0415 unknown-param", "`does` speaks of `z`, and `other` has no such parameter"),
            Case::of([empty(colour).decorated(Does::new(text))]).refusal(
                "ICO0421 decorator-type-mismatch",
                "`f` gives `i64`, and `text` in its place gives `String`",
            ),
        ]
    });
}
