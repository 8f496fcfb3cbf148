//! Compiled outputs: their values, errors, concurrency and cancellation, beside those of a driver.

mod forms;
mod generator;
mod names;
mod random;
mod runs;
