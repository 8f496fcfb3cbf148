//! Tests of the drivers with nodes that are built by hand.

mod async_hooks;
mod expand;
mod expand_cancelled;
mod expand_faults;
mod expand_laws;
mod expand_rayon;
mod expand_streams;
#[cfg(feature = "tower")]
mod layers;
