use std::time::{Duration, Instant};

use icosian_adapter::PollLimits;
use tokio::task::coop::has_budget_remaining;
use tokio::task::yield_now;

/// The time for which a run occupies its thread before other tasks of the runtime run.
///
/// It is measured by the system's clock, because it bounds real work even while tokio's clock is paused.
#[derive(Default)]
pub(crate) struct TimeSlice {
    jobs: usize,
    began: Option<Instant>,
}

impl TimeSlice {
    /// The number of jobs that run before the clock is read.
    pub(crate) const JOBS: usize = 32;

    /// The length of a slice.
    pub(crate) const TIME: Duration = Duration::from_micros(200);

    /// The limits of one poll of a run's jobs.
    pub(crate) const LIMITS: PollLimits =
        PollLimits::new(Self::JOBS).with_time(Self::TIME).with_budget(has_budget_remaining);

    /// Counts jobs, and ends the slice if they took too long.
    pub(crate) async fn count(&mut self, jobs: usize) {
        self.jobs += jobs;
        if self.jobs < Self::JOBS {
            return;
        }
        self.jobs = 0;
        // Without budget no resource of tokio is ready any more, and woken futures would be polled in vain.
        let is_over =
            !has_budget_remaining() || self.began.get_or_insert_with(Instant::now).elapsed() > Self::TIME;
        if is_over {
            self.end().await;
        }
    }

    /// Starts the clock of the slice, unless it runs already.
    pub(crate) fn measure(&mut self) {
        self.began.get_or_insert_with(Instant::now);
    }

    /// Returns whether the slice is over. A slice without a clock is not.
    pub(crate) fn is_over(&self) -> bool {
        self.began.is_some_and(|began| began.elapsed() > Self::TIME)
    }

    /// Ends the slice: other tasks of the runtime run, and its timers fire.
    pub(crate) async fn end(&mut self) {
        yield_now().await;
        self.began = None;
    }
}
