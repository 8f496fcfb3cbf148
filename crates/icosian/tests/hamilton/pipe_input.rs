//! Tests of `pipe_input`, formerly `pipe`, and `step`.

use icosian::decorators::{Condition, Inject, Parameterize, PipeInput, Retry, Step, list, source, value};
use icosian::{Colour, Node, Outline, Param};

use crate::case::{Case, function, number, outline, reading, run_each};

fn pair(colour: Colour) -> Node {
    function(colour, "pair", ["a", "b"], |[a, b]| a * 100 + b)
}

fn double(colour: Colour) -> Step {
    Step::of(function(colour, "double", ["given"], |[given]| 2 * given))
}

fn add(colour: Colour) -> Step {
    Step::of(function(colour, "add", ["given", "more"], |[given, more]| given + more))
}

#[test]
fn pipe_composes_its_steps() {
    run_each(|colour| {
        let pipe = PipeInput::new()
            .step(double(colour))
            .step(add(colour).bind("more", value(3_i64)))
            .step(add(colour).bind("more", source("k")).when(Condition::when("env", "prod")));
        let piped = pair(colour).decorated(pipe);
        // The same dataflow without the decorator.
        let by_hand = [
            function(colour, "doubled", ["a"], |[a]| 2 * a).into(),
            function(colour, "added", ["doubled"], |[doubled]| doubled + 3).into(),
            function(colour, "more", ["added", "k"], |[added, k]| added + k).into(),
            function(colour, "hand", ["more", "b"], |[more, b]| more * 100 + b).into(),
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
    run_each(|colour| {
        let prod = || Condition::when("env", "prod");
        let pipe = PipeInput::new().step(double(colour).when(prod())).step(double(colour).when(prod()));
        let case = |pipe: PipeInput| {
            let case = Case::of([pair(colour).decorated(pipe)]).input("a", 1_i64).input("b", 2_i64);
            case.nodes(["pair <- a, b"]).output("pair", 102_i64)
        };
        vec![case(pipe), case(PipeInput::new())]
    });
}

#[test]
fn steps_support_all_conditions() {
    run_each(|colour| {
        let piped = |condition: Condition| {
            let pipe = PipeInput::new().step(double(colour).when(condition));
            Case::of([pair(colour).decorated(pipe)]).input("a", 1_i64).input("b", 2_i64).config("env", "prod")
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
    run_each(|colour| {
        let pipe = PipeInput::new().step(double(colour)).step(add(colour).bind("more", value(1_i64)));
        Case::of([pair(colour).decorated(pipe.on_input("b"))])
            .input("a", 1_i64)
            .input("b", 2_i64)
            .nodes(["pair <- a, pair.with_add", "pair.with_add <- pair.with_double", "pair.with_double <- b"])
            .output("pair", 105_i64)
    });
}

/// Hamilton documents this case but refuses it.
#[test]
fn several_inputs_have_separate_steps() {
    run_each(|colour| {
        let pipe = || PipeInput::new().step(double(colour)).on_input("a").on_input("b");
        let case = |pipe| Case::of([pair(colour).decorated(pipe)]).input("a", 1_i64).input("b", 2_i64);
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
    run_each(|colour| {
        let clip = Step::of(function(colour, "_clip", ["given"], |[given]| given.min(3)));
        let steps = || {
            PipeInput::new()
                .step(double(colour))
                .step(clip.clone().named("clipped"))
                .step(clip.clone())
                .step(double(colour).named("x").namespaced("ns"))
                .step(double(colour).named("y").without_namespace())
        };
        let case = |pipe| Case::of([pair(colour).decorated(pipe)]).input("a", 1_i64).input("b", 2_i64);
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
                    .step(double(colour))
                    .step(clip.clone())
                    .step(double(colour))
                    .without_namespace(),
            )
            .nodes([
                "pair <- with_double_1, b",
                "with_clip <- with_double",
                "with_double <- a",
                "with_double_1 <- with_clip",
            ])
            .output("pair", 402_i64),
            case(PipeInput::new().step(double(colour)).namespace("cleaning"))
                .nodes(["cleaning.with_double <- a", "pair <- cleaning.with_double, b"])
                .output("pair", 202_i64),
        ]
    });
}

#[test]
fn function_can_be_several_steps() {
    run_each(|colour| {
        let pipe = PipeInput::new().step(double(colour)).step(double(colour)).step(double(colour));
        Case::of([pair(colour).decorated(pipe)])
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
    run_each(|colour| {
        let one = || add(colour).bind("more", value(1_i64));
        let piped = pair(colour)
            .decorated(PipeInput::new().step(one()))
            .decorated(PipeInput::new().step(double(colour)).step(one()));
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
    run_each(|colour| {
        let piped = pair(colour)
            .decorated(PipeInput::new().step(double(colour)).on_input("a"))
            .decorated(PipeInput::new().step(double(colour)).on_input("b"));
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
    run_each(|colour| {
        let outline = Outline::new("all").param(number("given"));
        let outline = outline.param(Param::taken::<Vec<i64>>("parts").cloneable(true)).param(number("last"));
        let all = reading(
            colour,
            outline,
            |args| (args.take::<i64>(0), args.take::<Vec<i64>>(1), args.take::<i64>(2)),
            |(given, parts, last)| given + parts.iter().sum::<i64>() * last,
        );
        let step = Step::of(all).bind("parts", list::<i64>([source("s"), value(10_i64), source("s")]));
        let s = function(colour, "s", ["a"], |[a]| a + 1);
        Case::of([pair(colour).decorated(PipeInput::new().step(step)), s.into()])
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
    run_each(|colour| {
        let piped = pair(colour)
            .decorated(PipeInput::new().step(double(colour)))
            .decorated(Parameterize::new().values("b", [("one", 1_i64), ("two", 2)]));
        Case::of([piped])
            .input("a", 1_i64)
            .nodes(["one <- pair.with_double", "pair.with_double <- a", "two <- pair.with_double"])
            .output("one", 201_i64)
            .output("two", 202_i64)
    });
}

#[test]
fn injected_value_bypasses_the_pipe() {
    run_each(|colour| {
        let piped = pair(colour)
            .decorated(PipeInput::new().step(double(colour)))
            .decorated(Inject::new().bind("b", source("k")));
        let case = Case::of([piped]).input("a", 1_i64).input("k", 2_i64);
        case.nodes(["pair <- pair.with_double, k", "pair.with_double <- a"]).output("pair", 202_i64)
    });
}

#[test]
fn step_can_be_retried() {
    run_each(|colour| {
        let failing = Outline::new("failing").param(number("given"));
        let calls = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(0));
        let attempt = move |given: i64| {
            if calls.fetch_add(1, std::sync::atomic::Ordering::SeqCst) % 3 < 2 {
                return Err(icosian::NodeError::failed("not yet"));
            }
            Ok(given + 1)
        };
        let failing = match colour {
            Colour::Sync => Node::sync(failing, move |args| attempt(args.take(0))),
            Colour::Async => Node::future(failing, move |args| {
                let outcome = attempt(args.take(0));
                async move { outcome }
            }),
        };
        let piped = pair(colour).decorated(PipeInput::new().step(Step::of(failing.decorated(Retry::new(3)))));
        Case::of([piped]).input("a", 1_i64).input("b", 0_i64).output("pair", 200_i64)
    });
}

#[test]
fn steps_can_be_sync_or_async() {
    run_each(|colour| {
        let sync =
            PipeInput::new().step(double(Colour::Sync)).step(double(colour)).step(double(Colour::Sync));
        Case::of([pair(colour).decorated(sync)]).input("a", 1_i64).input("b", 0_i64).output("pair", 800_i64)
    });
}

#[test]
fn invalid_steps_are_refused() {
    run_each(|colour| {
        let none = Step::of(function(colour, "none", [], |[]| 1_i64));
        let text = Step::of(reading(
            colour,
            Outline::new("text").param(Param::taken::<String>("given").cloneable(true)),
            |args| args.take::<String>(0),
            |given| given,
        ));
        let piped =
            |pipe| Case::of([pair(colour).decorated(pipe), function(colour, "a", [], |[]| 1_i64).into()]);
        vec![
            piped(PipeInput::new().step(double(colour)).on_input("c")).refusal(
                "ICO0415 unknown-param",
                "`pipe_input` speaks of `c`, and `pair` has no such parameter",
            ),
            piped(PipeInput::new().step(none))
                .refusal("ICO0417 unfit-step", "step `none` of `pair` has no parameter"),
            piped(PipeInput::new().step(add(colour).bind("mroe", value(1_i64)))).refusal(
                "ICO0415 unknown-param",
                "`pipe_input` speaks of `mroe`, and `add` has no such parameter",
            ),
            piped(PipeInput::new().step(add(colour).bind("given", value(1_i64))))
                .refusal("ICO0416 param-bound-twice", "`given` of step `add` reads the step before already"),
            piped(PipeInput::new().step(text.clone()))
                .refusal(
                    "ICO0004 edge-type-mismatch",
                    "node `pair.with_text` asks for `given: String`, but node `a` gives `i64`",
                )
                .refusal(
                    "ICO0004 edge-type-mismatch",
                    "node `pair` asks for `a: i64`, but node `pair.with_text` gives `String`",
                ),
            Case::of([
                function(colour, "nothing", [], |[]| 1_i64).decorated(PipeInput::new().step(double(colour)))
            ])
            .refusal("ICO0418 nothing-to-decorate", "`pipe_input` is above `nothing`, which reads nothing"),
        ]
    });
}

#[test]
fn documentation_and_parameters_of_the_function_are_kept() {
    run_each(|colour| {
        let (outlined, body) = pair(colour).into_parts();
        let pair = Node::from_parts(outlined.documented("A pair."), body);
        Case::of([pair.decorated(PipeInput::new().step(double(colour)))]).check_graph(|graph| {
            let pair = outline(graph, "pair");
            assert_eq!(pair.documentation(), "A pair.");
            assert_eq!(pair.params()[0].name(), &"a");
        })
    });
}
