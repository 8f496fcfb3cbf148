//! Orders: nodes with invalid signatures or names, and a cycle.

use icosian::dataflow;

#[dataflow]
pub mod nodes {
    /// The orders, generic over their type.
    pub fn orders<T: Clone>(source: &[T]) -> Vec<T> {
        source.to_vec()
    }

    /// The amounts over 100.
    pub fn large(amounts: Vec<u64>) -> impl Iterator<Item = u64> {
        amounts.into_iter().filter(|amount| *amount > 100)
    }

    /// Panics with the amounts.
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

    /// The demand, which depends on the supply.
    pub fn demand(supply: u64) -> u64 {
        supply * 2
    }

    /// The supply, which depends on the price.
    pub fn supply(price: u64) -> u64 {
        price / 3
    }

    /// The price, which depends on the demand.
    pub fn price(demand: u64) -> u64 {
        demand + 1
    }
}
