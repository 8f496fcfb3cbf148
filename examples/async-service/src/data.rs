//! Reading a data source, which is trusted neither to answer nor to come to an end.

use std::time::Duration;

use reqwest::{Client, ClientBuilder, Url};
use serde_json::Value as Json;

/// How long a source may take to answer in full.
pub const TIME: Duration = Duration::from_secs(10);
/// How long a source may take to be connected to.
const TIME_TO_CONNECT: Duration = Duration::from_secs(3);
/// How many bytes a source's answer may have: a mebibyte.
pub const LIMIT: usize = 1 << 20;

/// Why there are no data. It never tells the source's URL, whose query may hold a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// There is no connection, or it broke, or the client's time was over.
    #[error("the data source cannot be read")]
    Unreachable(#[source] reqwest::Error),
    /// The answer's status is an error.
    #[error("the data source refuses")]
    Refused(#[source] reqwest::Error),
    /// The answer has more than [`LIMIT`] bytes; what follows them is not read.
    #[error("the data source's answer has more than {LIMIT} bytes")]
    TooLarge,
    /// The answer is something else than JSON.
    #[error("the data source's answer is not JSON")]
    NotJson(#[source] serde_json::Error),
}

/// Starts a client that gives up on a source after `time`, and on connecting after three seconds.
///
/// # Examples
/// ```
/// use async_service::data;
///
/// let http = data::client(data::TIME).no_proxy().build()?;
/// # Ok::<(), reqwest::Error>(())
/// ```
pub fn client(time: Duration) -> ClientBuilder {
    Client::builder().timeout(time).connect_timeout(time.min(TIME_TO_CONNECT))
}

/// Gets the JSON at `url`.
///
/// # Errors
/// [`DataError`] when there is none, or more than [`LIMIT`] bytes of it.
pub async fn read(http: &Client, url: &Url) -> Result<Json, DataError> {
    let answer = http.get(url.clone()).send().await.map_err(unreachable)?;
    let mut answer = answer.error_for_status().map_err(|error| DataError::Refused(error.without_url()))?;
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
        if chunk.len() > LIMIT - bytes.len() {
            return Err(DataError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&bytes).map_err(DataError::NotJson)
}

fn unreachable(error: reqwest::Error) -> DataError {
    DataError::Unreachable(error.without_url())
}
