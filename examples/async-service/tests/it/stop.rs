//! Requests that hang do not keep the service running.

use async_service::stop;
use axum::Router;
use axum::routing::get;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::*;

const SOON: Duration = Duration::from_secs(2);
const NEVER: Duration = Duration::from_hours(1);

/// Serves one request, whose answer takes `time`; once it is open the server is asked to stop, `times` times.
/// Returns how long the server went on, and the request.
async fn stopped(times: usize, time: Duration, grace: Duration) -> (Duration, JoinHandle<Option<String>>) {
    let (ask, mut asks) = mpsc::channel(times);
    let asker = ask.clone();
    let slow = async move || {
        for _ in 0..times {
            asker.send(()).await.unwrap();
        }
        sleep(time).await;
        "done"
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let request = tokio::spawn(async move { client().get(url).send().await.ok()?.text().await.ok() });

    let started = Instant::now();
    let router = Router::new().route("/", get(slow));
    let asked = async || assert_eq!(asks.recv().await, Some(()));
    let served = timeout(SOON, stop::serve(listener, router, grace, asked)).await;
    served.expect("the server stops").unwrap();
    drop(ask);
    (started.elapsed(), request)
}

#[tokio::test]
async fn an_open_request_is_answered_before_the_end() {
    let (_, request) = stopped(1, Duration::from_millis(200), NEVER).await;
    assert_eq!(request.await.unwrap().as_deref(), Some("done"));
}

#[tokio::test]
async fn a_hanging_request_has_a_grace_period() {
    let grace = Duration::from_millis(200);
    let (took, request) = stopped(1, NEVER, grace).await;
    assert!(took >= grace, "{took:?}");
    assert!(!request.is_finished());
}

#[tokio::test]
async fn a_hanging_request_ends_when_asked_again() {
    let (_, request) = stopped(2, NEVER, NEVER).await;
    assert!(!request.is_finished());
}

/// The program itself: signals, and tasks that end with it.
#[cfg(unix)]
#[test]
fn a_second_signal_ends_the_program() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Child, Command, Stdio};

    /// A program that does not outlive its test.
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

    let asked = Instant::now();
    interrupt();
    assert!(
        log.next().unwrap().contains("stopping when the open requests are answered, in 10s at the latest")
    );
    interrupt();
    assert!(log.next().unwrap().contains("asked again"));
    assert!(program.0.wait().unwrap().success());
    assert!(asked.elapsed() < SOON, "{:?}", asked.elapsed());
    drop(hanging);
}
