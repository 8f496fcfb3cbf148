//! Reads an untrusted data source: both the time and the size of a response are limited.

use std::time::Duration;

use reqwest::{Client, ClientBuilder, Url};
use serde_json::Value as Json;

/// The time limit for a complete response.
pub const TIMEOUT: Duration = Duration::from_secs(10);
/// The time limit for the connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// The size limit of a response: 1 MiB.
pub const MAX_BYTES: usize = 1 << 20;

/// An error from the data source. It never contains the URL, whose query may hold a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// The connection failed, broke, or timed out.
    #[error("the data source cannot be read")]
    Unreachable(#[source] reqwest::Error),
    /// The status of the response is an error.
    #[error("the data source returned an error")]
    Status(#[source] reqwest::Error),
    /// The response has more than [`MAX_BYTES`] bytes. The rest is not read.
    #[error("the response of the data source has more than {MAX_BYTES} bytes")]
    TooLarge,
    /// The response is not JSON.
    #[error("the response of the data source is not JSON")]
    NotJson(#[source] serde_json::Error),
}

/// Returns a client builder with a time limit for each request, and at most three seconds of it for the connection.
///
/// # Examples
/// ```
/// use async_service::data;
///
/// let http = data::client(data::TIMEOUT).no_proxy().build()?;
/// # Ok::<(), reqwest::Error>(())
/// ```
pub fn client(timeout: Duration) -> ClientBuilder {
    Client::builder().timeout(timeout).connect_timeout(timeout.min(CONNECT_TIMEOUT))
}

/// Requests `url` and parses the response as JSON.
///
/// # Errors
/// A [`DataError`] if the request fails, the response is too large, or it is not JSON.
pub async fn read(http: &Client, url: &Url) -> Result<Json, DataError> {
    let response = http.get(url.clone()).send().await.map_err(unreachable)?;
    let mut response = response.error_for_status().map_err(|error| DataError::Status(error.without_url()))?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if chunk.len() > MAX_BYTES - bytes.len() {
            return Err(DataError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&bytes).map_err(DataError::NotJson)
}

fn unreachable(error: reqwest::Error) -> DataError {
    DataError::Unreachable(error.without_url())
}
