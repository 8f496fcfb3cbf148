//! The program itself, on packages that are written for it.

mod clippy;
mod fixes;
mod inputs;
mod linked;
mod output;
mod shop;
mod watch;
