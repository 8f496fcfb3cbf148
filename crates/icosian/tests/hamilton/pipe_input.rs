//! Tests of `pipe_input`, formerly `pipe`, and `step`.

use icosian::decorators::{Condition, Inject, Parameterize, PipeInput, PipeStep, Retry, list, source, value};
use icosian::{Asyncness, Node, Outline, Param};

use crate::case::{Case, function, number, outline, reading, run_each};

fn pair(asyncness: Asyncness) -> Node {
    function(asyncness, "pair", ["a", "b"], |[a, b]| a * 100 + b)
}

fn double(asyncness: Asyncness) -> PipeStep {
    PipeStep::of(function(asyncness, "double", ["given"], |[given]| 2 * given))
}

fn add(asyncness: Asyncness) -> PipeStep {
    PipeStep::of(function(asyncness, "add", ["given", "more"], |[given, more]| given + more))
}

#[test]
fn pipe_composes_its_steps() {
    run_each(|asyncness| {
        let pipe = PipeInput::new()
            .step(double(asyncness))
            .step(add(asyncness).bind("more", value(3_i64)))
            .step(add(asyncness).bind("more", source("k")).when(Condition::when("env", "prod")));
        let piped = pair(asyncness).with_decorator(pipe);
        // The same dataflow without the decorator.
        let by_hand = [
            function(asyncness, "doubled", ["a"], |[a]| 2 * a).into(),
            function(asyncness, "added", ["doubled"], |[doubled]| doubled + 3).into(),
            function(asyncness, "more", ["added", "k"], |[added, k]| added + k).into(),
            function(asyncness, "hand", ["more", "b"], |[more, b]| more * 100 + b).into(),
        ];
        let inputs = |case: Case| case.input("a", 1_i64).input("b", 2_i64);
        let prod = inputs(Case::of([piped.clone()])).config("env", "prod").input("k", 5_i64);
        let dev = inputs(Case::of([piped])).config("env", "dev");
        vec![
            inputs(Case::of(by_hand)).input("k", 5_i64).output("hand", 1002_i64),
            prod.nodes([
                "pair <- pair.with_add_1, b",
                "pair.with_add <- pair.with_double",
                "pair.with_add_1 <- pair.with_add, k",
                "pair.with_double <- a",
            ])
            .output("pair", 1002_i64)
            .output("pair.with_double", 2_i64)
            .output("pair.with_add", 5_i64),
            dev.nodes([
                "pair <- pair.with_add, b",
                "pair.with_add <- pair.with_double",
                "pair.with_double <- a",
            ])
            .output("pair", 502_i64),
        ]
    });
}

#[test]
fn pipe_without_active_steps_changes_nothing() {
    run_each(|asyncness| {
        let prod = || Condition::when("env", "prod");
        let pipe = PipeInput::new().step(double(asyncness).when(prod())).step(double(asyncness).when(prod()));
        let case = |pipe: PipeInput| {
            let case = Case::of([pair(asyncness).with_decorator(pipe)]).input("a", 1_i64).input("b", 2_i64);
            case.nodes(["pair <- a, b"]).output("pair", 102_i64)
        };
        vec![case(pipe), case(PipeInput::new())]
    });
}

#[test]
fn steps_support_all_conditions() {
    run_each(|asyncness| {
        let piped = |condition: Condition| {
            let pipe = PipeInput::new().step(double(asyncness).when(condition));
            Case::of([pair(asyncness).with_decorator(pipe)])
                .input("a", 1_i64)
                .input("b", 2_i64)
                .config("env", "prod")
        };
        vec![
            piped(Condition::when("env", "prod")).output("pair", 202_i64),
            piped(Condition::when_not("env", "prod")).output("pair", 102_i64),
            piped(Condition::when_in("env", ["dev", "prod"])).output("pair", 202_i64),
            piped(Condition::when_not_in("env", ["dev", "prod"])).output("pair", 102_i64),
        ]
    });
}

#[test]
fn steps_apply_to_the_named_input() {
    run_each(|asyncness| {
        let pipe = PipeInput::new().step(double(asyncness)).step(add(asyncness).bind("more", value(1_i64)));
        Case::of([pair(asyncness).with_decorator(pipe.on_input("b"))])
            .input("a", 1_i64)
            .input("b", 2_i64)
            .nodes(["pair <- a, pair.with_add", "pair.with_add <- pair.with_double", "pair.with_double <- b"])
            .output("pair", 105_i64)
    });
}

/// Hamilton documents this case but refuses it.
#[test]
fn several_inputs_have_separate_steps() {
    run_each(|asyncness| {
        let pipe = || PipeInput::new().step(double(asyncness)).on_input("a").on_input("b");
        let case =
            |pipe| Case::of([pair(asyncness).with_decorator(pipe)]).input("a", 1_i64).input("b", 2_i64);
        vec![
            case(pipe())
                .nodes(["a.with_double <- a", "b.with_double <- b", "pair <- a.with_double, b.with_double"])
                .output("pair", 204_i64),
            case(pipe().namespace("ns"))
                .nodes([
                    "ns_a.with_double <- a",
                    "ns_b.with_double <- b",
                    "pair <- ns_a.with_double, ns_b.with_double",
                ])
                .output("pair", 204_i64),
        ]
    });
}

