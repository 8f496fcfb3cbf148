//! The stock of a warehouse, under the sync adapter. It has one thread, no timer and no limits.

use std::io;
use std::num::ParseIntError;

use icosian::dataflow;

#[dataflow]
pub mod nodes {
    use super::*;

    /// The number of parts in stock.
    #[timeout("2s")]
    pub fn stock(stock_list: &str) -> Result<u64, ParseIntError> {
        stock_list.lines().map(str::parse::<u64>).sum()
    }

    /// The number of parts that remain after a reservation.
    #[limit("warehouse", max_concurrency = 4)]
    pub fn remaining(stock: u64, quantity: u64) -> io::Result<u64> {
        stock.checked_sub(quantity).ok_or_else(|| io::ErrorKind::WouldBlock.into())
    }
}
