//! Compares the findings of `check` with the errors of a driver, on random dataflows.

use std::collections::BTreeSet;
use std::time::Duration;

use icosian_check::{Candidate, Check};
use icosian_core::node::Function;
use icosian_core::value::ValueType;
use icosian_core::{Config, Dataflow, Name, Node, Outline, Output, Param, Value};
use icosian_decorators::{
    CheckOutput, Condition, ConfigWhen, Exclude, Fallback, Inject, Limit, Offload, Parameterize, Remote,
    Retry, Spawn, Tag, Timeout, source, value,
};
use icosian_diagnostics::Spanned;
use icosian_driver::{AsyncDriver, Driver, ExecuteError, Input, Inputs};
use icosian_graph::Graph;
use icosian_rules::{Level, RemoteFinding, rules};
use miette::Diagnostic;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A value that is not `Clone`.
#[derive(Debug)]
struct Lease;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Lease,
}

impl Kind {
    fn of(value_type: ValueType) -> Self {
        match value_type {
            it if it == ValueType::of::<u64>() => Self::Number,
            it if it == ValueType::of::<String>() => Self::Text,
            _ => Self::Lease,
        }
    }

    fn value(self) -> Value {
        match self {
            Self::Number => Value::cloneable(1_u64),
            Self::Text => Value::cloneable(String::from("text")),
            Self::Lease => Value::new(Lease),
        }
    }

    fn param(self, name: Name, takes: bool) -> Param {
        match (self, takes) {
            (Self::Number, true) => Param::taken::<u64>(name).with_clone(),
            (Self::Number, false) => Param::borrowed::<u64>(name),
            (Self::Text, true) => Param::taken::<String>(name).with_clone(),
            (Self::Text, false) => Param::borrowed::<String>(name),
            (Self::Lease, true) => Param::taken::<Lease>(name),
            (Self::Lease, false) => Param::borrowed::<Lease>(name),
        }
    }
}

#[derive(Clone, Debug)]
struct Read {
    name: String,
    kind: Kind,
    takes: bool,
}

#[derive(Clone, Debug)]
struct Written {
    name: String,
    kind: Kind,
    is_async: bool,
    reads: Vec<Read>,
    decorators: Vec<&'static str>,
}

#[derive(Clone, Debug)]
struct Case {
    functions: Vec<Written>,
    env: Option<&'static str>,
    /// A config value with the name of a node.
    fixed: Option<(String, Kind)>,
    outputs: Vec<Index>,
    inputs: Vec<(Index, bool)>,
    overridden: Option<Index>,
    misspelt: bool,
}

const DECORATORS: [&str; 18] = [
    "timeout",
    "offload",
    "spawn",
    "retry",
    "again",
    "limit",
    "boundless",
    "remote",
    "tag",
    "bad tag",
    "when",
    "not",
    "inject",
    "bad inject",
    "none",
    "fallback",
    "check",
    "exclude",
];

fn kinds() -> impl Strategy<Value = Kind> {
    select(vec![Kind::Number, Kind::Text, Kind::Lease])
}

/// Returns the usual type of a name. Most parameters have this type.
fn usual(name: &str) -> Kind {
    match name {
        "n1" | "n4" | "i2" => Kind::Lease,
        "n5" | "i1" => Kind::Text,
        _ => Kind::Number,
    }
}

fn function(at: usize, count: usize) -> impl Strategy<Value = Written> {
    // Most nodes have a unique name, and parameters that read earlier nodes.
    let name = prop_oneof![14 => Just(at), 1 => 0..count].prop_map(|at| format!("n{at}"));
    let node = prop_oneof![14 => 0..at.max(1), 1 => 0..count].prop_map(|at| format!("n{at}"));
    let input = (0..3_usize).prop_map(|at| format!("i{at}"));
    let read = (
        prop_oneof![4 => node, 2 => input],
        prop::option::weighted(0.05, kinds()),
        prop::bool::weighted(0.4),
    );
    let read = read.prop_map(|(name, odd, takes)| {
        let kind = odd.unwrap_or_else(|| usual(&name));
        Read { name, kind, takes }
    });
    let decorators = prop_oneof![
        5 => Just(Vec::new()),
        2 => prop::collection::vec(select(&DECORATORS[..]), 1..3),
    ];
    let reads = prop::collection::vec(read, 0..3);
    let odd = prop::option::weighted(0.05, kinds());
    (name, odd, prop::bool::weighted(0.2), reads, decorators).prop_map(
        |(name, odd, is_async, reads, decorators)| {
            let kind = odd.unwrap_or_else(|| usual(&name));
            Written { name, kind, is_async, reads, decorators }
        },
    )
}

