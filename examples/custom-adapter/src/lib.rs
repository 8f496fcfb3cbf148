//! Adapters of one's own, sync and async, outside of icosian's crates.
//!
//! An adapter decides when each step runs and what happens around it; what a run must remember is icosian's.

mod at_most;
mod timed;

pub use at_most::AtMost;
pub use timed::Timed;
