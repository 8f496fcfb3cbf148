//! Compares the arena with a safe model, and counts drops.

mod faults;
mod laws;
mod model;
mod value;
