//! The door of the crate: source in, source out.

mod refused;
mod written;
