//! The behaviour of each decorator, value by value, on sync and async functions.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::FutureExt;
use icosian::decorators::{
    AsyncValidator, CheckOutput, Condition, ConfigWhen, Does, Exclude, ExtractOutputs, Fallback, Importance,
    Inject, Mutate, MutateTarget, Parameterization, Parameterize, ParameterizedSubdag, PipeInput, PipeOutput,
    PipeStep, Resolve, Subdag, SubdagVariant, Tag, TagOutputs, Validation, apply, list, map, source, value,
};
use icosian::prelude::*;
use icosian::{Asyncness, BoxError, Node, NodeError, Outline, Output, Param};

use crate::workshop::{Under, function, step};

pub(crate) const ASYNCNESS: [Asyncness; 2] = [Asyncness::Sync, Asyncness::Async];

/// Builds the dataflow as sync and as async functions, runs it under all adapters that support it, and compares the outputs with
/// `expect`.
fn check(
    make: impl Fn(Asyncness) -> Dataflow,
    config: impl Fn() -> Config,
    inputs: &[(&'static str, u64)],
    expect: &[&str],
) {
    let wanted: Vec<String> =
        expect.iter().map(|line| line.split(" = ").next().unwrap().to_owned()).collect();
    for under in Under::ALL {
        for asyncness in ASYNCNESS {
            if asyncness == Asyncness::Async && !under.spec().runs_async_nodes() {
                continue;
            }
            let given = inputs.iter().fold(Inputs::new(), |inputs, (name, given)| {
                inputs.with_input(*name, Input::from(icosian::Value::cloneable(*given)))
            });
            let shown = under.run(make(asyncness), config(), &wanted, given).unwrap().unwrap();
            assert_eq!(shown, expect, "{asyncness:?} under {under:?}");
        }
    }
}

fn names(flow: Dataflow, config: &Config) -> Vec<String> {
    let nodes = apply(vec![flow], config, &Under::Tokio.spec()).unwrap();
    nodes.concat().iter().map(|node| node.name().to_string()).collect()
}

pub(crate) fn flow() -> Dataflow {
    Dataflow::new("flow")
}

fn number() -> Output {
    Output::of::<u64>().cloneable::<u64>()
}

fn one_plus(asyncness: Asyncness) -> Node {
    function(asyncness, "f", &["x", "y"], |read| Ok(read[0] + 10 * read[1]))
}

#[test]
fn parameterize_mixes_sources_and_values() {
    let make = |asyncness| {
        flow().with_node(
            one_plus(asyncness).with_decorator(
                Parameterize::new()
                    .with(Parameterization::new("a").bind("x", source("given")).bind("y", value(2_u64)))
                    .with(Parameterization::new("b").bind("x", value(7_u64)).bind("y", source("a")))
                    .sources("c", [("x", "a"), ("y", "a")])
                    .values("y", [("d", 1_u64)]),
            ),
        )
    };
    check(make, Config::new, &[("given", 5), ("x", 1)], &["a = 25", "b = 257", "c = 275", "d = 11"]);
}

#[test]
fn group_is_a_list_or_map_and_can_repeat_a_source() {
    let total = |asyncness: Asyncness| {
        let outline =
            Outline::new("total").with_param(Param::borrowed::<[u64]>("parts")).with_output(number());
        match asyncness {
            Asyncness::Sync => Node::sync(outline, |args| Ok(args.borrow::<[u64]>(0).iter().sum::<u64>())),
            Asyncness::Async => Node::future(outline, |args| {
                let parts = args.lease::<[u64]>(0);
                async move { Ok(parts.iter().sum::<u64>()) }
            }),
        }
    };
    let make = |asyncness| {
        let parts = list::<u64>([source("a"), value(10_u64), source("b"), source("a")]);
        flow().with_node(total(asyncness).with_decorator(Inject::new().bind("parts", parts)))
    };
    check(make, Config::new, &[("a", 1), ("b", 2)], &["total = 14", "total.parts = [1, 10, 2, 1]"]);

    let named = |_| {
        let outline = Outline::new("named")
            .with_param(Param::borrowed::<HashMap<String, u64>>("parts"))
            .with_output(number());
        let named = Node::sync(outline, |args| Ok(args.borrow::<HashMap<String, u64>>(0)["eu"]));
        flow().with_node(named.with_decorator(Inject::new().bind("parts", map::<u64>([("eu", source("a"))]))))
    };
    check(named, Config::new, &[("a", 3)], &["named = 3"]);
}

#[test]
fn literal_is_read_as_borrowed_and_as_owned_text() {
    let greet = Outline::new("greet")
        .with_param(Param::borrowed::<str>("who"))
        .with_param(Param::taken::<String>("by").with_clone());
    let greet = Node::sync(greet, |args| {
        let by: String = args.take(1);
        Ok(format!("{} by {by}", args.borrow::<str>(0)))
    });
    let greet = greet.with_decorator(Inject::new().bind("who", value("Ada")).bind("by", value("Bo")));
    let make = |_| flow().with_node(greet.clone());
    check(make, Config::new, &[], &["greet = \"Ada by Bo\""]);
}

#[test]
fn config_selects_a_variant() {
    let make = |asyncness| {
        let variant = |name, by: u64| function(asyncness, name, &["x"], move |read| Ok(read[0] * by));
        flow()
            .with_node(
                variant("rate__prod", 2).with_decorator(ConfigWhen::new(Condition::when("env", "prod"))),
            )
            .with_node(
                variant("rate__dev", 3)
                    .with_decorator(ConfigWhen::new(Condition::when_in("env", ["dev", "test"]))),
            )
            .with_node(
                variant("other", 5)
                    .with_decorator(ConfigWhen::new(Condition::when_not("env", "prod")).named("extra")),
            )
            .with_node(variant("helper", 9).with_decorator(Exclude))
            .with_node(function(asyncness, "report", &["rate"], |read| Ok(read[0] + 1)))
    };
    check(make, || config! { "env": "prod" }, &[("x", 10)], &["rate = 20", "report = 21"]);
    check(make, || config! { "env": "test" }, &[("x", 10)], &["rate = 30", "report = 31", "extra = 50"]);
    assert_eq!(names(make(Asyncness::Sync), &config! { "env": "prod" }), ["rate", "report"]);
}

#[test]
fn parts_and_whole_can_be_requested_together() {
    for asyncness in ASYNCNESS {
        let calls = Arc::new(AtomicUsize::new(0));
        let make = |asyncness| {
            let calls = Arc::clone(&calls);
            let pair = function(asyncness, "pair", &["x"], move |read| {
                calls.fetch_add(1, Ordering::SeqCst);
                Ok::<(u64, u64), _>((read[0], read[0] + 1))
            });
            let parts = ExtractOutputs::<(u64, u64)>::new();
            let parts =
                parts.field("left", |pair| &pair.0, number()).field("right", |pair| &pair.1, number());
            let sum = Outline::new("sum")
                .with_param(Param::taken::<u64>("left").with_clone())
                .with_output(number());
            let sum = sum.with_param(Param::borrowed::<u64>("right"));
            let sum = Node::sync(sum, |args| {
                let left: u64 = args.take(0);
                Ok(left + args.borrow::<u64>(1))
            });
            flow().with_node(pair.with_decorator(parts)).with_node(sum)
        };
        let _ = asyncness;
        check(make, Config::new, &[("x", 3)], &["pair = (3, 4)", "left = 3", "right = 4", "sum = 7"]);
        // Once for each adapter that supports it: four sync, two async.
        assert_eq!(calls.load(Ordering::SeqCst), 6);
    }
}

#[test]
fn positions_of_a_tuple_and_keys_of_a_map_are_parts() {
    let make = |asyncness| {
        let pair = function(asyncness, "pair", &["x"], |read| Ok::<(u64, u64), _>((read[0], read[0] + 1)));
        let rates =
            function(asyncness, "rates", &["x"], |read| Ok(HashMap::from([("eu".to_owned(), read[0])])));
        flow()
            .with_node(pair.with_decorator(ExtractOutputs::<(u64, u64)>::positions().field(
                "second",
                |pair| &pair.1,
                number(),
            )))
            .with_node(rates.with_decorator(
                ExtractOutputs::<HashMap<String, u64>>::fields().key("eu", number()).key_or(
                    "us",
                    9,
                    number(),
                ),
            ))
    };
    check(make, Config::new, &[("x", 3)], &["second = 4", "eu = 3", "us = 9"]);
}

#[test]
fn missing_key_fails_and_lists_the_present_keys() {
    let rates = Node::sync(Outline::new("rates"), |_| Ok(HashMap::from([("eu".to_owned(), 1_u64)])));
    let rates = rates.with_decorator(ExtractOutputs::<HashMap<String, u64>>::fields().key("us", number()));
    let failed = Under::Sync.run(flow().with_node(rates), Config::new(), &["us".to_owned()], Inputs::new());
    let failed = failed.unwrap().unwrap_err();
    assert!(failed.contains("key `us` is missing; known keys: `eu`"), "{failed}");
}

#[test]
fn checked_output_without_clone_can_be_consumed() {
    #[derive(Debug)]
    struct Token(u64);

    struct Positive;
    impl AsyncValidator<Token> for Positive {
        fn name(&self) -> &'static str {
            "positive"
        }

        async fn validate(&self, token: &Token) -> Validation {
            Validation::of(token.0 > 0, "it is not positive")
        }
    }

    let token = Node::sync(Outline::new("token"), |_| Ok(Token(3)));
    let token =
        token.with_decorator(CheckOutput::<Token>::new().custom_async(Positive).importance(Importance::Fail));
    let spent = Outline::new("spent").with_param(Param::taken::<Token>("token")).with_output(number());
    let spent = Node::sync(spent, |args| Ok(args.take_with::<Token>(0, None).0));
    let flow = flow().with_node(token).with_node(spent);
    let shown = Under::Tokio.run(flow.clone(), Config::new(), &["spent".to_owned()], Inputs::new());
    assert_eq!(shown.unwrap().unwrap(), ["spent = 3"]);

    // Two nodes cannot own the value.
    let driver = AsyncDriver::builder().with_dataflow(flow).build().unwrap();
    let both = driver.execute_named(["token", "token_raw"], inputs! {}).now_or_never().unwrap().unwrap_err();
    assert!(format!("{both:?}").contains("ICO0017 output-given-twice"), "{both:?}");
}

#[test]
fn all_failed_checks_are_reported_and_warnings_do_not_fail() {
    let rate = || Node::sync(Outline::new("rate"), |_| Ok(vec![1.0, 2.0, f64::NAN]));
    let run = |checks: CheckOutput<Vec<f64>>, wanted: &str| {
        let flow = flow().with_node(rate().with_decorator(checks));
        Under::Sync.run(flow, Config::new(), &[wanted.to_owned()], Inputs::new()).unwrap()
    };
    let checks = || CheckOutput::<Vec<f64>>::new().range(0.0..=1.0).allow_nans(false).max_fraction_nans(0.5);
    let failed = run(checks().importance(Importance::Fail), "rate").unwrap_err();
    let all = "output of `rate` fails `range_validator`: 2.0 and another point are not within 0.0..=1.0; \
               `allow_nans_validator`: 1 of its points are NaN";
    assert!(failed.contains(all), "{failed}");
    assert_eq!(run(checks(), "rate").unwrap(), ["rate = [1.0, 2.0, NaN]"]);
    assert!(run(checks(), "rate_range_validator").unwrap()[0].contains("passed: false"));
}

#[test]
fn checks_stack_and_equal_names_are_numbered() {
    let rate =
        Node::sync(Outline::new("rate").with_output(Output::of::<f64>().cloneable::<f64>()), |_| Ok(1.5));
    let rate = rate
        .with_decorator(CheckOutput::<f64>::new().range(0.0..=2.0).range(1.0..=2.0))
        .with_decorator(CheckOutput::<f64>::new().range(..9.0).importance(Importance::Fail));
    let flow = flow().with_node(rate);
    let expect =
        ["rate_raw", "rate_range_validator", "rate_range_validator_1", "rate_range_validator_2", "rate"];
    assert_eq!(names(flow.clone(), &Config::new()), expect);
    check(|_| flow.clone(), Config::new, &[], &["rate = 1.5"]);
}

#[test]
fn validators_accept_and_reject_values() {
    fn passes<T: Clone + Send + Sync + 'static>(value: T, check: CheckOutput<T>) -> bool {
        let given = Node::sync(Outline::new("given"), move |_| Ok(value.clone()));
        let flow = flow().with_node(given.with_decorator(check.importance(Importance::Fail)));
        let driver = Driver::builder().with_dataflow(flow).build().unwrap();
        driver.execute_named(["given"], inputs! {}).is_ok()
    }
    assert!(
        passes(3_u8, CheckOutput::new().values_in([1, 3]))
            && !passes(2_u8, CheckOutput::new().values_in([1, 3]))
    );
    assert!(passes(Some(1_u8), CheckOutput::new().allow_none(false)));
    assert!(
        !passes(None::<u8>, CheckOutput::new().allow_none(false))
            && passes(None::<u8>, CheckOutput::new().allow_none(true))
    );
    assert!(passes("a total".to_owned(), CheckOutput::new().contains("total")));
    assert!(!passes("a sum".to_owned(), CheckOutput::new().contains("total")));
    assert!(passes("a sum".to_owned(), CheckOutput::new().does_not_contain("error")));
    assert!(!passes("an error".to_owned(), CheckOutput::new().does_not_contain("error")));
    let numbers = || vec![1.0, 2.0, 3.0, f64::NAN];
    assert!(
        passes(numbers(), CheckOutput::new().max_standard_dev(1.0))
            && !passes(numbers(), CheckOutput::new().max_standard_dev(0.9))
    );
    assert!(
        passes(numbers(), CheckOutput::new().mean_in_range(2.0..=2.0))
            && !passes(numbers(), CheckOutput::new().mean_in_range(..2.0))
    );
    assert!(
        passes(numbers(), CheckOutput::new().max_fraction_nans(0.25))
            && !passes(numbers(), CheckOutput::new().max_fraction_nans(0.2))
    );
    assert!(passes(numbers(), CheckOutput::new().data_type::<f64>()));
    assert!(!passes(f64::NAN, CheckOutput::new().range(..)) || f64::NAN.is_nan());
}

