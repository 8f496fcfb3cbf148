//! Refused dataflows, with the code, message and help of each error.

use std::time::Duration;

use icosian::adapter::SyncAdapter;
use icosian::decorators::{
    CheckOutput, Condition, ConfigWhen, DecorateContext, DecorateError, Decorator, DecoratorSpec, Does,
    ExtractOutputs, Fallback, Inject, Limit, Mutate, Offload, Parameterization, Parameterize, Phase,
    PipeInput, PipeOutput, PipeStep, Resolve, Retry, Spawn, Subdag, Tag, Timeout, list, source, value,
};
use icosian::prelude::*;
use icosian::{Asyncness, BoxError, Location, Node, Outline, Output, Param};

use crate::workshop::{function, step};

fn f(asyncness: Asyncness) -> Node {
    function(asyncness, "f", &["x", "y"], |read| Ok(read[0] + read[1]))
}

fn flow() -> Dataflow {
    Dataflow::new("flow")
}

/// Builds for tokio, and compares the code, message and help of each error with `expect`.
fn check(flow: Dataflow, config: Config, expect: &[&str]) {
    let problems = AsyncDriver::builder().with_dataflow(flow).with_config(config).build().unwrap_err();
    assert_eq!(render(&problems), expect);
}

fn render(problems: &icosian::BuildError) -> Vec<String> {
    use miette::Diagnostic;
    let text =
        |text: Option<Box<dyn std::fmt::Display + '_>>| text.map(|text| text.to_string()).unwrap_or_default();
    let rendered = problems.iter().map(|problem| {
        let code = text(problem.code());
        format!("{code}: {problem}; {}", text(problem.help()))
    });
    rendered.collect()
}

#[test]
fn bindings_must_match_a_parameter() {
    for asyncness in [Asyncness::Sync, Asyncness::Async] {
        let bound = Parameterize::new()
            .with(Parameterization::new("a").bind("z", value(1_u64)).bind("y", value("text")))
            .with(Parameterization::new("b").bind("y", list::<u64>([source("x")])).bind("y", value(1_u64)));
        check(
            flow().with_node(f(asyncness).with_decorator(bound)),
            Config::new(),
            &[
                "ICO0410 parameterize-unknown-param: `parameterize` names `z`, but `f` has no such parameter; name a parameter of the function: `x`, `y`",
                "ICO0421 decorator-type-mismatch: node `a` expects `y: &u64`, but the bound value is a `&'static str`; bind a value of type `u64`",
                "ICO0416 param-bound-twice: `parameterize` binds `y` of `b` twice; bind it once",
                "ICO0421 decorator-type-mismatch: node `b` expects `y: &u64`, but the bound value is a `Vec<u64>`; bind a value of type `u64`",
            ],
        );
    }
}

#[test]
fn refused_decorators_do_not_hide_errors_of_other_nodes() {
    let refused = f(Asyncness::Async)
        .with_decorator(Parameterize::new().with(Parameterization::new("a").bind("z", value(1_u64))));
    let reads = |name: &'static str, param| {
        Node::sync(Outline::new(name).with_output_type::<String>().with_param(param), |_| Ok(String::new()))
    };
    check(
        flow()
            .with_node(refused)
            // A node that failed to build becomes an input of unknown type, so two different readers are no conflict.
            .with_node(reads("one", Param::borrowed::<str>("f")))
            .with_node(reads("two", Param::borrowed::<u64>("f")))
            .with_node(reads("three", Param::borrowed::<u64>("one")))
            .with_node(reads("two", Param::borrowed::<u64>("x")))
            .with_node(reads("four", Param::borrowed::<u64>("two"))),
        Config::new(),
        &[
            "ICO0410 parameterize-unknown-param: `parameterize` names `z`, but `f` has no such parameter; name a parameter of the function: `x`, `y`",
            "ICO0002 duplicate-node: node `two` is defined twice; rename one of the two nodes, or let later dataflows replace earlier ones with `allow_module_overrides()`",
            "ICO0004 edge-type-mismatch: node `three` expects `one: &u64`, but node `one` returns `String`; change the parameter to read `String`, or change the output of `one`",
        ],
    );
}

