//! Every decorator, and every pair of them, on a sync function and on its async twin, under every adapter: outputs, failures,
//! calls, and the calls of hooks.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use icosian::decorators::{
    AsyncValidator, CheckOutput, Condition, ConfigWhen, Decorator, DecoratorSpec, Does, Expand,
    ExtractOutputs, Fallback, Function, Importance, Inject, Mutate, Parameterization, Parameterize,
    ParameterizedSubdag, PipeInput, PipeOutput, PipeStep, Remote, Resolve, Retry, Subdag, SubdagVariant, Tag,
    TagOutputs, Timeout, Validation, Validator, Verdict, apply, judge, source, value,
};
use icosian::expand::Items;
use icosian::prelude::*;
use icosian::{Asyncness, BoxError, NodeError, Output};
use icosian_decorators::EXAMPLES;
use proptest::prelude::*;

use crate::workshop::{
    Under, accepting_function, expanding_function, function, function_without_result, step,
};

/// The output of the function in all cases.
type Pair = (u64, u64);

/// The input with which the function fails.
const UNLUCKY: u64 = 13;

fn number() -> Output {
    Output::of::<u64>().cloneable::<u64>()
}

/// Checks that the first number is positive.
struct Grown;

impl Validator<Pair> for Grown {
    fn name(&self) -> &'static str {
        "grown"
    }

    fn validate(&self, pair: &Pair) -> Validation {
        Validation::of(pair.0 > 0, "it is not")
    }
}

/// An async variant of [`Grown`].
struct GrownElsewhere;

impl AsyncValidator<Pair> for GrownElsewhere {
    fn name(&self) -> &'static str {
        "grown"
    }

    async fn validate(&self, pair: &Pair) -> Validation {
        tokio::task::yield_now().await;
        Grown.validate(pair)
    }
}

/// A function that returns a decorator.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Make {
    /// The decorator has helper functions, which are sync or async.
    WithHelpers(fn(Asyncness) -> Arc<dyn Decorator>),
    /// The example in the decorator's folder.
    Example(fn() -> Arc<dyn Decorator>),
}

impl Make {
    pub(crate) fn make(self, helper: Asyncness) -> Arc<dyn Decorator> {
        match self {
            Self::WithHelpers(make) => make(helper),
            Self::Example(make) => make(),
        }
    }
}

/// All built-in decorators.
pub(crate) static DECORATORS: LazyLock<Vec<(&'static str, Make)>> = LazyLock::new(|| {
    let with_helpers = WITH_HELPERS.iter().map(|(name, make)| (*name, Make::WithHelpers(*make)));
    with_helpers.chain(EXAMPLES.iter().map(|(name, make)| (*name, Make::Example(*make)))).collect()
});

/// Builds a decorator whose helper functions are sync or async.
type MakeWithHelpers = fn(Asyncness) -> Arc<dyn Decorator>;