fn cases() -> impl Strategy<Value = Case> {
    let functions =
        (1..7_usize).prop_flat_map(|count| (0..count).map(|at| function(at, count)).collect::<Vec<_>>());
    let env = select(vec![None, Some("prod"), Some("test")]);
    let fixed = prop::option::weighted(0.1, ((0..7_usize).prop_map(|at| format!("n{at}")), kinds()));
    let outputs = prop::collection::vec(any::<Index>(), 1..3);
    let inputs = prop::collection::vec((any::<Index>(), prop::bool::weighted(0.8)), 4);
    (
        functions,
        env,
        fixed,
        outputs,
        inputs,
        prop::option::weighted(0.2, any::<Index>()),
        prop::bool::weighted(0.1),
    )
        .prop_map(|(functions, env, fixed, outputs, inputs, overridden, misspelt)| Case {
            functions,
            env,
            fixed,
            outputs,
            inputs,
            overridden,
            misspelt,
        })
}

fn of<T: Send + Sync + 'static>(outline: Outline, is_async: bool, make: fn() -> T) -> Node {
    if is_async {
        Node::future(outline, move |_| async move { Ok(make()) })
    } else {
        Node::sync(outline, move |_| Ok(make()))
    }
}

fn node(written: &Written) -> Node {
    let mut outline = Outline::new(written.name.clone());
    for read in &written.reads {
        outline = outline.with_param(read.kind.param(read.name.clone().into(), read.takes));
    }
    match written.kind {
        Kind::Number => {
            let outline = outline.with_output(Output::of::<u64>().cloneable::<u64>());
            of(outline, written.is_async, || 1_u64)
        }
        Kind::Text => {
            let outline = outline.with_output(Output::of::<String>().cloneable::<String>());
            of(outline, written.is_async, String::new)
        }
        Kind::Lease => of(outline, written.is_async, || Lease),
    }
}

fn decorated(written: &Written) -> Function {
    let read = written.reads.first().map_or("nothing", |read| read.name.as_str());
    let long = Duration::from_mins(1);
    written.decorators.iter().fold(Function::new(node(written)), |it, decorator| match *decorator {
        "timeout" => it.with_decorator(Timeout::new(long)),
        "offload" => it.with_decorator(Offload),
        "spawn" => it.with_decorator(Spawn),
        "retry" => it.with_decorator(Retry::new(2)),
        "again" => it.with_decorator(Retry::new(2).backoff(Duration::ZERO, Duration::ZERO)),
        "limit" => it.with_decorator(Limit::new("group").max_concurrency(2)),
        "boundless" => it.with_decorator(Limit::new("boundless")),
        "remote" => it.with_decorator(Remote::new()),
        "tag" => it.with_decorator(Tag::new().with("owner", ["finance"])),
        "bad tag" => it.with_decorator(Tag::new().with("dag.owner", ["finance"])),
        "when" => it.with_decorator(ConfigWhen::new(Condition::when("env", "prod"))),
        "not" => it.with_decorator(ConfigWhen::new(Condition::when_not("env", "prod"))),
        "inject" => it.with_decorator(Inject::new().bind(read.to_owned(), source("i0"))),
        "bad inject" => it.with_decorator(Inject::new().bind(read.to_owned(), value("text"))),
        "none" => it.with_decorator(Parameterize::new()),
        "fallback" => it.with_decorator(Fallback::value(1_u64)),
        "check" => it.with_decorator(CheckOutput::<u64>::new().range(0..=9)),
        "exclude" => it.with_decorator(Exclude),
        other => unreachable!("`{other}` is no decorator"),
    })
}

