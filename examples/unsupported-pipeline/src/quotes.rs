//! Quotes of a supplier, under the sync adapter. It polls no futures.

use std::io;

use icosian::dataflow;

/// A supplier of parts.
pub struct Supplier {
    prices: Vec<(String, f64)>,
}

impl Supplier {
    async fn price(&self, part: &str) -> io::Result<f64> {
        let price = self.prices.iter().find(|(name, _)| name == part).map(|(_, price)| *price);
        price.ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

#[dataflow]
pub mod nodes {
    use super::*;

    /// The price of a part.
    #[retry(attempts = 3, backoff = "100ms..1s")]
    pub async fn quote(supplier: &Supplier, part: &str) -> io::Result<f64> {
        supplier.price(part).await
    }

    /// The price of a box of parts.
    pub fn box_price(quote: f64, parts_per_box: u32) -> f64 {
        quote * f64::from(parts_per_box)
    }
}