#[test]
fn pipe_equals_steps_as_separate_nodes() {
    let make = |asyncness| {
        let scaled = || step(asyncness, "scale", Some("by"), u64::wrapping_mul);
        let f = function(asyncness, "f", &["x", "y"], |read| Ok(read[0] + read[1]));
        flow().with_node(
            f.with_decorator(
                PipeInput::new()
                    .on_input("y")
                    .step(PipeStep::of(scaled()).bind("by", value(2_u64)))
                    .step(PipeStep::of(scaled()).bind("by", source("x")).when(Condition::when("env", "prod")))
                    .step(PipeStep::of(scaled()).bind("by", value(0_u64)).when(Condition::when("env", "dev")))
                    .step(
                        PipeStep::of(scaled()).bind("by", value(3_u64)).named("tripled").namespaced("math"),
                    ),
            )
            .with_decorator(
                PipeOutput::new()
                    .step(PipeStep::of(scaled()).bind("by", value(10_u64)))
                    .step(PipeStep::of(step(asyncness, "_hidden", None, |given: u64, _| given + 1))),
            ),
        )
    };
    // f.raw = x + y * 2 * x * 3
    let expect = [
        "f.with_scale = 10",
        "f.with_scale_1 = 70",
        "math.tripled = 210",
        "f.raw = 217",
        "f.with_scale_2 = 2170",
        "f.with_hidden = 2171",
        "f = 2171",
    ];
    check(make, || config! { "env": "prod" }, &[("x", 7), ("y", 5)], &expect);
}

