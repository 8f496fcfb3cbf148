//! Checks dataflows before they run.
//!
//! [`check()`] takes the builder of a driver. It reports everything that the driver would refuse, with the driver's codes and
//! messages, and warns about faults that the driver accepts, such as config values that no node reads. No node runs. [`Check`]
//! also takes the outputs, inputs and overrides of a request. [`assert_lint_clean!`] is for tests.
//!
//! ```
//! use icosian_core::{Dataflow, Node, Outline};
//! use icosian_driver::Driver;
//!
//! let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
//! let twice = Dataflow::new("numbers").with_node(one.clone()).with_node(one);
//! let findings = icosian_check::check(Driver::builder().with_dataflow(twice));
//! assert_eq!((findings[0].code.as_str(), findings[0].message.as_str()), ("ICO0002", "node `one` is defined twice"));
//! ```
//!
//! This crate has no rules and reads no source. The rules are in `icosian-rules`; this crate collects their facts from a driver
//! and from the decorators that are applied while it is built.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod assert_lint_clean;
mod candidate;
mod check;
mod into_check;

mod declared_outputs;
mod decorator_log;
mod facts;
#[cfg(feature = "harness")]
pub mod harness;
mod request_check;
mod span_table;

#[doc(hidden)]
pub use assert_lint_clean::assert_clean;
pub use assert_lint_clean::format_findings;
pub use candidate::Candidate;
pub use check::{Check, check, to_findings};
pub use icosian_rules::{RemoteFinding, WrittenSpot};
pub use into_check::IntoCheck;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
