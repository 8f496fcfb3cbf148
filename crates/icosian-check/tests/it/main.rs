//! Tests that compare `check` with the errors of drivers.

mod clean;
mod codes;
mod expansions;
mod findings;
mod laws;
mod scale;
