//! Judges dataflows before they run: what a driver would refuse, told with the codes and the words that the driver has for it;
//! and what it would accept and should not have to.
//!
//! [`check()`] takes a driver's builder, the same that a program would build, and runs nothing. [`Check`] takes also what is
//! known of how the driver is used. [`assert_lint_clean!`] is for tests.
//!
//! ```
//! use icosian_core::{Dataflow, Node, Outline};
//! use icosian_driver::Driver;
//!
//! let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
//! let twice = Dataflow::new("numbers").with_node(one.clone()).with_node(one);
//! let told = icosian_check::check(Driver::builder().with_dataflow(twice));
//! assert_eq!((told[0].code.as_str(), told[0].message.as_str()), ("ICO0002", "node `one` is defined twice"));
//! ```
//!
//! This crate has no rules and reads no source. The rules are in `icosian-rules`; what they look at here is what a driver
//! says of itself, and what decorators were seen to do while it was built.

mod candidate;
mod check;
mod clean;

mod facts;
#[cfg(feature = "harness")]
pub mod harness;
mod outputs;
mod watch;

pub use candidate::Candidate;
pub use check::{Check, check, refused};
#[doc(hidden)]
pub use clean::assert_clean;
pub use clean::{IntoCheck, text};
pub use icosian_rules::{Told, WrittenSpot};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
