//! A node belongs to one group, and the group has one limit.

use icosian::prelude::*;

#[dataflow]
pub mod pipeline {
    #[limit("network")]
    #[limit("database", max_concurrency = 2)]
    pub fn grouped() -> u64 {
        1
    }

    #[limit("database", max_concurrency = -2)]
    pub fn counted() -> u64 {
        1
    }

    #[limit("database", max_concurrency = "two")]
    pub fn spelt() -> u64 {
        1
    }
}

fn main() {}
