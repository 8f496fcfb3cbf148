use std::time::Duration;

/// Limits how long one [`AsyncRun::poll_jobs_within`](crate::AsyncRun::poll_jobs_within) occupies its thread.
///
/// # Examples
/// ```
/// use icosian_adapter::PollLimits;
/// use std::time::Duration;
///
/// let limits = PollLimits::new(32).with_time(Duration::from_micros(200)).with_budget(|| true);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PollLimits {
    pub(crate) jobs: usize,
    pub(crate) time: Option<Duration>,
    pub(crate) has_budget: Option<fn() -> bool>,
}

impl PollLimits {
    /// Returns limits that allow at most `jobs` jobs to begin.
    #[must_use]
    pub const fn new(jobs: usize) -> Self {
        Self { jobs, time: None, has_budget: None }
    }

    /// Sets the time after which sync nodes no longer delay pending jobs.
    ///
    /// The poll ends after the sync node that exceeds `time`. Without a pending job the time has no effect, and the clock is
    /// not read.
    #[must_use]
    pub const fn with_time(mut self, time: Duration) -> Self {
        self.time = Some(time);
        self
    }

    /// Sets the function that returns whether the runtime lets the current task make progress.
    ///
    /// Some runtimes give each poll of a task a budget, which all jobs of a run share. A job that uses it up would starve
    /// the jobs behind it. The poll ends at that job, and the next poll begins with the jobs behind it.
    #[must_use]
    pub const fn with_budget(mut self, has_budget: fn() -> bool) -> Self {
        self.has_budget = Some(has_budget);
        self
    }

    /// Returns whether the runtime refuses further progress in this poll.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.has_budget.is_some_and(|has_budget| !has_budget())
    }
}
