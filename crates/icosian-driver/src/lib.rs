//! Builds, checks and executes dataflows.
//!
//! A [`Driver`] runs dataflows of sync nodes, an [`AsyncDriver`] those with async nodes too. Building one tells everything
//! that is wrong with the dataflows, all at once; asking it for outputs tells, again before anything runs, what those
//! outputs lack. A driver is built once, is cheap to clone, and serves any number of executions at a time: each owns all
//! of its state, and dropping its future cancels it.
//!
//! This crate reads no source and knows no web server; `#[dataflow]`, which writes dataflows from plain functions, is in
//! `icosian`.
//!
//! ```
//! use icosian_core::{Dataflow, Node, Outline, Param};
//! use icosian_driver::{Driver, inputs};
//!
//! let double = Node::sync(Outline::new("double").param(Param::borrowed::<u64>("single")), |args| {
//!     Ok(args.borrow::<u64>(0) * 2)
//! });
//! let driver = Driver::builder().with_dataflow(Dataflow::new("numbers").with_node(double)).build()?;
//! let outputs = driver.execute_named(["double"], inputs! { "single": 21_u64 })?;
//! assert_eq!(outputs.get::<u64>("double"), Some(&42));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod builder;
mod config;
mod given;
mod inputs;

mod async_driver;
mod driver;
mod prepared;

mod outputs;
mod result_builder;

mod bind;
mod engine;
mod key;
mod names;
mod problem;
mod programs;
mod run_error;
mod survey;

pub use async_driver::AsyncDriver;
pub use builder::Builder;
pub use driver::Driver;
pub use icosian_core::{Config, Outputs};
pub use inputs::{Input, Inputs};
pub use prepared::Prepared;
pub use problem::{BuildError, ExecuteError, Failures, Problem, Refused};
#[cfg(feature = "json")]
pub use result_builder::JsonObject;
pub use result_builder::{NamedValues, ResultBuilder};
pub use run_error::RunError;
pub use survey::{Shadowed, Survey};

/// What the macros of this crate speak to. Not for people.
#[doc(hidden)]
pub mod __private {
    pub use crate::given::{AnyConfig, AnyInput, IntoConfig, IntoInput};
    pub use icosian_core::Name;
    pub use icosian_core::probe::{NotClone, NotSerialize, Probe};
}

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Driver>();
    shared::<AsyncDriver>();
    shared::<ExecuteError>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
