//! Locks and channels that are awaited or never block.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use icosian::prelude::*;
use tokio::sync::{Barrier, Notify, Semaphore, mpsc, oneshot};

#[dataflow]
pub mod jobs {
    use super::*;

    /// The next job.
    pub async fn job(jobs: &tokio::sync::Mutex<mpsc::Receiver<Job>>) -> Option<Job> {
        jobs.lock().await.recv().await
    }

    /// A job, when there is one.
    pub async fn ready_job(jobs: &Mutex<std::sync::mpsc::Receiver<Job>>, log: &Log) -> Option<Job> {
        let job = jobs.lock().unwrap().try_recv().ok();
        log.write(job.is_some()).await;
        job
    }

    /// The answer of the worker.
    pub async fn answer(request: Request, worker: &Worker) -> anyhow::Result<Answer> {
        let (sender, receiver) = oneshot::channel();
        worker.submit(request, sender);
        Ok(receiver.await?)
    }

    /// All parts are ready.
    pub async fn ready(barrier: &Barrier) -> bool {
        barrier.wait().await.is_leader()
    }

    /// The results of all producers, whose handles are kept.
    pub async fn produced(inputs: Vec<u64>) -> anyhow::Result<Vec<u64>> {
        let mut handles = Vec::new();
        for input in inputs {
            handles.push(tokio::spawn(async move { slow(input).await }));
        }
        let mut results = Vec::new();
        for handle in handles {
            results.push(handle.await?);
        }
        Ok(results)
    }

    /// The message, or none after a while.
    pub async fn message(mut bus: tokio::sync::broadcast::Receiver<Message>) -> Option<Message> {
        tokio::time::timeout(Duration::from_secs(1), bus.recv()).await.ok()?.ok()
    }

    /// The permit's work.
    pub async fn limited(work: Work, permits: &Semaphore) -> anyhow::Result<u64> {
        let _permit = permits.acquire().await?;
        Ok(work.run().await)
    }

    /// Waits for the feed's connection.
    pub async fn connected(feed: Arc<Feed>, changed: &Notify) -> Arc<Feed> {
        while !feed.is_connected() {
            changed.notified().await;
        }
        feed
    }

    /// Asks again every second.
    pub async fn released(lease: &Lease) -> bool {
        while lease.is_held() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        true
    }

    /// The bridge from threads: the sender is handed out.
    pub async fn bridge(registry: &Registry) -> std::sync::mpsc::Sender<Event> {
        let (sender, receiver) = std::sync::mpsc::channel();
        registry.attach(receiver).await;
        sender
    }

    /// Sends what fits.
    pub async fn offered(events: Vec<Event>, sink: &mpsc::Sender<Event>, metrics: &Metrics) -> usize {
        let sent = events.into_iter().filter(|event| sink.try_send(event.clone()).is_ok()).count();
        metrics.report(sent).await;
        sent
    }
}
