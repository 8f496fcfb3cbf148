use std::sync::Arc;
use std::time::Duration;

use icosian_adapter::{Done, Running};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// So many at a time, of all that share it; first come, first served.
#[derive(Clone, Debug)]
pub(crate) struct Limit(Arc<Semaphore>);

impl Limit {
    pub(crate) fn new(at_a_time: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_a_time.clamp(1, Semaphore::MAX_PERMITS))))
    }

    /// Waits for a turn, which ends when it is dropped.
    pub(crate) async fn turn(&self) -> SemaphorePermit<'_> {
        self.0.acquire().await.expect("nobody closes it")
    }
}

/// What an async node may take.
#[derive(Clone, Debug, Default)]
pub(crate) struct NodeBounds {
    pub(crate) at_a_time: Option<Limit>,
    pub(crate) timeout: Option<Duration>,
}

impl NodeBounds {
    pub(crate) fn are_none(&self) -> bool {
        self.at_a_time.is_none() && self.timeout.is_none()
    }

    /// Runs a job within the bounds, if it is a node's.
    pub(crate) async fn around(&self, mut job: Running, is_node: bool) -> Done {
        if !is_node {
            return job.await;
        }
        let _turn = match &self.at_a_time {
            Some(nodes) => Some(nodes.turn().await),
            None => None,
        };
        let Some(limit) = self.timeout else { return job.await };
        match timeout(limit, &mut job).await {
            Ok(done) => done,
            Err(_) => job.timed_out(limit),
        }
    }
}