impl Case {
    fn flow(&self) -> Dataflow {
        self.functions.iter().map(decorated).fold(Dataflow::new("flow"), Dataflow::with_node)
    }

    fn config(&self) -> Config {
        let config = self.env.map_or_else(Config::new, |env| Config::new().with("env", env));
        match &self.fixed {
            Some((name, Kind::Text)) => config.with(name.clone(), String::from("text")),
            Some((name, _)) => config.with(name.clone(), 1_u64),
            None => config,
        }
    }

    fn outputs(&self, graph: &Graph) -> Vec<Name> {
        let names: Vec<_> = graph.nodes().map(|node| graph.outline(node).name().clone()).collect();
        let mut outputs: Vec<Name> =
            self.outputs.iter().filter(|_| !names.is_empty()).map(|at| at.get(&names).clone()).collect();
        outputs.dedup();
        if self.misspelt {
            outputs.push("nobody".into());
        }
        outputs
    }

    /// Returns a subset of the inputs, sometimes with an unknown input.
    fn inputs(&self, graph: &Graph) -> Vec<Name> {
        let read: Vec<_> = graph.shape().inputs().map(|name| Name::from(name.to_owned())).collect();
        let read = read.iter().filter(|name| !name.starts_with('<') && !self.is_config(name));
        let mut inputs: Vec<Name> = read
            .enumerate()
            .filter(|(at, _)| self.inputs.get(*at).is_none_or(|(_, given)| *given))
            .map(|(_, name)| name.clone())
            .collect();
        if self.misspelt {
            inputs.push("nobody".into());
            let names: Vec<_> = graph.nodes().map(|node| graph.outline(node).name().clone()).collect();
            inputs.extend(
                self.inputs.first().filter(|_| !names.is_empty()).map(|(at, _)| at.get(&names).clone()),
            );
            inputs.extend(self.env.map(|_| Name::from("env")));
        }
        inputs
    }

    fn is_config(&self, name: &str) -> bool {
        (self.env.is_some() && name == "env") || self.fixed.as_ref().is_some_and(|(fixed, _)| fixed == name)
    }

    fn overrides(&self, graph: &Graph) -> Vec<Name> {
        // The test cannot create a value for the type of a decorator's node.
        let types = [ValueType::of::<u64>(), ValueType::of::<String>(), ValueType::of::<Lease>()];
        let nodes = graph.nodes().map(|node| graph.outline(node));
        let nodes = nodes.filter(|outline| types.contains(&outline.output().value_type()));
        let names: Vec<_> = nodes.map(|outline| outline.name().clone()).collect();
        self.overridden.iter().filter(|_| !names.is_empty()).map(|at| at.get(&names).clone()).collect()
    }
}

/// Returns a value that the readers of the name accept.
fn input_for(graph: &Graph, name: &Name) -> Input {
    let outline = graph.node(name).map(|node| graph.outline(node).output().value_type());
    let params = graph.nodes().flat_map(|node| graph.outline(node).params());
    let mut reads = params.filter(|param| param.reads(name));
    let read = reads.find_map(|param| param.accepts().next());
    let kind = outline.or(read).map_or(Kind::Number, Kind::of);
    Input::from(kind.value())
}

fn inputs_of(graph: &Graph, inputs: &[Name], overrides: &[Name]) -> Inputs {
    let values =
        inputs.iter().fold(Inputs::new(), |it, name| it.with_input(name.clone(), input_for(graph, name)));
    overrides.iter().fold(values, |it, name| it.overriding_named(name.clone(), input_for(graph, name)))
}

fn codes<'a, K: Diagnostic + 'a>(problems: impl IntoIterator<Item = &'a Spanned<K>>) -> BTreeSet<String> {
    let codes = problems.into_iter().map(|problem| problem.code().expect("each has one").to_string());
    codes.map(|code| code.split(' ').next().expect("there is a first").to_owned()).collect()
}

