//! Hooks for drivers that make executions visible, each behind a feature.
//!
//! | feature | hook | result |
//! |---|---|---|
//! | `tracing` | [`TracingHook`] | spans of executions, items and nodes, for logs and OpenTelemetry |
//! | `record` | [`RunRecorder`] | a file for each execution, which `cargo icosian runs` shows |
//!
//! Add a hook to a driver with `with_hook`. All hooks work for sync and async drivers, and can be combined.
//!
//! This crate contains no exporters and no output formats: the application chooses the subscriber and the recorder.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "record")]
mod run_recorder;
#[cfg(feature = "tracing")]
mod tracing_hook;

#[cfg(feature = "record")]
pub use run_recorder::{RecordError, RunRecorder, ValueCapture};
#[cfg(feature = "tracing")]
pub use tracing_hook::TracingHook;

#[cfg(all(doctest, feature = "tracing", feature = "record"))]
#[doc = include_str!("../README.md")]
mod readme {}
