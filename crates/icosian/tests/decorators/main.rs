//! The effects of decorators on sync functions and on async functions.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod accepted;
mod around;
mod behaviour;
mod cancellation;
mod matrix;
mod observed;
mod order;
mod pairs;
mod reference;
mod refusals;
mod spawn;
mod twins;
mod workshop;
