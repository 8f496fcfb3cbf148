//! Turns plain functions, sync and async, into checked, fast dataflow graphs.
//!
//! Each function is a node, and its parameters name the nodes that it reads. Write the functions, add [`#[dataflow]`](macro@dataflow) to
//! their module, build a driver once, and request outputs. The driver runs only the nodes that the outputs need, each node once, and runs
//! async nodes concurrently.
//!
//! ```
//! use icosian::prelude::*;
//!
//! #[dataflow(outputs(greeting))]
//! pub mod welcome {
//!     /// A real node would query a database.
//!     pub async fn name(user_id: u64) -> std::io::Result<String> {
//!         Ok(format!("user {user_id}"))
//!     }
//!
//!     /// Runs concurrently with `name`, because neither node reads the other.
//!     pub async fn mood(#[default(true)] sunny: bool) -> &'static str {
//!         if sunny { "bright" } else { "grey" }
//!     }
//!
//!     pub fn greeting(name: &str, mood: &str) -> String {
//!         format!("A {mood} day, {name}!")
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let driver = AsyncDriver::builder().with_dataflow(welcome::dataflow()).build()?;
//!
//! let inputs = welcome::GreetingInputs { user_id: 7, sunny: None };
//! let text: String = driver.execute::<welcome::greeting>(inputs).await?;
//! assert_eq!(text, "A bright day, user 7!");
//!
//! let overridden = inputs! {}.overriding::<welcome::name>("Ada".to_owned());
//! assert_eq!(driver.execute::<welcome::greeting>(overridden).await?, "A bright day, Ada!");
//! # Ok(())
//! # }
//! ```
//!
//! The functions remain plain functions: a test can call `welcome::greeting("Ada", "bright")`.
//!
//! # Overview
//!
//! The [book](https://github.com/icosian-rs/icosian/blob/main/docs/src/introduction.md) has a tutorial, the concepts, and decorators by
//! task.
//!
//! **Write a dataflow**
//!
//! - [`#[dataflow]`](macro@dataflow) for a module, [`#[node]`](macro@node) and [`nodes!`] for single functions
//! - [`guide`]: functions, inputs, outputs, errors and testing, with examples
//! - [`guide::decorators`]: the attributes of functions, such as `#[retry]` and `#[parameterize]`
//! - [`guide::fan_out`]: functions that run once for each item of a sequence
//! - [`guide::accepted_failures`]: functions that run although a node that they read has failed
//!
//! **Run it**
//!
//! - [`Driver`] runs sync nodes, [`AsyncDriver`] sync and async nodes; [`Builder`] builds both
//! - [`inputs!`] and [`config!`] build [`Inputs`] and [`Config`]
//! - [`BuildError`]: errors of `build`; [`RequestError`]: errors before a run; [`RunError`]: errors of a run
//! - [`Hook`] observes executions, [`GraphValidator`] checks graphs when a driver is built, [`RunContext`] cancels executions, and
//!   [`ErrorPolicy`] sets whether they continue after an error
//! - an [`AsyncDriver`] awaits its [`AsyncHook`]s; `tower` layers wrap its nodes (feature `tower`, module `layer`)
//! - the module `observe` contains ready-made hooks (features `observe-..`)
//!
//! **Extend it**
//!
//! - [`decorators`]: decorators as values, and the trait of custom decorators ([`Decorator`](decorators::Decorator))
//! - [`adapter`]: the adapters, and the traits of custom adapters ([`GraphAdapter`](adapter::GraphAdapter),
//!   [`AsyncGraphAdapter`](adapter::AsyncGraphAdapter))
//! - [`Node`] and [`Outline`]: building nodes without macros
//!
//! **Check it**
//!
//! - [`graph`]: queries about dependencies, order and plans
//! - `driver.draw()` and the module `draw` (feature `draw`): pictures of graphs and runs
//! - `assert_lint_clean!` and the module `check` (feature `check`): the linter's checks in a test
//! - `cargo icosian lint` (crate `icosian-cli`): the linter, which runs no node
//!
//! This crate contains no logic: it re-exports the items of other crates that users need. To use one part alone, depend on its
//! crate, such as `icosian-graph`.
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `macros` | yes | `#[dataflow]`, `#[node]` and the attributes of the decorators |
//! | `tokio` | yes | `TokioAdapter`; without it, an [`AsyncDriver`] needs an explicit adapter ([`AsyncDriver::under`]) |
//! | `json` | yes | `JsonObject` and JSON inputs |
//! | `rayon` | no | `RayonAdapter`, which runs sync nodes on all cores |
//! | `draw` | no | `draw()` of the drivers, and the module `draw`: pictures of graphs |
//! | `observe-tracing` | no | `observe::TracingHook`, which creates spans of executions and nodes |
//! | `observe-metrics` | no | `observe::MetricsHook`, for Prometheus and others |
//! | `observe-progress` | no | `observe::ProgressHook`, progress bars for batch runs |
//! | `observe-slow-nodes` | no | `observe::SlowNodes`, which reports slow and stuck nodes |
//! | `observe-record` | no | `observe::RunRecorder`, which writes records of executions |
//! | `tower` | no | `with_layer`, which wraps nodes with layers of `tower` |
//! | `check` | no | `assert_lint_clean!`, which checks dataflows in tests |

