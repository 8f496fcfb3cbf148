//! A part that is named like its own function is a second node of one name: one error each.

use icosian::prelude::*;

#[dataflow]
pub mod pipeline {
    #[extract_outputs(part: u8)]
    pub fn part() -> (u8,) {
        (1,)
    }

    #[unpack_fields(second, rest)]
    pub fn second() -> (u8, u16) {
        (1, 2)
    }
}

fn main() {}
