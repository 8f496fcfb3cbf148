//! Layers of tower around the nodes of a dataflow: a limit, load shedding, a timeout, retries, a custom layer; and an async hook.
//!
//! `cargo run -p tower-layers`

#![expect(clippy::print_stdout, reason = "it is a program that prints its results")]

use std::error::Error;
use std::future::{Ready, ready};
use std::iter::successors;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use icosian::layer::{NodeCall, NodeCallError, NodeOutput};
use icosian::prelude::*;
use icosian::{AsyncHook, BoxError, async_trait};
use tokio::task::JoinSet;
use tower::ServiceBuilder;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower::retry::{Policy, RetryLayer};
use tower::timeout::TimeoutLayer;

/// The offers of a shop.
#[dataflow(outputs(offer))]
pub mod shop {
    use std::io;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use tokio::time::sleep;

    /// Reads the price from the database, which sometimes takes too long.
    #[tag(team = "pricing")]
    pub async fn price(item: &str) -> u64 {
        sleep(Duration::from_millis(if item == "rare tea" { 5_000 } else { 20 })).await;
        100
    }

    /// Reads the stock from a service whose first answer is an error.
    ///
    /// # Errors
    /// The first call fails.
    #[tag(team = "pricing")]
    pub async fn stock(calls: &AtomicU64) -> io::Result<u64> {
        sleep(Duration::from_millis(20)).await;
        match calls.fetch_add(1, Ordering::Relaxed) {
            0 => Err(io::Error::other("the connection was reset")),
            _ => Ok(7),
        }
    }

    /// The offer for a customer.
    pub fn offer(item: &str, price: u64, stock: u64) -> String {
        format!("{stock} x {item} for {price}")
    }
}

/// Calls a node again after an I/O error, twice at most.
#[derive(Clone)]
struct RetryIo(usize);

impl Policy<NodeCall, NodeOutput, NodeCallError> for RetryIo {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        call: &mut NodeCall,
        result: &mut Result<NodeOutput, NodeCallError>,
    ) -> Option<Ready<()>> {
        let error = result.as_ref().err()?.node_error().find::<std::io::Error, _>()?;
        self.0 = self.0.checked_sub(1)?;
        println!("retry `{}`: {error}", call.id());
        Some(ready(()))
    }

    fn clone_request(&mut self, call: &NodeCall) -> Option<NodeCall> {
        Some(call.clone())
    }
}

/// Writes an entry to an audit log before a node starts. The node waits for it.
#[derive(Debug, Default)]
struct Audit {
    entries: AtomicU64,
}

#[async_trait]
impl AsyncHook for Audit {
    async fn before_node(&self, _: &NodeInfo<'_>) -> Result<(), BoxError> {
        tokio::time::sleep(Duration::from_millis(1)).await;
        self.entries.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let audit = std::sync::Arc::new(Audit::default());
    let driver = AsyncDriver::builder()
        .with_dataflow(shop::dataflow())
        .with_shared(inputs! { calls: AtomicU64::new(0) })
        .with_async_hook(audit.clone())
        // The innermost layer: `stock` is called again after an error.
        .with_layer_on(LayerTarget::node::<shop::stock>(), RetryLayer::new(RetryIo(2)))
        // At most four calls of the team's nodes at a time, over all executions. Further calls fail at once.
        .with_layer_on(
            LayerTarget::tag_value("team", "pricing"),
            ServiceBuilder::new().load_shed().layer(GlobalConcurrencyLimitLayer::new(4)),
        )
        // The outermost layer: each node has 200 ms.
        .with_layer(TimeoutLayer::new(Duration::from_millis(200)))
        .build()?;

    println!("offer: {}", driver.execute::<shop::offer>(inputs! { item: "tea" }).await?);

    let Err(error) = driver.execute::<shop::offer>(inputs! { item: "rare tea" }).await else {
        return Err("the price must take too long".into());
    };
    println!("error: {}", chain(&error));

    let mut runs = JoinSet::new();
    for _ in 0..10 {
        let driver = driver.clone();
        runs.spawn(async move { driver.execute::<shop::offer>(inputs! { item: "tea" }).await });
    }
    let ended = runs.join_all().await;
    let refused = ended.iter().filter_map(|ended| ended.as_ref().err()).map(chain).next();
    println!("10 executions at the same time: {} offers", ended.iter().filter(|it| it.is_ok()).count());
    println!("error: {}", refused.ok_or("the limit must refuse calls")?);
    println!("audit log: {} entries", audit.entries.load(Ordering::Relaxed));
    Ok(())
}

/// Returns the texts of an error and its sources.
fn chain(error: &icosian::ExecuteError) -> String {
    let errors = successors(Some(error as &dyn Error), |&error| error.source());
    errors.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