#[test]
fn consequential_errors_are_omitted() {
    // Both variants create the same nodes.
    let variant = |name, key| {
        let made =
            Parameterize::new().with(Parameterization::new("half")).with(Parameterization::new("whole"));
        function(Asyncness::Sync, name, &["x"], |read| Ok(read[0]))
            .with_decorator(made)
            .with_decorator(ConfigWhen::new(Condition::when(key, true)))
    };
    check(
        flow().with_node(variant("rate__eu", "eu")).with_node(variant("rate__live", "live")),
        config! { eu: true, live: true },
        &[
            "ICO0501 config-variants-overlap: config matches two variants of `rate`: `rate__eu` and `rate__live`; change a condition so that only one of them holds",
        ],
    );

    // The refused function would have replaced `f`, so the type of the edge is unknown.
    let text = Node::sync(Outline::new("f").with_output_type::<String>(), |_| Ok(String::new()));
    let reads = function(Asyncness::Sync, "reads", &["f"], |read| Ok(read[0]));
    let unknown = Parameterize::new().with(Parameterization::new("f").bind("z", value(1_u64)));
    let later = Dataflow::new("later").with_node(f(Asyncness::Async).with_decorator(unknown));
    let builder =
        AsyncDriver::builder().with_dataflow(flow().with_node(text).with_node(reads)).with_dataflow(later);
    let problems = builder.allow_module_overrides().build().unwrap_err();
    assert_eq!(problems.iter().count(), 1, "{problems:?}");
}

#[test]
fn function_has_at_most_one_expander() {
    let twice = f(Asyncness::Async)
        .with_decorator(Inject::new())
        .with_decorator(Parameterize::new().values("x", [("a", 1_u64)]));
    check(
        flow().with_node(twice),
        Config::new(),
        &[
            "ICO0407 conflicting-decorators: `f` has both `inject` and `parameterize`; move all parameterizations into one of them",
        ],
    );
    check(
        flow().with_node(f(Asyncness::Sync).with_decorator(Parameterize::new())),
        Config::new(),
        &[
            "ICO0418 nothing-to-decorate: `parameterize` on `f` creates no nodes; add at least one parameterization",
        ],
    );
}

#[test]
fn overlapping_and_missing_variants_are_refused() {
    let variants = || {
        let variant = |name| function(Asyncness::Sync, name, &["x"], |read| Ok(read[0]));
        flow()
            .with_node(variant("rate__eu").with_decorator(ConfigWhen::new(Condition::when("region", "eu"))))
            .with_node(variant("rate__live").with_decorator(ConfigWhen::new(Condition::when("live", true))))
            .with_node(function(Asyncness::Async, "report", &["rate"], |read| Ok(read[0])))
    };
    check(
        variants(),
        config! { "region": "eu", live: true },
        &[
            "ICO0501 config-variants-overlap: config matches two variants of `rate`: `rate__eu` and `rate__live`; change a condition so that only one of them holds",
        ],
    );
    check(
        variants(),
        config! { "region": "us" },
        &[
            "ICO0502 config-variants-gap: config matches no variant of `rate`, which `report` reads: `region` is \"us\", but variants accept \"eu\"; `live` is not set, but variants accept true; \
         set these keys to the values of one of the variants, or add a variant of `rate` for all other values",
        ],
    );
    check(
        variants(),
        config! { "region": 3_u64 },
        &[
            "ICO0506 config-value-type: config value `region` is a `u64`, but is compared with [\"eu\"]; use values of one type for both",
            "ICO0502 config-variants-gap: config matches no variant of `rate`, which `report` reads: `live` is not set, but variants accept true; \
         set `live` to one of these values, or add a variant of `rate` for all other values",
        ],
    );
    // A config value with the node's name replaces it.
    let config = config! { "region": "us", rate: 3_u64 };
    assert!(AsyncDriver::builder().with_dataflow(variants()).with_config(config).build().is_ok());
}

