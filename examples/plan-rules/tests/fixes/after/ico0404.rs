//! A decorator above `#[node]`.
use icosian::prelude::*;

/// The sum of both parts.
#[node]
#[tag(owner = "finance")]
pub fn total(left: u64, right: u64) -> u64 {
    left + right
}
