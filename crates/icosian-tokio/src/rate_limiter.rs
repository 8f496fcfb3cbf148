use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use icosian_core::run::Quota;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

/// A budget of starts per time, shared by its clones.
///
/// Callers that wait form a queue (`queue` is fair): only the first of them sleeps, until the time that governor computes by
/// the generic cell rate algorithm. So starts follow the order of requests, and each wakeup admits one caller. A caller that
/// is dropped while it waits leaves the queue, and consumes no start.
///
/// A caller that is first in the queue must be polled, as for any fair lock. A run that waits here is pending, so its task
/// polls it when its timer fires.
///
/// tokio's timer has a resolution of a millisecond. A quota of more than 1,000 starts per second needs a burst to be used up.
#[derive(Clone, Debug)]
pub(crate) struct RateLimiter(Arc<RateLimiterInner>);

#[derive(Debug)]
struct RateLimiterInner {
    quota: Quota,
    bucket: Bucket,
    queue: Mutex<()>,
}

type Bucket = governor::RateLimiter<NotKeyed, InMemoryState, BucketClock, NoOpMiddleware<Duration>>;

impl RateLimiter {
    pub(crate) fn new(quota: Quota) -> Self {
        let rate =
            governor::Quota::with_period(quota.interval()).expect("an interval is at least a nanosecond");
        let clock = BucketClock { origin: Instant::now() };
        let bucket = Bucket::direct_with_clock(rate.allow_burst(quota.burst()), clock);
        Self(Arc::new(RateLimiterInner { quota, bucket, queue: Mutex::new(()) }))
    }

    pub(crate) fn quota(&self) -> Quota {
        self.0.quota
    }

    /// Waits until the budget allows a start, and consumes it.
    pub(crate) async fn acquire(self) {
        let RateLimiterInner { bucket, queue, .. } = &*self.0;
        let _first = queue.lock().await;
        // The clock may advance by less than the timer sleeps, so the budget is checked again.
        while let Err(denied) = bucket.check() {
            sleep_until(bucket.clock().origin + denied.earliest_possible()).await;
        }
    }

    /// Consumes a start if the budget allows it and no caller waits.
    pub(crate) fn try_acquire(&self) -> bool {
        self.0.queue.try_lock().is_ok_and(|_first| self.0.bucket.check().is_ok())
    }
}

/// tokio's clock, which tests can pause: the time since `origin`.
#[derive(Clone, Copy, Debug)]
struct BucketClock {
    origin: Instant,
}

impl Clock for BucketClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.origin.elapsed()
    }
}
