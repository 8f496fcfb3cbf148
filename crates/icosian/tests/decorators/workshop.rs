//! Builders of sync and async functions, and of drivers under each adapter.

use std::sync::LazyLock;

use icosian::adapter::{AsyncGraphAdapter, GraphAdapter, SyncAdapter, TokioAdapter};
use icosian::decorators::Checked;
use icosian::expand::{Collect, Items};
use icosian::prelude::*;
use icosian::{Asyncness, BuildError, Builder, ErrorPolicy, Node, NodeError, Outline, Output, Param, Value};
use icosian_rayon::RayonAdapter;

use crate::order::Diary;

/// A function of numbers, sync or async by `asyncness`. The async form yields once.
pub(crate) fn function<T, F>(
    asyncness: Asyncness,
    name: &'static str,
    params: &[&'static str],
    body: F,
) -> Node
where
    T: std::any::Any + Send + Sync + Clone,
    F: Fn(&[u64]) -> Result<T, NodeError> + Clone + Send + Sync + 'static,
{
    let outline = Outline::new(name).with_output(Output::of::<T>().cloneable::<T>());
    let outline =
        params.iter().fold(outline, |outline, name| outline.with_param(Param::borrowed::<u64>(*name)));
    let count = params.len();
    match asyncness {
        Asyncness::Sync => Node::sync(outline, move |args| {
            let read: Vec<u64> = (0..count).map(|at| *args.borrow::<u64>(at)).collect();
            body(&read)
        }),
        Asyncness::Async => Node::future(outline, move |args| {
            let leases: Vec<_> = (0..count).map(|at| args.lease::<u64>(at)).collect();
            let body = body.clone();
            async move {
                tokio::task::yield_now().await;
                let read: Vec<u64> = leases.iter().map(|lease| **lease).collect();
                drop(leases);
                body(&read)
            }
        }),
    }
}

/// A function of two numbers that accepts the failure of the first one, which `replacement` then replaces.
pub(crate) fn accepting_function<T, F>(
    asyncness: Asyncness,
    name: &'static str,
    params: [&'static str; 2],
    replacement: u64,
    body: F,
) -> Node
where
    T: std::any::Any + Send + Sync + Clone,
    F: Fn(&[u64]) -> Result<T, NodeError> + Clone + Send + Sync + 'static,
{
    let outline = Outline::new(name)
        .with_output(Output::of::<T>().cloneable::<T>())
        .with_param(Param::result::<u64>(params[0]))
        .with_param(Param::borrowed::<u64>(params[1]));
    let first = move |first: Result<&u64, &NodeError>| match first {
        Ok(first) => *first,
        Err(error) => {
            assert!(error.upstream().is_some(), "{error}");
            replacement
        }
    };
    match asyncness {
        Asyncness::Sync => {
            Node::sync(outline, move |args| body(&[first(args.result(0)), *args.borrow::<u64>(1)]))
        }
        Asyncness::Async => Node::future(outline, move |args| {
            let (args, body) = (args.lease_all(), body.clone());
            async move {
                tokio::task::yield_now().await;
                body(&[first(args.result(0)), *args.borrow::<u64>(1)])
            }
        }),
    }
}

/// A function that fails.
pub(crate) fn function_without_result(asyncness: Asyncness, name: &'static str) -> Node {
    function::<u64, _>(asyncness, name, &[], |_| Err(NodeError::failed("it has no result")))
}

/// An expanding function of numbers, sync or async by `asyncness`. Its items are pairs.
pub(crate) fn expanding_function<F>(
    asyncness: Asyncness,
    name: &'static str,
    params: &[&'static str],
    body: F,
) -> Node
where
    F: Fn(&[u64]) -> Result<Items, NodeError> + Clone + Send + Sync + 'static,
{
    let outline = Outline::new(name).with_output(Output::of::<(u64, u64)>().cloneable::<(u64, u64)>());
    let outline =
        params.iter().fold(outline, |outline, name| outline.with_param(Param::borrowed::<u64>(*name)));
    let count = params.len();
    match asyncness {
        Asyncness::Sync => Node::expanding(outline, move |args| {
            let read: Vec<u64> = (0..count).map(|at| *args.borrow::<u64>(at)).collect();
            body(&read)
        }),
        Asyncness::Async => Node::expanding_future(outline, move |args| {
            let args = args.lease_all();
            let body = body.clone();
            async move {
                tokio::task::yield_now().await;
                let read: Vec<u64> = (0..count).map(|at| *args.borrow::<u64>(at)).collect();
                body(&read)
            }
        }),
    }
}

/// A function with one owned parameter, and an optional second parameter of type number.
pub(crate) fn step<T, F>(
    asyncness: Asyncness,
    name: &'static str,
    second: Option<&'static str>,
    body: F,
) -> Node
where
    T: std::any::Any + Send + Sync + Clone,
    F: Fn(T, u64) -> T + Clone + Send + Sync + 'static,
{
    let outline = Outline::new(name).with_output(Output::of::<T>().cloneable::<T>());
    let outline = outline.with_param(Param::taken::<T>("given").with_clone());
    let outline = second
        .into_iter()
        .fold(outline, |outline, name| outline.with_param(Param::taken::<u64>(name).with_clone()));
    let has_second = second.is_some();
    match asyncness {
        Asyncness::Sync => Node::sync(outline, move |args| {
            let second = if has_second { args.take(1) } else { 0 };
            Ok(body(args.take(0), second))
        }),
        Asyncness::Async => Node::future(outline, move |args| {
            let second = if has_second { args.take(1) } else { 0 };
            let (given, body) = (args.take(0), body.clone());
            async move {
                tokio::task::yield_now().await;
                Ok(body(given, second))
            }
        }),
    }
}

/// The adapter of a test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Under {
    Sync,
    Rayon,
    Tokio,
    Bounded,
}

impl Under {
    pub(crate) const ALL: [Self; 4] = [Self::Sync, Self::Rayon, Self::Tokio, Self::Bounded];

    pub(crate) fn spec(self) -> icosian::AdapterSpec {
        match self {
            Self::Sync => GraphAdapter::spec(&SyncAdapter),
            Self::Rayon => RAYON.spec(),
            Self::Tokio | Self::Bounded => TokioAdapter::default().spec(),
        }
    }

    /// Builds a driver, executes `wanted`, and returns each output as `name = value`.
    pub(crate) fn run(
        self,
        flow: Dataflow,
        config: Config,
        wanted: &[String],
        inputs: Inputs,
    ) -> Result<Result<Vec<String>, String>, miette::Report> {
        self.runs(flow, config, wanted, vec![inputs]).map(|mut outcomes| outcomes.remove(0))
    }

    /// As [`run`](Self::run), with several executions of the same driver.
    pub(crate) fn runs(
        self,
        flow: Dataflow,
        config: Config,
        wanted: &[String],
        inputs: Vec<Inputs>,
    ) -> Result<Vec<Result<Vec<String>, String>>, miette::Report> {
        let driver = self.driver(flow, config)?;
        let executed = inputs.into_iter().map(|inputs| driver.execute(wanted, inputs));
        executed
            .into_iter()
            .map(|executed| match executed {
                Ok(values) => {
                    Ok(Ok(values.iter().map(|(name, value)| format!("{name} = {}", shown(value))).collect()))
                }
                Err(ExecuteError::Failed(failed)) => Ok(Err(format!("{failed:?}"))),
                Err(ExecuteError::Refused(refused)) => Err(refused.into()),
                Err(other) => panic!("{other:?}"),
            })
            .collect()
    }

    /// Builds a driver.
    pub(crate) fn driver(self, flow: Dataflow, config: Config) -> Result<AnyDriver, BuildError> {
        Ok(match self {
            Self::Sync | Self::Rayon => AnyDriver::Sync(self.builder(flow, config).build()?),
            Self::Tokio | Self::Bounded => AnyDriver::Async(self.async_builder(flow, config).build()?),
        })
    }

    /// Returns the calls of hooks during executions of `wanted` that collect all failures.
    pub(crate) fn record_hooks(
        self,
        flow: Dataflow,
        config: Config,
        wanted: &[String],
        inputs: Vec<Inputs>,
    ) -> Result<Vec<Vec<String>>, miette::Report> {
        let diary = Diary::default();
        let policy = ErrorPolicy::CollectAll;
        let driver = match self {
            Self::Sync | Self::Rayon => {
                let builder = self.builder(flow, config).with_hook(diary.clone());
                AnyDriver::Sync(builder.with_error_policy(policy).build()?)
            }
            Self::Tokio | Self::Bounded => {
                let builder = self.async_builder(flow, config).with_hook(diary.clone());
                AnyDriver::Async(builder.with_error_policy(policy).build()?)
            }
        };
        let calls = inputs.into_iter().map(|inputs| match driver.execute(wanted, inputs) {
            Err(ExecuteError::Refused(refused)) => Err(refused.into()),
            _ => Ok(diary.read(&format!("{self:?}"))),
        });
        calls.collect()
    }

    fn builder(self, flow: Dataflow, config: Config) -> Builder<dyn GraphAdapter> {
        let builder = Driver::builder().with_dataflow(flow).with_config(config);
        if self == Self::Rayon { builder.with_adapter(RAYON.clone()) } else { builder }
    }

    fn async_builder(self, flow: Dataflow, config: Config) -> Builder<dyn AsyncGraphAdapter> {
        let adapter = TokioAdapter::default();
        let adapter = if self == Self::Bounded { adapter.with_max_concurrent_nodes(2) } else { adapter };
        AsyncDriver::under(adapter).with_dataflow(flow).with_config(config)
    }
}

/// A driver under any adapter.
pub(crate) enum AnyDriver {
    Sync(Driver),
    Async(AsyncDriver),
}

impl AnyDriver {
    pub(crate) fn graph(&self) -> &icosian::graph::Graph {
        match self {
            Self::Sync(driver) => driver.graph(),
            Self::Async(driver) => driver.graph(),
        }
    }

    pub(crate) fn execute(&self, wanted: &[String], inputs: Inputs) -> Result<NamedValues, ExecuteError> {
        match self {
            Self::Sync(driver) => driver.execute_named(wanted, inputs),
            Self::Async(driver) => RUNTIME.block_on(driver.execute_named(wanted, inputs)),
        }
    }
}

pub(crate) fn shown(value: &Value) -> String {
    macro_rules! any_of {
        ($($type:ty),+) => { None$(.or_else(|| value.get::<$type>().map(|value| format!("{value:?}"))))+ };
    }
    any_of!(u64, (u64, u64), f64, Vec<u64>, Vec<f64>, String, Checked, Option<u64>, std::collections::HashMap<String, u64>, Collect<u64>, Collect<(u64, u64)>, Collect<Checked>)
        .unwrap_or_else(|| panic!("{value} cannot be shown"))
}

static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("there is a runtime")
});

static RAYON: LazyLock<RayonAdapter> = LazyLock::new(|| {
    RayonAdapter::with_threads(std::num::NonZeroUsize::new(2).expect("it is not zero"))
        .expect("there are threads")
});
