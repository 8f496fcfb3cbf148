use std::sync::{Mutex, PoisonError};

use crate::state::State;

/// The states of runs that came to their end, for later runs.
///
/// It holds as many as run at a time: what was never needed over a number of runs is halved, so that a burst of runs does
/// not keep its memory.
#[derive(Default)]
pub(crate) struct Pool(Mutex<Idle>);

#[derive(Default)]
struct Idle {
    #[expect(clippy::vec_box, reason = "a run takes its state as it is, in its box")]
    states: Vec<Box<State>>,
    /// The fewest states that were idle since the count began.
    fewest: usize,
    kept: u32,
}

/// Runs after which the states that none of them needed are halved, at the least.
const RUNS: u32 = 64;

/// How often all idle states could have been used meanwhile: bursts that come again and again keep their states.
const BURSTS: u32 = 4;

impl Pool {
    pub(crate) fn take(&self) -> Option<Box<State>> {
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let state = idle.states.pop();
        idle.fewest = idle.fewest.min(idle.states.len());
        state
    }

    pub(crate) fn keep(&self, state: Box<State>) {
        let surplus = {
            let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            idle.states.push(state);
            idle.kept += 1;
            let idle_now = u32::try_from(idle.states.len()).unwrap_or(u32::MAX);
            if idle.kept < RUNS.max(idle_now.saturating_mul(BURSTS)) {
                return;
            }
            let surplus = idle.fewest.div_ceil(2);
            let left = idle.states.len() - surplus;
            idle.kept = 0;
            idle.fewest = left;
            idle.states.split_off(left)
        };
        // Outside of the lock: dropping a state drops what its tasks hold.
        drop(surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_runs_does_not_keep_its_memory() {
        let pool = Pool::default();
        let burst: Vec<_> = (0..10_000).map(|_| pool.take().unwrap_or_default()).collect();
        for state in burst {
            pool.keep(state);
        }
        for _ in 0..200_000 {
            let state = pool.take().expect("one is idle");
            pool.keep(state);
        }
        let left = pool.0.lock().unwrap_or_else(PoisonError::into_inner).states.len();
        assert!((1..=2).contains(&left), "{left}");
    }

    #[test]
    fn states_that_run_at_a_time_are_all_kept() {
        let pool = Pool::default();
        for _ in 0..100 {
            let running: Vec<_> = (0..50).map(|_| pool.take().unwrap_or_default()).collect();
            for state in running {
                pool.keep(state);
            }
        }
        assert_eq!(pool.0.lock().unwrap_or_else(PoisonError::into_inner).states.len(), 50);
    }
}
