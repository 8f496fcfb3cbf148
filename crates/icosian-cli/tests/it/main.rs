//! Runs the program on generated packages.

mod clippy;
mod fixes;
mod inputs;
mod linked;
mod output;
mod shop;
mod watch;
