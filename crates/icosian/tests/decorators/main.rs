//! What decorators make of sync functions and of their async twins.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod around;
mod behaviour;
mod matrix;
mod order;
mod refusals;
mod spawn;
mod twins;
mod workshop;
