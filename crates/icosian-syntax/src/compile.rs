//! Compiled dataflows: a plain function for each declared output.
//!
//! `module.rs` reduces decorators to their effects on calls, `graph.rs` finds the calls that an output needs, `planner.rs` plans their
//! schedule,
//! `ownership.rs` decides which values are moved, and `write.rs` and `call.rs` write the function. `check.rs` reports what only a
//! driver can do.

mod call;
mod chains;
mod check;
mod consumers;
mod function;
mod graph;
mod inputs;
mod module;
mod order;
mod ownership;
mod planner;
mod schedule;
mod write;
mod writer;

pub(crate) use check::refuse;
pub(crate) use function::{Soundness, functions};
