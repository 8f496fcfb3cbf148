//! The routes, the driver that all requests share, and the shutdown.

use std::io;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use icosian::prelude::*;
use serde_json::json;
use tokio::net::TcpListener;

use crate::pricing::{self, Order, Quote};

/// Builds the driver for all requests. It checks the whole dataflow.
///
/// # Errors
/// All errors of the dataflow.
pub fn driver() -> Result<AsyncDriver, BuildError> {
    AsyncDriver::builder()
        .with_dataflow(pricing::dataflow())
        .build()
}

/// Returns the routes: `POST /quote` runs the dataflow, and `GET /health` answers without it.
pub fn router(driver: AsyncDriver) -> Router {
    Router::new()
        .route("/quote", post(quote))
        .route("/health", get(async || "ok"))
        .with_state(driver)
}

/// Serves requests until `shutdown` resolves, and finishes the open requests.
///
/// # Errors
/// The error of the listener.
pub async fn serve(
    listener: TcpListener,
    driver: AsyncDriver,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(listener, router(driver))
        .with_graceful_shutdown(shutdown)
        .await
}

/// Runs the dataflow. If the client disconnects, axum drops this future, which cancels the execution.
#[tracing::instrument(skip_all, fields(currency = order.currency, items = order.items.len()))]
async fn quote(
    State(driver): State<AsyncDriver>,
    Json(order): Json<Order>,
) -> Result<Json<Quote>, RequestFailure> {
    let quote = driver
        .execute::<pricing::quote>(pricing::QuoteInputs { order })
        .await?;
    tracing::info!(price = quote.price, "answered");
    Ok(Json(quote))
}

/// A failed execution, as a response.
struct RequestFailure(ExecuteError);

impl From<ExecuteError> for RequestFailure {
    fn from(error: ExecuteError) -> Self {
        Self(error)
    }
}

impl IntoResponse for RequestFailure {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let node = error.node().map(ToString::to_string);
        let causes = std::iter::successors(std::error::Error::source(&error), |it| it.source());
        let causes: Vec<_> = causes.map(ToString::to_string).collect();
        // These nodes fail for orders that have no price.
        let status = match node.as_deref() {
            Some(pricing::subtotal::NAME | pricing::exchange_rate::NAME) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        tracing::warn!(%error, ?causes, "the execution failed");
        let body = json!({ "error": error.to_string(), "node": node, "causes": causes });
        (status, Json(body)).into_response()
    }
}
