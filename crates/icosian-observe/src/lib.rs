//! Hooks for drivers that make executions visible, each behind a feature.
//!
//! | feature | hook | result |
//! |---|---|---|
//! | `record` | [`RunRecorder`] | a file for each execution, which `cargo icosian runs` shows |
//!
//! Add a hook to a driver with `with_hook`. All hooks work for sync and async drivers, and can be combined.
//!
//! This crate contains no exporters and no output formats: the application chooses the subscriber and the recorder.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "record")]
mod run_recorder;

#[cfg(feature = "record")]
pub use run_recorder::{RecordError, RunRecorder, ValueCapture};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
