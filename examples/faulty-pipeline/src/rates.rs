//! What it costs, as others say.

use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::sleep;
use std::time::Duration;

use icosian::dataflow;

static ASKED: AtomicU64 = AtomicU64::new(0);

/// Somebody who knows rates.
pub struct Feed;

#[dataflow]
pub mod nodes {
    use super::*;

    /// The rates of the day, a little later.
    pub async fn rates(path: &str) -> std::io::Result<String> {
        sleep(Duration::from_millis(100));
        tokio::fs::read_to_string(path).await
    }

    /// The rates of yesterday.
    pub fn yesterday(archive: &std::path::Path) -> std::io::Result<String> {
        std::fs::read_to_string(archive)
    }

    /// Where this runs.
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

    /// The rate that somebody else knows, if that can be reached.
    #[timeout("2s")]
    #[retry(attempts = 4, backoff = "1s..10s")]
    pub async fn other_rate(feed: &Feed, partner: String) -> std::io::Result<f64> {
        feed.ask_other(&partner).await
    }

    /// The last rate, when it is there.
    pub async fn last(feed: &Feed) -> f64 {
        while !feed.is_ready() {
            tokio::task::yield_now().await;
        }
        feed.last().await
    }
}

async fn remember(_: usize) {}
