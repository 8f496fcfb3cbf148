//! A hook that fails executions which exceed a time budget, and a validator that requires documentation.

mod documented;
mod time_budget;

pub use documented::Documented;
pub use time_budget::{NodeCost, TimeBudget};

use icosian::prelude::*;

/// Loads a page and ranks its words.
#[dataflow(outputs(ranking))]
pub mod pages {
    use std::time::Duration;

    /// The text of the page. A real node would send a request.
    pub async fn page(url: &str, latency: Duration) -> String {
        tokio::time::sleep(latency).await;
        format!("{url} is a page about pages")
    }

    /// The words of the page, the longest first.
    pub fn ranking(page: &str) -> Vec<String> {
        let mut words: Vec<_> = page.split(' ').map(str::to_owned).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words
    }
}
