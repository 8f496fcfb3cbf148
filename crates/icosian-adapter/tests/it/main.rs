//! Tests of the contract between adapters and runs.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod accepted;
mod diamond;

mod hooks;
mod later;
mod sync;
