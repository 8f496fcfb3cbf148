//! Compiled dataflows: a plain function for each declared output.

mod chains;
mod order;
mod schedule;