#[test]
fn invalid_tags_are_refused() {
    let tag = Tag::new().with("no key", ["x"]).with("dag.owner", ["x"]).with("owner", Vec::<&str>::new());
    check(
        flow().with_node(f(Asyncness::Sync).with_decorator(tag)),
        Config::new(),
        &[
            "ICO0420 invalid-tag: `no key` is not a valid tag key; use identifiers separated by dots, as in `data.owner`",
            "ICO0420 invalid-tag: tag key `dag.owner` starts with a reserved word; start it with another word than \
         `icosian`, `dag`, `data_quality`, `module`, `remote`, `gdpr`, `ccpa`",
            "ICO0420 invalid-tag: tag `owner` has no values; add a value, or remove the tag",
        ],
    );
    check(
        flow().with_node(f(Asyncness::Sync).with_decorator(Tag::new().with("owner", ["x"]).on(["ff"]))),
        Config::new(),
        &["ICO0419 unclear-target: `tag` names node `ff`, but `f` has no such node; did you mean `f`?"],
    );
}

#[test]
fn steps_must_match_their_pipe() {
    let add = || step(Asyncness::Async, "add", Some("by"), u64::wrapping_add);
    let wrong = PipeInput::new()
        .step(PipeStep::of(add()).bind("bye", value(1_u64)))
        .step(PipeStep::of(add()).bind("given", value(1_u64)))
        .on_input("z");
    check(
        flow().with_node(f(Asyncness::Sync).with_decorator(wrong)),
        Config::new(),
        &[
            "ICO0415 unknown-param: `pipe_input` names `z`, but `f` has no such parameter; name a parameter of the function: `x`, `y`",
        ],
    );
    let wrong = PipeOutput::new()
        .step(PipeStep::of(add()).bind("bye", value(1_u64)))
        .step(PipeStep::of(add()).bind("given", value(1_u64)))
        .step(PipeStep::of(Node::sync(Outline::new("none"), |_| Ok(1_u64))))
        .step(PipeStep::of(add().with_decorator(Inject::new())));
    check(
        flow().with_node(f(Asyncness::Async).with_decorator(wrong)),
        Config::new(),
        &[
            "ICO0415 unknown-param: `pipe_output` names `bye`, but `add` has no such parameter; did you mean `by`?",
            "ICO0416 param-bound-twice: `given` of step `add` already reads the previous step; bind another parameter",
            "ICO0417 unfit-step: step `none` of `f` has no parameters; add a first parameter, which reads the previous step",
            "ICO0417 unfit-step: step `add` has the decorator `inject`, but a step supports only decorators that wrap its body; move the body into a function without `inject`, and use that function as the step",
        ],
    );
    let twice = PipeOutput::new().on_output(["f"]).step(PipeStep::of(add()).on_output(["f"]));
    check(
        flow().with_node(f(Asyncness::Sync).with_decorator(twice)),
        Config::new(),
        &[
            "ICO0419 unclear-target: `pipe_output` above `f` and one of its steps both name outputs; name the outputs in one of the two",
        ],
    );
    let text = step(Asyncness::Sync, "text", None, |given: String, _| given);
    let problems = AsyncDriver::builder()
        .with_dataflow(
            flow().with_node(f(Asyncness::Sync).with_decorator(PipeOutput::new().step(PipeStep::of(text)))),
        )
        .build()
        .unwrap_err();
    assert_eq!(
        render(&problems)[0],
        "ICO0004 edge-type-mismatch: node `f.with_text` expects `given: String`, but node `f.raw` returns `u64`; \
        change the parameter to read `u64`, or change the output of `f.raw`"
    );
}