#[test]
fn pipe_without_a_matching_step_has_no_effect() {
    let never = || {
        PipeStep::of(step(Asyncness::Async, "never", None, |given: u64, _| given))
            .when(Condition::when("env", "dev"))
    };
    let f = function(Asyncness::Sync, "f", &["x"], |read| Ok(read[0]));
    let f = f.with_decorator(PipeInput::new().step(never())).with_decorator(PipeOutput::new().step(never()));
    assert_eq!(names(flow().with_node(f.clone()), &Config::new()), ["f"]);
    check(|_| flow().with_node(f.clone()), Config::new, &[("x", 3)], &["f = 3"]);
}

#[test]
fn steps_apply_to_the_named_outputs() {
    let make = |asyncness| {
        let pair = function(asyncness, "pair", &["x"], |read| Ok::<(u64, u64), _>((read[0], read[0] + 1)));
        let parts = ExtractOutputs::<(u64, u64)>::new();
        let parts = parts.field("left", |pair| &pair.0, number()).field("right", |pair| &pair.1, number());
        let ten = || step(asyncness, "ten", None, |given: u64, _| given * 10);
        flow().with_node(
            pair.with_decorator(parts)
                .with_decorator(PipeOutput::new().step(PipeStep::of(ten()).on_output(["left"]))),
        )
    };
    check(make, Config::new, &[("x", 3)], &["left.raw = 3", "left = 30", "right = 4"]);
}

