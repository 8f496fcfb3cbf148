use std::sync::{Mutex, PoisonError};

/// Memory of runs that have ended, for later runs.
///
/// Its size follows the number of concurrent runs: half of the values that no run needed for a while are dropped, so a burst
/// of runs does not keep its memory.
pub(crate) struct Pool<T>(Mutex<Idle<T>>);

struct Idle<T> {
    values: Vec<T>,
    /// The lowest number of idle values since the last drop.
    fewest: usize,
    kept: u32,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self(Mutex::new(Idle { values: Vec::new(), fewest: 0, kept: 0 }))
    }
}

/// The minimum number of runs between two drops.
const RUNS: u32 = 64;

/// The number of runs per idle value between two drops, so that repeated bursts keep their values.
const BURSTS: u32 = 4;

impl<T> Pool<T> {
    pub(crate) fn take(&self) -> Option<T> {
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let value = idle.values.pop();
        idle.fewest = idle.fewest.min(idle.values.len());
        value
    }

    pub(crate) fn keep(&self, value: T) {
        let surplus = {
            let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            idle.values.push(value);
            idle.kept += 1;
            let idle_now = u32::try_from(idle.values.len()).unwrap_or(u32::MAX);
            if idle.kept < RUNS.max(idle_now.saturating_mul(BURSTS)) {
                return;
            }
            let surplus = idle.fewest.div_ceil(2);
            let left = idle.values.len() - surplus;
            idle.kept = 0;
            idle.fewest = left;
            idle.values.split_off(left)
        };
        // Destructors run outside of the lock.
        drop(surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn burst_of_runs_does_not_keep_its_memory() {
        let pool = Pool::<Box<u64>>::default();
        let burst: Vec<_> = (0..10_000).map(|_| pool.take().unwrap_or_default()).collect();
        for value in burst {
            pool.keep(value);
        }
        for _ in 0..200_000 {
            let value = pool.take().expect("one is idle");
            pool.keep(value);
        }
        let left = pool.0.lock().unwrap_or_else(PoisonError::into_inner).values.len();
        assert!((1..=2).contains(&left), "{left}");
    }

    #[test]
    fn values_of_concurrent_runs_are_all_kept() {
        let pool = Pool::<Box<u64>>::default();
        for _ in 0..100 {
            let running: Vec<_> = (0..50).map(|_| pool.take().unwrap_or_default()).collect();
            for value in running {
                pool.keep(value);
            }
        }
        assert_eq!(pool.0.lock().unwrap_or_else(PoisonError::into_inner).values.len(), 50);
    }
}
