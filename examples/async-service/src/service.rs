//! The routes, and the one driver behind them.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use icosian::prelude::*;
use miette::Report;
use reqwest::{Client, Url};
use serde_json::json;
use tokio::time::timeout;

use crate::pipeline;

/// How long a client may take to send a request's body.
pub const BODY_TIME: Duration = Duration::from_secs(10);

/// Builds the driver that serves all requests. All executions share the client and the data source; each request is an input.
///
/// # Errors
/// All errors of the pipeline.
///
/// # Examples
/// ```
/// let url = reqwest::Url::parse("http://localhost:8000/data")?;
/// async_service::service::driver(reqwest::Client::new(), url)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn driver(http: Client, data_url: Url) -> Result<AsyncDriver, icosian::BuildError> {
    AsyncDriver::builder().with_dataflow(pipeline::dataflow()).with_shared(inputs! { http, data_url }).build()
}

/// Returns the routes: `POST /execute` runs the pipeline, `GET /data` is a data source; all else is not found.
///
/// A request whose body takes longer than `body_time` is answered with 408.
///
/// # Examples
/// ```
/// use async_service::service;
///
/// # let url = reqwest::Url::parse("http://localhost:8000/data")?;
/// let driver = service::driver(reqwest::Client::new(), url)?;
/// let router = service::router(driver, service::BODY_TIME);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn router(driver: AsyncDriver, body_time: Duration) -> Router {
    Router::new()
        .route("/execute", post(execute))
        .route("/data", get(data))
        .fallback(not_found)
        .with_state((driver, body_time))
}

/// Runs the pipeline. When the client goes away, axum drops this future, and with it all that the pipeline does.
async fn execute(
    State((driver, body_time)): State<(AsyncDriver, Duration)>,
    request: Request,
) -> Result<Response, Failure> {
    let body = timeout(body_time, Bytes::from_request(request, &())).await;
    let request = body.map_err(|_| Failure::LateBody(body_time))??;
    let outputs = [pipeline::pipeline::NAME];
    let answer = driver.execute_with(&JsonObject, outputs, inputs! { request }).await?;
    Ok(Json(answer).into_response())
}

async fn data() -> Response {
    Json(json!({ "source": "async-service" })).into_response()
}

async fn not_found() -> Response {
    (StatusCode::NOT_FOUND, Json(json!({ "error": "there is no such route" }))).into_response()
}

/// Why a request has no report.
enum Failure {
    LateBody(Duration),
    Body(BytesRejection),
    Execution(ExecuteError),
}

impl From<BytesRejection> for Failure {
    fn from(rejection: BytesRejection) -> Self {
        Self::Body(rejection)
    }
}

impl From<ExecuteError> for Failure {
    fn from(error: ExecuteError) -> Self {
        Self::Execution(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::LateBody(limit) => {
                let error = format!("the request's body did not end within {limit:?}");
                (StatusCode::REQUEST_TIMEOUT, Json(json!({ "error": error }))).into_response()
            }
            Self::Body(rejection) => rejection.into_response(),
            Self::Execution(error) => failed_execution(error),
        }
    }
}

/// A failed execution, as the client sees it.
fn failed_execution(error: ExecuteError) -> Response {
    let node = error.node().map(ToString::to_string);
    let causes = std::iter::successors(std::error::Error::source(&error), |error| error.source());
    let causes: Vec<_> = causes.map(ToString::to_string).collect();
    // The data source is the one thing here that can fail for a reason outside of this service.
    let status = match node.as_deref() {
        Some(pipeline::some_data::NAME) => StatusCode::BAD_GATEWAY,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let answer = json!({ "error": error.to_string(), "node": node, "causes": causes });
    tracing::error!("{:?}", Report::new(error));
    (status, Json(answer)).into_response()
}