#![cfg_attr(docsrs, feature(doc_cfg))]

// Dataflows and nodes.
pub use icosian_core::node::{Asyncness, NodeFn, Outputs, Placement};
pub use icosian_core::run::{Group, RunId};
pub use icosian_core::value::{FromText, ValueType};
pub use icosian_core::{
    AdapterSpec, Dataflow, Handle, Name, Node, Outline, Output, Param, RunContext, Value, nodes,
};
#[cfg(feature = "macros")]
pub use icosian_macros::{dataflow, node};

// Drivers and requests.
pub use icosian_driver::{
    AsyncDriver, Builder, Config, Driver, Input, InputRole, Inputs, IntoInputs, NamedValues, Prepared,
    ResultBuilder, config, inputs,
};
#[cfg(feature = "json")]
pub use icosian_driver::{JsonInputs, JsonObject};

// Errors.
pub use icosian_core::run::{Cancelled, FailedSource, FallbackFailed, ReturnedError, UpstreamError};
pub use icosian_core::{BoxError, NodeError};
pub use icosian_diagnostics::{Diagnostics, Location, Spanned};
pub use icosian_driver::{
    BuildError, BuildErrorKind, ExecuteError, Failures, LikelyCause, RequestError, RequestErrorKind, RunError,
};

// Hooks and validators.
pub use icosian_adapter::{
    AsyncHook, ErrorPolicy, Hook, ItemEnd, NodeEnd, NodeInfo, NodeOutcome, RunEnd, RunInfo, RunInput,
    SpanSource, async_trait,
};
pub use icosian_driver::{GraphValidator, Violation};

/// The graph of a dataflow: names, types, order and plans (`icosian-graph`).
///
/// [`Driver::graph`](crate::Driver::graph) returns the `Graph` of a driver. Its `Shape` answers questions about names and
/// edges, and `plan()` returns the steps that outputs need.
pub mod graph {
    pub use icosian_graph::{
        Graph, GraphBuilder, GraphError, NodeId, Plan, PlanInput, Shape, Step, Vertices, plan,
        plan_overriding,
    };
}

/// Ready-made hooks (`icosian-observe`). Each hook needs a feature.
#[cfg(any(
    feature = "observe-metrics",
    feature = "observe-progress",
    feature = "observe-record",
    feature = "observe-slow-nodes",
    feature = "observe-tracing"
))]
pub mod observe {
    #[cfg(feature = "observe-metrics")]
    pub use icosian_observe::MetricsHook;
    #[cfg(feature = "observe-progress")]
    pub use icosian_observe::ProgressHook;
    #[cfg(feature = "observe-tracing")]
    pub use icosian_observe::TracingHook;
    #[cfg(feature = "observe-record")]
    pub use icosian_observe::{RecordError, RunRecorder, ValueCapture};
    #[cfg(feature = "observe-slow-nodes")]
    pub use icosian_observe::{SlowNodes, SlowReport, SlowStage, SlowThreshold};
}

/// Descriptions of graphs and runs as plain data, for pictures and tools (`icosian-schema`).
///
/// [`Driver::describe`](crate::Driver::describe) returns the description of a driver.
pub mod schema {
    pub use icosian_schema::{graph, run};
}