#[test]
fn mutator_is_not_a_node_and_target_binding_overrides() {
    let make = |asyncness| {
        let scale = step(asyncness, "scale", Some("by"), u64::wrapping_mul).with_decorator(
            Mutate::new()
                .target(MutateTarget::of("a").bind("by", value(2_u64)))
                .target(MutateTarget::of("b").when(Condition::when_not("env", "dev")))
                .bind("by", value(3_u64)),
        );
        let add = step(asyncness, "add", None, |given: u64, _| given + 1).with_decorator(Mutate::of(["a"]));
        flow()
            .with_node(function(asyncness, "a", &["x"], |read| Ok(read[0])))
            .with_node(function(asyncness, "b", &["x"], |read| Ok(read[0])))
            .with_node(scale)
            .with_node(add)
    };
    let expect = ["a.raw = 5", "a.with_scale = 10", "a.with_add = 11", "a = 11", "b = 15"];
    check(make, Config::new, &[("x", 5)], &expect);
}

#[test]
fn subdags_nest_without_clashes() {
    let inner = |asyncness| {
        flow()
            .with_node(function(asyncness, "base", &["seed", "factor"], |read| Ok(read[0] * read[1])))
            .with_node(function(asyncness, "x", &["base"], |read| Ok(read[0] + 1)))
    };
    let make = move |asyncness| {
        let middle = function(asyncness, "m", &["x", "y"], |read| Ok(read[0] + read[1]));
        let middle =
            middle.with_decorator(Subdag::new(inner(asyncness)).config("factor", 2_u64).external(["y"]));
        let outer = |name| function(asyncness, name, &["m"], |read| Ok(read[0] * 100));
        let middle = Dataflow::new("middle").with_node(middle);
        flow()
            .with_node(outer("p").with_decorator(Subdag::new(middle.clone()).input("seed", value(1_u64))))
            .with_node(
                outer("q").with_decorator(Subdag::new(middle).namespace("other").input("seed", source("p"))),
            )
    };
    let expect = ["p.m.base = 2", "p.m.x = 3", "p.m = 13", "p = 1300", "other.m.x = 2601", "q = 261100"];
    check(make, Config::new, &[("y", 10)], &expect);
}

