//! A node is in one group, of which so many run at a time.

use icosian::prelude::*;

#[dataflow]
pub mod pipeline {
    #[limit("network")]
    #[limit("database", at_a_time = 2)]
    pub fn grouped() -> u64 {
        1
    }

    #[limit("database", at_a_time = -2)]
    pub fn counted() -> u64 {
        1
    }

    #[limit("database", at_a_time = "two")]
    pub fn spelt() -> u64 {
        1
    }
}

fn main() {}
