//! A decorator above `#[node]`.
use icosian::prelude::*;

/// The sum of both parts.
#[tag(owner = "finance")]
#[node]
pub fn total(left: u64, right: u64) -> u64 {
    left + right
}
