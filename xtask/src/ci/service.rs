//! The example service as its user meets it: it starts, answers over HTTP in time, and stops when it is told to.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::cargo;
use crate::Failure;

const PACKAGE: &str = "async-service";
const BODY: &str = r#"{"pipeline":{"computation1":false,"computation2":true}}"#;
/// Three nodes wait for a second each, and two of them beside each other: two seconds, or three when they wait in turn.
const IN_TIME: std::ops::Range<Duration> = Duration::from_millis(1_800)..Duration::from_secs(3);
const TO_START: Duration = Duration::from_secs(30);
const TO_ANSWER: Duration = Duration::from_secs(20);
const TO_STOP: Duration = Duration::from_secs(5);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// Builds, starts, asks and stops the service; gives whether all of it went well.
pub(super) fn run() -> Result<bool, Failure> {
    if !cargo::passes(cargo::cargo().args(["build", "--quiet", "-p", PACKAGE]))? {
        return Ok(false);
    }
    let address = free()?;
    let mut service = Service::start(address)?;
    let start = Instant::now();
    let answer = ask(address)?;
    let took = start.elapsed();
    println!("POST /execute: {} {} in {:.2} s", answer.status, answer.body, took.as_secs_f64());
    judge(&answer, took)?;
    let status = service.stop()?;
    println!("SIGINT: {status}");
    Ok(status.success())
}

/// A running service, which does not outlive this value.
struct Service(Child);

impl Service {
    /// Starts the service and waits until it accepts connections.
    fn start(address: SocketAddr) -> Result<Self, Failure> {
        // On Unix `cargo run` becomes the program that it runs, so that a signal to the child reaches the service.
        let run = cargo::cargo()
            .args(["run", "--quiet", "-p", PACKAGE])
            .env("HOST", address.ip().to_string())
            .env("PORT", address.port().to_string())
            .env_remove("DATA_URL")
            .spawn()?;
        let mut service = Self(run);
        let accepts = || TcpStream::connect(address).is_ok();
        let ended = wait(TO_START, || match service.0.try_wait()? {
            Some(status) => Ok(Some(Some(status))),
            None => Ok(accepts().then_some(None)),
        })?;
        match ended {
            Some(None) => Ok(service),
            Some(Some(status)) => Err(format!("the service ended before it answered: {status}").into()),
            None => Err(format!("the service does not listen on {address} after {TO_START:?}").into()),
        }
    }

    /// Interrupts the service, as Ctrl-C does, and waits for its end.
    fn stop(&mut self) -> Result<ExitStatus, Failure> {
        // The shell's own `kill`: a bare machine may have no program of that name.
        let kill = format!("kill -INT {}", self.0.id());
        if !Command::new("sh").args(["-c", &kill]).status()?.success() {
            return Err(format!("failed to run `{kill}`").into());
        }
        let ended = wait(TO_STOP, || self.0.try_wait())?;
        ended.ok_or_else(|| format!("the service still runs {TO_STOP:?} after SIGINT").into())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Fails only when the service has ended, which is what is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Looks until there is something to see, or until `limit` has passed.
fn wait<T>(limit: Duration, mut look: impl FnMut() -> io::Result<Option<T>>) -> io::Result<Option<T>> {
    let start = Instant::now();
    while start.elapsed() < limit {
        if let Some(seen) = look()? {
            return Ok(Some(seen));
        }
        sleep(BETWEEN_LOOKS);
    }
    Ok(None)
}

/// An address that nobody listens on.
fn free() -> io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

/// What the service says.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: String,
    body: String,
}

fn ask(address: SocketAddr) -> Result<Answer, Failure> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(TO_ANSWER))?;
    let request = format!(
        "POST /execute HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\
         Connection: close\r\n\r\n{{}}"
    );
    stream.write_all(request.as_bytes())?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    parse(&text).ok_or_else(|| format!("the service does not answer in HTTP: {text:?}").into())
}

fn parse(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.lines().next()?.split_whitespace().nth(1)?;
    Some(Answer { status: status.to_owned(), body: body.to_owned() })
}

fn judge(answer: &Answer, took: Duration) -> Result<(), Failure> {
    if answer.status != "200" || answer.body != BODY {
        return Err(format!("expected 200 {BODY}").into());
    }
    if !IN_TIME.contains(&took) {
        return Err(format!("expected an answer after {:?} to {:?}", IN_TIME.start, IN_TIME.end).into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;
    use std::time::Duration;

    use super::{Answer, BODY, ask, judge, wait};

    fn answer(status: &str, body: &str) -> Answer {
        Answer { status: status.into(), body: body.into() }
    }

    #[test]
    fn asks_and_reads_the_answer() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("somebody asks");
            // To close with something unread would reset the connection.
            let mut asked = Vec::new();
            while !asked.ends_with(b"{}") {
                let mut part = [0; 512];
                let length = stream.read(&mut part).expect("it asks");
                assert_ne!(length, 0, "the question ends too early");
                asked.extend_from_slice(&part[..length]);
            }
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{BODY}", BODY.len())
                .expect("it listens");
            String::from_utf8_lossy(&asked).into_owned()
        });
        assert_eq!(ask(address).expect("an answer"), answer("200", BODY));
        let asked = server.join().expect("the server ends");
        assert!(asked.starts_with("POST /execute HTTP/1.1\r\n"), "{asked}");
    }

    #[test]
    fn judges_status_body_and_time() {
        let two = Duration::from_secs(2);
        assert!(judge(&answer("200", BODY), two).is_ok());
        assert!(judge(&answer("500", BODY), two).is_err());
        assert!(judge(&answer("200", "{}"), two).is_err());
        assert!(judge(&answer("200", BODY), Duration::from_secs(1)).is_err());
        assert!(judge(&answer("200", BODY), Duration::from_secs(3)).is_err());
    }

    #[test]
    fn waiting_ends_with_what_is_seen_or_with_the_limit() {
        let mut looks = 0;
        let seen = wait(Duration::from_secs(5), || {
            looks += 1;
            Ok((looks == 2).then_some(looks))
        });
        assert_eq!(seen.expect("looking works"), Some(2));
        let nothing = wait::<()>(Duration::ZERO, || Ok(None));
        assert_eq!(nothing.expect("looking works"), None);
    }
}
