//! Checks dataflows before they run.
//!
//! [`check()`] accepts the builder of a driver. It reports the errors that `build` and `execute` would return, with the same codes and
//! messages. It also warns about mistakes that the driver accepts, such as config values that no node reads. No node runs. [`Check`] also
//! accepts the outputs, inputs and overrides of an execution. [`assert_lint_clean!`] panics with the findings, for use in tests.
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
//! This crate contains no rules and reads no source code. The rules are in `icosian-rules`. This crate collects the facts that the rules
//! need from a driver, and from the decorators that `build` applies.

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
