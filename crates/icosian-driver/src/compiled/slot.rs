use std::sync::{Mutex, OnceLock, PoisonError};

use super::branch::FilledSlots;

/// A value of one chain that others borrow.
#[derive(Debug, Default)]
pub struct OutputSlot<T>(OnceLock<T>);

impl<T> OutputSlot<T> {
    /// Returns an empty slot.
    #[must_use]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Fills the slot and borrows the value.
    #[inline]
    pub fn fill(&self, value: T, filled: &FilledSlots) -> &T {
        filled.add_one();
        self.0.get_or_init(|| value)
    }

    /// Returns whether there is a value.
    #[inline]
    pub fn is_filled(&self) -> bool {
        self.0.get().is_some()
    }

    /// Borrows the value.
    ///
    /// # Panics
    /// Panics if there is none.
    #[inline]
    pub fn value(&self) -> &T {
        self.0.get().expect("the gate before has checked the slot")
    }

    /// Returns the value.
    ///
    /// # Panics
    /// Panics if there is none.
    #[inline]
    pub fn into_value(self) -> T {
        self.0.into_inner().expect("all chains have ended")
    }
}

/// A value of one chain that another one consumes.
#[derive(Debug, Default)]
pub struct HandOver<T>(Mutex<Option<T>>);

impl<T> HandOver<T> {
    /// Returns an empty one.
    #[must_use]
    pub const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Hands the value over.
    #[inline]
    pub fn fill(&self, value: T, filled: &FilledSlots) {
        filled.add_one();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
    }

    /// Returns whether there is a value.
    #[inline]
    pub fn is_filled(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Moves the value out.
    ///
    /// # Panics
    /// Panics if there is none.
    #[inline]
    pub fn take(&self) -> T {
        let value = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        value.expect("the gate before has checked the value")
    }
}
