//! A web service whose answer is a dataflow of async functions.
//!
//! - [`pipeline`]: the functions, and by `#[dataflow]` the graph.
//! - [`data`]: the data source, within limits of time and size.
//! - [`service`]: one driver, built at the start, executed per request.
//! - [`stop`]: serving until asked to stop.
//! - [`settings`]: what the environment says.

pub mod data;
pub mod pipeline;
pub mod service;
pub mod settings;
pub mod stop;
