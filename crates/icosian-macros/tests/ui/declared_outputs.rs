//! Inputs of declared outputs that do not fit, reported by the compiler.

use icosian::prelude::*;

#[dataflow(outputs(report, total))]
pub mod shop {
    pub fn total(prices: &[f64], discount: Option<f64>) -> f64 {
        prices.iter().sum::<f64>() - discount.unwrap_or_default()
    }
    pub fn report(total: f64, currency: &str) -> String {
        format!("{total}{currency}")
    }
}

#[dataflow(outputs(label))]
pub mod conflicts {
    use std::sync::Arc;

    pub type Name = Arc<str>;

    pub fn first(name: &str) -> usize {
        name.len()
    }
    pub fn second(name: Name) -> usize {
        name.len()
    }
    pub fn label(first: usize, second: usize, limit: u64) -> usize {
        first + second + third(limit)
    }
    fn third(limit: u64) -> usize {
        limit as usize
    }
}

#[dataflow(outputs(label), inputs(limit: String))]
pub mod stated {
    pub fn label(limit: u64) -> u64 {
        limit
    }
}

fn main() {
    let driver = Driver::builder().with_dataflow(shop::dataflow()).build().unwrap();
    let (prices, currency) = (vec![1.0], String::new());

    let _ = shop::ReportInputs { prices: prices.clone(), discount: None };
    let _ = shop::ReportInputs { prices: prices.clone(), discount: None, curency: currency.clone() };
    let _ = shop::ReportInputs { prices: prices.clone(), discount: Some(1), currency };
    let _ = shop::ReportInputs::new(prices.clone());

    let total = || shop::TotalInputs { prices: prices.clone(), discount: None };
    let _ = driver.execute::<shop::report>(total());
    let _ = driver.execute::<(shop::total, shop::report)>(total());
    let _ = driver.prepare::<shop::report>().unwrap().execute(total());
    let _ = driver.execute::<shop::total>(1);
}
