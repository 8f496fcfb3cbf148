use std::any::Any;
use std::fmt;

use crate::ErasedRef;

/// The content of a [`Cell`](crate::Cell): an `Option<T>`, or a type that refers to a part of another value.
///
/// # Examples
/// ```
/// use icosian_arena::Erased;
///
/// let mut held = Some(7_u64);
/// assert_eq!(held.value().and_then(|value| value.get::<u64>()), Some(&7));
/// held.clear();
/// assert!(held.value().is_none());
/// ```
pub trait Erased: Any + Send + Sync {
    /// Drops the value, and keeps the memory.
    fn clear(&mut self);

    /// Returns the value, if there is one.
    fn value(&self) -> Option<ErasedRef<'_>>;
}

impl<T: Any + Send + Sync> Erased for Option<T> {
    fn clear(&mut self) {
        *self = None;
    }

    fn value(&self) -> Option<ErasedRef<'_>> {
        self.as_ref().map(ErasedRef::new)
    }
}

impl fmt::Debug for dyn Erased {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.value().is_some() { "Erased(full)" } else { "Erased(vacant)" })
    }
}
