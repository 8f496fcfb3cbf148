use std::time::{Duration, Instant};

use tokio::task::coop::has_budget_remaining;
use tokio::task::yield_now;

/// How long a run has kept its thread without having to wait.
#[derive(Default)]
pub(crate) struct Turn {
    jobs: usize,
    began: Option<Instant>,
}

impl Turn {
    /// Jobs that run in a row before the clock is looked at.
    pub(crate) const JOBS: usize = 32;

    /// How long a run keeps its thread before other tasks of the runtime have their turn.
    const TIME: Duration = Duration::from_micros(200);

    /// Counts jobs, and gives way when they took long enough.
    pub(crate) async fn count(&mut self, jobs: usize) {
        self.jobs += jobs;
        if self.jobs < Self::JOBS {
            return;
        }
        self.jobs = 0;
        // Without budget nothing of tokio's is ready any more, and all that is woken would be polled in vain.
        if !has_budget_remaining() {
            yield_now().await;
            self.began = None;
            return;
        }
        if self.began.get_or_insert_with(Instant::now).elapsed() > Self::TIME {
            yield_now().await;
            self.began = None;
        }
    }
}
