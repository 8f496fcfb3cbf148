//! A pipeline that breaks lint rules on purpose, to demonstrate the linter. It does not compile.
//!
//! - [`orders`]: nodes with invalid signatures or names, and a cycle.
//! - [`rates`]: async nodes that block, wait or spawn incorrectly.
//! - [`report`]: misplaced decorators, and suppressions without effect.

pub mod orders;
pub mod rates;
pub mod report;
