//! Decorators where neither `#[dataflow]` nor `#[node]` reads them.

use icosian::decorators::*;
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

#[retry(attempts = 3)]
#[tag(owner = "finance")]
#[node]
pub fn both_above() -> std::io::Result<u64> {
    Ok(1)
}

#[tag(owner = "finance")]
#[node]
#[retry(attempts = 3)]
pub fn on_both_sides() -> std::io::Result<u64> {
    Ok(1)
}

#[node]
#[node]
pub fn twice_a_node() -> u64 {
    1
}

#[node]
#[parameterize_values(low(rate = 0.5))]
#[parameterize_values(high(rate = 1.5))]
pub fn spread_twice(rate: f64) -> f64 {
    rate
}

#[node]
#[exclude]
#[exclude]
pub fn excluded_twice() -> u64 {
    1
}

#[tag(owner = "finance")]
pub enum Currency {
    Euro,
}

impl Currency {
    #[retry(attempts = 3)]
    pub fn rate(&self) -> std::io::Result<f64> {
        Ok(1.0)
    }

    #[node]
    pub fn code(&self) -> &'static str {
        "EUR"
    }
}

#[node]
#[tag(owner = "finance")]
pub struct Rates;

#[dataflow]
pub mod with_prelude {
    use icosian::prelude::*;

    #[tag(owner = "finance")]
    pub struct Inner;

    pub fn one() -> u64 {
        1
    }
}

#[dataflow]
#[dataflow]
pub mod twice_a_dataflow {
    pub fn one() -> u64 {
        1
    }
}

#[dataflow]
pub mod with_items {
    #[tag(owner = "finance")]
    pub struct Inner;

    #[tag(owner = "finance")]
    pub mod deeper {
        pub fn three() -> u64 {
            3
        }
    }

    #[tag(owner = "finance")]
    impl Inner {
        #[retry(attempts = 3)]
        pub fn two(&self) -> u64 {
            2
        }
    }

    pub fn one() -> u64 {
        1
    }
}

fn main() {}
