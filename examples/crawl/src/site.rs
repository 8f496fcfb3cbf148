//! A local web server with pages to crawl.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use reqwest::Url;
use tokio::net::TcpListener;

/// The number of pages, with the missing one.
pub const PAGES: usize = 36;
/// The page that does not exist, although other pages link to it.
pub const MISSING: usize = 13;

/// The time that the server needs for a page.
const LATENCY: Duration = Duration::from_millis(5);

const WORDS: [&str; 18] = [
    "river", "stone", "harbour", "lantern", "winter", "garden", "letter", "bridge", "summer", "copper",
    "window", "island", "market", "shadow", "silver", "orchard", "thunder", "meadow",
];

/// A running server. It stops with its runtime.
#[derive(Clone, Debug)]
pub struct Site {
    base: Url,
    log: Arc<Mutex<SiteLog>>,
}

/// The requests of a site.
#[derive(Clone, Debug, Default)]
pub struct SiteLog {
    /// The number of requests of each page.
    pub requests: BTreeMap<usize, usize>,
    /// The highest number of requests at the same time.
    pub max_open: usize,
    open: usize,
}

impl Site {
    /// Starts the server on a free port of this machine.
    ///
    /// # Errors
    /// An error if the port cannot be opened.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}/", listener.local_addr()?);
        let base = Url::parse(&base).map_err(io::Error::other)?;
        let site = Self { base, log: Arc::default() };
        let router = Router::new().route("/pages/{number}", get(page)).with_state(site.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(site)
    }

    /// Returns the URLs of all pages, with the missing one.
    #[must_use]
    pub fn urls(&self) -> Vec<Url> {
        (0..PAGES).filter_map(|number| self.base.join(&path(number)).ok()).collect()
    }

    /// Returns the URL of the server.
    #[must_use]
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// Returns the requests until now.
    #[must_use]
    pub fn log(&self) -> SiteLog {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, SiteLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns whether the first request of a page fails.
#[must_use]
pub fn is_flaky(number: usize) -> bool {
    number % 7 == 4
}

fn path(number: usize) -> String {
    format!("/pages/{number}")
}

async fn page(State(site): State<Site>, Path(number): Path<usize>) -> Result<Html<String>, StatusCode> {
    let request = {
        let mut log = site.lock();
        log.open += 1;
        log.max_open = log.max_open.max(log.open);
        let requests = log.requests.entry(number).or_default();
        *requests += 1;
        *requests
    };
    tokio::time::sleep(LATENCY).await;
    site.lock().open -= 1;
    match number {
        MISSING | PAGES.. => Err(StatusCode::NOT_FOUND),
        _ if is_flaky(number) && request == 1 => Err(StatusCode::INTERNAL_SERVER_ERROR),
        _ => Ok(Html(html(number))),
    }
}

/// Returns the text of a page: some words, and links to other pages.
fn html(number: usize) -> String {
    let mut html = format!("<h1>Page {number}</h1>\n<p>");
    for index in 0..40 + 7 * number % 60 {
        let word = WORDS[(number + index * index) % (6 + number % 13)];
        let _ = write!(html, "{word} ");
    }
    html.push_str("</p>\n");
    for link in 1..=1 + number % 4 {
        let target = path((number * 5 + link * 8) % PAGES);
        let _ = writeln!(html, "<a href=\"{target}\">more</a>");
    }
    html
}
