//! A web service whose answer is a dataflow of async functions.
//!
//! - [`pipeline`]: the functions, and by `#[dataflow]` the graph.
//! - [`service`]: one driver, built at the start, executed per request.
//! - [`settings`]: what the environment says.

pub mod pipeline;
pub mod service;
pub mod settings;
