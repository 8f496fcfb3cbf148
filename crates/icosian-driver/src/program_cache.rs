use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use icosian_adapter::Program;
use rustc_hash::FxHashMap;

use crate::plan_key::PlanKey;

/// The programs of recent requests.
///
/// Output names may come from remote callers, so the number of keys is unbounded. The cache drops its oldest programs when it
/// holds too many programs or cells.
#[derive(Default)]
pub(crate) struct ProgramCache(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    by_key: FxHashMap<PlanKey, Arc<Program>>,
    /// Oldest first.
    keys: VecDeque<PlanKey>,
    cells: usize,
}

/// The maximum number of programs.
const MAX_PROGRAMS: usize = 1024;

/// The maximum number of cells of all programs, a few hundred megabytes. The newest program is cached in any case.
const MAX_CELLS: usize = 1_000_000;

impl ProgramCache {
    pub(crate) fn get(&self, key: &PlanKey) -> Option<Arc<Program>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).by_key.get(key).cloned()
    }

    /// Adds a program, and returns the cached program of `key`. Another thread may have added one in the meantime.
    pub(crate) fn insert(&self, key: PlanKey, program: Program) -> Arc<Program> {
        // Declared before the guard, so the programs are dropped after the lock is released.
        let mut evicted = Vec::new();
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(program) = entries.by_key.get(&key) {
            return Arc::clone(program);
        }
        entries.cells += program.plan().cells();
        while entries.keys.len() >= MAX_PROGRAMS || entries.cells > MAX_CELLS {
            let Some(oldest) = entries.keys.pop_front().and_then(|key| entries.by_key.remove(&key)) else {
                break;
            };
            entries.cells -= oldest.plan().cells();
            evicted.push(oldest);
        }
        let program = Arc::new(program);
        entries.keys.push_back(key.clone());
        entries.by_key.insert(key, Arc::clone(&program));
        program
    }
}

#[cfg(test)]
mod tests {
    use icosian_core::{Node, Outline};

    use super::*;
    use crate::inputs::Inputs;

    #[test]
    fn full_cache_drops_oldest_programs() {
        let cache = ProgramCache::default();
        let key = |number: usize| PlanKey::named(&[format!("n{number}").into()], &Inputs::new());
        for number in 0..MAX_PROGRAMS + 10 {
            let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
            cache.insert(key(number), Program::new([one], ["one"]).expect("the graph is valid"));
        }
        assert!(cache.get(&key(9)).is_none() && cache.get(&key(10)).is_some());
        let entries = cache.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sizes = (entries.keys.len(), entries.by_key.len(), entries.cells);
        assert_eq!(sizes, (MAX_PROGRAMS, MAX_PROGRAMS, MAX_PROGRAMS));
    }
}