/// Decorators without a separate example.
const WITH_HELPERS: &[(&str, MakeWithHelpers)] = &[
    ("resolve", |_| {
        Arc::new(Resolve::new(|config: &Config| {
            let by = *config.get::<u64>("by").ok_or("config has no `by`")?;
            Ok::<_, BoxError>(Inject::new().bind("y", value(by)))
        }))
    }),
    ("config_when", |_| Arc::new(ConfigWhen::new(Condition::when("env", "prod")))),
    ("config_when_not", |_| Arc::new(ConfigWhen::new(Condition::when_not("env", "prod")))),
    ("does", |helper| {
        Arc::new(
            Does::new(function(helper, "twice", &["left", "right"], |read| {
                Ok::<Pair, _>((read[0] * 2, read[1]))
            }))
            .map("left", "x")
            .map("right", "y"),
        )
    }),
    ("subdag", |helper| Arc::new(Subdag::new(inner(helper)).input("seed", source("x")).external(["y"]))),
    ("parameterized_subdag", |helper| {
        let variant = |name: &'static str| SubdagVariant::new(name);
        Arc::new(
            ParameterizedSubdag::of(Subdag::new(inner(helper)).external(["y"]))
                .with(variant("one").input("seed", source("x")))
                .with(variant("two").input("seed", value(5_u64)).config("factor", 7_u64)),
        )
    }),
    ("pipe_input", |helper| {
        Arc::new(
            PipeInput::new()
                .step(
                    PipeStep::of(step(helper, "add", Some("by"), u64::wrapping_add)).bind("by", value(3_u64)),
                )
                .step(
                    PipeStep::of(step(helper, "add", Some("by"), u64::wrapping_add)).bind("by", source("y")),
                )
                .step(
                    PipeStep::of(step::<u64, _>(helper, "never", None, |_, _| 0))
                        .when(Condition::when("env", "dev")),
                ),
        )
    }),
    ("parameterize", |_| {
        Arc::new(
            Parameterize::new()
                .with(Parameterization::new("low").bind("y", value(1_u64)))
                .with(Parameterization::new("high").bind("y", source("x"))),
        )
    }),
    ("inject", |_| Arc::new(Inject::new().bind("y", value(4_u64)))),
    ("extract_outputs", |_| {
        let parts = ExtractOutputs::<Pair>::new();
        Arc::new(parts.field("left", |pair| &pair.0, number()).field("right", |pair| &pair.1, number()))
    }),
    ("extract_fields", |_| {
        let parts = ExtractOutputs::<Pair>::fields();
        Arc::new(parts.field("first", |pair| &pair.0, number()).field("second", |pair| &pair.1, number()))
    }),
    ("unpack_fields", |_| {
        Arc::new(ExtractOutputs::<Pair>::positions().field("only", |pair| &pair.1, number()))
    }),
    ("check_output", |helper| {
        let checks = CheckOutput::<Pair>::new().importance(Importance::Fail);
        Arc::new(match helper {
            Asyncness::Sync => checks.custom(Grown).custom(Grown),
            Asyncness::Async => checks.custom_async(GrownElsewhere).custom(Grown),
        })
    }),
    ("pipe_output", |helper| {
        Arc::new(
            PipeOutput::new()
                .step(PipeStep::of(step::<Pair, _>(helper, "swap", None, |pair, _| (pair.1, pair.0))))
                .step(
                    PipeStep::of(step::<Pair, _>(helper, "grow", Some("x"), |pair, by| {
                        (pair.0 + by, pair.1)
                    }))
                    .named("grown"),
                ),
        )
    }),
    // Its function returns several pairs; see `Case::flow`.
    ("expand", |_| Arc::new(Expand::of::<Pair>().cloneable::<Pair>())),
    ("tag", |_| Arc::new(Tag::new().with("owner", ["finance"]))),
    ("tag_outputs", |_| Arc::new(TagOutputs::new().with("f", "owner", ["finance"]))),
    ("remote", |_| Arc::new(Remote::new().option("cpus", "4"))),
    ("retry", |_| Arc::new(Retry::new(3))),
    ("retry_backoff", |_| {
        Arc::new(Retry::new(2).backoff(Duration::from_micros(1), Duration::from_micros(2)))
    }),
    ("timeout", |_| Arc::new(Timeout::new(Duration::from_mins(1)))),
    ("fallback_value", |_| Arc::new(Fallback::value((0_u64, 1_u64)))),
    ("fallback_function", |helper| {
        Arc::new(Fallback::function(function(helper, "cached", &["x", "y"], |read| {
            Ok::<Pair, _>((read[1], read[0]))
        })))
    }),
    // It decorates another function, which becomes a step after this function.
    ("mutate", |_| Arc::new(Mutate::of(["f"]))),
];

/// A dataflow that computes `x` from `seed` in two nodes.
fn inner(helper: Asyncness) -> Dataflow {
    Dataflow::new("inner")
        .with_node(function(helper, "base", &["seed"], |read| Ok(read[0] + 1)))
        .with_node(function(helper, "x", &["base", "factor"], |read| Ok(read[0] * read[1])))
}