#[test]
fn steps_are_named_and_namespaced() {
    run_each(|asyncness| {
        let clip = PipeStep::of(function(asyncness, "_clip", ["given"], |[given]| given.min(3)));
        let steps = || {
            PipeInput::new()
                .step(double(asyncness))
                .step(clip.clone().named("clipped"))
                .step(clip.clone())
                .step(double(asyncness).named("x").namespaced("ns"))
                .step(double(asyncness).named("y").without_namespace())
        };
        let case =
            |pipe| Case::of([pair(asyncness).with_decorator(pipe)]).input("a", 1_i64).input("b", 2_i64);
        vec![
            case(steps())
                .nodes([
                    "ns.x <- pair.with_clip",
                    "pair <- y, b",
                    "pair.clipped <- pair.with_double",
                    "pair.with_clip <- pair.clipped",
                    "pair.with_double <- a",
                    "y <- ns.x",
                ])
                .output("pair", 802_i64),
            case(
                PipeInput::new()
                    .step(double(asyncness))
                    .step(clip.clone())
                    .step(double(asyncness))
                    .without_namespace(),
            )
            .nodes([
                "pair <- with_double_1, b",
                "with_clip <- with_double",
                "with_double <- a",
                "with_double_1 <- with_clip",
            ])
            .output("pair", 402_i64),
            case(PipeInput::new().step(double(asyncness)).namespace("cleaning"))
                .nodes(["cleaning.with_double <- a", "pair <- cleaning.with_double, b"])
                .output("pair", 202_i64),
        ]
    });
}

#[test]
fn function_can_be_several_steps() {
    run_each(|asyncness| {
        let pipe = PipeInput::new().step(double(asyncness)).step(double(asyncness)).step(double(asyncness));
        Case::of([pair(asyncness).with_decorator(pipe)])
            .input("a", 1_i64)
            .input("b", 0_i64)
            .nodes([
                "pair <- pair.with_double_2, b",
                "pair.with_double <- a",
                "pair.with_double_1 <- pair.with_double",
                "pair.with_double_2 <- pair.with_double_1",
            ])
            .output("pair", 800_i64)
    });
}

/// As in function composition, the outer pipe applies first.
#[test]
fn outer_pipe_runs_before_the_inner_pipe() {
    run_each(|asyncness| {
        let one = || add(asyncness).bind("more", value(1_i64));
        let piped = pair(asyncness)
            .with_decorator(PipeInput::new().step(one()))
            .with_decorator(PipeInput::new().step(double(asyncness)).step(one()));
        Case::of([piped])
            .input("a", 5_i64)
            .input("b", 0_i64)
            .nodes([
                "pair <- pair.with_add, b",
                "pair.with_add <- pair.with_add_1",
                "pair.with_add_1 <- pair.with_double",
                "pair.with_double <- a",
            ])
            .output("pair", 1200_i64)
    });
}

#[test]
fn pipes_on_two_inputs_are_independent() {
    run_each(|asyncness| {
        let piped = pair(asyncness)
            .with_decorator(PipeInput::new().step(double(asyncness)).on_input("a"))
            .with_decorator(PipeInput::new().step(double(asyncness)).on_input("b"));
        Case::of([piped])
            .input("a", 1_i64)
            .input("b", 2_i64)
            .nodes([
                "pair <- pair.with_double, pair.with_double_1",
                "pair.with_double <- a",
                "pair.with_double_1 <- b",
            ])
            .output("pair", 204_i64)
    });
}

#[test]
fn steps_read_lists_nodes_and_inputs() {
    run_each(|asyncness| {
        let outline = Outline::new("all").with_param(number("given"));
        let outline =
            outline.with_param(Param::taken::<Vec<i64>>("parts").with_clone()).with_param(number("last"));
        let all = reading(
            asyncness,
            outline,
            |args| (args.take::<i64>(0), args.take::<Vec<i64>>(1), args.take::<i64>(2)),
            |(given, parts, last)| given + parts.iter().sum::<i64>() * last,
        );
        let step = PipeStep::of(all).bind("parts", list::<i64>([source("s"), value(10_i64), source("s")]));
        let s = function(asyncness, "s", ["a"], |[a]| a + 1);
        Case::of([pair(asyncness).with_decorator(PipeInput::new().step(step)), s.into()])
            .input("a", 1_i64)
            .input("b", 0_i64)
            .input("last", 2_i64)
            .nodes([
                "pair <- pair.with_all, b",
                "pair.with_all <- a, pair.with_all.parts, last",
                "pair.with_all.parts <- s, s",
                "s <- a",
            ])
            .output("pair", 2900_i64)
    });
}

