//! The words of a dataflow: what a node, a parameter, a value and a place in the source are.
//!
//! A [`Node`] is an [`Outline`] (name, parameters, output, place: all that can be known without running it) and a
//! [`Body`] (the function itself, sync or async, with its types erased). A [`Dataflow`] is a list of nodes.
//!
//! This crate knows no graph, runs nothing, and depends on no runtime, no parser and no renderer. For the graph, go on
//! to `icosian-graph`; for running one, to `icosian-adapter`; to write dataflows as plain functions, to `icosian`.
//!
//! ```
//! use icosian_core::{Dataflow, Node, Outline, Param};
//!
//! // `icosian`'s `#[dataflow]` writes this for `pub fn mean(samples: &[f64]) -> f64`.
//! let mean = Node::sync(
//!     Outline::new("mean").param(Param::borrowed::<[f64]>("samples")).gives::<f64>(),
//!     |args| {
//!         let samples = args.borrow::<[f64]>(0);
//!         Ok(samples.iter().sum::<f64>() / samples.len() as f64)
//!     },
//! );
//! let dataflow = Dataflow::new("statistics").with_node(mean);
//! assert_eq!(dataflow.functions()[0].node().outline().to_string(), "mean(samples: &[f64]) -> f64");
//! ```

mod caps;
mod limiter;
mod literal_hint;
mod name;
mod rate_limit;
mod value_type;

mod cell;
mod config;
mod config_choice;
mod constant;
mod edge;
mod from_text;
mod lend;
mod part;
#[doc(hidden)]
pub mod probe;
mod value;

mod args;
mod attempts;
mod body;
mod cancellation;
mod context;
mod held_args;
mod keeps;
mod node;
mod node_error;
mod outline;
mod output;
mod outputs;
mod param;
mod param_default;
mod returned_error;
mod role;
mod start_limits;
mod tags;
mod time_limit;

mod construction;
mod dataflow;
mod decorate_error;
mod decorator;
mod function;
mod judge;
mod register;
#[cfg(feature = "registry")]
mod registry;

mod shown_path;
mod spec;

pub use args::{Args, Cloner, Lease, OptionalLease, Port};
pub use attempts::Attempts;
pub use body::{Body, Failure, Fallible, Task};
pub use caps::Caps;
pub use cell::{Cell, Erased};
pub use config::{Asked, Config};
pub use config_choice::ConfigChoice;
pub use constant::Constant;
#[doc(hidden)]
pub use construction::{Cycle, construct};
pub use context::{Cancelled, RunContext, RunId, Timer};
pub use dataflow::Dataflow;
pub use decorate_error::DecorateError;
pub use decorator::{Decorator, DecoratorSpec, Phase, Scope, Sends, is_own, sinks};
pub use edge::{Edge, Feeds, FeedsOption, FeedsOptionValue, FeedsValue, VariantOf};
pub use from_text::FromText;
#[doc(hidden)]
pub use from_text::from_text;
pub use function::{Decoration, Function};
pub use held_args::HeldArgs;
pub use judge::{Verdict, judge};
pub use keeps::Keeps;
pub use lend::Lend;
pub use limiter::{Limiter, Permit};
pub use literal_hint::literal_hint;
pub use name::Name;
#[doc(hidden)]
pub use node::{AsWritten, Gives};
pub use node::{Handle, Node, NodeFn};
pub use node_error::{BoxError, NodeError};
pub use outline::{Colour, Group, Outline, Placement};
pub use output::Output;
pub use outputs::{Outputs, TakeOutput};
pub use param::{Access, Param};
pub use param_default::ParamDefault;
pub use part::{Part, Projection};
pub use rate_limit::{Quota, RateLimit};
#[cfg(feature = "registry")]
pub use registry::{Registered, registered};
pub use returned_error::{AsReport, Downcast, FallbackFailed, InChain, ReturnedError};
#[doc(hidden)]
pub use returned_error::{ErrorReport, KeepReport, NoReport};
pub use role::Role;
pub use shown_path::shown_path;
pub use spec::AdapterSpec;
pub use start_limits::StartLimits;
pub use tags::Tags;
pub use value::Value;
pub use value_type::ValueType;

#[cfg(feature = "registry")]
#[doc(hidden)]
pub use icosian_diagnostics::Location as __Location;

/// Used by the expansion of `register!`.
#[cfg(feature = "registry")]
#[doc(hidden)]
pub use inventory;

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Node>();
    shared::<Dataflow>();
    shared::<Config>();
    shared::<Value>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
