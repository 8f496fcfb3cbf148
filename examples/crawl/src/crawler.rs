//! The dataflow. `url` expands the list of URLs, and the functions that read an item run once for each URL.

use icosian::prelude::*;

pub use nodes::*;

/// Builds the driver of a crawl, which reports its progress to `hook`.
///
/// # Errors
/// Returns the errors of the dataflow.
pub fn driver(hook: impl Hook) -> Result<AsyncDriver, BuildError> {
    AsyncDriver::builder().with_dataflow(nodes::dataflow()).with_hook(hook).build()
}

/// Fetches pages and summarizes them.
#[dataflow(name = "crawler", outputs(report))]
pub mod nodes {
    use std::collections::BTreeMap;

    use icosian::expand::ItemError;
    use icosian::prelude::*;
    use reqwest::{Client, StatusCode, Url};

    use crate::report::{CrawlFailure, CrawlReport, PageSummary};

    /// An error of a request. The error of the item contains the URL.
    #[derive(Debug, thiserror::Error)]
    pub enum FetchError {
        /// The connection failed or broke.
        #[error("the page cannot be read")]
        Connection(#[source] reqwest::Error),
        /// The server responded with an error.
        #[error("the server responded with {0}")]
        Status(StatusCode),
    }

    impl FetchError {
        /// Returns whether another attempt may succeed.
        #[must_use]
        pub fn is_temporary(&self) -> bool {
            match self {
                Self::Connection(_) => true,
                Self::Status(status) => status.is_server_error(),
            }
        }
    }

    /// Starts at most eight pages at a time. A page that fails does not end the crawl.
    #[expand(concurrency = 8, on_error = "collect")]
    pub fn url(urls: &[Url]) -> Vec<Url> {
        urls.to_vec()
    }

    /// Fetches a page. Each attempt waits for the rate and for one of four connections.
    ///
    /// # Errors
    /// A [`FetchError`] if the server cannot be reached or responds with an error.
    #[retry(attempts = 3, backoff = "10ms..100ms", jitter, when = |error: &FetchError| error.is_temporary())]
    #[limit("connections", max_concurrency = 4)]
    #[rate_limit("requests", per_second = 200, burst = 10)]
    pub async fn page(http: &Client, url: &Url) -> Result<String, FetchError> {
        let response = http.get(url.clone()).send().await.map_err(connection)?;
        match response.status() {
            StatusCode::OK => response.text().await.map_err(connection),
            status => Err(FetchError::Status(status)),
        }
    }

    /// Returns the targets of the links of a page.
    pub fn links(page: &str, url: &Url) -> Vec<Url> {
        let targets = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        targets.filter_map(|target| url.join(target).ok()).collect()
    }

    /// Counts the words of a page, without its tags.
    pub fn words(page: &str) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        let texts = page.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
        let words = texts.flat_map(|text| text.split(|letter: char| !letter.is_alphabetic()));
        for word in words.filter(|word| !word.is_empty()) {
            *counts.entry(word.to_lowercase()).or_default() += 1;
        }
        counts
    }

    /// Scores a page: one point for each different word, and three for each link.
    pub fn score(links: &[Url], words: &BTreeMap<String, usize>) -> usize {
        words.len() + 3 * links.len()
    }

    /// Keeps the values for the report. The page itself is dropped.
    pub fn summary(url: &Url, links: Vec<Url>, words: BTreeMap<String, usize>, score: usize) -> PageSummary {
        PageSummary { url: url.clone(), links, words, score }
    }

    /// Runs once, after the last page. `summary` has a result for each URL, in the order of `urls`.
    pub fn report(summary: Collect<Result<PageSummary, ItemError>>, urls: &[Url]) -> CrawlReport {
        let mut report = CrawlReport::default();
        for (url, summary) in urls.iter().zip(summary) {
            match summary {
                Ok(page) => report.pages.push(page),
                Err(error) => report.failures.push(CrawlFailure { url: url.clone(), error }),
            }
        }
        report
    }

    fn connection(error: reqwest::Error) -> FetchError {
        FetchError::Connection(error.without_url())
    }
}
