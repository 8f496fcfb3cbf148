//! The behaviour of Apache Hamilton's function modifiers: node names, edges and values.
//!
//! Each case runs with sync functions, and with async functions, under every adapter that supports them. If icosian differs from
//! Hamilton 1.90, the test states the difference and the reason.
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
