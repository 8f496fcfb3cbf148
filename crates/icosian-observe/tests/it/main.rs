//! Tests of the hooks with sync and async drivers.

mod flow;
#[cfg(feature = "record")]
mod record;
#[cfg(feature = "tracing")]
mod traces;
