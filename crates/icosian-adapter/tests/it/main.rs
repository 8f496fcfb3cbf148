//! What adapters may do with a run, what they may not, and what becomes of it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod diamond;

mod hooks;
mod later;
mod sync;
