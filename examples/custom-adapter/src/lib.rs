//! Custom adapters, one sync and one async, outside of icosian's crates.
//!
//! An adapter decides when each step runs. Icosian's `Run` and `AsyncRun` keep the state of a run.

mod at_most;
mod timed;

pub use at_most::AtMost;
pub use timed::Timed;
