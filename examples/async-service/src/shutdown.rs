//! Graceful shutdown, with a time limit for open requests.

use std::future::IntoFuture;
use std::io;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;

/// The time limit for open requests after the first shutdown signal.
pub const GRACE_PERIOD: Duration = Duration::from_secs(10);

/// Serves `router` until the future of `signal` resolves, then finishes the open requests.
///
/// Returns when all requests are finished, after `grace_period`, or when a second call of `signal` resolves. Requests that
/// are still open then are cancelled when the runtime shuts down.
///
/// # Errors
/// Returns the error of the server.
///
/// # Examples
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use async_service::shutdown;
///
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// shutdown::serve(listener, axum::Router::new(), shutdown::GRACE_PERIOD, async || { /* wait for a signal */ }).await
/// # }
/// ```
pub async fn serve(
    listener: TcpListener,
    router: Router,
    grace_period: Duration,
    mut signal: impl AsyncFnMut(),
) -> io::Result<()> {
    // Dropping `running` starts the graceful shutdown.
    let (running, stopped) = oneshot::channel::<()>();
    let stopped = async { stopped.await.unwrap_or_default() };
    let mut server = pin!(axum::serve(listener, router).with_graceful_shutdown(stopped).into_future());
    tokio::select! {
        result = &mut server => return result,
        () = signal() => {}
    }
    drop(running);
    tracing::info!("finishing open requests for at most {grace_period:?}; a second signal stops at once");
    tokio::select! {
        // If the server has finished, ignore a second signal.
        biased;
        result = server => return result,
        () = sleep(grace_period) => tracing::warn!("requests are still open after {grace_period:?}"),
        () = signal() => tracing::warn!("second signal, stopping with open requests"),
    }
    Ok(())
}
