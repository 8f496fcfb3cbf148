//! Judges dataflows before they run: what a driver would refuse, told with the codes and the words that the driver has for it.
//!
//! [`check`] takes a driver's builder, the same that a program would build, and runs nothing.
//!
//! ```
//! use icosian_core::{Dataflow, Node, Outline};
//! use icosian_driver::Driver;
//!
//! let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
//! let twice = Dataflow::new("numbers").with_node(one.clone()).with_node(one);
//! let told = icosian_check::check(Driver::builder().with_dataflow(twice));
//! assert_eq!(told[0].message, "node `one` is defined twice");
//! ```

mod candidate;
mod check;
#[cfg(feature = "harness")]
pub mod harness;

pub use candidate::Candidate;
pub use check::check;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
