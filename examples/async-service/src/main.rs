//! Starts the service: `cargo run -p async-service`.

use std::io::IsTerminal;

use async_service::service;
use async_service::settings::Settings;
use miette::{IntoDiagnostic, WrapErr};
use reqwest::{Client, Url};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> miette::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let colours = std::io::stdout().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_target(false).with_ansi(colours).init();

    #[cfg(feature = "tls")]
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| miette::miette!("another provider of cryptography is there already"))?;

    let settings = Settings::read(|name| std::env::var(name).ok())?;
    let listener = TcpListener::bind(settings.address)
        .await
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot listen at {}", settings.address))?;
    let address = listener.local_addr().into_diagnostic()?;

    let (http, data_url) = match settings.data_url {
        Some(url) => (Client::new(), url),
        None => own_data(address)?,
    };
    let driver = service::driver(http, data_url)?;

    tracing::info!("listening; try: curl -X POST http://{address}/execute -d ''");
    axum::serve(listener, service::router(driver))
        .with_graceful_shutdown(asked_to_stop())
        .await
        .into_diagnostic()?;
    tracing::info!("stopped");
    Ok(())
}

/// Returns this service's own data source, which no proxy stands before.
fn own_data(mut address: std::net::SocketAddr) -> miette::Result<(Client, Url)> {
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let http = Client::builder().no_proxy().build().into_diagnostic()?;
    let url = Url::parse(&format!("http://{address}/data")).into_diagnostic()?;
    Ok((http, url))
}

/// Waits for ctrl-c, or for a polite request to terminate.
async fn asked_to_stop() {
    let interrupted = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::warn!(%error, "ctrl-c will not stop the service gracefully");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupted => {}
        () = terminated() => {}
    }
    tracing::info!("stopping when the open requests are answered");
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
