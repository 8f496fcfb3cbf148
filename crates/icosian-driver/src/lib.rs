//! Builds, checks and executes dataflows.
//!
//! A [`Driver`] runs dataflows of sync nodes, an [`AsyncDriver`] also runs async nodes. `build` reports all problems of the
//! dataflows together. `execute` reports all problems of a request before any node runs. A driver is built once and is cheap
//! to clone. It serves any number of concurrent executions: each execution owns its state, and dropping its future cancels
//! it.
//!
//! This crate parses no source code and contains no web server. `#[dataflow]`, which generates dataflows from functions, is in
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
#[cfg(feature = "json")]
mod json_inputs;
#[cfg(feature = "json")]
mod json_keys;
mod keys;

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
mod shared;
mod survey;

pub use async_driver::AsyncDriver;
pub use builder::Builder;
pub use driver::Driver;
pub use icosian_core::{Config, Outputs};
pub use inputs::{Input, Inputs, IntoInputs};
#[cfg(feature = "json")]
pub use json_inputs::JsonInputs;
pub use prepared::Prepared;
pub use problem::{BuildError, ExecuteError, Failures, Meant, Problem, Refused};
#[cfg(feature = "json")]
pub use result_builder::JsonObject;
pub use result_builder::{NamedValues, ResultBuilder};
pub use run_error::RunError;
pub use survey::{Shadowed, Survey};

/// The items that the macros of this crate use. Not a public API.
#[doc(hidden)]
pub mod __private {
    pub use crate::given::{AnyConfig, AnyInput, ConfigValue, InputValue, IntoConfig, IntoInput};
    pub use crate::keys::assert_distinct;
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
