//! What Apache Hamilton's function modifiers do, behaviour for behaviour: node names, reads and values.
//!
//! Each case is written once, and runs with sync functions and with async ones under every adapter that takes them. Where
//! icosian differs from Hamilton 1.90, the test says so and why.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod case;

mod checks;
mod config;
mod creators;
mod mutate;
mod parameterize;
mod parts;
mod pipe_input;
mod pipe_output;
mod resolve;
mod subdag;
mod tags;
