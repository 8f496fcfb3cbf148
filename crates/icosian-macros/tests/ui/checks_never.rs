//! Checks that no output passes.

use icosian::prelude::*;

#[dataflow]
pub mod pipeline {
    #[check_output(range = 5.0..1.0, values_in = [], max_standard_dev = -1.0)]
    #[check_output(mean_in_range = 1..1, max_fraction_nans = 1.5, max_standard_dev = f64::NAN)]
    pub fn checked() -> Vec<f64> {
        vec![1.0]
    }
}

fn main() {}
