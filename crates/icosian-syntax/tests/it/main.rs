//! Tests of the crate's entry points: source tokens in, generated tokens out.

mod decorated;
mod refused;
mod refused_decorators;
mod written;
