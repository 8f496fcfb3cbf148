//! A web service that answers each request with a dataflow of async functions.
//!
//! - [`pipeline`]: the functions, which `#[dataflow]` turns into a graph.
//! - [`data`]: a client for the data source, with limits on time and size.
//! - [`service`]: the routes, and the driver that is built at startup and executed for each request.
//! - [`shutdown`]: graceful shutdown.
//! - [`settings`]: settings from environment variables.

pub mod data;
pub mod pipeline;
pub mod service;
pub mod settings;
pub mod shutdown;
