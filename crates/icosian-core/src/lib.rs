//! The data model of dataflows: nodes, values, decorators, and the context of a run.
//!
//! A [`Node`] is an [`Outline`] (its metadata) and a [`Body`](node::Body) (the function, sync or async, with its types erased). A
//! [`Dataflow`] is a list of functions; a function is a node with its decorators.
//!
//! This crate builds no graph, executes nothing, and depends on no runtime, parser or renderer. `icosian-graph` builds graphs,
//! `icosian-adapter` runs them, and the macros of `icosian` turn plain functions into nodes.
//!
//! ```
//! use icosian_core::{Dataflow, Node, Outline, Param};
//!
//! // `icosian`'s `#[dataflow]` generates this for `pub fn mean(samples: &[f64]) -> f64`.
//! let mean = Node::sync(
//!     Outline::new("mean").with_param(Param::borrowed::<[f64]>("samples")).with_output_type::<f64>(),
//!     |args| {
//!         let samples = args.borrow::<[f64]>(0);
//!         Ok(samples.iter().sum::<f64>() / samples.len() as f64)
//!     },
//! );
//! let dataflow = Dataflow::new("statistics").with_node(mean);
//! assert_eq!(dataflow.functions()[0].node().outline().to_string(), "mean(samples: &[f64]) -> f64");
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod decorator;
pub mod expand;
pub mod node;
pub mod run;
pub mod value;

mod format_path;
mod name;
mod register;
#[cfg(feature = "registry")]
mod registry;

pub use decorator::{Config, Decorator};
pub use format_path::format_path;
pub use name::Name;
pub use node::{Dataflow, Handle, Node, Outline, Param};
#[cfg(feature = "registry")]
pub use registry::{Registered, registered};
pub use run::{AdapterSpec, BoxError, Caps, NodeError, RunContext};
pub use value::{Output, Value};

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
