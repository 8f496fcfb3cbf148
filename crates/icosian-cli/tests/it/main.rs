//! The program itself, on packages that are written for it.

mod clippy;
mod fixes;
mod linked;
mod shop;
mod watch;
