//! Compares the arena with a safe model, and counts drops.

#![allow(clippy::redundant_closure_for_method_calls, reason = "closures read as the others do")]

mod faults;
mod laws;
mod model;
mod value;