/// Pictures of graphs (`icosian-draw`).
///
/// [`Driver::draw`](crate::Driver::draw) returns a `GraphPicture`, whose formats are SVG, HTML, Graphviz and Mermaid. It can highlight a
/// part of the graph and show a run. `diff` compares the descriptions of two versions.
#[cfg(feature = "draw")]
pub mod draw {
    pub use icosian_draw::{
        ChangeKind, ColorTheme, FieldChange, FlowDirection, GraphChange, GraphDiff, GraphPart, GraphPicture,
        GroupKind, NodeDetail, NodeSelection, RunOverlay, SelectionError, diff,
    };
}

/// The decorators of functions (`icosian-decorators`), and the types to write custom decorators.
///
/// - Attributes: one per decorator, for files without `#[dataflow]`.
/// - Values: one type per decorator, such as `Retry`, for `Function::with_decorator` and the attribute `#[decorate]`.
/// - Bindings of parameters: `source`, `value`, `list`, `map`, `sorted_map`.
/// - Checks of outputs: `Validator`, `AsyncValidator`, `Validation`.
/// - Custom decorators: `Decorator`, `DecorateContext`, `DecorateError`, and the nodes that they change (`Function`,
///   `Body`, `Args`).
pub mod decorators {
    // Attributes.
    #[cfg(feature = "macros")]
    pub use crate::attributes::*;

    // Decorators as values.
    pub use icosian_decorators::{
        CheckOutput, Checked, ChecksFailed, ConfigWhen, Does, Exclude, Expand, ExtractOutputs, Fallback,
        Inject, Keyed, Limit, LimitRate, Mutate, MutateTarget, Offload, Parameterization, Parameterize,
        ParameterizedSubdag, PipeInput, PipeOutput, PipeStep, Remote, Resolve, Retry, Spawn, Subdag,
        SubdagVariant, Tag, TagOutputs, Timeout,
    };

    // Bindings and conditions.
    pub use icosian_core::Config;
    pub use icosian_decorators::{Binding, Condition, list, map, sorted_map, source, value};

    // Checks of outputs.
    pub use icosian_decorators::{
        AsyncValidator, Importance, Number, Points, RangeOf, Validation, Validator,
    };

    // Custom decorators.
    pub use icosian_core::decorator::{Verdict, judge};
    pub use icosian_core::node::{Args, Body, Decoration, Function, HeldArgs, ParamDefault, Role, Task};
    pub use icosian_core::run::Attempts;
    pub use icosian_core::value::{Alias, Arena, Cell, Constant, Projection, Slot};
    pub use icosian_core::{Caps, RunContext};
    pub use icosian_decorators::{
        Attachments, DecorateContext, DecorateError, Decorator, DecoratorSpec, Phase, apply, apply_all,
        catalogue, is_own, sinks,
    };

    // Compile errors of `#[retry(when = ..)]` name these.
    #[doc(hidden)]
    pub use icosian_decorators::{Anything, Exactly, FailsWith};
}

/// Dynamic fan-out: nodes that run once for each item of a sequence (`icosian-core`).
///
/// [`guide::fan_out`] explains fan-out with examples.
///
/// - Functions: the attribute [`#[expand]`](decorators::expand) begins a block, and the parameter types [`Collect`](expand::Collect)
///   and [`CollectStream`](expand::CollectStream) end it.
/// - Errors of items: [`ItemError`](expand::ItemError), [`OnError`](expand::OnError).
/// - Requests: [`Collected`](expand::Collected).
/// - Nodes without macros: [`Items`](expand::Items), [`Expansion`](expand::Expansion), [`CollectParam`](expand::CollectParam).
pub mod expand {
    pub use icosian_core::expand::{
        Collect, CollectParam, CollectStream, Collected, CollectionForm, CollectionOrder, Expansion,
        Gathering, ItemError, ItemIndex, Items, OnError,
    };
}

/// The adapters, and the contract to write one (`icosian-adapter`).
///
/// - Adapters: `SyncAdapter`, `TokioAdapter` (feature `tokio`), `RayonAdapter` (feature `rayon`).
/// - Contracts: `GraphAdapter`, `AsyncGraphAdapter`, [`AdapterSpec`], `Refusal`.
/// - The run that an adapter executes: `Program`, `Run` and `Detached` for sync nodes, `AsyncRun` and `Job` for async
///   nodes, `Values`, `RunAbort`.
pub mod adapter {
    // Adapters.
    pub use icosian_adapter::{SyncAdapter, ThreadPoolError};
    #[cfg(feature = "rayon")]
    pub use icosian_rayon::RayonAdapter;
    #[cfg(feature = "tokio")]
    pub use icosian_tokio::TokioAdapter;

