//! The same graphs, run by icosian, by hand-written code and by other crates, and how long each takes.
//!
//! [`graphs`] has the shapes, as data. [`contenders`] run them, one file each, and all must agree with the hand-written
//! loop. [`decorated`] has functions with decorators, and the same written by hand. [`stopwatch`] times them in turns, so that a noisy machine is noisy for all; [`report`] says what came out. The
//! criterion benches in `benches/` measure the same, one contender at a time. [`soak`] looks at memory instead of time.
//!
//! Nothing here is published. Start at the README for how to run it.

pub mod graphs;
pub mod pause;

pub mod contenders;
pub mod decorated;

pub mod report;
pub mod soak;
pub mod stopwatch;