/// Hamilton refuses this case.
#[test]
fn pipe_applies_before_parameterization() {
    run_each(|asyncness| {
        let piped = pair(asyncness)
            .with_decorator(PipeInput::new().step(double(asyncness)))
            .with_decorator(Parameterize::new().values("b", [("one", 1_i64), ("two", 2)]));
        Case::of([piped])
            .input("a", 1_i64)
            .nodes(["one <- pair.with_double", "pair.with_double <- a", "two <- pair.with_double"])
            .output("one", 201_i64)
            .output("two", 202_i64)
    });
}

#[test]
fn injected_value_bypasses_the_pipe() {
    run_each(|asyncness| {
        let piped = pair(asyncness)
            .with_decorator(PipeInput::new().step(double(asyncness)))
            .with_decorator(Inject::new().bind("b", source("k")));
        let case = Case::of([piped]).input("a", 1_i64).input("k", 2_i64);
        case.nodes(["pair <- pair.with_double, k", "pair.with_double <- a"]).output("pair", 202_i64)
    });
}

#[test]
fn step_can_be_retried() {
    run_each(|asyncness| {
        let failing = Outline::new("failing").with_param(number("given"));
        let calls = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(0));
        let attempt = move |given: i64| {
            if calls.fetch_add(1, std::sync::atomic::Ordering::SeqCst) % 3 < 2 {
                return Err(icosian::NodeError::failed("not yet"));
            }
            Ok(given + 1)
        };
        let failing = match asyncness {
            Asyncness::Sync => Node::sync(failing, move |args| attempt(args.take(0))),
            Asyncness::Async => Node::future(failing, move |args| {
                let outcome = attempt(args.take(0));
                async move { outcome }
            }),
        };
        let piped = pair(asyncness)
            .with_decorator(PipeInput::new().step(PipeStep::of(failing.with_decorator(Retry::new(3)))));
        Case::of([piped]).input("a", 1_i64).input("b", 0_i64).output("pair", 200_i64)
    });
}

#[test]
fn steps_can_be_sync_or_async() {
    run_each(|asyncness| {
        let sync = PipeInput::new()
            .step(double(Asyncness::Sync))
            .step(double(asyncness))
            .step(double(Asyncness::Sync));
        Case::of([pair(asyncness).with_decorator(sync)])
            .input("a", 1_i64)
            .input("b", 0_i64)
            .output("pair", 800_i64)
    });
}

#[test]
fn invalid_steps_are_refused() {
    run_each(|asyncness| {
        let none = PipeStep::of(function(asyncness, "none", [], |[]| 1_i64));
        let text = PipeStep::of(reading(
            asyncness,
            Outline::new("text").with_param(Param::taken::<String>("given").with_clone()),
            |args| args.take::<String>(0),
            |given| given,
        ));
        let piped = |pipe| {
            Case::of([pair(asyncness).with_decorator(pipe), function(asyncness, "a", [], |[]| 1_i64).into()])
        };
        vec![
            piped(PipeInput::new().step(double(asyncness)).on_input("c"))
                .refusal("ICO0415 unknown-param", "`pipe_input` names `c`, but `pair` has no such parameter"),
            piped(PipeInput::new().step(none))
                .refusal("ICO0417 unfit-step", "step `none` of `pair` has no parameters"),
            piped(PipeInput::new().step(add(asyncness).bind("mroe", value(1_i64)))).refusal(
                "ICO0415 unknown-param",
                "`pipe_input` names `mroe`, but `add` has no such parameter",
            ),
            piped(PipeInput::new().step(add(asyncness).bind("given", value(1_i64)))).refusal(
                "ICO0416 param-bound-twice",
                "`given` of step `add` already reads the previous step",
            ),
            piped(PipeInput::new().step(text.clone()))
                .refusal(
                    "ICO0004 edge-type-mismatch",
                    "node `pair.with_text` expects `given: String`, but node `a` returns `i64`",
                )
                .refusal(
                    "ICO0004 edge-type-mismatch",
                    "node `pair` expects `a: i64`, but node `pair.with_text` returns `String`",
                ),
            Case::of([function(asyncness, "nothing", [], |[]| 1_i64)
                .with_decorator(PipeInput::new().step(double(asyncness)))])
            .refusal(
                "ICO0418 nothing-to-decorate",
                "`pipe_input` is above `nothing`, which has no parameters",
            ),
        ]
    });
}

#[test]
fn documentation_and_parameters_of_the_function_are_kept() {
    run_each(|asyncness| {
        let (outlined, body) = pair(asyncness).into_parts();
        let pair = Node::from_parts(outlined.with_documentation("A pair."), body);
        Case::of([pair.with_decorator(PipeInput::new().step(double(asyncness)))]).check_graph(|graph| {
            let pair = outline(graph, "pair");
            assert_eq!(pair.documentation(), "A pair.");
            assert_eq!(pair.params()[0].name(), &"a");
        })
    });
}
