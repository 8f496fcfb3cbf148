//! What is told before a run, beside what a driver does.

mod clean;
mod codes;
mod laws;
mod scale;
mod told;
