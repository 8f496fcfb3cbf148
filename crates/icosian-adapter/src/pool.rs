use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Memory of runs that have ended, for later runs.
///
/// Each thread has a shard, so threads do not wait for each other on the way into and out of the pool. A thread whose shard is empty
/// takes a value of another shard, if no thread uses that shard at this moment.
///
/// The size of a shard follows the number of concurrent runs. A shard regularly drops half of the values that no run needed, so the memory
/// of a burst of runs is released.
pub(crate) struct Pool<T>([Shard<T>; SHARDS]);

/// The number of shards. With more threads, some threads share a shard.
const SHARDS: usize = 16;

/// A shard in a separate cache line, so that threads do not invalidate each other's shards.
#[repr(align(64))]
struct Shard<T>(Mutex<Idle<T>>);

struct Idle<T> {
    values: Vec<T>,
    /// The lowest number of idle values since the last drop.
    fewest: usize,
    kept: u32,
}

impl<T> Default for Shard<T> {
    fn default() -> Self {
        Self(Mutex::new(Idle { values: Vec::new(), fewest: 0, kept: 0 }))
    }
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Shard::default()))
    }
}

/// The minimum number of runs between two drops.
const RUNS: u32 = 64;

/// The number of runs per idle value between two drops, so that repeated bursts keep their values.
const BURSTS: u32 = 4;

thread_local! {
    /// The shard of this thread, in all pools.
    static SHARD: usize = {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        // `Relaxed`: only the numbers matter, and they may be used in any order.
        NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS
    };
}

impl<T> Pool<T> {
    /// Takes an idle value.
    pub(crate) fn take(&self) -> Option<T> {
        let own = own_shard();
        self.0[own].take().or_else(|| {
            let mut others = (1..SHARDS).map(|other| &self.0[(own + other) % SHARDS]);
            others.find_map(Shard::try_take)
        })
    }

    /// Keeps a value for a later run.
    pub(crate) fn keep(&self, value: T) {
        // Destructors run outside of the lock.
        drop(self.0[own_shard()].keep(value));
    }
}

/// Returns the shard of this thread; the first one while the thread ends.
fn own_shard() -> usize {
    SHARD.try_with(|shard| *shard).unwrap_or_default()
}

impl<T> Idle<T> {
    fn take(&mut self) -> Option<T> {
        let value = self.values.pop();
        self.fewest = self.fewest.min(self.values.len());
        value
    }
}

impl<T> Shard<T> {
    fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn try_take(&self) -> Option<T> {
        self.0.try_lock().ok()?.take()
    }

    /// Keeps a value, and returns the values to drop.
    fn keep(&self, value: T) -> Vec<T> {
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        idle.values.push(value);
        idle.kept += 1;
        let idle_now = u32::try_from(idle.values.len()).unwrap_or(u32::MAX);
        if idle.kept < RUNS.max(idle_now.saturating_mul(BURSTS)) {
            return Vec::new();
        }
        let surplus = idle.fewest.div_ceil(2);
        let left = idle.values.len() - surplus;
        idle.kept = 0;
        idle.fewest = left;
        idle.values.split_off(left)
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values.len()
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
        let left: usize = pool.0.iter().map(Shard::len).sum();
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
        assert_eq!(pool.0.iter().map(Shard::len).sum::<usize>(), 50);
    }

    #[test]
    fn values_kept_by_one_thread_are_taken_by_another() {
        let pool = std::sync::Arc::new(Pool::<Box<u64>>::default());
        pool.keep(Box::new(7));
        let taken = std::thread::spawn({
            let pool = std::sync::Arc::clone(&pool);
            move || pool.take()
        });
        assert_eq!(taken.join().expect("it does not panic"), Some(Box::new(7)));
        assert_eq!(pool.take(), None);
    }
}
