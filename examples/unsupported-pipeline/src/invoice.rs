//! Invoices. They read the price from [`catalog`](crate::catalog).

use icosian::dataflow;

#[dataflow]
pub mod nodes {
    /// The total of an invoice, in cents.
    pub fn total(unit_price: u64, quantity: u64) -> u64 {
        unit_price * quantity
    }
}
