use std::sync::{Mutex, PoisonError};

/// The nodes that ran, with one entry for each run.
#[derive(Debug, Default)]
pub(crate) struct Calls(Mutex<Vec<&'static str>>);

impl Calls {
    pub(crate) fn note(&self, node: &'static str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(node);
    }

    /// Returns the nodes that ran since the last call, sorted by name.
    pub(crate) fn take(&self) -> String {
        let mut calls = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        calls.sort_unstable();
        calls.join(" ")
    }
}
