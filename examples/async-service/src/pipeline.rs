//! The pipeline: plain functions, each a node, whose parameters' names say what they read.

use icosian::dataflow;

pub use nodes::*;

/// What the service answers with, and what its answer is made of.
#[dataflow(name = "pipeline")]
pub mod nodes {
    use std::time::Duration;

    use axum::body::Bytes;
    use reqwest::{Client, Url};
    use serde::Serialize;
    use serde_json::{Value as Json, json};
    use tokio::time::sleep;

    use crate::data::{self, DataError};

    /// How long each slow step pretends to work.
    const WORK: Duration = Duration::from_secs(1);

    /// The service's answer.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct Report {
        /// What `computation1` gave.
        pub computation1: bool,
        /// What `computation2` gave.
        pub computation2: bool,
    }

    /// The JSON body, or an empty object when there is none or it is not JSON.
    pub async fn request_raw(request: &Bytes) -> Json {
        if request.is_empty() {
            return json!({});
        }
        serde_json::from_slice(request).unwrap_or_else(|error| {
            tracing::warn!(%error, "the request's body is not JSON, so it is taken as an empty object");
            json!({})
        })
    }

    /// The request's `foo`.
    pub fn foo(request_raw: &Json) -> String {
        text(request_raw, "foo", "far")
    }

    /// The request's `bar`.
    pub fn bar(request_raw: &Json) -> String {
        text(request_raw, "bar", "baz")
    }

    /// What the data source knows.
    ///
    /// # Errors
    /// The source cannot be read, refuses, or answers with too much or with something other than JSON.
    pub async fn some_data(http: &Client, data_url: &Url) -> Result<Json, DataError> {
        data::read(http, data_url).await
    }

    /// Works on the request and the data.
    pub async fn computation1(foo: &str, some_data: &Json) -> bool {
        tracing::debug!(foo, %some_data, "computing");
        sleep(WORK).await;
        false
    }

    /// Works on the request alone, so it runs beside `computation1`.
    pub async fn computation2(bar: &str) -> bool {
        tracing::debug!(bar, "computing");
        sleep(WORK).await;
        true
    }

    /// The answer.
    pub async fn pipeline(computation1: bool, computation2: bool) -> Report {
        sleep(WORK).await;
        Report { computation1, computation2 }
    }

    fn text(object: &Json, key: &str, otherwise: &str) -> String {
        object.get(key).and_then(Json::as_str).unwrap_or(otherwise).to_owned()
    }
}
