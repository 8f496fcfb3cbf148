//! An HTTP service whose request runs ten small nodes, six of them async, and a client that measures it.
//!
//! Server and client share one runtime, so a contender that needs less time for its nodes answers more requests.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use icosian::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinSet, yield_now};

/// The nodes of a request.
#[dataflow]
pub mod request {
    use super::yield_now;

    /// Yields once and adds 1.
    pub async fn left(seed: u64) -> u64 {
        yield_now().await;
        seed.wrapping_add(1)
    }
    /// Yields once and adds 2.
    pub async fn right(seed: u64) -> u64 {
        yield_now().await;
        seed.wrapping_add(2)
    }
    /// Doubles the left value.
    pub fn left_double(left: u64) -> u64 {
        left.wrapping_mul(2)
    }
    /// Doubles the right value.
    pub fn right_double(right: u64) -> u64 {
        right.wrapping_mul(2)
    }
    /// Yields once and adds both values.
    pub async fn sum(left_double: u64, right_double: u64) -> u64 {
        yield_now().await;
        left_double.wrapping_add(right_double)
    }
    /// Yields once and adds 3.
    pub async fn moved(right_double: u64) -> u64 {
        yield_now().await;
        right_double.wrapping_add(3)
    }
    /// Multiplies.
    pub fn product(sum: u64, moved: u64) -> u64 {
        sum.wrapping_mul(moved)
    }
    /// Yields once and adds 4.
    pub async fn first(product: u64) -> u64 {
        yield_now().await;
        product.wrapping_add(4)
    }
    /// Yields once and adds 5.
    pub async fn second(sum: u64) -> u64 {
        yield_now().await;
        sum.wrapping_add(5)
    }
    /// The answer.
    pub fn answer(first: u64, second: u64) -> u64 {
        first.wrapping_add(second)
    }
}

/// Runs the nodes of a request with `join!`.
async fn by_hand(seed: u64) -> u64 {
    let (left, right) = tokio::join!(request::left(seed), request::right(seed));
    let (left, right) = (request::left_double(left), request::right_double(right));
    let (sum, moved) = tokio::join!(request::sum(left, right), request::moved(right));
    let product = request::product(sum, moved);
    let (first, second) = tokio::join!(request::first(product), request::second(sum));
    request::answer(first, second)
}

/// The service of a contender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contender {
    /// Answers without work.
    NoWork,
    /// Runs the nodes with `join!`.
    Join,
    /// Runs the nodes with a driver.
    Icosian,
}

impl fmt::Display for Contender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::NoWork => "no work",
            Self::Join => "hand-written join!",
            Self::Icosian => "icosian",
        })
    }
}

impl Contender {
    /// All contenders. The others are compared with the first.
    pub const ALL: [Self; 3] = [Self::Join, Self::Icosian, Self::NoWork];

    /// Returns the service.
    ///
    /// # Panics
    /// Panics if the dataflow is invalid.
    pub fn router(self) -> Router {
        let answer = match self {
            Self::NoWork => get(|Path(seed): Path<u64>| async move { seed.to_string() }),
            Self::Join => get(|Path(seed): Path<u64>| async move { by_hand(seed).await.to_string() }),
            Self::Icosian => {
                let driver = AsyncDriver::builder().with_dataflow(request::dataflow()).build();
                let driver = driver.expect("the dataflow is valid");
                let ready = driver.prepare::<request::answer>().expect("the output exists");
                get(move |Path(seed): Path<u64>| {
                    let ready = ready.clone();
                    async move { ready.execute(inputs! { seed }).await.expect("no node fails").to_string() }
                })
            }
        };
        Router::new().route("/{seed}", answer)
    }

    /// Serves the router on a free port of this machine.
    ///
    /// # Errors
    /// The port cannot be bound.
    pub async fn serve(self) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let router = self.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(address)
    }
}

/// Returns the answer of the service to `seed`.
///
/// # Errors
/// The connection failed.
pub async fn ask(address: SocketAddr, seed: u64) -> io::Result<String> {
    let mut connection = Connection::open(address).await?;
    connection.ask(seed).await?;
    Ok(connection.body().to_owned())
}

/// Sends requests over `connections` connections for `time`, and returns the number of requests per second.
///
/// # Errors
/// A connection failed.
pub async fn load(address: SocketAddr, connections: u64, time: Duration) -> io::Result<f64> {
    let start = Instant::now();
    let mut clients = JoinSet::new();
    for seed in 0..connections {
        clients.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut requests = 0_u32;
            while start.elapsed() < time {
                connection.ask(seed).await?;
                requests += 1;
            }
            io::Result::Ok(requests)
        });
    }
    let mut requests = 0.0;
    while let Some(client) = clients.join_next().await {
        requests += f64::from(client.map_err(io::Error::other)??);
    }
    Ok(requests / start.elapsed().as_secs_f64())
}

/// A connection that stays open.
struct Connection {
    stream: TcpStream,
    response: Vec<u8>,
    body_start: usize,
}

impl Connection {
    async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, response: Vec::new(), body_start: 0 })
    }

    /// Sends a request and reads its response.
    async fn ask(&mut self, seed: u64) -> io::Result<()> {
        let request = format!("GET /{seed} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        self.stream.write_all(request.as_bytes()).await?;
        self.response.clear();
        loop {
            if self.stream.read_buf(&mut self.response).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(end) = self.end()? {
                return if self.response.len() == end {
                    Ok(())
                } else {
                    Err(invalid("more than one response"))
                };
            }
        }
    }

    /// Returns the length of the response, once its head is complete and its body has arrived.
    fn end(&mut self) -> io::Result<Option<usize>> {
        let Some(head) = self.response.windows(4).position(|window| window == b"\r\n\r\n") else {
            return Ok(None);
        };
        self.body_start = head + 4;
        let head = std::str::from_utf8(&self.response[..head]).map_err(io::Error::other)?;
        if !head.starts_with("HTTP/1.1 200 ") {
            return Err(invalid(head));
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.ok_or_else(|| invalid(head))?.parse().map_err(io::Error::other)?;
        let end = self.body_start + length;
        Ok((self.response.len() >= end).then_some(end))
    }

    fn body(&self) -> &str {
        std::str::from_utf8(&self.response[self.body_start..]).unwrap_or_default()
    }
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}