fn refused<T>(executed: Result<T, ExecuteError>) -> BTreeSet<String> {
    match executed {
        Ok(_) | Err(ExecuteError::Failed(_)) => BTreeSet::new(),
        Err(ExecuteError::Refused(problems)) => codes(problems.iter()),
        Err(other) => unreachable!("{other}"),
    }
}

/// Returns the codes of errors, without warnings.
fn denied(told: &[RemoteFinding]) -> BTreeSet<String> {
    let level =
        |code: &str| rules().iter().map(|rule| rule.metadata()).find(|it| it.code == code).map(|it| it.level);
    let denied = told.iter().filter(|told| level(&told.code).is_none_or(|level| level == Level::Deny));
    denied.map(|told| told.code.clone()).collect()
}

/// Compares the errors of `execute` with the findings of `check`.
fn compare<C: Candidate>(
    case: &Case,
    builder: impl Fn() -> C,
    graph: impl Fn(&C::Driver) -> Graph,
    execute: impl Fn(&C::Driver, &[Name], Inputs) -> BTreeSet<String>,
) -> Result<(), TestCaseError> {
    let told = denied(&icosian_check::check(builder()));
    let driver = match builder().build_driver() {
        Err(problems) => {
            prop_assert_eq!(told, codes(problems.iter()));
            return Ok(());
        }
        Ok(driver) => driver,
    };
    let graph = graph(&driver);
    // Each output that no node reads, alone, with all inputs.
    let inputs: Vec<Name> = graph.shape().inputs().map(|name| Name::from(name.to_owned())).collect();
    let inputs: Vec<Name> =
        inputs.into_iter().filter(|name| !name.starts_with('<') && !case.is_config(name)).collect();
    let ends = graph.nodes().map(|node| graph.outline(node).name());
    let ends = ends.filter(|name| graph.shape().downstream(name).len() == 0);
    let expect: BTreeSet<String> = ends
        .flat_map(|end| execute(&driver, std::slice::from_ref(end), inputs_of(&graph, &inputs, &[])))
        .collect();
    prop_assert_eq!(told, expect);

    // A subset of the outputs, with a subset of the inputs.
    let (outputs, inputs, overrides) = (case.outputs(&graph), case.inputs(&graph), case.overrides(&graph));
    let told = Check::new(builder())
        .with_outputs(outputs.clone())
        .with_inputs(inputs.clone())
        .with_overrides(overrides.clone())
        .findings();
    let expect = execute(&driver, &outputs, inputs_of(&graph, &inputs, &overrides));
    prop_assert_eq!(denied(&told), expect);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn findings_equal_errors_of_a_sync_driver(case in cases()) {
        let builder = || Driver::builder().with_dataflow(case.flow()).with_config(case.config());
        compare(&case, builder, |driver| driver.graph().clone(), |driver, outputs, inputs| {
            refused(driver.execute_named(outputs, inputs))
        })?;
    }

    #[test]
    fn findings_equal_errors_of_an_async_driver(case in cases()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let builder = || AsyncDriver::builder().with_dataflow(case.flow()).with_config(case.config());
        compare(&case, builder, |driver| driver.graph().clone(), |driver, outputs, inputs| {
            refused(runtime.block_on(driver.execute_named(outputs, inputs)))
        })?;
    }
}

#[test]
fn cases_cover_valid_and_faulty_dataflows() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let (mut seen, mut fine) = (BTreeSet::new(), 0);
    for _ in 0..400 {
        let case = cases().new_tree(&mut runner).unwrap().current();
        let told =
            icosian_check::check(Driver::builder().with_dataflow(case.flow()).with_config(case.config()));
        fine += usize::from(denied(&told).is_empty());
        seen.extend(denied(&told));
    }
    assert!(fine >= 40, "only {fine} were fine");
    assert!(seen.len() >= 12, "only {seen:?}");
}
