//! Bound values must have the parameter's type.

use icosian::prelude::*;

#[dataflow]
pub mod pipeline {
    #[inject(count = value("three"), weights = list[value(1.0), value("heavy")])]
    pub fn no_texts(count: u8, weights: &[f64]) -> f64 {
        f64::from(count) + weights[0]
    }

    #[inject(rates = map {})]
    pub fn no_keys(rates: &std::collections::HashMap<String, f64>) -> usize {
        rates.len()
    }
}

fn main() {}
