//! The door of the crate: source in, source out.

mod decorated;
mod refused;
mod refused_decorators;
mod written;
