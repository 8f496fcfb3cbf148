//! Analyses each text of a folder with several calls of a language model.
//!
//! - [`pipeline`]: the functions, which `#[dataflow]` turns into a graph.
//! - [`report`]: the result, which is printed as JSON.
//! - [`model`]: the client of the language model.
//! - [`mock_server`]: a local server that answers like a language model, but from fixed rules.

pub mod mock_server;
pub mod model;
pub mod pipeline;
pub mod report;
