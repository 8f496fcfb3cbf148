//! How the service stops: open requests have some time left, but cannot keep it running.

use std::future::IntoFuture;
use std::io;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;

/// How long open requests have once the service is asked to stop.
pub const GRACE: Duration = Duration::from_secs(10);

/// Serves `router` until `asked` to stop, and then the open requests for `grace`, or until `asked` again.
///
/// A request that is open even then ends with the runtime.
///
/// # Errors
/// The server cannot go on.
///
/// # Examples
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use async_service::stop;
///
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// stop::serve(listener, axum::Router::new(), stop::GRACE, async || { /* wait for a signal */ }).await
/// # }
/// ```
pub async fn serve(
    listener: TcpListener,
    router: Router,
    grace: Duration,
    mut asked: impl AsyncFnMut(),
) -> io::Result<()> {
    let (open, closed) = oneshot::channel::<()>();
    let closed = async { closed.await.unwrap_or_default() };
    let mut server = pin!(axum::serve(listener, router).with_graceful_shutdown(closed).into_future());
    tokio::select! {
        ended = &mut server => return ended,
        () = asked() => {}
    }
    drop(open);
    tracing::info!(
        "stopping when the open requests are answered, in {grace:?} at the latest; ask again to stop at once"
    );
    tokio::select! {
        // An idle service has ended before anyone could ask again.
        biased;
        ended = server => return ended,
        () = sleep(grace) => tracing::warn!("requests are still open after {grace:?}"),
        () = asked() => tracing::warn!("asked again, so requests may be left open"),
    }
    Ok(())
}
