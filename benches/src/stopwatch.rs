//! Times many ways of doing the same, in turns.

use std::time::Duration;

use crate::contenders::{Lap, Round};

/// How long something took, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// The median of all turns.
    pub median: f64,
    /// The fastest turn.
    pub least: f64,
    /// The slowest turn.
    pub most: f64,
}

impl Timing {
    /// Returns the timing of one of `parts` equal parts.
    #[must_use]
    pub fn split(self, parts: usize) -> Self {
        let of = |whole: f64| whole / count(parts);
        Self { median: of(self.median), least: of(self.least), most: of(self.most) }
    }

    /// Returns the timing of some turns, in nanoseconds.
    ///
    /// # Panics
    /// When there are none.
    #[must_use]
    pub fn of(mut turns: Vec<f64>) -> Self {
        turns.sort_by(f64::total_cmp);
        let (least, most) = (turns[0], turns[turns.len() - 1]);
        Self { median: turns[turns.len() / 2], least, most }
    }
}

/// How long to measure.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// How many turns each contender has.
    pub turns: usize,
    /// How long a turn takes at least: a run that is shorter is repeated.
    pub turn: Duration,
}

/// Times the rounds in turns, and gives how long each of them takes once. Who begins changes with every turn.
///
/// # Panics
/// When the result of one is not `expected`, or there are no turns.
pub fn race(rounds: &mut [(&'static str, Round)], expected: u64, effort: Effort) -> Vec<Timing> {
    let mut times = Vec::with_capacity(rounds.len());
    for (name, round) in &mut *rounds {
        // The first run pays for memory that later ones find.
        assert_eq!(round(1).sum, expected, "`{name}` gives something else");
        let once = timed(round, 1, expected).max(1.0);
        times.push((effort.turn.as_nanos() / floored(once)).clamp(1, 1_000_000));
    }
    let mut turns = vec![Vec::with_capacity(effort.turns); rounds.len()];
    for turn in 0..effort.turns {
        for place in 0..rounds.len() {
            let at = (turn + place) % rounds.len();
            let times = u64::try_from(times[at]).expect("it is clamped");
            turns[at].push(timed(&mut rounds[at].1, times, expected));
        }
    }
    turns.into_iter().map(Timing::of).collect()
}

/// Returns how many nanoseconds one of `times` runs takes.
fn timed(round: &mut Round, times: u64, expected: u64) -> f64 {
    let Lap { sum, took } = round(times);
    assert_eq!(sum, expected.wrapping_mul(times), "every run gives the same");
    nanos(took) / count(usize::try_from(times).expect("it is clamped"))
}

/// Returns a duration in nanoseconds.
#[must_use]
pub fn nanos(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e9
}

#[expect(clippy::cast_precision_loss, reason = "no count here comes near 2^52")]
fn count(of: usize) -> f64 {
    of as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a time of at least 1 ns")]
fn floored(nanos: f64) -> u128 {
    nanos as u128
}
