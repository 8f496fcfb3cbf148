//! Runs the program on generated packages.

mod clippy;
mod describe;
mod diff;
mod fixes;
mod inputs;
mod linked;
mod new;
mod output;
mod runs;
mod shop;
mod watch;
