//! The catalog of parts.

use icosian::dataflow;

#[dataflow]
pub mod nodes {
    /// The price of a part, in euros.
    pub fn unit_price(part: &str) -> f64 {
        if part == "bolt" { 0.25 } else { 1.5 }
    }
}
