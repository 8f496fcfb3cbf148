//! Declared outputs that the macro refuses, at their tokens.

use icosian::dataflow;

#[dataflow(outputs(labl))]
pub mod misspelt {
    pub fn label(limit: u64) -> u64 {
        limit
    }
}

#[dataflow(outputs(label), provided(limt))]
pub mod misspelt_input {
    pub fn label(limit: u64) -> u64 {
        limit
    }
}

#[dataflow(outputs(label))]
pub mod taken {
    pub struct LabelInputs;

    pub fn label(limit: u64) -> u64 {
        limit
    }
}

#[dataflow(outputs(label))]
pub mod hidden {
    #[decorate(icosian::decorators::Offload)]
    pub fn limit(most: u64) -> u64 {
        most
    }
    pub fn label(limit: u64) -> u64 {
        limit
    }
}

fn main() {}