/// A function with decorators, and its helper functions.
pub(crate) struct Case<'a> {
    pub(crate) function: Asyncness,
    pub(crate) helper: Asyncness,
    pub(crate) decorators: &'a [(&'static str, Make)],
    pub(crate) source: XSource,
}

/// The source of the parameter `x`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum XSource {
    Input,
    /// A node that fails. The function accepts the failure, and replaces the value.
    FailedNode {
        replacement: u64,
    },
}

impl Case<'_> {
    fn flow(&self, calls: &Arc<AtomicUsize>) -> Dataflow {
        let calls = Arc::clone(calls);
        let body = move |read: &[u64]| {
            calls.fetch_add(1, Ordering::SeqCst);
            match read {
                [UNLUCKY, _] => Err(NodeError::failed("it is unlucky")),
                _ => Ok::<Pair, _>((read[0] + 10 * read[1], read[1])),
            }
        };
        let expands = self.decorators.iter().any(|(name, _)| *name == "expand");
        let function = if let (XSource::FailedNode { replacement }, false) = (self.source, expands) {
            accepting_function(self.function, "f", ["x", "y"], replacement, body)
        } else if self.decorators.iter().any(|(name, _)| *name == "expand") {
            expanding_function(self.function, "f", &["x", "y"], move |read| {
                let pair = body(read)?;
                Ok(Items::new((0..3).map(move |item| (pair.0 + item, pair.1))))
            })
        } else {
            function(self.function, "f", &["x", "y"], body)
        };
        let mut flow = Dataflow::new("flow");
        if let XSource::FailedNode { .. } = self.source {
            flow = flow.with_node(function_without_result(self.helper, "x"));
        }
        let mut decorated = Function::new(function);
        for (name, make) in self.decorators {
            if *name == "mutate" {
                let mutator = step::<Pair, _>(self.helper, "mutated", None, |pair, _| (pair.0 + 100, pair.1));
                flow = flow.with_node(mutator.with_decorator(Mutate::of(["f"])));
                continue;
            }
            decorated = decorated.with_decorator(make.make(self.helper));
        }
        flow.with_node(decorated)
    }

    fn config() -> Config {
        config! { "env": "prod", by: 2_u64 }
    }

    /// Builds and runs the case, and returns the number of calls and the outcomes.
    pub(crate) fn run(&self, under: Under, x: u64) -> Result<Shown, String> {
        let calls = Arc::new(AtomicUsize::new(0));
        let code = |problems: &icosian::Diagnostics<icosian::decorators::DecorateError>| {
            let mut codes: Vec<_> = problems.iter().map(|problem| problem.kind().id().to_owned()).collect();
            codes.dedup();
            codes.join(" ")
        };
        let nodes = apply(vec![self.flow(&calls)], &Self::config(), &under.spec())
            .map_err(|problems| code(&problems))?;
        let wanted: Vec<String> = nodes[0].iter().map(|node| node.name().to_string()).collect();
        let reads =
            |name: &str| nodes[0].iter().flat_map(|node| node.outline().params()).any(|it| it.reads(name));
        let inputs = |x| {
            let inputs = [("x", x), ("y", 3), ("factor", 6)].into_iter().filter(|(name, _)| reads(name));
            inputs.fold(Inputs::new(), |inputs, (name, given)| {
                inputs.with_input(name, Input::from(icosian::Value::cloneable(given)))
            })
        };
        // Earlier runs do not change a run, whether they succeeded or failed.
        let given = [x, x, UNLUCKY, x].map(&inputs).into();
        let outcomes = under
            .runs(self.flow(&calls), Self::config(), &wanted, given)
            .map_err(|problems| problems.code().map(|code| code.to_string()).unwrap_or_default())?;
        // With several failing nodes, the first failure and the number of started nodes are not defined.
        let because =
            |failed: String| failed.lines().filter(|line| line.contains("because")).collect::<String>();
        let went_well = outcomes.iter().all(Result::is_ok);
        let seen = [x, UNLUCKY].map(inputs).into();
        let hook_calls = under.record_hooks(self.flow(&Arc::default()), Self::config(), &wanted, seen);
        let hook_calls = hook_calls.map_err(|problems| format!("only with a hook: {problems:?}"))?;
        let mut outcomes = outcomes.into_iter().map(|outcome| outcome.map_err(because)).collect::<Vec<_>>();
        let outcome = outcomes.remove(0);
        assert!(
            [0, 2].iter().all(|again| outcomes[*again] == outcome),
            "{outcome:?} at first, then {outcomes:?}"
        );
        Ok(Shown { outcome, calls: if went_well { calls.load(Ordering::SeqCst) } else { 0 }, hook_calls })
    }

    /// Builds and runs the case once with the input `x`, and returns the outputs of the function's nodes.
    pub(crate) fn outputs(&self, under: Under, x: u64) -> Result<Vec<String>, String> {
        let calls = Arc::new(AtomicUsize::new(0));
        let nodes = apply(vec![self.flow(&calls)], &Self::config(), &under.spec())
            .map_err(|problems| problems.to_string())?;
        let names = nodes[0].iter().map(|node| node.name().to_string());
        let wanted: Vec<String> = names.filter(|name| name != "x").collect();
        let reads =
            |name: &str| nodes[0].iter().flat_map(|node| node.outline().params()).any(|it| it.reads(name));
        let inputs = [("x", x), ("y", 3), ("factor", 6)];
        let inputs = inputs
            .into_iter()
            .filter(|(name, _)| reads(name) && !(*name == "x" && self.source != XSource::Input));
        let inputs = inputs.fold(Inputs::new(), |inputs, (name, given)| {
            inputs.with_input(name, Input::from(icosian::Value::cloneable(given)))
        });
        let ran = under.run(self.flow(&calls), Self::config(), &wanted, inputs);
        ran.map_err(|problems| format!("{problems:?}"))?
    }

    /// Returns the verdict of `judge` on the decorators.
    fn verdict(&self, under: Under) -> Verdict {
        // A dropped variant requires no capability.
        if self.decorators.iter().any(|(name, _)| ["exclude", "config_when_not"].contains(name)) {
            return Verdict::Fine;
        }
        let mut specs: Vec<_> =
            self.decorators.iter().map(|(_, make)| make.make(self.helper).spec()).collect();
        specs.sort_by_key(DecoratorSpec::phase);
        // A replaced function has the asyncness of its replacement.
        let does = self.decorators.iter().any(|(name, _)| *name == "does");
        judge(if does { self.helper } else { self.function }, &specs, &under.spec())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    outcome: Result<Vec<String>, String>,
    calls: usize,
    /// The calls of hooks in a successful run and in a failed run.
    hook_calls: Vec<Vec<String>>,
}

