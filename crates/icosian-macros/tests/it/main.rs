//! Compiles and calls the code that `#[dataflow]` and `#[node]` generate.
#![deny(
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    missing_debug_implementations,
    missing_copy_implementations,
    unused,
    clippy::pedantic,
    clippy::exhaustive_structs,
    clippy::allow_attributes_without_reason
)]
#![allow(clippy::unused_async, reason = "the nodes of these tests wait for nothing")]

mod aliases;
mod call;

mod elsewhere;
mod expand;
mod forms;
mod fragments;
pub mod names;
mod places;
mod spread;
mod texts;