#[test]
fn mutator_must_stay_in_its_dataflow() {
    let scale = || step(Asyncness::Sync, "scale", None, |given: u64, _| given);
    let near = flow().with_node(f(Asyncness::Sync)).with_node(scale().with_decorator(Mutate::of(["ff"])));
    check(
        near,
        Config::new(),
        &[
            "ICO0413 mutate-target-missing: `scale` targets `ff`, which is not a function of `flow`; did you mean `f`?",
        ],
    );
    let far = || {
        let f = icosian::decorators::Function::new(f(Asyncness::Sync));
        flow().with_node(f).with_node(step(Asyncness::Sync, "scaled", None, |given: u64, _| given))
    };
    // Each available name is listed once.
    check(
        far().with_node(scale().with_decorator(Mutate::of(["rates"]))),
        Config::new(),
        &["ICO0413 mutate-target-missing: `scale` targets `rates`, which is not a function of `flow`; \
         name a function of the same dataflow: `f`, `scaled`"],
    );
    // The fault lies in `mutate`, not in the step that it adds.
    let place = Location::new("src/flow.rs", 3, 1, 6);
    let placed = |mutate| {
        far().with_node(icosian::decorators::Function::new(scale()).with_decorator_at(mutate, place))
    };
    let shown = |mutate| {
        let problems = AsyncDriver::builder().with_dataflow(placed(mutate)).build().unwrap_err();
        format!("{problems:?}")
    };
    for wrong in [Mutate::of(["rates"]), Mutate::of(["f"]).bind("by", value(1_u64))] {
        let shown = shown(wrong);
        assert!(
            shown.contains("src/flow.rs:3:1: this `mutate`") && !shown.contains("this `pipe_output`"),
            "{shown}"
        );
    }
    let tagged = scale().with_decorator(Mutate::of(["f"])).with_decorator(Tag::new().with("owner", ["x"]));
    check(
        flow().with_node(f(Asyncness::Sync)).with_node(tagged),
        Config::new(),
        &[
            "ICO0417 unfit-step: `scale` has the decorator `tag`, but is not a node; decorate the functions that it targets",
        ],
    );
}

#[test]
fn parts_and_checks_must_match_the_output() {
    let number = || Output::of::<u64>().cloneable::<u64>();
    let parts = || ExtractOutputs::<(u64, u64)>::new().field("left", |pair| &pair.0, number());
    check(
        flow().with_node(f(Asyncness::Async).with_decorator(parts())),
        Config::new(),
        &[
            "ICO0421 decorator-type-mismatch: `extract_outputs` splits a `(u64, u64)`, but `f` returns `u64`; split a `u64`",
        ],
    );
    let both = f(Asyncness::Sync)
        .with_decorator(Parameterize::new().values("x", [("a", 1_u64), ("b", 2)]))
        .with_decorator(parts());
    check(
        flow().with_node(both),
        Config::new(),
        &[
            "ICO0419 unclear-target: `extract_outputs` splits one output, but `f` has several: `a`, `b`; name the output to split with `on(..)`",
        ],
    );
    let checks = f(Asyncness::Sync).with_decorator(CheckOutput::<f64>::new().range(0.0..).data_type::<u8>());
    check(
        flow().with_node(checks),
        Config::new(),
        &[
            "ICO0408 check-output-wrong-type: `check_output` expects a `u8`, but the output is a `f64`; expect `f64`, or return another type",
            "ICO0408 check-output-wrong-type: `check_output` checks a `f64`, but `f` returns `u64`; check a `u64`, or name the outputs to check",
        ],
    );
}

