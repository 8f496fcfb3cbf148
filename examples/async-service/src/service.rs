//! The routes, and the driver that they share.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use icosian::observe::{MetricsHook, SlowNodes, SlowThreshold, TracingHook};
use icosian::prelude::*;
use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use miette::Report;
use reqwest::{Client, Url};
use serde_json::json;
use tokio::time::timeout;

use crate::pipeline;

/// The time limit for a client to send the request body.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// The time after which a node is reported as slow.
const SLOW: Duration = Duration::from_secs(2);

/// Builds the driver for all requests, with a span, metrics and warnings for each node.
///
/// Install the recorder of the metrics before this call.
///
/// All executions share `http` and `data_url`. The request is an input of each execution.
///
/// # Errors
/// Returns the errors of the dataflow.
///
/// # Examples
/// ```
/// let url = reqwest::Url::parse("http://localhost:8000/data")?;
/// async_service::service::driver(reqwest::Client::new(), url)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn driver(http: Client, data_url: Url) -> Result<AsyncDriver, icosian::BuildError> {
    AsyncDriver::builder()
        .with_dataflow(pipeline::dataflow())
        .with_shared(inputs! { http, data_url })
        .with_hook(TracingHook::new().with_name("pipeline"))
        .with_hook(MetricsHook::new())
        .with_hook(SlowNodes::new(SlowThreshold::Fixed(SLOW)))
        .build()
}

/// The upper limits of the buckets of durations, in seconds.
const BUCKETS: [f64; 8] = [0.001, 0.005, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0];

/// Returns a recorder of metrics, whose handle [`metrics_route`] serves.
///
/// # Errors
/// An error if the buckets of durations are empty.
pub fn metrics_recorder() -> Result<PrometheusRecorder, BuildError> {
    let durations = Matcher::Suffix("_seconds".to_owned());
    Ok(PrometheusBuilder::new().set_buckets_for_metric(durations, &BUCKETS)?.build_recorder())
}

/// Returns the route `GET /metrics`, which Prometheus reads.
pub fn metrics_route(metrics: PrometheusHandle) -> Router {
    let render = async move || {
        metrics.run_upkeep();
        metrics.render()
    };
    Router::new().route("/metrics", get(render))
}

/// Returns the routes: `POST /execute` runs the pipeline, and `GET /data` is a data source.
///
/// The service responds with status 408 if a request body takes longer than `body_timeout`.
///
/// # Examples
/// ```
/// use async_service::service;
///
/// # let url = reqwest::Url::parse("http://localhost:8000/data")?;
/// let driver = service::driver(reqwest::Client::new(), url)?;
/// let router = service::router(driver, service::BODY_TIMEOUT);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn router(driver: AsyncDriver, body_timeout: Duration) -> Router {
    Router::new()
        .route("/execute", post(execute))
        .route("/data", get(data))
        .fallback(not_found)
        .with_state((driver, body_timeout))
}

/// Runs the pipeline. If the client disconnects, axum drops this future, which cancels the execution.
async fn execute(
    State((driver, body_timeout)): State<(AsyncDriver, Duration)>,
    request: Request,
) -> Result<Response, RequestFailure> {
    let body = timeout(body_timeout, Bytes::from_request(request, &())).await;
    let request = body.map_err(|_| RequestFailure::BodyTimeout(body_timeout))??;
    let outputs = [pipeline::pipeline::NAME];
    let report = driver.execute_with(&JsonObject, outputs, inputs! { request }).await?;
    Ok(Json(report).into_response())
}

async fn data() -> Response {
    Json(json!({ "source": "async-service" })).into_response()
}

async fn not_found() -> Response {
    (StatusCode::NOT_FOUND, Json(json!({ "error": "route not found" }))).into_response()
}

/// An error of a request.
enum RequestFailure {
    BodyTimeout(Duration),
    Body(BytesRejection),
    Execution(ExecuteError),
}

impl From<BytesRejection> for RequestFailure {
    fn from(rejection: BytesRejection) -> Self {
        Self::Body(rejection)
    }
}

impl From<ExecuteError> for RequestFailure {
    fn from(error: ExecuteError) -> Self {
        Self::Execution(error)
    }
}

impl IntoResponse for RequestFailure {
    fn into_response(self) -> Response {
        match self {
            Self::BodyTimeout(limit) => {
                let error = format!("the request body took longer than {limit:?}");
                (StatusCode::REQUEST_TIMEOUT, Json(json!({ "error": error }))).into_response()
            }
            Self::Body(rejection) => rejection.into_response(),
            Self::Execution(error) => execution_failure(error),
        }
    }
}

/// Logs a failed execution and returns its response: the error, the failed node and the causes.
fn execution_failure(error: ExecuteError) -> Response {
    let node = error.node().map(ToString::to_string);
    let causes = std::iter::successors(std::error::Error::source(&error), |error| error.source());
    let causes: Vec<_> = causes.map(ToString::to_string).collect();
    // Only the data source can fail for reasons outside of this service.
    let status = match node.as_deref() {
        Some(pipeline::some_data::NAME) => StatusCode::BAD_GATEWAY,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let body = json!({ "error": error.to_string(), "node": node, "causes": causes });
    tracing::error!("{:?}", Report::new(error));
    (status, Json(body)).into_response()
}
