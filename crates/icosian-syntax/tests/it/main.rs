//! Integration tests: source in, source or faults out.

mod decorated;
mod faults;
mod written;
