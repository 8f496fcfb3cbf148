//! A decorator under a name that the module does not import itself.

use icosian::prelude::*;
use icosian::decorators::retry as again;

#[dataflow]
pub mod pipeline {
    use super::again;

    #[again(attempts = 2)]
    pub fn rates() -> std::io::Result<u64> {
        Ok(1)
    }
}

#[again(attempts = 2)]
#[node]
fn alone() -> std::io::Result<u64> {
    Ok(1)
}

fn main() {}
