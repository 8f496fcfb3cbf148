//! Benchmarks of icosian, hand-written code and other crates on the same graphs.
//!
//! - [`graphs`] defines the shapes of the graphs as data.
//! - [`contenders`] run the graphs. Each contender is one file; all must have the result of the hand-written loop.
//! - [`decorated`] contains functions with decorators and equivalent hand-written functions.
//! - [`stopwatch`] measures contenders alternately, so that noise of the machine affects all of them.
//! - [`report`] formats the results.
//! - [`soak`] measures resident memory.
//!
//! The criterion benchmarks in `benches/` measure one contender after the other. This crate is not published; its README
//! explains how to run it.

pub mod graphs;
pub mod pause;

pub mod contender;
pub mod contenders;
pub mod decorated;

pub mod report;
#[cfg(feature = "service")]
pub mod service;
pub mod soak;
pub mod stopwatch;
