//! Tests the example service as a program: it starts, responds over HTTP in time, and stops on SIGINT.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::cargo;
use crate::task_error::TaskError;

const PACKAGE: &str = "async-service";
const BODY: &str = r#"{"pipeline":{"computation1":false,"computation2":true}}"#;
/// The accepted response time. Three nodes sleep for a second each, two of them concurrently; in sequence they take 3 s.
const RESPONSE_TIME: std::ops::Range<Duration> = Duration::from_millis(1_800)..Duration::from_secs(3);
const START_TIMEOUT: Duration = Duration::from_secs(30);
const READ_TIMEOUT: Duration = Duration::from_secs(20);
const STOP_TIMEOUT: Duration = Duration::from_secs(5);
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Builds the service, starts it, sends a request, and stops it. Returns whether the build and the shutdown succeeded.
pub(super) fn run() -> Result<bool, TaskError> {
    if !cargo::passes(cargo::cargo().args(["build", "--quiet", "-p", PACKAGE]))? {
        return Ok(false);
    }
    let address = free_address()?;
    let mut service = Service::start(address)?;
    let start = Instant::now();
    let response = send_request(address)?;
    let elapsed = start.elapsed();
    println!("POST /execute: {} {} in {:.2} s", response.status, response.body, elapsed.as_secs_f64());
    check(&response, elapsed)?;
    let status = service.stop()?;
    println!("SIGINT: {status}");
    Ok(status.success())
}

/// A running service. Dropping this value kills the process.
struct Service(Child);

impl Service {
    /// Starts the service and waits until it accepts connections.
    fn start(address: SocketAddr) -> Result<Self, TaskError> {
        // On Unix, `cargo run` replaces its process with the service, so a signal to the child reaches the service.
        let child = cargo::cargo()
            .args(["run", "--quiet", "-p", PACKAGE])
            .env("HOST", address.ip().to_string())
            .env("PORT", address.port().to_string())
            .env_remove("DATA_URL")
            .spawn()?;
        let mut service = Self(child);
        let accepts = || TcpStream::connect(address).is_ok();
        let exited = poll(START_TIMEOUT, || match service.0.try_wait()? {
            Some(status) => Ok(Some(Some(status))),
            None => Ok(accepts().then_some(None)),
        })?;
        match exited {
            Some(None) => Ok(service),
            Some(Some(status)) => {
                Err(format!("the service exited before it accepted a connection: {status}").into())
            }
            None => Err(format!("the service does not listen on {address} within {START_TIMEOUT:?}").into()),
        }
    }

    /// Sends SIGINT to the service, as Ctrl-C does, and waits until it exits.
    fn stop(&mut self) -> Result<ExitStatus, TaskError> {
        // Uses the shell's built-in `kill`: a minimal system may have no `kill` program.
        let kill = format!("kill -INT {}", self.0.id());
        if !Command::new("sh").args(["-c", &kill]).status()?.success() {
            return Err(format!("failed to run `{kill}`").into());
        }
        let exited = poll(STOP_TIMEOUT, || self.0.try_wait())?;
        exited.ok_or_else(|| format!("the service still runs {STOP_TIMEOUT:?} after SIGINT").into())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Fails only if the service has already exited.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Calls `check` until it returns a value, or until `limit` has passed.
fn poll<T>(limit: Duration, mut check: impl FnMut() -> io::Result<Option<T>>) -> io::Result<Option<T>> {
    let start = Instant::now();
    while start.elapsed() < limit {
        if let Some(value) = check()? {
            return Ok(Some(value));
        }
        sleep(POLL_INTERVAL);
    }
    Ok(None)
}

/// Returns a local address with a free port.
fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

/// An HTTP response.
#[derive(Debug, PartialEq, Eq)]
struct Response {
    status: String,
    body: String,
}

fn send_request(address: SocketAddr) -> Result<Response, TaskError> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(READ_TIMEOUT))?;
    let request = format!(
        "POST /execute HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\
         Connection: close\r\n\r\n{{}}"
    );
    stream.write_all(request.as_bytes())?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    parse(&text).ok_or_else(|| format!("the service does not respond in HTTP: {text:?}").into())
}

fn parse(text: &str) -> Option<Response> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.lines().next()?.split_whitespace().nth(1)?;
    Some(Response { status: status.to_owned(), body: body.to_owned() })
}

fn check(response: &Response, elapsed: Duration) -> Result<(), TaskError> {
    if response.status != "200" || response.body != BODY {
        return Err(format!("expected 200 {BODY}").into());
    }
    if !RESPONSE_TIME.contains(&elapsed) {
        return Err(format!(
            "expected a response after {:?} to {:?}",
            RESPONSE_TIME.start, RESPONSE_TIME.end
        )
        .into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;
    use std::time::Duration;

    use super::{BODY, Response, check, poll, send_request};

    fn response(status: &str, body: &str) -> Response {
        Response { status: status.into(), body: body.into() }
    }

    #[test]
    fn request_returns_status_and_body() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("the client connects");
            // Closing a socket with unread data resets the connection, so read the whole request.
            let mut request = Vec::new();
            while !request.ends_with(b"{}") {
                let mut part = [0; 512];
                let length = stream.read(&mut part).expect("the client sends its request");
                assert_ne!(length, 0, "the request is incomplete");
                request.extend_from_slice(&part[..length]);
            }
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{BODY}", BODY.len())
                .expect("the client reads");
            String::from_utf8_lossy(&request).into_owned()
        });
        assert_eq!(send_request(address).expect("the server responds"), response("200", BODY));
        let request = server.join().expect("the server ends");
        assert!(request.starts_with("POST /execute HTTP/1.1\r\n"), "{request}");
    }

    #[test]
    fn status_body_and_time_are_checked() {
        let two = Duration::from_secs(2);
        assert!(check(&response("200", BODY), two).is_ok());
        assert!(check(&response("500", BODY), two).is_err());
        assert!(check(&response("200", "{}"), two).is_err());
        assert!(check(&response("200", BODY), Duration::from_secs(1)).is_err());
        assert!(check(&response("200", BODY), Duration::from_secs(3)).is_err());
    }

    #[test]
    fn poll_ends_with_a_value_or_at_the_limit() {
        let mut calls = 0;
        let value = poll(Duration::from_secs(5), || {
            calls += 1;
            Ok((calls == 2).then_some(calls))
        });
        assert_eq!(value.expect("no check fails"), Some(2));
        let nothing = poll::<()>(Duration::ZERO, || Ok(None));
        assert_eq!(nothing.expect("no check fails"), None);
    }
}
