//! Decorators where neither `#[dataflow]` nor `#[node]` reads them.

use icosian::prelude::*;

#[retry(attempts = 3)]
#[node]
pub fn above() -> u64 {
    1
}

#[timeout("1s")]
pub fn alone() -> u64 {
    1
}

#[extract_fields(mean: f64)]
pub struct Moments {
    pub mean: f64,
}

#[icosian::decorators::config(|_| true)]
#[dataflow]
pub mod flow {
    pub fn one() -> u64 {
        1
    }
}

#[save_to]
pub fn saved() -> u64 {
    1
}

fn main() {}
