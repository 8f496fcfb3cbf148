//! Tests that compare `check` with the errors of drivers.

mod clean;
mod codes;
mod findings;
mod laws;
mod scale;
