//! A web service that answers each request with a dataflow.
//!
//! - [`pricing`]: the functions, which `#[dataflow]` turns into a graph.
//! - [`service`]: the routes, the driver that all requests share, and the shutdown.

pub mod pricing;
pub mod service;
