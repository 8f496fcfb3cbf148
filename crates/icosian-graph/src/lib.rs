//! The graph of a dataflow: its edges, their order, and the steps that an output needs.
//!
//! This crate handles names, types and order. It runs nothing and stores no values; `icosian-adapter` runs plans. petgraph implements the
//! traversals and appears in no signature.
//!
//! - [`Shape`]: names and edges, possibly invalid. It finds cycles, paths, and upstream and downstream nodes.
//! - [`Graph`]: a validated shape: unique nodes, matching types, no cycle.
//! - [`Blocks`]: the nodes that run once for each item of an expansion.
//! - [`Plan`]: the steps that a set of outputs needs, as indices. [`plan`](fn@plan) creates it.
//!
//! Building, querying and planning take time and memory linear in nodes and edges, and never recurse on the graph's depth.
//!
//! ```
//! use icosian_core::{Outline, Param};
//! use icosian_graph::{Graph, plan};
//!
//! let graph = Graph::new([
//!     Outline::new("spend_mean").with_param(Param::borrowed::<[f64]>("spend")).with_output_type::<f64>(),
//!     Outline::new("report").with_param(Param::taken::<f64>("spend_mean")).with_output_type::<String>(),
//!     Outline::new("unrelated").with_output_type::<u8>(),
//! ])?;
//! assert_eq!(graph.shape().upstream("report").collect::<Vec<_>>(), ["spend_mean", "spend"]);
//!
//! let plan = plan(&graph, ["report"])?;
//! let steps: Vec<_> = plan.steps().map(|step| graph.outline(plan.node(step)).name().as_str()).collect();
//! assert_eq!(steps, ["spend_mean", "report"]);
//! assert_eq!(plan.inputs()[0].name(), &"spend");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod shape;

mod blocks;
mod describe;
mod error;
mod graph;
mod link;
mod node_id;

mod plan;

pub use icosian_core::value::ValueType;
/// Types of `icosian-core` in the signatures of this crate.
pub use icosian_core::{Name, Outline, Output, Param};
pub use icosian_diagnostics::Diagnostics;

pub use blocks::{BlockId, Blocks};
pub use error::GraphError;
pub use graph::{Graph, GraphBuilder};
pub use node_id::NodeId;
pub use plan::{PathsToWanted, Plan, PlanInput, Step, plan, plan_overriding};
pub use shape::{Shape, Vertices};

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Shape>();
    shared::<Graph>();
    shared::<Plan>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
