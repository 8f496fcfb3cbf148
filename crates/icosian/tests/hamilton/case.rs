//! A dataflow with a request and the expected result, for sync and async functions under every adapter.

use std::any::Any;
use std::error::Error;
use std::fmt::Debug;
use std::num::NonZeroUsize;
use std::sync::LazyLock;

use icosian::adapter::{GraphAdapter, SyncAdapter, TokioAdapter};
use icosian::decorators::Function;
use icosian::graph::Graph;
use icosian::prelude::*;
use icosian::{Asyncness, BuildError, Builder, Node, Outline, Output, Param};
use icosian_core::node::Args;
use icosian_rayon::RayonAdapter;
use tokio::runtime::{self, Runtime};

/// Returns a function that consumes its parameters and returns the result of `body`.
pub(crate) fn function<T, const N: usize>(
    asyncness: Asyncness,
    name: &'static str,
    params: [&'static str; N],
    body: impl Fn([i64; N]) -> T + Clone + Send + Sync + 'static,
) -> Node
where
    T: Any + Send + Sync + Clone,
{
    let outline = params.iter().fold(Outline::new(name), |outline, param| outline.with_param(number(param)));
    reading(asyncness, outline, |args| std::array::from_fn(|at| args.take(at)), body)
}

/// Returns an owned parameter of type number.
pub(crate) fn number(name: &'static str) -> Param {
    Param::taken::<i64>(name).with_clone()
}

/// Returns a function of the arguments that `read` consumes. The async form yields once first.
pub(crate) fn reading<A, T>(
    asyncness: Asyncness,
    outline: Outline,
    read: impl Fn(&mut Args<'_>) -> A + Send + Sync + 'static,
    make: impl Fn(A) -> T + Clone + Send + Sync + 'static,
) -> Node
where
    A: Send + 'static,
    T: Any + Send + Sync + Clone,
{
    let outline = outline.with_output(Output::of::<T>().cloneable::<T>());
    match asyncness {
        Asyncness::Sync => Node::sync(outline, move |args| Ok(make(read(args)))),
        Asyncness::Async => Node::future(outline, move |args| {
            let (read, make) = (read(args), make.clone());
            async move {
                tokio::task::yield_now().await;
                Ok(make(read))
            }
        }),
    }
}

/// A check of a value, which panics on failure.
type Check<T> = dyn Fn(&T);

/// A dataflow with expected results.
#[must_use]
pub(crate) struct Case {
    flows: Vec<Dataflow>,
    config: Config,
    inputs: Vec<Box<dyn Fn(Inputs) -> Inputs>>,
    nodes: Option<Vec<String>>,
    graph_checks: Vec<Box<Check<Graph>>>,
    requested: Vec<&'static str>,
    checks: Vec<Box<Check<NamedValues>>>,
    errors: Vec<&'static str>,
    refusals: Vec<(&'static str, &'static str)>,
}

impl Case {
    /// Returns a case for a dataflow of functions, without requests.
    pub(crate) fn of<const N: usize>(functions: [Function; N]) -> Self {
        Self {
            flows: vec![flow("flow", functions)],
            config: Config::new(),
            inputs: Vec::new(),
            nodes: None,
            graph_checks: Vec::new(),
            requested: Vec::new(),
            checks: Vec::new(),
            errors: Vec::new(),
            refusals: Vec::new(),
        }
    }

    /// Adds another dataflow to the driver.
    pub(crate) fn with_dataflow(mut self, other: Dataflow) -> Self {
        self.flows.push(other);
        self
    }

    pub(crate) fn config<T: Any + Send + Sync + Clone>(mut self, name: &'static str, value: T) -> Self {
        self.config = self.config.with(name, value);
        self
    }

    pub(crate) fn input<T: Any + Send + Sync + Clone>(mut self, name: &'static str, value: T) -> Self {
        self.inputs.push(Box::new(move |inputs| inputs.with(name, value.clone())));
        self
    }

    pub(crate) fn overriding(mut self, name: &'static str, value: i64) -> Self {
        self.inputs.push(Box::new(move |inputs| inputs.overriding_named(name, icosian::Input::value(value))));
        self
    }

    /// Expects these nodes, each with the nodes that it reads: `f <- a, b`.
    pub(crate) fn nodes<const N: usize>(mut self, nodes: [&'static str; N]) -> Self {
        self.nodes = Some(nodes.iter().map(ToString::to_string).collect());
        self
    }

    /// Checks the graph.
    pub(crate) fn check_graph(mut self, check: impl Fn(&Graph) + 'static) -> Self {
        self.graph_checks.push(Box::new(check));
        self
    }

    /// Expects these tags of a node; an empty text expects none.
    pub(crate) fn tags(self, name: &'static str, tags: &'static str) -> Self {
        self.check_graph(move |graph| {
            assert_eq!(outline(graph, name).tags().to_string(), tags, "tags of {name}");
        })
    }

    /// Requests a node and expects this output.
    pub(crate) fn output<T: Any + PartialEq + Debug>(mut self, name: &'static str, value: T) -> Self {
        self.requested.push(name);
        self.checks.push(Box::new(move |values| assert_eq!(values.get::<T>(name), Some(&value), "{name}")));
        self
    }

    /// Checks the outputs.
    pub(crate) fn check_outputs(mut self, check: impl Fn(&NamedValues) + 'static) -> Self {
        self.checks.push(Box::new(check));
        self
    }

    /// Requests a node and expects an error that contains `words`.
    pub(crate) fn error(mut self, name: &'static str, words: &'static str) -> Self {
        self.requested.push(name);
        self.errors.push(words);
        self
    }

    /// Expects that `build` fails with exactly these errors.
    pub(crate) fn refusal(mut self, code: &'static str, words: &'static str) -> Self {
        self.refusals.push((code, words));
        self
    }

    fn check(
        &self,
        graph: Result<&Graph, &BuildError>,
        execute: impl Fn(&[&'static str], Inputs) -> Result<NamedValues, ExecuteError>,
    ) {
        let graph = match graph {
            Err(error) => return self.check_refusal(error),
            Ok(graph) => graph,
        };
        assert_eq!(self.refusals, [], "the build succeeded");
        if let Some(nodes) = &self.nodes {
            assert_eq!(&list_nodes(graph), nodes);
        }
        self.graph_checks.iter().for_each(|check| check(graph));
        let inputs = || self.inputs.iter().fold(Inputs::new(), |inputs, add| add(inputs));
        // A driver can run several times.
        for _ in 0..2 {
            match execute(&self.requested, inputs()) {
                Ok(values) => {
                    assert!(self.errors.is_empty(), "the execution succeeded");
                    self.checks.iter().for_each(|check| check(&values));
                }
                Err(error) => {
                    let error_chain = error_chain(&error);
                    assert!(!self.errors.is_empty(), "the execution failed: {error_chain}");
                    self.errors
                        .iter()
                        .for_each(|words| assert!(error_chain.contains(words), "{error_chain}"));
                }
            }
        }
    }

    fn check_refusal(&self, error: &BuildError) {
        let problems: Vec<_> = error.iter().map(|problem| (code(problem), problem.to_string())).collect();
        let expect: Vec<_> =
            self.refusals.iter().map(|(code, words)| ((*code).to_owned(), (*words).to_owned())).collect();
        assert_eq!(problems, expect);
    }
}

fn code(problem: &impl miette::Diagnostic) -> String {
    problem.code().map(|code| code.to_string()).unwrap_or_default()
}

/// Returns a dataflow of functions.
pub(crate) fn flow<const N: usize>(name: &'static str, functions: [Function; N]) -> Dataflow {
    functions.into_iter().fold(Dataflow::new(name), Dataflow::with_node)
}

pub(crate) fn outline<'a>(graph: &'a Graph, name: &str) -> &'a Outline {
    graph.outline(graph.node(name).unwrap_or_else(|| panic!("there is no `{name}`")))
}

/// Returns each node with the names that it reads.
fn list_nodes(graph: &Graph) -> Vec<String> {
    let line = |outline: &Outline| {
        let read = outline.params().iter().filter(|param| !param.is_context() && param.constant().is_none());
        let read: Vec<_> = read.map(|param| param.source().as_str()).collect();
        let arrow = if read.is_empty() { "" } else { " <- " };
        format!("{}{arrow}{}", outline.name(), read.join(", "))
    };
    let mut nodes: Vec<_> = graph.nodes().map(|node| line(graph.outline(node))).collect();
    nodes.sort();
    nodes
}

/// Returns an error with its causes.
fn error_chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl From<Case> for Vec<Case> {
    fn from(case: Case) -> Self {
        vec![case]
    }
}

/// Runs cases with sync and with async functions, under each adapter that supports them.
pub(crate) fn run_each<C: Into<Vec<Case>>>(cases: impl Fn(Asyncness) -> C) {
    for asyncness in [Asyncness::Sync, Asyncness::Async] {
        for case in cases(asyncness).into() {
            if asyncness == Asyncness::Sync {
                under(&case, SyncAdapter);
                under(&case, RAYON.clone());
            }
            under_tokio(&case);
        }
    }
}

fn under_tokio(case: &Case) {
    let flows = case.flows.iter().cloned();
    let builder = flows.fold(AsyncDriver::under(TokioAdapter::default()), Builder::with_dataflow);
    let driver = builder.with_config(case.config.clone()).build();
    let execute = |names: &[&'static str], inputs: Inputs| {
        RUNTIME.block_on(driver.as_ref().unwrap().execute_named(names, inputs))
    };
    case.check(driver.as_ref().map(AsyncDriver::graph), execute);
}

fn under(case: &Case, adapter: impl GraphAdapter) {
    let flows = case.flows.iter().cloned();
    let builder = flows.fold(Driver::builder(), Builder::with_dataflow);
    let driver = builder.with_config(case.config.clone()).with_adapter(adapter).build();
    let execute =
        |names: &[&'static str], inputs: Inputs| driver.as_ref().unwrap().execute_named(names, inputs);
    case.check(driver.as_ref().map(Driver::graph), execute);
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    runtime::Builder::new_current_thread().enable_time().build().expect("there is a runtime")
});

static RAYON: LazyLock<RayonAdapter> = LazyLock::new(|| {
    let two = NonZeroUsize::new(2).expect("it is not zero");
    RayonAdapter::with_threads(two).expect("there are threads")
});
