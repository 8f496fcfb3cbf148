//! A validator is written with `async` before it exactly when it is awaited.

use icosian::decorators::{AsyncValidator, Validation, Validator};
use icosian::prelude::*;

struct Positive;

impl Validator<f64> for Positive {
    fn name(&self) -> &'static str {
        "positive"
    }

    fn validate(&self, value: &f64) -> Validation {
        Validation::of(*value > 0.0, "it is not positive")
    }
}

struct Known;

impl AsyncValidator<f64> for Known {
    fn name(&self) -> &'static str {
        "known"
    }

    async fn validate(&self, value: &f64) -> Validation {
        Validation::of(*value < 2.0, "nobody knows it")
    }
}

#[dataflow]
pub mod pipeline {
    use super::*;

    #[check_output_custom(Known)]
    pub fn without() -> f64 {
        1.5
    }

    #[check_output_custom(async Positive)]
    pub fn with() -> f64 {
        1.5
    }

    // Of another type.
    #[check_output_custom(Positive, async Known)]
    pub fn count() -> u64 {
        1
    }
}

fn main() {}
