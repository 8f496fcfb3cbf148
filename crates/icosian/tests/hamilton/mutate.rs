//! Tests of `mutate` and `apply_to`.

use icosian::decorators::{
    Condition, ExtractOutputs, Function, Mutate, MutateTarget, PipeOutput, PipeStep, source, value,
};
use icosian::{Asyncness, Node, Output};

use crate::case::{Case, flow, function, run_each};

fn t(asyncness: Asyncness, name: &'static str) -> Function {
    function(asyncness, name, ["a"], |[a]| a).into()
}

fn add(asyncness: Asyncness) -> Node {
    function(asyncness, "_add", ["given", "more"], |[given, more]| given + more)
}

fn increment(asyncness: Asyncness, name: &'static str) -> Node {
    function(asyncness, name, ["given"], |[given]| given + 1)
}

#[test]
fn mutator_is_a_step_after_each_target() {
    run_each(|asyncness| {
        let mutator = increment(asyncness, "_m").with_decorator(Mutate::of(["t1", "t2"]));
        Case::of([t(asyncness, "t1"), t(asyncness, "t2"), t(asyncness, "t3"), mutator])
            .input("a", 1_i64)
            .nodes([
                "t1 <- t1.with_m",
                "t1.raw <- a",
                "t1.with_m <- t1.raw",
                "t2 <- t2.with_m",
                "t2.raw <- a",
                "t2.with_m <- t2.raw",
                "t3 <- a",
            ])
            .output("t1", 2_i64)
            .output("t2", 2_i64)
            .output("t3", 1_i64)
    });
}

#[test]
fn binding_of_a_target_overrides_common_binding() {
    run_each(|asyncness| {
        let mutator = add(asyncness).with_decorator(
            Mutate::new()
                .target(MutateTarget::of("t1").bind("more", value(5_i64)))
                .target(MutateTarget::of("t2").named("nm"))
                .target(MutateTarget::of("t3").bind("more", source("k")))
                .bind("more", value(2_i64)),
        );
        Case::of([t(asyncness, "t1"), t(asyncness, "t2"), t(asyncness, "t3"), mutator])
            .input("a", 1_i64)
            .input("k", 100_i64)
            .nodes([
                "t1 <- t1.with_add",
                "t1.raw <- a",
                "t1.with_add <- t1.raw",
                "t2 <- t2.nm",
                "t2.nm <- t2.raw",
                "t2.raw <- a",
                "t3 <- t3.with_add",
                "t3.raw <- a",
                "t3.with_add <- t3.raw, k",
            ])
            .output("t1", 6_i64)
            .output("t2", 3_i64)
            .output("t3", 101_i64)
    });
}

#[test]
fn mutators_apply_in_source_order() {
    run_each(|asyncness| {
        let first = increment(asyncness, "_m3").with_decorator(Mutate::of(["t"]));
        let second =
            function(asyncness, "_m4", ["given"], |[given]| given * 2).with_decorator(Mutate::of(["t"]));
        let case = || Case::of([t(asyncness, "t"), first.clone(), second.clone()]).input("a", 1_i64);
        vec![
            case()
                .nodes(["t <- t.with_m4", "t.raw <- a", "t.with_m3 <- t.raw", "t.with_m4 <- t.with_m3"])
                .output("t", 4_i64),
            Case::of([second.clone(), first.clone(), t(asyncness, "t")]).input("a", 1_i64).output("t", 3_i64),
        ]
    });
}

#[test]
fn mutator_applies_after_the_pipe_of_the_target() {
    run_each(|asyncness| {
        let double = PipeStep::of(function(asyncness, "double", ["given"], |[given]| given * 2));
        let t = function(asyncness, "t", ["a"], |[a]| a).with_decorator(PipeOutput::new().step(double));
        let mutator = increment(asyncness, "_m").with_decorator(Mutate::of(["t"]));
        Case::of([mutator, t])
            .input("a", 1_i64)
            .nodes(["t <- t.with_m", "t.raw <- a", "t.with_double <- t.raw", "t.with_m <- t.with_double"])
            .output("t", 3_i64)
    });
}

#[test]
fn condition_disables_a_mutator() {
    run_each(|asyncness| {
        let mutator = || {
            increment(asyncness, "_m").with_decorator(
                Mutate::new().target(MutateTarget::of("t").when(Condition::when("env", "prod"))),
            )
        };
        let case = || Case::of([t(asyncness, "t"), mutator()]).input("a", 1_i64);
        vec![case().nodes(["t <- a"]).output("t", 1_i64), case().config("env", "prod").output("t", 2_i64)]
    });
}

#[test]
fn only_named_outputs_are_mutated() {
    run_each(|asyncness| {
        let part = || Output::of::<i64>().cloneable::<i64>();
        let both = function(asyncness, "both", ["a"], |[a]| (a, a)).with_decorator(
            ExtractOutputs::<(i64, i64)>::fields().field("e1", |both| &both.0, part()).field(
                "e2",
                |both| &both.1,
                part(),
            ),
        );
        let mutator = increment(asyncness, "_m")
            .with_decorator(Mutate::new().target(MutateTarget::of("both").on_output(["e1"])));
        Case::of([both, mutator])
            .input("a", 1_i64)
            .nodes(["both <- a", "e1 <- e1.with_m", "e1.raw <- both", "e1.with_m <- e1.raw", "e2 <- both"])
            .output("e1", 2_i64)
            .output("e2", 1_i64)
    });
}

#[test]
fn targets_belong_to_the_same_dataflow() {
    run_each(|asyncness| {
        let mutator = || increment(asyncness, "_m").with_decorator(Mutate::of(["t"]));
        let other = || flow("other", [t(asyncness, "t")]);
        vec![
            Case::of([mutator(), t(asyncness, "u")]).with_dataflow(other()).refusal(
                "ICO0413 mutate-target-missing",
                "`_m` targets `t`, which is not a function of `flow`",
            ),
            // A node of the same name in another dataflow is not mutated.
            Case::of([t(asyncness, "u"), increment(asyncness, "_m").with_decorator(Mutate::of(["u"]))])
                .with_dataflow(flow("other", [function(asyncness, "v", ["a"], |[a]| a).into()]))
                .input("a", 1_i64)
                .output("u", 2_i64)
                .output("v", 1_i64),
        ]
    });
}

#[test]
fn selected_variant_is_mutated() {
    run_each(|asyncness| {
        let variant = |name, number, when: Condition| {
            function(asyncness, name, [], move |[]| number)
                .with_decorator(icosian::decorators::ConfigWhen::new(when))
        };
        let case = || {
            Case::of([
                variant("t__prod", 10_i64, Condition::when("env", "prod")),
                variant("t__dev", 20, Condition::when_not("env", "prod")),
                increment(asyncness, "_m").with_decorator(Mutate::of(["t"])),
            ])
        };
        vec![
            case()
                .config("env", "prod")
                .nodes(["t <- t.with_m", "t.raw", "t.with_m <- t.raw"])
                .output("t", 11_i64),
            case().output("t", 21_i64),
        ]
    });
}

#[test]
fn mutator_can_be_sync_or_async() {
    run_each(|asyncness| {
        let case = |target: Asyncness, mutator: Asyncness| {
            let mutator = increment(mutator, "_m").with_decorator(Mutate::of(["t"]));
            Case::of([t(target, "t"), mutator]).input("a", 1_i64).output("t", 2_i64)
        };
        vec![case(asyncness, Asyncness::Sync), case(Asyncness::Sync, asyncness)]
    });
}
