//! The pipeline. Each function is a node, and its parameter names are its dependencies.

use icosian::dataflow;

pub use nodes::*;

/// Computes the report for a request.
#[dataflow(name = "pipeline")]
pub mod nodes {
    use std::time::Duration;

    use axum::body::Bytes;
    use reqwest::{Client, Url};
    use serde::Serialize;
    use serde_json::{Value as Json, json};
    use tokio::time::sleep;

    use crate::data::{self, DataError};

    /// The simulated duration of each slow step.
    const WORK: Duration = Duration::from_secs(1);

    /// The response of the service.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct Report {
        /// The result of `computation1`.
        pub computation1: bool,
        /// The result of `computation2`.
        pub computation2: bool,
    }

    /// Parses the request body as JSON. An empty or invalid body counts as an empty object.
    pub async fn request_raw(request: &Bytes) -> Json {
        if request.is_empty() {
            return json!({});
        }
        serde_json::from_slice(request).unwrap_or_else(|error| {
            tracing::warn!(%error, "the request body is not JSON; using an empty object");
            json!({})
        })
    }

    /// Returns the field `foo` of the request.
    pub fn foo(request_raw: &Json) -> String {
        text(request_raw, "foo", "far")
    }

    /// Returns the field `bar` of the request.
    pub fn bar(request_raw: &Json) -> String {
        text(request_raw, "bar", "baz")
    }

    /// Reads the data source.
    ///
    /// # Errors
    /// A [`DataError`] if the source cannot be read.
    pub async fn some_data(http: &Client, data_url: &Url) -> Result<Json, DataError> {
        data::read(http, data_url).await
    }

    /// Computes a value from the request and the data.
    pub async fn computation1(foo: &str, some_data: &Json) -> bool {
        tracing::debug!(foo, %some_data, "computing");
        sleep(WORK).await;
        false
    }

    /// Computes a value from the request alone, so it runs concurrently with `computation1`.
    pub async fn computation2(bar: &str) -> bool {
        tracing::debug!(bar, "computing");
        sleep(WORK).await;
        true
    }

    /// Combines both results into the report.
    pub async fn pipeline(computation1: bool, computation2: bool) -> Report {
        sleep(WORK).await;
        Report { computation1, computation2 }
    }

    fn text(object: &Json, key: &str, default: &str) -> String {
        object.get(key).and_then(Json::as_str).unwrap_or(default).to_owned()
    }
}