#[test]
fn subdag_is_parameterized_by_inputs_and_config() {
    let make = |asyncness| {
        let inner =
            flow().with_node(function(asyncness, "x", &["seed", "factor"], |read| Ok(read[0] * read[1])));
        let f = function(asyncness, "f", &["x"], |read| Ok(read[0] + 1));
        flow().with_node(
            f.with_decorator(
                ParameterizedSubdag::of(
                    Subdag::new(inner).input("seed", source("x")).config("factor", 2_u64),
                )
                .with(SubdagVariant::new("one"))
                .with(SubdagVariant::new("two").input("seed", value(50_u64)))
                .with(SubdagVariant::new("three").config_from("factor", "big")),
            ),
        )
    };
    let expect = ["one.x = 10", "one = 11", "two = 101", "three = 4501"];
    check(make, || config! { big: 900_u64 }, &[("x", 5)], &expect);
}

#[test]
fn does_replaces_the_body() {
    let make = |asyncness| {
        let total = function(asyncness, "total", &["net", "tax"], |_| {
            Err::<u64, _>(NodeError::failed("it is replaced"))
        });
        let add = function(asyncness, "add", &["left", "tax"], |read| Ok(read[0] + read[1]));
        flow().with_node(total.with_decorator(Does::new(add).map("left", "net")))
    };
    check(make, Config::new, &[("net", 3), ("tax", 4)], &["total = 7"]);
}

