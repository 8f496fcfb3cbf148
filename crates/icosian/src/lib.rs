//! Turns plain functions, sync and async, into checked, fast dataflow graphs.

pub use icosian_core::{Dataflow, Node};
#[cfg(feature = "macros")]
pub use icosian_macros::{dataflow, node};

/// What generated code speaks to. Not for people.
#[doc(hidden)]
pub mod __private {
    pub use icosian_core::*;
}
