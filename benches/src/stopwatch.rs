//! Measures several contenders alternately.

use std::time::Duration;

use crate::contenders::{Measurement, Runner};

/// The statistics of several measurements, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// The median.
    pub median: f64,
    /// The minimum.
    pub least: f64,
    /// The maximum.
    pub most: f64,
}

impl Timing {
    /// Returns the timing divided by `parts`.
    #[must_use]
    pub fn split(self, parts: usize) -> Self {
        let divide = |whole: f64| whole / count(parts);
        Self { median: divide(self.median), least: divide(self.least), most: divide(self.most) }
    }

    /// Returns the statistics of `rounds`, in nanoseconds.
    ///
    /// # Panics
    /// Panics if `rounds` is empty.
    #[must_use]
    pub fn of(mut rounds: Vec<f64>) -> Self {
        rounds.sort_by(f64::total_cmp);
        let (least, most) = (rounds[0], rounds[rounds.len() - 1]);
        Self { median: rounds[rounds.len() / 2], least, most }
    }
}

/// The duration of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// The number of measurements of each contender.
    pub rounds: usize,
    /// The minimum time of a measurement. Shorter runs are repeated.
    pub min_time: Duration,
}

/// Measures all runners alternately and returns the time of one run for each.
///
/// The first runner changes with each pass, so that the order favors no runner.
///
/// # Panics
/// Panics if a result differs from `expected`, or if `effort.rounds` is 0.
pub fn compare(runners: &mut [(&'static str, Runner)], expected: u64, effort: Effort) -> Vec<Timing> {
    let mut times = Vec::with_capacity(runners.len());
    for (name, runner) in &mut *runners {
        // Warms up: the first run allocates memory that later runs reuse.
        assert_eq!(runner(1).sum, expected, "`{name}` has a different result");
        let once = measure(runner, 1, expected).max(1.0);
        times.push((effort.min_time.as_nanos() / truncate(once)).clamp(1, 1_000_000));
    }
    let mut rounds = vec![Vec::with_capacity(effort.rounds); runners.len()];
    for round in 0..effort.rounds {
        for offset in 0..runners.len() {
            let index = (round + offset) % runners.len();
            let times = u64::try_from(times[index]).expect("the count is clamped");
            rounds[index].push(measure(&mut runners[index].1, times, expected));
        }
    }
    rounds.into_iter().map(Timing::of).collect()
}

/// Executes `times` runs and returns the nanoseconds per run.
fn measure(runner: &mut Runner, times: u64, expected: u64) -> f64 {
    let Measurement { sum, elapsed } = runner(times);
    assert_eq!(sum, expected.wrapping_mul(times), "every run has the same result");
    nanos(elapsed) / count(usize::try_from(times).expect("the count is clamped"))
}

/// Returns a duration in nanoseconds.
#[must_use]
pub fn nanos(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e9
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn count(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the time is at least 1 ns")]
fn truncate(nanos: f64) -> u128 {
    nanos as u128
}
