//! Tests of `pipe_output`.

use icosian::decorators::{
    Condition, ExtractOutputs, Function, Parameterization, Parameterize, PipeOutput, PipeStep, source, value,
};
use icosian::{Asyncness, Node, Output};

use crate::case::{Case, function, outline, run_each};

fn f(asyncness: Asyncness) -> Node {
    function(asyncness, "f", ["a"], |[a]| a)
}

fn double(asyncness: Asyncness) -> PipeStep {
    PipeStep::of(function(asyncness, "double", ["given"], |[given]| 2 * given))
}

fn add(asyncness: Asyncness) -> PipeStep {
    PipeStep::of(function(asyncness, "add", ["given", "more"], |[given, more]| given + more))
}

fn piped(asyncness: Asyncness, pipe: PipeOutput) -> Case {
    Case::of([f(asyncness).with_decorator(pipe)]).input("a", 1_i64)
}

/// A function with the outputs `e1` and `e2`.
fn both(asyncness: Asyncness) -> Function {
    let part = || Output::of::<i64>().cloneable::<i64>();
    function(asyncness, "both", ["a"], |[a]| (a, a)).with_decorator(
        ExtractOutputs::<(i64, i64)>::fields().field("e1", |both| &both.0, part()).field(
            "e2",
            |both| &both.1,
            part(),
        ),
    )
}

#[test]
fn pipe_composes_its_steps() {
    run_each(|asyncness| {
        let pipe = || {
            PipeOutput::new()
                .step(double(asyncness))
                .step(add(asyncness).bind("more", source("k")).when(Condition::when("env", "prod")))
                .step(add(asyncness).bind("more", value(100_i64)))
        };
        vec![
            piped(asyncness, pipe())
                .config("env", "prod")
                .input("k", 5_i64)
                .nodes([
                    "f <- f.with_add_1",
                    "f.raw <- a",
                    "f.with_add <- f.with_double, k",
                    "f.with_add_1 <- f.with_add",
                    "f.with_double <- f.raw",
                ])
                .output("f", 107_i64)
                .output("f.raw", 1_i64)
                .output("f.with_double", 2_i64),
            piped(asyncness, pipe())
                .nodes([
                    "f <- f.with_add",
                    "f.raw <- a",
                    "f.with_add <- f.with_double",
                    "f.with_double <- f.raw",
                ])
                .output("f", 102_i64),
        ]
    });
}

#[test]
fn pipe_without_active_steps_changes_nothing() {
    run_each(|asyncness| {
        let pipe = PipeOutput::new().step(double(asyncness).when(Condition::when("env", "prod")));
        vec![
            piped(asyncness, pipe).nodes(["f <- a"]).output("f", 1_i64),
            piped(asyncness, PipeOutput::new()).nodes(["f <- a"]).output("f", 1_i64),
        ]
    });
}

#[test]
fn consumers_read_the_output_of_the_last_step() {
    run_each(|asyncness| {
        let f = f(asyncness).with_decorator(PipeOutput::new().step(double(asyncness)));
        let reader = function(asyncness, "reader", ["f"], |[f]| f + 1000).into();
        let case = || {
            Case::of([
                f.clone(),
                function(asyncness, "other", ["f"], |[f]| f).into(),
                Function::clone(&reader),
            ])
        };
        vec![
            case().input("a", 1_i64).output("reader", 1002_i64).output("other", 2_i64).output("f", 2_i64),
            case().overriding("f.raw", 10).output("reader", 1020_i64),
            case().overriding("f", 10).output("reader", 1010_i64),
        ]
    });
}

#[test]
fn only_named_outputs_are_piped() {
    run_each(|asyncness| {
        let on = PipeOutput::new().step(double(asyncness)).on_output(["e1"]);
        let by_step = PipeOutput::new()
            .step(double(asyncness).on_output(["e1"]))
            .step(add(asyncness).bind("more", value(1_i64)).on_output(["e1", "e2"]));
        let case = |pipe| Case::of([both(asyncness).with_decorator(pipe)]).input("a", 1_i64);
        vec![
            case(on)
                .nodes([
                    "both <- a",
                    "e1 <- e1.with_double",
                    "e1.raw <- both",
                    "e1.with_double <- e1.raw",
                    "e2 <- both",
                ])
                .output("e1", 2_i64)
                .output("e2", 1_i64),
            case(by_step)
                .nodes([
                    "both <- a",
                    "e1 <- e1.with_add",
                    "e1.raw <- both",
                    "e1.with_add <- e1.with_double",
                    "e1.with_double <- e1.raw",
                    "e2 <- e2.with_add",
                    "e2.raw <- both",
                    "e2.with_add <- e2.raw",
                ])
                .output("e1", 3_i64)
                .output("e2", 2_i64),
            case(PipeOutput::new().step(double(asyncness)))
                .nodes([
                    "both <- a",
                    "e1 <- e1.with_double",
                    "e1.raw <- both",
                    "e1.with_double <- e1.raw",
                    "e2 <- e2.with_double",
                    "e2.raw <- both",
                    "e2.with_double <- e2.raw",
                ])
                .output("e1", 2_i64)
                .output("e2", 2_i64),
        ]
    });
}

