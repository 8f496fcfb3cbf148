//! Modules that are no dataflow.

use icosian::{dataflow, node};

#[dataflow]
pub mod circle {
    pub fn a(c: &u64, input: &u64) -> u64 {
        c + input
    }

    pub fn b(a: &u64) -> u64 {
        *a
    }

    pub fn c(input: &u64, b: &u64) -> u64 {
        input + b
    }

    pub fn itself(itself: u64) -> u64 {
        itself
    }
}

#[dataflow]
mod empty {
    fn helper() {}
}

#[dataflow]
mod taken_name {
    pub fn dataflow() -> u64 {
        1
    }
}

#[dataflow(nam = "x", asyncness = 3, crate = ::icosian)]
mod options {
    pub fn one() -> u64 {
        1
    }
}

#[node(name = "x")]
fn named() -> u64 {
    1
}

#[dataflow]
fn function() -> u64 {
    1
}

#[node]
struct Type;

fn main() {
    let _ = (circle::dataflow(), empty::dataflow(), options::dataflow());
}
