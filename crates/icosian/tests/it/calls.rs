use std::sync::{Mutex, PoisonError};

/// Which nodes ran, one entry for each time.
#[derive(Debug, Default)]
pub(crate) struct Calls(Mutex<Vec<&'static str>>);

impl Calls {
    pub(crate) fn note(&self, node: &'static str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(node);
    }

    /// Returns the nodes that ran since it was last asked, in the order of their names.
    pub(crate) fn taken(&self) -> String {
        let mut calls = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        calls.sort_unstable();
        calls.join(" ")
    }
}