#[test]
fn parameterized_nodes_have_separate_steps() {
    run_each(|asyncness| {
        let both = |pipe: PipeOutput| {
            let parameterize = Parameterize::new()
                .with(Parameterization::new("z1").bind("a", value(1_i64)))
                .with(Parameterization::new("z2").bind("a", value(2_i64)));
            Case::of([f(asyncness).with_decorator(pipe).with_decorator(parameterize)])
        };
        vec![
            both(PipeOutput::new().step(double(asyncness)))
                .nodes([
                    "z1 <- z1.with_double",
                    "z1.raw",
                    "z1.with_double <- z1.raw",
                    "z2 <- z2.with_double",
                    "z2.raw",
                    "z2.with_double <- z2.raw",
                ])
                .output("z1", 2_i64)
                .output("z2", 4_i64),
            both(PipeOutput::new().step(double(asyncness)).on_output(["z1"]))
                .nodes(["z1 <- z1.with_double", "z1.raw", "z1.with_double <- z1.raw", "z2"])
                .output("z1", 2_i64)
                .output("z2", 2_i64),
        ]
    });
}

#[test]
fn steps_are_named_and_namespaced() {
    run_each(|asyncness| {
        vec![
            piped(asyncness, PipeOutput::new().step(double(asyncness)).namespace("g"))
                .nodes(["f <- g.with_double", "f.raw <- a", "g.with_double <- f.raw"])
                .output("f", 2_i64),
            piped(asyncness, PipeOutput::new().step(double(asyncness)).without_namespace())
                .nodes(["f <- with_double", "f.raw <- a", "with_double <- f.raw"])
                .output("f", 2_i64),
            piped(
                asyncness,
                PipeOutput::new()
                    .step(double(asyncness).named("once"))
                    .step(double(asyncness).named("twice").namespaced("ns")),
            )
            .nodes(["f <- ns.twice", "f.once <- f.raw", "f.raw <- a", "ns.twice <- f.once"])
            .output("f", 4_i64),
        ]
    });
}

/// Hamilton creates two nodes `f.raw`, which its own driver refuses.
#[test]
fn outer_pipe_continues_the_inner_pipe() {
    run_each(|asyncness| {
        let f = f(asyncness)
            .with_decorator(PipeOutput::new().step(add(asyncness).bind("more", value(1_i64))))
            .with_decorator(
                PipeOutput::new().step(double(asyncness)).step(add(asyncness).bind("more", value(100_i64))),
            );
        Case::of([f])
            .input("a", 5_i64)
            .nodes([
                "f <- f.with_add_1",
                "f.raw <- a",
                "f.with_add <- f.raw",
                "f.with_add_1 <- f.with_double",
                "f.with_double <- f.with_add",
            ])
            .output("f", 112_i64)
    });
}

/// As in Hamilton, the pipe applies to the whole if no decorator below splits it.
#[test]
fn decorators_above_a_pipe_read_the_last_step() {
    run_each(|asyncness| {
        let grown = PipeStep::of(crate::case::reading(
            asyncness,
            icosian::Outline::new("grown")
                .with_param(icosian::Param::taken::<(i64, i64)>("pair").with_clone()),
            |args| args.take::<(i64, i64)>(0),
            |(first, second)| (first + 10, second + 20),
        ));
        let part = || Output::of::<i64>().cloneable::<i64>();
        let both = function(asyncness, "both", ["a"], |[a]| (a, a))
            .with_decorator(PipeOutput::new().step(grown))
            .with_decorator(ExtractOutputs::<(i64, i64)>::fields().field("e2", |both| &both.1, part()));
        Case::of([both])
            .input("a", 1_i64)
            .nodes(["both <- both.with_grown", "both.raw <- a", "both.with_grown <- both.raw", "e2 <- both"])
            .output("e2", 21_i64)
    });
}

#[test]
fn unknown_and_duplicate_outputs_are_refused() {
    run_each(|asyncness| {
        vec![
            piped(asyncness, PipeOutput::new().step(double(asyncness)).on_output(["nope"])).refusal(
                "ICO0419 unclear-target",
                "`pipe_output` names node `nope`, but `f` has no such node",
            ),
            piped(asyncness, PipeOutput::new().step(double(asyncness).on_output(["f"])).on_output(["f"]))
                .refusal(
                    "ICO0419 unclear-target",
                    "`pipe_output` above `f` and one of its steps both name outputs",
                ),
        ]
    });
}

/// Hamilton detects this only when the next node is executed, if at all.
#[test]
fn output_type_of_a_pipe_is_checked_against_consumers() {
    run_each(|asyncness| {
        let text = PipeStep::of(function(asyncness, "text", ["given"], |[given]| given.to_string()));
        let f = f(asyncness).with_decorator(PipeOutput::new().step(text));
        let reader = function(asyncness, "reader", ["f"], |[f]| f);
        vec![
            Case::of([f.clone()]).input("a", 1_i64).output("f", "1".to_owned()),
            Case::of([f, reader.into()]).refusal(
                "ICO0004 edge-type-mismatch",
                "node `reader` expects `f: i64`, but node `f` returns `String`",
            ),
        ]
    });
}

#[test]
fn last_node_has_the_documentation_of_the_function() {
    run_each(|asyncness| {
        let (outlined, body) = f(asyncness).into_parts();
        let f = Node::from_parts(outlined.with_documentation("An f."), body);
        Case::of([f.with_decorator(PipeOutput::new().step(double(asyncness)))])
            .check_graph(|graph| assert_eq!(outline(graph, "f").documentation(), "An f."))
    });
}
