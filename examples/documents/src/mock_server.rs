//! A local server that answers like a language model, but from fixed rules.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use reqwest::Url;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::model::{ModelRequest, ModelTask, Sentiment};

/// The time that the server needs for an answer.
const LATENCY: Duration = Duration::from_millis(5);
/// The number of keywords of a text.
const KEYWORDS: usize = 3;
/// The server is overloaded when a text with this word arrives for the first time.
const OVERLOADING: &str = "lighthouse";

/// A running server. It stops with its runtime.
#[derive(Clone, Debug)]
pub struct MockServer {
    url: Url,
    log: Arc<Mutex<MockLog>>,
}

/// The requests of a server.
#[derive(Clone, Debug, Default)]
pub struct MockLog {
    /// The number of requests.
    pub requests: usize,
    /// The highest number of requests at the same time.
    pub max_open: usize,
    open: usize,
    seen: HashSet<String>,
}

impl MockServer {
    /// Starts the server on a free port of this machine.
    ///
    /// # Errors
    /// An error if the port cannot be opened.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/answer", listener.local_addr()?);
        let server = Self { url: Url::parse(&url).map_err(io::Error::other)?, log: Arc::default() };
        let router = Router::new().route("/answer", post(answer)).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(server)
    }

    /// Returns the URL of the model.
    #[must_use]
    pub fn url(&self) -> Url {
        self.url.clone()
    }

    /// Returns the requests until now.
    #[must_use]
    pub fn log(&self) -> MockLog {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, MockLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(
    State(server): State<MockServer>,
    Json(request): Json<ModelRequest>,
) -> Result<Json<Value>, StatusCode> {
    let is_overloaded = {
        let mut log = server.lock();
        log.requests += 1;
        log.open += 1;
        log.max_open = log.max_open.max(log.open);
        request.text.contains(OVERLOADING) && log.seen.insert(request.text.clone())
    };
    tokio::time::sleep(LATENCY).await;
    server.lock().open -= 1;
    if is_overloaded {
        return Err(StatusCode::SERVICE_UNAVAILABLE);
    }
    Ok(Json(match request.task {
        ModelTask::Summary => json!(summary(&request.text)),
        ModelTask::Keywords => json!(keywords(&request.text)),
        ModelTask::Sentiment => json!(sentiment(&request.text)),
    }))
}

/// Returns the first sentence, on one line.
fn summary(text: &str) -> String {
    let sentence = text.split_inclusive('.').next().unwrap_or_default();
    sentence.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the most frequent words with more than five letters.
fn keywords(text: &str) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in words(text).filter(|word| word.len() > 5) {
        *counts.entry(word).or_default() += 1;
    }
    let mut keywords: Vec<_> = counts.into_iter().collect();
    keywords.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    keywords.into_iter().take(KEYWORDS).map(|(word, _)| word).collect()
}

/// Compares the numbers of cheerful and gloomy words.
fn sentiment(text: &str) -> Sentiment {
    const CHEERFUL: [&str; 6] = ["bright", "glad", "good", "laughed", "sang", "warm"];
    const GLOOMY: [&str; 6] = ["afraid", "cold", "dark", "grief", "lost", "storm"];
    let count = |list: &[&str]| words(text).filter(|word| list.contains(&word.as_str())).count();
    match count(&CHEERFUL).cmp(&count(&GLOOMY)) {
        std::cmp::Ordering::Greater => Sentiment::Positive,
        std::cmp::Ordering::Equal => Sentiment::Neutral,
        std::cmp::Ordering::Less => Sentiment::Negative,
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase)
}