#[test]
fn replacements_and_subdags_must_match() {
    let other = function(Asyncness::Sync, "other", &["left"], |_| Ok(1.5_f64));
    check(
        flow().with_node(f(Asyncness::Sync).with_decorator(Does::new(other).map("lft", "x"))),
        Config::new(),
        &[
            "ICO0415 unknown-param: `does` names `lft`, but `other` has no such parameter; did you mean `left`?",
            "ICO0421 decorator-type-mismatch: `f` returns `u64`, but its replacement `other` returns `f64`; replace it with a function that returns `u64`",
            "ICO0415 unknown-param: `does` names `left`, but `f` has no such parameter; name a parameter of the function: `x`, `y`",
        ],
    );
    let inner =
        || Dataflow::new("inner").with_node(function(Asyncness::Async, "x", &["seed"], |read| Ok(read[0])));
    let subdag = Subdag::new(inner()).input("sed", source("a")).input("x", source("a"));
    check(
        flow().with_node(f(Asyncness::Sync).with_decorator(subdag)),
        Config::new(),
        &[
            "ICO0414 subdag-unresolved-input: no node in the subdag of `f` reads input `sed`; did you mean `seed`?",
            "ICO0414 subdag-unresolved-input: input `x` of the subdag of `f` is one of its nodes; bind inputs only, or rename one of the two",
            "ICO0414 subdag-unresolved-input: `f` reads node `y`, which dataflow `inner` does not contain; declare it as external, or add the node",
        ],
    );
    let subdag = Subdag::new(inner()).external(["y"]).config_from("seed", "sed");
    check(
        flow().with_node(f(Asyncness::Sync).with_decorator(subdag)),
        config! { seeds: 1_u64 },
        &[
            "ICO0414 subdag-unresolved-input: config value `sed` is missing; the subdag of `f` reads it as `seed`; did you mean `seeds`?",
        ],
    );
    let resolve = Resolve::new(|_: &Config| Err::<Inject, BoxError>("config has no `many`".into()));
    check(
        flow().with_node(f(Asyncness::Sync).with_decorator(resolve)),
        Config::new(),
        &[
            "ICO0507 resolve-failed: `resolve` on `f` failed: config has no `many`; set the config values that its function reads",
        ],
    );
}

#[test]
fn wrappers_must_match_the_body() {
    let token = Outline::new("f").with_param(Param::taken::<String>("token"));
    let token = Node::sync(token, |args| Ok(args.take_with::<String>(0, None)));
    check(
        flow().with_node(token.with_decorator(Retry::new(2))),
        Config::new(),
        &[
            "ICO0702 retry-input-not-clone: `retry` on `f` may call the function more than once, but it consumes `token: String`, which is not `Clone`; \
         borrow it as `token: &String`, or implement `Clone` for the type",
        ],
    );
    let (short, long) = (Duration::from_secs(1), Duration::from_secs(2));
    check(
        flow().with_node(f(Asyncness::Sync).with_decorator(Retry::new(2).backoff(long, short))),
        Config::new(),
        &[
            "ICO0708 retry-settings: `retry` on `f` has a first wait that exceeds its longest wait; write the shorter time first",
        ],
    );
    check(
        flow().with_node(f(Asyncness::Sync).with_decorator(Retry::new(0))),
        Config::new(),
        &["ICO0708 retry-settings: `retry` on `f` has zero attempts; allow at least one attempt"],
    );
    check(
        flow().with_node(f(Asyncness::Async).with_decorator(Fallback::value(1.5))),
        Config::new(),
        &[
            "ICO0421 decorator-type-mismatch: `fallback` of `f` returns `f64`, but the function returns `u64`; return a `u64` from it",
        ],
    );
    let above = f(Asyncness::Sync)
        .with_decorator(Offload)
        .with_decorator(Timeout::new(long))
        .with_decorator(Retry::new(2));
    check(
        flow().with_node(above),
        Config::new(),
        &[
            "ICO0405 decorator-order: `retry` on `f` never sees the `timeout` below it, because the function is offloaded; \
         write `retry` below `timeout`, or make the function async",
        ],
    );
}

