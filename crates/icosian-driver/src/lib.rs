//! Builds, checks and executes dataflows.
//!
//! A [`Driver`] runs sync nodes; an [`AsyncDriver`] runs sync and async nodes. `build` reports all errors of the
//! dataflows at once. `execute` reports all errors of a request before any node runs. Build a driver once; clones are
//! cheap. A driver serves any number of concurrent executions, each with separate state. Dropping the future of an async
//! execution cancels the execution.
//!
//! This crate parses no source code and contains no web server. The macro `#[dataflow]`, which generates dataflows from functions,
//! is in `icosian`.
//!
//! ```
//! use icosian_core::{Dataflow, Node, Outline, Param};
//! use icosian_driver::{Driver, inputs};
//!
//! let double = Node::sync(Outline::new("double").with_param(Param::borrowed::<u64>("single")), |args| {
//!     Ok(args.borrow::<u64>(0) * 2)
//! });
//! let driver = Driver::builder().with_dataflow(Dataflow::new("numbers").with_node(double)).build()?;
//! let outputs = driver.execute_named(["double"], inputs! { "single": 21_u64 })?;
//! assert_eq!(outputs.get::<u64>("double"), Some(&42));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod config;
mod distinct_keys;
mod input;
mod inputs;
mod into_input;
#[cfg(feature = "json")]
mod json_inputs;
#[cfg(feature = "json")]
mod json_keys;

mod builder;
mod driver_parts;
#[cfg(feature = "tower")]
mod layers;
mod run_options;
mod shadowed;
mod shared;
mod shared_value;

#[doc(hidden)]
pub mod compiled;

mod async_driver;
mod driver;
mod preflight;
mod prepared;

mod bind;
mod driver_run;
mod engine;
mod expand;
mod flow;
mod graph_validator;
mod input_checker;
mod output_reader;
mod plan_key;
mod program_cache;
mod request;

#[cfg(feature = "json")]
mod json_object;
mod named_values;
mod result_builder;

mod build_error;
mod diagnostics_error;
mod execute_error;
mod request_error;
mod run_error;
mod run_failure;

pub use async_driver::AsyncDriver;
pub use build_error::{BuildError, BuildErrorKind};
pub use builder::Builder;
pub use driver::Driver;
pub use execute_error::{ExecuteError, Failures};
pub use graph_validator::{GraphValidator, Violation};
pub use icosian_core::Config;
pub use icosian_core::node::Outputs;
pub use input::Input;
#[doc(hidden)]
pub use inputs::{DeclaredInputs, fmt_declared_inputs};
pub use inputs::{InputRole, Inputs, IntoInputs};
#[cfg(feature = "json")]
pub use json_inputs::JsonInputs;
#[cfg(feature = "json")]
pub use json_object::JsonObject;
pub use named_values::NamedValues;
pub use preflight::Preflight;
pub use prepared::Prepared;
pub use request_error::{LikelyCause, RequestError, RequestErrorKind};
pub use result_builder::ResultBuilder;
pub use run_error::{ItemCause, RunError};
pub use shadowed::Shadowed;

/// The items that the macros of this crate use. Not a public API.
#[doc(hidden)]
pub mod __private {
    pub use crate::distinct_keys::assert_distinct;
    pub use crate::into_input::{AnyConfig, AnyInput, ConfigValue, InputValue, IntoConfig, IntoInput};
    pub use icosian_core::Name;
    pub use icosian_core::value::probe::{NotClone, NotSerialize, Probe};
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
