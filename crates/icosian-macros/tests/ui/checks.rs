//! Checks that do not fit the type, the order or the names of their outputs.

use icosian::prelude::*;

#[derive(Clone)]
pub struct Price {
    pub amount: f64,
}

#[dataflow]
pub mod types {
    use super::*;

    #[check_output(range = 0.0..=1.0)]
    pub fn price() -> Price {
        Price { amount: 1.0 }
    }

    #[check_output(range = 0.0..)]
    pub async fn count() -> u64 {
        1
    }

    #[check_output(mean_in_range = 0..10)]
    pub fn samples() -> Vec<f64> {
        vec![1.0]
    }

    #[check_output(range = 0..=10)]
    pub fn small() -> u8 {
        1
    }
}

#[dataflow]
pub mod order {
    use super::*;

    #[extract_fields(amount: f64)]
    #[check_output(range = 0.0.., on(amount))]
    pub fn price() -> Price {
        Price { amount: 1.0 }
    }
}

#[dataflow]
pub mod names {
    #[check_output(range = 0.0..)]
    pub fn price(price_raw: f64) -> f64 {
        price_raw
    }
}

fn main() {}
