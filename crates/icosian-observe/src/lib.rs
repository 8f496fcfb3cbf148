//! Hooks that trace, measure and record executions. Each hook needs a feature.
//!
//! | feature | hook | result |
//! |---|---|---|
//! | `tracing` | [`TracingHook`] | spans of executions, items and nodes, for logs and OpenTelemetry |
//! | `metrics` | [`MetricsHook`] | counters, gauges and histograms, for Prometheus and others |
//! | `progress` | [`ProgressHook`] | progress bars in a terminal, lines elsewhere |
//! | `slow-nodes` | [`SlowNodes`] | warnings about nodes that run longer than a threshold |
//! | `record` | [`RunRecorder`] | a file for each execution, which `cargo icosian runs` shows |
//!
//! Add a hook to a driver with `with_hook`. All hooks work with sync and async drivers, and a driver can have several of them.
//!
//! This crate contains no exporters. The application chooses the `tracing` subscriber and the `metrics` recorder.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "metrics")]
mod metrics_hook;
#[cfg(feature = "progress")]
mod progress_hook;
#[cfg(feature = "record")]
mod run_recorder;
#[cfg(feature = "slow-nodes")]
mod slow_nodes;
#[cfg(feature = "tracing")]
mod tracing_hook;

#[cfg(feature = "metrics")]
pub use metrics_hook::MetricsHook;
#[cfg(feature = "progress")]
pub use progress_hook::ProgressHook;
#[cfg(feature = "record")]
pub use run_recorder::{RecordError, RunRecorder, ValueCapture};
#[cfg(feature = "slow-nodes")]
pub use slow_nodes::{SlowNodes, SlowReport, SlowStage, SlowThreshold};
#[cfg(feature = "tracing")]
pub use tracing_hook::TracingHook;

#[cfg(all(doctest, feature = "tracing", feature = "record"))]
#[doc = include_str!("../README.md")]
mod readme {}