    // Contracts.
    pub use icosian_adapter::{AsyncGraphAdapter, GraphAdapter, Refusal, async_trait};
    pub use icosian_core::AdapterSpec;
    pub use icosian_core::run::{Limiter, Permit};

    // Runs.
    pub use icosian_adapter::{
        AbortReason, AsyncRun, Budget, BudgetTurn, CallerSpan, Detached, Job, JobHandle, JobResult, JobStart,
        PollLimits, Program, Progress, Run, RunAbort, Step, StepResult, StepTicket, Values,
    };
}

/// Layers of `tower` around nodes (`icosian-tower`).
///
/// [`guide::layers`] explains layers with examples. `AsyncDriver::builder().with_layer(..)` wraps all nodes, and `with_layer_on` the
/// nodes of a [`LayerTarget`](layer::LayerTarget).
///
/// To write a layer, implement [`Layer`](layer::Layer) for a [`NodeService`](layer::NodeService), and [`Service`](layer::Service) for
/// requests of type [`NodeCall`](layer::NodeCall).
#[cfg(feature = "tower")]
pub mod layer {
    pub use icosian_tower::{
        Layer, LayerError, LayerTarget, NodeCall, NodeCallError, NodeCallFuture, NodeOutput, NodeService,
        Service, TargetError,
    };
}

/// Checks of dataflows before they run (`icosian-check`).
///
/// `check()` checks the builder of a driver, `Check` also a request, and [`assert_lint_clean!`](crate::assert_lint_clean) fails
/// a test that has findings.
#[cfg(feature = "check")]
pub mod check {
    pub use icosian_check::{
        Candidate, Check, IntoCheck, RemoteFinding, WrittenSpot, check, format_findings, to_findings,
    };
}
#[cfg(feature = "check")]
pub use icosian_check::assert_lint_clean;

/// The usual imports of files that define or execute dataflows.
///
/// Decorators need no import: `#[dataflow]` and `#[node]` consume the attributes. Elsewhere, import them from [`decorators`].
///
/// ```
/// use icosian::prelude::*;
/// ```
pub mod prelude {
    #[cfg(feature = "json")]
    pub use crate::JsonObject;
    pub use crate::expand::{Collect, CollectStream, ItemError};
    pub use crate::{
        AsyncDriver, BuildError, Config, Dataflow, Driver, ErrorPolicy, ExecuteError, Handle, Hook, Input,
        Inputs, ItemEnd, NamedValues, NodeEnd, NodeError, NodeInfo, Prepared, RequestError, ResultBuilder,
        RunContext, RunError, config, inputs, nodes,
    };
    #[cfg(feature = "macros")]
    pub use crate::{dataflow, node};
    #[cfg(feature = "rayon")]
    pub use icosian_rayon::RayonAdapter;
    #[cfg(feature = "tokio")]
    pub use icosian_tokio::TokioAdapter;
    #[cfg(feature = "tower")]
    pub use icosian_tower::LayerTarget;
}

#[cfg(feature = "macros")]
mod attributes;
pub mod guide;

/// The items that generated code uses. Not a public API.
#[doc(hidden)]
pub mod __private {
    pub use icosian_core::decorator::*;
    pub use icosian_core::node::*;
    pub use icosian_core::run::*;
    pub use icosian_core::value::*;
    pub use icosian_core::*;
    pub use icosian_decorators::*;
    pub use icosian_diagnostics::{Diagnostics, Location};
    pub use icosian_driver::ExecuteError;
    pub use icosian_driver::{__input, DeclaredInputs, Inputs, fmt_declared_inputs};

    pub use futures_core::Stream;

    /// The items that compiled dataflows use.
    pub mod compiled {
        pub use icosian_core::run::Untimed;
        pub use icosian_decorators::compiled::*;
        pub use icosian_driver::compiled::*;
        #[cfg(feature = "tokio")]
        pub use icosian_tokio::TokioClock as CallClock;

        /// The clock without the feature `tokio`: none.
        #[cfg(not(feature = "tokio"))]
        #[derive(Debug)]
        pub struct CallClock;
    }
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod workspace_readme {}
