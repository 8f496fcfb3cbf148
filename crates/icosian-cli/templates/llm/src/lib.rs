//! Analyses articles with calls of a language model.
//!
//! - [`model`]: the trait of the model's client, and a client that answers without a network.
//! - [`analysis`]: the functions, which `#[dataflow]` turns into a graph.

pub mod analysis;
pub mod model;