#[test]
fn timeouts_that_never_fire_are_refused() {
    let short = || Timeout::new(Duration::from_millis(10));
    let long = || Timeout::new(Duration::from_millis(100));
    let limit = || Limit::new("group").max_concurrency(1);
    let twice = "ICO0405 decorator-order: two `timeout`s on `f` cover the same work, so only the shorter one can expire; \
                 remove one of the two";
    let refused = [
        f(Asyncness::Async).with_decorator(short()).with_decorator(long()),
        f(Asyncness::Async).with_decorator(short()).with_decorator(limit()).with_decorator(long()),
        f(Asyncness::Async).with_decorator(short()).with_decorator(Spawn).with_decorator(long()),
        f(Asyncness::Sync)
            .with_decorator(Offload)
            .with_decorator(short())
            .with_decorator(Tag::new())
            .with_decorator(long()),
        f(Asyncness::Async).with_decorator(short()).with_decorator(Resolve::new(|_: &Config| {
            Ok::<_, BoxError>(Timeout::new(Duration::from_secs(1)))
        })),
    ];
    for function in refused {
        check(flow().with_node(function), Config::new(), &[twice]);
    }
    let step = step(Asyncness::Async, "step", None, |value: u64, _: u64| value);
    let above = step.with_decorator(short()).with_decorator(long());
    let piped = f(Asyncness::Async).with_decorator(PipeOutput::new().step(PipeStep::of(above)));
    check(flow().with_node(piped), Config::new(), &[&twice.replace("`f`", "`step`")]);
    check(
        flow().with_node(f(Asyncness::Async).with_decorator(Timeout::new(Duration::ZERO))),
        Config::new(),
        &["ICO0704 timeout-shorter-than-retries: `timeout` on `f` is zero, so it always expires; \
           set a longer duration, as in `Duration::from_secs(2)`"],
    );
    for function in [
        f(Asyncness::Async).with_decorator(short()).with_decorator(Retry::new(2)).with_decorator(long()),
        f(Asyncness::Async)
            .with_decorator(short())
            .with_decorator(Fallback::value(1_u64))
            .with_decorator(long()),
    ] {
        AsyncDriver::builder().with_dataflow(flow().with_node(function)).build().unwrap();
    }
}

#[test]
fn offload_and_spawn_on_one_function_are_refused() {
    for asyncness in [Asyncness::Sync, Asyncness::Async] {
        for node in [
            f(asyncness).with_decorator(Offload).with_decorator(Spawn),
            f(asyncness).with_decorator(Spawn).with_decorator(Offload),
        ] {
            check(
                flow().with_node(node),
                Config::new(),
                &["ICO0407 conflicting-decorators: `f` has both `offload` and `spawn`; \
                     keep `offload` for a function that blocks, or `spawn` for a long computation"],
            );
        }
    }
    let spawned = flow().with_node(f(Asyncness::Sync).with_decorator(Spawn));
    let refused = Driver::builder().with_dataflow(spawned).with_adapter(SyncAdapter).build().unwrap_err();
    assert_eq!(
        render(&refused),
        [
            "ICO0102 unsupported-decorator: `spawn` on `f` requires runtime tasks, which the `sync` adapter does not support; \
          build an `AsyncDriver`, or remove `spawn`"
        ]
    );
}

#[test]
fn unsupported_capability_names_the_adapter() {
    let timed =
        |asyncness| flow().with_node(f(asyncness).with_decorator(Timeout::new(Duration::from_secs(2))));
    check(
        timed(Asyncness::Sync),
        Config::new(),
        &[
            "ICO0102 unsupported-decorator: `timeout` on `f` requires cancellation of running nodes, which the `tokio` adapter does not support for sync functions; \
         make the function async, or write `offload` below `timeout`",
        ],
    );
    let sync =
        |flow| render(&Driver::builder().with_dataflow(flow).with_adapter(SyncAdapter).build().unwrap_err());
    assert_eq!(
        sync(timed(Asyncness::Sync)),
        [
            "ICO0102 unsupported-decorator: `timeout` on `f` requires a timer and cancellation of running nodes, which the `sync` adapter does not support; \
         build an `AsyncDriver` and make the function async, or remove `timeout`",
        ]
    );
    assert_eq!(
        sync(flow().with_node(f(Asyncness::Sync).with_decorator(Limit::new("few").max_concurrency(2)))),
        [
            "ICO0102 unsupported-decorator: `limit` on `f` requires concurrency limits, which the `sync` adapter does not support; \
         build an `AsyncDriver`, or remove `limit`",
        ]
    );
}

