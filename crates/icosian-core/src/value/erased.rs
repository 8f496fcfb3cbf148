use std::any::Any;

/// A slot for a value, with its type erased: an `Option<T>` for any `T`.
///
/// Implemented for every `Option<T>` and for [`Part`](crate::value::Part). Use it through a [`Cell`](crate::value::Cell).
///
/// # Examples
/// ```
/// use icosian_core::value::Erased;
///
/// let mut held: Box<dyn Erased> = Box::new(Some(3_u64));
/// held.clear();
/// assert!(!held.is_full());
/// ```
pub trait Erased: Any + Send + Sync {
    /// Drops the value and keeps the memory.
    fn clear(&mut self);

    /// Returns whether the slot has a value.
    fn is_full(&self) -> bool;
}

impl<T: Any + Send + Sync> Erased for Option<T> {
    fn clear(&mut self) {
        *self = None;
    }

    fn is_full(&self) -> bool {
        self.is_some()
    }
}
