//! Functions with several places to run, or with arguments of `spawn`.

use icosian::prelude::*;

#[dataflow]
pub mod flow {
    #[offload]
    #[spawn]
    pub fn placed_twice() -> u64 {
        1
    }

    #[spawn]
    #[spawn]
    pub async fn spawned_twice() -> u64 {
        1
    }

    #[spawn(workers)]
    pub fn with_workers() -> u64 {
        1
    }
}

fn main() {}
