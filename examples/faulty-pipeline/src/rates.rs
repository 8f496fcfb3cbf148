//! Exchange rates: async nodes that block, wait or spawn incorrectly.

use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::sleep;
use std::time::Duration;

use futures::Stream;
use icosian::prelude::*;

static ASKED: AtomicU64 = AtomicU64::new(0);

/// A source of exchange rates.
pub struct Feed;

#[dataflow]
pub mod nodes {
    use super::*;

    /// Today's rates, after a delay.
    pub async fn rates(path: &str) -> std::io::Result<String> {
        sleep(Duration::from_millis(100));
        tokio::fs::read_to_string(path).await
    }

    /// Yesterday's rates.
    pub fn yesterday(archive: &std::path::Path) -> std::io::Result<String> {
        std::fs::read_to_string(archive)
    }

    /// The name of the host.
    pub async fn host(names: &[String]) -> std::io::Result<Vec<u8>> {
        let output = Command::new("hostname").args(names).output()?;
        Ok(output.stdout)
    }

    /// The rate of one currency.
    pub async fn rate(feed: &Feed, currency: String) -> f64 {
        ASKED.fetch_add(1, Ordering::Relaxed);
        let first = futures::executor::block_on(feed.ask(&currency));
        let runtime = tokio::runtime::Runtime::new().expect("it starts");
        first + runtime.spawn(feed.ask_later(currency)).await.unwrap_or_default()
    }

    /// All rates, one after the other.
    pub async fn all_rates(feed: &Feed, currencies: &[String]) -> Vec<f64> {
        let mut rates = Vec::new();
        for currency in currencies {
            rates.push(feed.ask(currency).await);
        }
        tokio::spawn(async move { super::remember(currencies.len()).await });
        rates
    }

    /// A quote of the exchange, as long as it is open.
    #[expand]
    pub fn quote(feed: &Feed) -> impl Stream<Item = f64> + Send + use<> {
        feed.quotes()
    }

    /// The mean of all quotes.
    pub fn mean_quote(quote: Collect<f64>) -> f64 {
        quote.iter().sum::<f64>() / quote.len() as f64
    }

    /// A rate from a partner, if its service is reachable.
    #[timeout("2s")]
    #[retry(attempts = 4, backoff = "1s..10s")]
    pub async fn other_rate(feed: &Feed, partner: String) -> std::io::Result<f64> {
        feed.ask_other(&partner).await
    }

    /// The last rate, once the feed is ready.
    pub async fn last(feed: &Feed) -> f64 {
        while !feed.is_ready() {
            tokio::task::yield_now().await;
        }
        feed.last().await
    }
}

async fn remember(_: usize) {}
