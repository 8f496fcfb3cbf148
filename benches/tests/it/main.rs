//! Tests that all contenders have the result of the hand-written loop, and that reports are well formed.

mod agreement;
mod report;
mod soak;

#[cfg(feature = "service")]
mod service;

#[cfg(feature = "peers")]
mod shipping;
