//! The parts of compiled dataflows that need no decorator: errors, concurrent branches, and values that chains exchange.
//!
//! Generated code uses them; they are no public API. Nothing here allocates unless a node fails.

mod branch;
mod compiled_run;
mod failure;
mod sharing;
mod slot;

pub use branch::{FilledSlots, Gate, Pass, join_branches, join_chains, poll_branch, poll_chain, take_output};
pub use compiled_run::CompiledRun;
pub use failure::{Aborted, FailingNode};
pub use sharing::{SharedInput, SharedOutput};
pub use slot::{HandOver, OutputSlot};
