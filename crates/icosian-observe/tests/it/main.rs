//! Tests of the hooks with sync and async drivers.

#[cfg(feature = "metrics")]
mod counters;
mod flow;
#[cfg(feature = "progress")]
mod progress;
#[cfg(feature = "record")]
mod record;
#[cfg(feature = "slow-nodes")]
mod slow_nodes;
#[cfg(feature = "tracing")]
mod traces;
