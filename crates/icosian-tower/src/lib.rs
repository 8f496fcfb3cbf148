//! Wraps the nodes of a dataflow with `tower` layers.
//!
//! [`NodeLayers`] is a list of layers, each with a [`LayerTarget`]. It replaces the body of each matching node by a service: a
//! [`NodeCall`] is the request, and a [`NodeOutput`] is the response. [`NodeService`] is the innermost service, which calls the body.
//!
//! This crate depends on the traits `Layer` and `Service`, and not on `tower` itself. It does not execute nodes. `icosian-driver` applies
//! the layers when a driver is built (`AsyncDriver::builder().with_layer(..)`).
//!
//! ```
//! use icosian_core::{Node, Outline};
//! use icosian_tower::{LayerTarget, NodeLayers};
//!
//! let layers = NodeLayers::default().with(LayerTarget::named("one"), tower_layer::Identity::new());
//! let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
//! let applied = layers.apply(vec![one]);
//! assert!(applied.errors.first().is_none());
//! assert_eq!(applied.nodes[0].outline().to_string(), "async one(<run context>: &RunContext) -> u64");
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod erased_layer;
mod layer_error;
mod layer_name;
mod layer_target;
mod layered_body;
mod node_call;
mod node_call_error;
mod node_layers;
mod node_service;

pub use icosian_core::node::NodeOutput;
pub use layer_error::LayerError;
pub use layer_target::LayerTarget;
pub use node_call::NodeCall;
pub use node_call_error::NodeCallError;
pub use node_layers::{AppliedLayers, NodeLayers, TargetError};
pub use node_service::{NodeCallFuture, NodeService};
/// The traits of layers and services, from `tower-layer` and `tower-service`.
pub use tower_layer::Layer;
pub use tower_service::Service;

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    fn sent<T: Send>() {}
    shared::<NodeCall>();
    shared::<NodeCallError>();
    sent::<NodeService>();
    sent::<NodeCallFuture>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