#[test]
fn error_shows_the_decorator_and_its_function() {
    let place = |line| Location::new("src/flow.rs", line, 1, 8);
    let (outline, body) = f(Asyncness::Sync).into_parts();
    let node = Node::from_parts(outline.with_location(place(4)), body);
    let decorated = icosian::decorators::Function::new(node).with_decorator_at(Retry::new(0), place(3));
    let problems = Driver::builder().with_dataflow(flow().with_node(decorated)).build().unwrap_err();
    let expect = "`retry` on `f` has zero attempts\n  src/flow.rs:3:1: this `retry`\n  src/flow.rs:4:1: above this function\n  \
                  help: allow at least one attempt\n  code: ICO0708 retry-settings";
    assert_eq!(format!("{problems:?}"), expect);
}

/// Creates `count` nodes from its node.
#[derive(Debug)]
struct Makes(usize, Phase);

impl Decorator for Makes {
    fn spec(&self) -> DecoratorSpec {
        DecoratorSpec::new("makes", self.1)
    }

    fn decorate(
        &self,
        nodes: Vec<Node>,
        _: &DecorateContext<'_>,
    ) -> Result<Vec<Node>, icosian::Diagnostics<DecorateError>> {
        let more = (1..self.0).map(|at| Node::sync(Outline::new(format!("more_{at}")), |_| Ok(42_u64)));
        Ok(nodes.into_iter().chain(more).take(self.0).collect())
    }
}

#[test]
fn wrapper_must_return_exactly_its_node() {
    const HELP: &str = "return the same node with another body; to create nodes, use `Phase::Transform`";
    for (count, gives) in [(0, "no node"), (2, "2 nodes")] {
        let said = |name: &str| {
            format!(
                "ICO0422 broken-promise: `makes` wraps the body of node `{name}`, but returns {gives}; {HELP}"
            )
        };
        let makes = || Makes(count, Phase::Wrap);
        check(flow().with_node(f(Asyncness::Sync).with_decorator(makes())), Config::new(), &[&said("f")]);
        // The step is a pipe step, or `mutate` adds it.
        let half = || step::<u64, _>(Asyncness::Sync, "half", None, |given, _| given / 2);
        let pipe = PipeOutput::new().step(PipeStep::of(half().with_decorator(makes())));
        check(
            flow().with_node(f(Asyncness::Sync).with_decorator(pipe)),
            Config::new(),
            &[&said("f.with_half")],
        );
        let put = half().with_decorator(makes()).with_decorator(Mutate::of(["f"]));
        check(flow().with_node(put).with_node(f(Asyncness::Sync)), Config::new(), &[&said("half")]);
    }
    check(
        flow().with_node(f(Asyncness::Sync).with_decorator(Makes(2, Phase::Resolve))),
        Config::new(),
        &["ICO0422 broken-promise: `makes` keeps or excludes one node, but returns 2 nodes; \
          return the node or nothing; to create nodes, use `Phase::Transform`"],
    );
}

#[test]
fn wrappers_of_steps_are_checked() {
    let slow = step::<u64, _>(Asyncness::Sync, "slow", None, |given, _| given);
    let slow = slow.with_decorator(Offload).with_decorator(Timeout::new(Duration::from_millis(50)));
    let pipe = PipeOutput::new().step(PipeStep::of(slow));
    let driver = Driver::builder().with_dataflow(flow().with_node(f(Asyncness::Sync).with_decorator(pipe)));
    let rendered = render(&driver.build().unwrap_err());
    assert!(
        rendered[0].starts_with("ICO0102 unsupported-decorator: `timeout` on `slow` requires"),
        "{rendered:?}"
    );
}

#[test]
fn decorators_of_an_unused_body_are_refused() {
    let other = || f(Asyncness::Sync).with_decorator(Retry::new(3));
    let message = |user: &str| {
        format!(
            "ICO0417 unfit-step: `{user}` on `g` uses only the body of `f`, without its `retry`; \
             write `retry` above `g`, or remove it"
        )
    };
    let g = || function(Asyncness::Sync, "g", &["x", "y"], |read| Ok(read[0] + read[1]));
    check(flow().with_node(g().with_decorator(Does::new(other()))), Config::new(), &[&message("does")]);
    check(
        flow().with_node(g().with_decorator(Fallback::function(other()))),
        Config::new(),
        &[&message("fallback")],
    );
}
