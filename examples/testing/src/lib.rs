//! A dataflow that quotes the price of an order, for the tests in `tests/`.
//!
//! The tests cover functions, single nodes, items of a fan-out, failures and time limits, without a network. They also run the checks of
//! the linter.

use std::time::Duration;

use async_trait::async_trait;
use icosian::prelude::*;

/// A client of the price service. Tests pass a fake one.
#[async_trait]
pub trait Prices: Send + Sync {
    /// Returns the price of an article in cents.
    ///
    /// # Errors
    /// [`Unavailable`] if the service does not answer.
    async fn price(&self, article: &str) -> Result<u64, Unavailable>;
}

/// The error of a price service that does not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the price service is unavailable")]
pub struct Unavailable;

/// The real client. A real service would send a request here.
#[derive(Clone, Debug, Default)]
pub struct PriceService;

#[async_trait]
impl Prices for PriceService {
    async fn price(&self, article: &str) -> Result<u64, Unavailable> {
        tokio::time::sleep(Duration::from_millis(20)).await;
        u64::try_from(article.len() * 100).map_err(|_| Unavailable)
    }
}

/// Quotes orders. The client is an input, so each test chooses its own.
#[dataflow(outputs(quote))]
pub mod quotes {
    use std::sync::Arc;

    use super::{Prices, Unavailable};
    use icosian::expand::Collect;

    /// One article of the order.
    #[expand(concurrency = 8)]
    pub fn article(order: &[String]) -> Vec<String> {
        order.to_vec()
    }

    /// The price of the article in cents. Asks again if the service does not answer.
    ///
    /// # Errors
    /// [`Unavailable`] if the service does not answer three times.
    #[timeout("1s")]
    #[retry(attempts = 3)]
    pub async fn price(service: &Arc<dyn Prices>, article: &str) -> Result<u64, Unavailable> {
        service.price(article).await
    }

    /// The sum of all prices in cents.
    pub fn total(price: Collect<u64>) -> u64 {
        price.into_iter().sum()
    }

    /// The discount in percent.
    pub fn discount(total: u64) -> u64 {
        if total >= 10_000 { 10 } else { 0 }
    }

    /// The amount to pay in cents.
    pub fn quote(total: u64, discount: u64) -> u64 {
        total - total * discount / 100
    }
}
