use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use icosian_adapter::Program;
use rustc_hash::FxHashMap;

use crate::key::Key;

/// The programs made so far. Names may come from requests, so there is no end to the sets of outputs that can be asked for:
/// the oldest go when there are too many, or too large ones.
#[derive(Default)]
pub(crate) struct Programs(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    by_key: FxHashMap<Key, Arc<Program>>,
    /// Oldest first.
    keys: VecDeque<Key>,
    cells: usize,
}

/// Programs that are kept at most.
const MOST: usize = 1024;

/// Cells of all programs that are kept at most, some hundred megabytes; the newest program is kept in any case.
const MOST_CELLS: usize = 1_000_000;

impl Programs {
    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Program>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).by_key.get(key).cloned()
    }

    /// Keeps a program, unless another thread was faster.
    pub(crate) fn keep(&self, key: Key, program: Program) -> Arc<Program> {
        let mut dropped = Vec::new();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(program) = kept.by_key.get(&key) {
            return Arc::clone(program);
        }
        kept.cells += program.plan().cells();
        while kept.keys.len() >= MOST || kept.cells > MOST_CELLS {
            let Some(oldest) = kept.keys.pop_front().and_then(|key| kept.by_key.remove(&key)) else { break };
            kept.cells -= oldest.plan().cells();
            dropped.push(oldest);
        }
        let program = Arc::new(program);
        kept.keys.push_back(key.clone());
        kept.by_key.insert(key, Arc::clone(&program));
        // `dropped` goes after the lock, as it was made before it.
        program
    }
}

#[cfg(test)]
mod tests {
    use icosian_core::{Node, Outline};

    use super::*;
    use crate::Inputs;

    #[test]
    fn the_oldest_programs_go_when_there_are_too_many() {
        let programs = Programs::default();
        let key = |at: usize| Key::named(&[format!("n{at}").into()], &Inputs::new());
        for at in 0..MOST + 10 {
            let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
            programs.keep(key(at), Program::new([one], ["one"]).expect("it is fine"));
        }
        assert!(programs.get(&key(9)).is_none() && programs.get(&key(10)).is_some());
        let kept = programs.0.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!((kept.keys.len(), kept.by_key.len(), kept.cells), (MOST, MOST, MOST));
    }
}