pub(crate) const ASYNCNESS: [Asyncness; 2] = [Asyncness::Sync, Asyncness::Async];

/// Runs one stack of decorators in all variants and compares the results; returns the numbers of cases that ran and
/// were refused.
fn compare(decorators: &[(&'static str, Make)], x: u64) -> (usize, usize) {
    let names: Vec<_> = decorators.iter().map(|(name, _)| *name).collect();
    let mut seen: BTreeMap<String, Shown> = BTreeMap::new();
    let mut refusals: BTreeMap<String, String> = BTreeMap::new();
    let (mut ran, mut refused) = (0, 0);
    for under in Under::ALL {
        for (function, helper) in ASYNCNESS.into_iter().flat_map(|one| ASYNCNESS.map(|other| (one, other))) {
            let needs_polls = function == Asyncness::Async || helper == Asyncness::Async;
            if needs_polls && !under.spec().runs_async_nodes() {
                continue;
            }
            let case = Case { function, helper, decorators, source: XSource::Input };
            let what =
                format!("{names:?} on a {function:?} function with {helper:?} helpers under {under:?}");
            match case.run(under, x) {
                Ok(shown) => {
                    ran += 1;
                    let verdict = case.verdict(under);
                    assert!(!matches!(verdict, Verdict::Unsupported { .. }), "{what} ran, and {verdict}");
                    seen.insert(what, shown);
                }
                Err(code) if code == "ICO0102 unsupported-decorator" => {
                    refused += 1;
                    let verdict = case.verdict(under);
                    assert!(
                        matches!(verdict, Verdict::Unsupported { .. }),
                        "{what} was refused, and is {verdict}"
                    );
                }
                Err(code) => {
                    refused += 1;
                    refusals.insert(what, code);
                }
            }
        }
    }
    let mut shown = seen.iter();
    if let Some((first, expect)) = shown.next() {
        for (what, found) in shown {
            assert_eq!(found, expect, "{what}, as opposed to {first}");
        }
    }
    if let Some((what, code)) = refusals.iter().next() {
        let only_here = ["ICO0405 decorator-order"];
        assert!(
            seen.is_empty() || only_here.contains(&code.as_str()),
            "{what} is refused with {code}, and {:?} is not",
            seen.keys().next()
        );
        // An error of one adapter may be reported before an error of all adapters.
        let mut everywhere = refusals.values().filter(|code| !only_here.contains(&code.as_str()));
        let first = everywhere.next();
        assert!(everywhere.all(|other| Some(other) == first), "{refusals:?}");
        assert!(
            code.starts_with("ICO04")
                || code.starts_with("ICO05")
                || code.starts_with("ICO07")
                || ["ICO0004 edge-type-mismatch", "ICO0002 duplicate-node"].contains(&code.as_str()),
            "{what}: {code}"
        );
    }
    (ran, refused)
}

#[test]
fn each_decorator_acts_equally_on_sync_and_async_functions() {
    let mut all = (0, 0);
    for decorator in DECORATORS.iter() {
        for x in [7, UNLUCKY] {
            let (ran, refused) = compare(&[*decorator], x);
            assert!(ran > 0, "{} never ran", decorator.0);
            all = (all.0 + ran, all.1 + refused);
        }
    }
    assert!(all.0 >= 500, "only {all:?} cases");
}

#[test]
fn each_pair_acts_equally_on_sync_and_async_functions() {
    let mut all = (0, 0);
    for inner in DECORATORS.iter() {
        for outer in DECORATORS.iter() {
            for x in [7, UNLUCKY] {
                let (ran, refused) = compare(&[*inner, *outer], x);
                all = (all.0 + ran, all.1 + refused);
            }
        }
    }
    assert!(all.0 >= 11_500 && all.1 >= 1_700, "only {all:?} cases");
}

#[test]
fn source_order_matters_only_within_a_phase() {
    let phase = |decorator: &(&str, Make)| decorator.1.make(Asyncness::Async).spec().phase();
    let mut pairs = 0;
    for inner in DECORATORS.iter() {
        for outer in DECORATORS.iter().filter(|outer| phase(outer) > phase(inner)) {
            let run = |decorators: &[(&'static str, Make)]| {
                let (function, helper) = (Asyncness::Async, Asyncness::Async);
                Case { function, helper, decorators, source: XSource::Input }.run(Under::Tokio, 7)
            };
            assert_eq!(run(&[*inner, *outer]), run(&[*outer, *inner]), "{} and {}", inner.0, outer.0);
            pairs += 1;
        }
    }
    assert!(pairs >= 250, "only {pairs} pairs");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_stacks_act_equally_on_sync_and_async_functions(
        stack in prop::collection::vec(prop::sample::select(DECORATORS.to_vec()), 3..=6),
        x in 1..20_u64,
    ) {
        compare(&stack, x);
    }
}
