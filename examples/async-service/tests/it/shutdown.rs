//! Open requests delay the shutdown only for the grace period.

use async_service::shutdown;
use axum::Router;
use axum::routing::get;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::*;

const SOON: Duration = Duration::from_secs(2);
const NEVER: Duration = Duration::from_hours(1);

/// Serves one request that takes `time`, and sends `signals` shutdown signals while it is open.
///
/// Returns the time until the server stopped, and the request.
async fn serve_and_stop(
    signals: usize,
    time: Duration,
    grace_period: Duration,
) -> (Duration, JoinHandle<Option<String>>) {
    let (sender, mut receiver) = mpsc::channel(signals);
    let handler_sender = sender.clone();
    let slow = async move || {
        for _ in 0..signals {
            handler_sender.send(()).await.unwrap();
        }
        sleep(time).await;
        "done"
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let request = tokio::spawn(async move { client().get(url).send().await.ok()?.text().await.ok() });

    let started = Instant::now();
    let router = Router::new().route("/", get(slow));
    let signal = async || assert_eq!(receiver.recv().await, Some(()));
    let served = timeout(SOON, shutdown::serve(listener, router, grace_period, signal)).await;
    served.expect("the server stops").unwrap();
    drop(sender);
    (started.elapsed(), request)
}

#[tokio::test]
async fn open_request_is_answered_before_shutdown() {
    let (_, request) = serve_and_stop(1, Duration::from_millis(200), NEVER).await;
    assert_eq!(request.await.unwrap().as_deref(), Some("done"));
}

#[tokio::test]
async fn hanging_request_has_a_grace_period() {
    let grace_period = Duration::from_millis(200);
    let (elapsed, request) = serve_and_stop(1, NEVER, grace_period).await;
    assert!(elapsed >= grace_period, "{elapsed:?}");
    assert!(!request.is_finished());
}

#[tokio::test]
async fn second_signal_stops_despite_a_hanging_request() {
    let (_, request) = serve_and_stop(2, NEVER, NEVER).await;
    assert!(!request.is_finished());
}

/// Runs the program itself and sends real signals.
#[cfg(unix)]
#[test]
fn second_signal_ends_the_program() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Child, Command, Stdio};

    /// A process that is killed on drop.
    struct Program(Child);
    impl Drop for Program {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    let source = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_async-service"));
    command.env("HOST", "127.0.0.1").env("PORT", "0").env("RUST_LOG", "info");
    command.env("DATA_URL", format!("http://{}/", source.local_addr().unwrap())).env("NO_PROXY", "127.0.0.1");
    let mut program = Program(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut log = BufReader::new(program.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let interrupt = format!("kill -INT {}", program.0.id());
    let interrupt = || assert!(Command::new("sh").args(["-c", &interrupt]).status().unwrap().success());

    let listening = log.next().unwrap();
    let address = listening.split_once("http://").unwrap().1.split_once('/').unwrap().0;
    let mut request = std::net::TcpStream::connect(address).unwrap();
    request.write_all(b"POST /execute HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n").unwrap();
    let hanging = source.accept().unwrap();

    let start = Instant::now();
    interrupt();
    assert!(log.next().unwrap().contains("finishing open requests for at most 10s"));
    interrupt();
    assert!(log.next().unwrap().contains("second signal"));
    assert!(program.0.wait().unwrap().success());
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    drop(hanging);
}
