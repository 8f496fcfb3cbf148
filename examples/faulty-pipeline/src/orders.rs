//! What was ordered.

use icosian::dataflow;

#[dataflow]
pub mod nodes {
    /// The orders, of whatever type.
    pub fn orders<T: Clone>(source: &[T]) -> Vec<T> {
        source.to_vec()
    }

    /// The large ones.
    pub fn large(amounts: Vec<u64>) -> impl Iterator<Item = u64> {
        amounts.into_iter().filter(|amount| *amount > 100)
    }

    /// Writes them down.
    pub fn written(amounts: &[u64]) -> ! {
        panic!("{amounts:?}");
    }

    pub fn get_total(amounts: &[u64]) -> u64 {
        amounts.iter().sum()
    }

    /// The mean of all amounts.
    pub fn mean(get_total: u64, count: u64) -> u64 {
        get_total / count
    }

    /// The mean, once more.
    pub fn mean(amounts: &[u64]) -> u64 {
        amounts[amounts.len() / 2]
    }

    /// What is asked for, depending on what there is.
    pub fn demand(supply: u64) -> u64 {
        supply * 2
    }

    /// What there is, depending on the price.
    pub fn supply(price: u64) -> u64 {
        price / 3
    }

    /// The price, depending on what is asked for.
    pub fn price(demand: u64) -> u64 {
        demand + 1
    }
}
