use std::sync::atomic::{AtomicU64, Ordering};

/// The number of a run, which distinguishes its detached steps and jobs from those of other runs.
///
/// Most runs detach nothing, so the number is assigned on first use.
#[derive(Debug, Default)]
pub(crate) struct RunNumber(u64);

impl RunNumber {
    /// Returns the number, and assigns it first if necessary.
    pub(crate) fn get(&mut self) -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        if self.0 == 0 {
            // Only the atomicity of the increment matters: no other memory depends on the number. `Relaxed` is enough.
            self.0 = NEXT.fetch_add(1, Ordering::Relaxed);
        }
        self.0
    }

    /// Returns whether a step or job has the number of this run.
    pub(crate) fn is(&self, number: u64) -> bool {
        self.0 == number
    }
}
