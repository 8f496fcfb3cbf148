//! Starts the service: `cargo run -p async-service`.

use std::io::IsTerminal;

use async_service::settings::Settings;
use async_service::{data, service, shutdown};
use miette::{IntoDiagnostic, WrapErr};
use reqwest::{Client, Url};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tracing_subscriber::EnvFilter;

fn main() -> miette::Result<()> {
    let runtime = Runtime::new().into_diagnostic()?;
    let result = runtime.block_on(run());
    // Dropping the runtime would wait for its blocking threads, such as a slow DNS lookup.
    runtime.shutdown_background();
    result
}

async fn run() -> miette::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let is_terminal = std::io::stdout().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_target(false).with_ansi(is_terminal).init();

    #[cfg(feature = "tls")]
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| miette::miette!("a TLS provider is already installed"))?;

    let mut signals = Signals::new().into_diagnostic().wrap_err("cannot handle shutdown signals")?;
    let settings = Settings::read(|name| std::env::var(name).ok())?;
    let listener = TcpListener::bind(settings.address)
        .await
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot listen on {}", settings.address))?;
    let address = listener.local_addr().into_diagnostic()?;

    let (http, data_url) = match settings.data_url {
        Some(url) => (data::client(data::TIMEOUT).build().into_diagnostic()?, url),
        None => own_data_source(address)?,
    };
    let recorder = service::metrics_recorder().into_diagnostic()?;
    let metrics = recorder.handle();
    metrics::set_global_recorder(recorder).into_diagnostic()?;
    let driver = service::driver(http, data_url)?;

    tracing::info!("listening; try: curl -X POST http://{address}/execute -d ''");
    let router = service::router(driver, service::BODY_TIMEOUT).merge(service::metrics_route(metrics));
    shutdown::serve(listener, router, shutdown::GRACE_PERIOD, async || signals.next().await)
        .await
        .into_diagnostic()?;
    tracing::info!("stopped");
    Ok(())
}

/// Returns a client and URL for this service's own data source. The client ignores proxy settings.
fn own_data_source(mut address: std::net::SocketAddr) -> miette::Result<(Client, Url)> {
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let http = data::client(data::TIMEOUT).no_proxy().build().into_diagnostic()?;
    let url = Url::parse(&format!("http://{address}/data")).into_diagnostic()?;
    Ok((http, url))
}

/// The signals that shut the service down: SIGINT (Ctrl-C) and SIGTERM.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// The signal that shuts the service down: Ctrl-C.
#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}
