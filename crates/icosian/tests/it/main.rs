//! Executions of dataflows under drivers and adapters.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod calls;
mod describe;

mod accepted;
mod cancelled_polls;
mod concurrency;
mod conformance;
#[allow(clippy::ptr_arg, reason = "a reader of `&Vec<_>` is a case")]
mod declared_outputs;
mod drops;
mod expand;
mod faults;
#[allow(clippy::too_many_arguments, clippy::ptr_arg, reason = "every form is a parameter, `&Vec<_>` too")]
mod forms;
mod laws;
mod lifetimes;
mod nesting;
mod observed;
mod oddities;
mod requests;
mod slips;
mod spans;
mod stack;
