//! Values that count how many of them exist.

use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering};

/// Counts the values that exist.
#[derive(Clone, Debug, Default)]
pub(crate) struct Census(Arc<AtomicIsize>);

impl Census {
    pub(crate) fn count(&self) -> isize {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn counted<T>(&self, value: T) -> Counted<T> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Counted { value, census: self.clone() }
    }
}

/// A value that its census counts. It has drop glue.
#[derive(Debug)]
pub(crate) struct Counted<T> {
    pub(crate) value: T,
    census: Census,
}

impl<T: Clone> Clone for Counted<T> {
    fn clone(&self) -> Self {
        self.census.counted(self.value.clone())
    }
}

impl<T> Drop for Counted<T> {
    fn drop(&mut self) {
        let before = self.census.0.fetch_sub(1, Ordering::SeqCst);
        assert!(before > 0, "a value was dropped twice");
    }
}

/// A value with an alignment above that of all primitive types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(128))]
pub(crate) struct Aligned(pub(crate) u8);

/// A value without a size whose drops are counted by the thread.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unit;