#[test]
fn replacement_reads_the_inputs_of_the_function() {
    let make = |asyncness| {
        let unlucky =
            || function(asyncness, "f", &["x", "y"], |_| Err::<u64, _>(NodeError::failed("no luck")));
        let other = || function(asyncness, "other", &["y", "left"], |read| Ok(read[0] * 10 + read[1]));
        let bound = || {
            Parameterize::new()
                .with(Parameterization::new("a").bind("y", value(7_u64)).bind("x", source("z")))
        };
        let again = Parameterize::new().with(Parameterization::new("b").bind("y", source("left")));
        flow()
            .with_node(unlucky().with_decorator(Does::new(other()).map("left", "x")).with_decorator(bound()))
            .with_node(unlucky().with_decorator(Fallback::function(other())).with_decorator(again))
    };
    check(make, Config::new, &[("z", 3), ("left", 5), ("x", 1)], &["a = 73", "b = 55"]);
}

#[test]
fn config_creates_a_decorator() {
    let make = |asyncness| {
        let resolve = Resolve::new(|config: &Config| {
            let many = *config.get::<u64>("many").ok_or("config has no `many`")?;
            Ok::<_, BoxError>(Parameterize::new().values("x", (0..many).map(|at| (format!("f{at}"), at))))
        });
        flow().with_node(function(asyncness, "f", &["x"], |read| Ok(read[0] * 2)).with_decorator(resolve))
    };
    check(make, || config! { many: 3_u64 }, &[], &["f0 = 0", "f1 = 2", "f2 = 4"]);
}

#[test]
fn tags_apply_to_sinks_by_default() {
    let rate = || {
        Node::sync(Outline::new("rate"), |_| Ok(1.5)).with_decorator(CheckOutput::<f64>::new().range(0.0..))
    };
    let tags = |tagged: icosian::decorators::Function| {
        let nodes =
            apply(vec![flow().with_node(tagged)], &Config::new(), &Under::Sync.spec()).unwrap().concat();
        let owner = |node: &Node| node.outline().tags().get("owner").is_some();
        nodes.iter().filter(|node| owner(node)).map(|node| node.name().to_string()).collect::<Vec<_>>()
    };
    let tag = || Tag::new().with("owner", ["finance"]);
    assert_eq!(tags(rate().with_decorator(tag())), ["rate"]);
    assert_eq!(tags(rate().with_decorator(tag().on(["rate_raw"]))), ["rate_raw"]);
    assert_eq!(tags(rate().with_decorator(tag().on_all())).len(), 3);
    assert_eq!(tags(rate().with_decorator(TagOutputs::new().with("rate_raw", "owner", ["x"]))), ["rate_raw"]);
}
