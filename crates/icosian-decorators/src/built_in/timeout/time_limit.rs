//! The time limit of a future, however it is polled.

use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use icosian_core::NodeError;

/// The clock of a time limit, and a wait on it.
pub(crate) trait LimitClock {
    /// Returns the current time; `None` without a clock, and then nothing is late.
    fn now(&self) -> Option<Instant>;

    /// Returns whether a wait has started.
    fn is_sleeping(&self) -> bool;

    /// Starts to wait for `time`.
    fn start_sleep(&mut self, time: Duration);

    /// Polls the wait.
    fn poll_sleep(&mut self, context: &mut Context<'_>) -> Poll<()>;
}

/// A time limit, and the time at which it began.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TimeLimit {
    limit: Duration,
    begun: Option<Instant>,
}

/// The end of a future with a time limit.
pub(crate) enum InTime<O> {
    /// The future ended.
    Done(O),
    /// The time is over, and the future must be dropped.
    Late(NodeError),
}

impl TimeLimit {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit, begun: None }
    }

    /// Polls a future by `poll`, and the clock if the future waits.
    pub(crate) fn poll<O>(
        &mut self,
        node: &str,
        clock: &mut impl LimitClock,
        context: &mut Context<'_>,
        poll: impl FnOnce(&mut Context<'_>) -> Poll<O>,
    ) -> Poll<InTime<O>> {
        if self.begun.is_none() {
            self.begun = clock.now();
        }
        if let Poll::Ready(output) = poll(context) {
            return Poll::Ready(InTime::Done(output));
        }
        if !self.is_late(clock, context) {
            return Poll::Pending;
        }
        tracing::warn!(target: "icosian_decorators::timeout", %node, limit = ?self.limit, "node timed out");
        Poll::Ready(InTime::Late(NodeError::TimedOut(self.limit)))
    }

    /// Returns whether the time of a pending future is over.
    fn is_late(&self, clock: &mut impl LimitClock, context: &mut Context<'_>) -> bool {
        if !clock.is_sleeping() {
            let (Some(begun), Some(now)) = (self.begun, clock.now()) else { return false };
            let left = self.limit.saturating_sub(now.saturating_duration_since(begun));
            if left.is_zero() {
                return true;
            }
            clock.start_sleep(left);
        }
        clock.poll_sleep(context).is_ready()
    }
}
