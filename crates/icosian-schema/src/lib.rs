//! Serializable descriptions of graphs and runs.
//!
//! The types of this crate are plain data. Names and types are strings, so a tool can read the description of a program without linking the
//! program. Programs create descriptions with `Graph::describe` and `Driver::describe`.
//!
//! - [`graph`]: the nodes and edges of a dataflow.
//! - [`run`]: the events of executions, as lines of JSON.
//!
//! This crate contains no graph algorithms and no values of runs. By default, it has no dependencies. The feature `serde` implements
//! serde's traits.

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod graph;
pub mod run;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
