//! The compiler reports an edge with mismatched types once, at the parameter.

use icosian::dataflow;

#[dataflow]
pub mod pipeline {
    pub fn spend_mean(spend: &[f64]) -> f64 {
        spend.iter().sum()
    }

    pub fn label(spend_mean: &String) -> String {
        spend_mean.clone()
    }

    pub async fn label_later(spend_mean: &str) -> String {
        spend_mean.to_owned()
    }

    pub fn rows(spend_mean: &[f64]) -> usize {
        spend_mean.len()
    }

    pub fn taken(spend_mean: Vec<u8>) -> usize {
        spend_mean.len()
    }

    pub fn optional(spend_mean: Option<&str>) -> usize {
        spend_mean.map_or(0, str::len)
    }

    pub fn optional_taken(spend_mean: Option<u8>) -> u8 {
        spend_mean.unwrap_or(0)
    }

    pub async fn accepted(spend_mean: Result<&str, &icosian::NodeError>) -> usize {
        spend_mean.map_or(0, str::len)
    }

    pub fn fits(spend_mean: &f64, label: &str, rows: usize, taken: Option<usize>) -> String {
        format!("{spend_mean} {label} {rows} {taken:?}")
    }
}

fn main() {
    let _ = pipeline::dataflow();
}
