//! Nodes of a web service, in its later form.

use std::sync::Arc;
use std::time::Duration;

use icosian::prelude::*;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};

#[cfg(unix)]
use tokio::fs as files;
#[cfg(not(unix))]
use std::fs as files;

#[cfg(feature = "blocking")]
use std::thread::sleep;
#[cfg(not(feature = "blocking"))]
use tokio::time::sleep;

#[dataflow]
pub mod checkout {
    use super::*;

    fn even(count: u64) -> bool {
        count == 0 || odd(count - 1)
    }

    fn odd(count: u64) -> bool {
        count != 0 && even(count - 1)
    }

    fn config_loader(path: std::path::PathBuf) -> impl FnOnce() -> std::io::Result<String> {
        move || std::fs::read_to_string(path)
    }

    /// The receipt's template.
    pub async fn template(name: &str) -> std::io::Result<String> {
        files::read_to_string(name).await
    }

    /// A pause whose kind a feature chooses.
    pub async fn pause(length: Duration) -> Duration {
        sleep(length).await;
        length
    }

    /// Returns whether the count is even.
    pub async fn is_even(count: u64, log: &Log) -> bool {
        log.write(count).await;
        even(count)
    }

    /// The configuration, loaded by a function that another thread calls.
    pub async fn configuration(path: std::path::PathBuf) -> anyhow::Result<String> {
        Ok(tokio::task::spawn_blocking(config_loader(path)).await??)
    }

    /// The background task, which the caller aborts.
    pub async fn background(catalogue: Arc<Catalogue>) -> JoinHandle<()> {
        tokio::spawn(async move { catalogue.refresh().await })
    }

    /// The task's handle, for a registry.
    pub async fn registered(catalogue: Arc<Catalogue>, registry: &Registry) -> AbortHandle {
        let handle = tokio::spawn(async move { catalogue.refresh().await }).abort_handle();
        registry.keep(handle.clone()).await;
        handle
    }

    /// The tasks of all parts, awaited together.
    pub async fn stocks(order: &Order, warehouse: Arc<Warehouse>) -> anyhow::Result<Vec<u32>> {
        let mut set = JoinSet::new();
        for part in order.parts.clone() {
            let warehouse = Arc::clone(&warehouse);
            set.spawn(async move { warehouse.stock(part.id).await });
        }
        let mut stocks = Vec::new();
        while let Some(stock) = set.join_next().await {
            stocks.push(stock?);
        }
        Ok(stocks)
    }

    /// A timer that runs beside the work and is aborted after it.
    pub async fn timed(work: Work, metrics: Arc<Metrics>) -> u64 {
        let _ticker = AbortOnDrop(tokio::spawn(async move { metrics.tick().await }));
        work.run().await
    }

    /// A handle with a leading underscore that is used.
    pub async fn watched(work: Work, watchdog: Watchdog) -> anyhow::Result<u64> {
        let _watchdog = tokio::spawn(watchdog.run());
        let result = work.run().await;
        _watchdog.abort();
        Ok(result)
    }

    /// The pages of the shop, each of which names the next.
    pub async fn pages(shop: &Shop) -> anyhow::Result<Vec<Page>> {
        let mut pages = Vec::new();
        let mut next = Some(String::from("/"));
        for _ in 0..100 {
            let Some(url) = next.take() else { break };
            let page = shop.page(&url).await?;
            next = page.next.clone();
            pages.push(page);
        }
        Ok(pages)
    }

    /// The orders in the order in which they must be written.
    pub async fn written(orders: Vec<Order>, mut log: Log) -> anyhow::Result<u64> {
        let mut offset = 0;
        for order in orders {
            offset = log.append(offset, &order).await?;
        }
        Ok(offset)
    }

    /// A counter that other threads change, without waiting for them.
    pub async fn count(counter: &std::sync::atomic::AtomicU64, log: &Log) -> u64 {
        let mut spins = 0;
        loop {
            let now = counter.load(std::sync::atomic::Ordering::Acquire);
            if counter.compare_exchange(now, now + 1, Release, Relaxed).is_ok() {
                log.write(spins).await;
                return now;
            }
            spins += 1;
        }
    }
}
