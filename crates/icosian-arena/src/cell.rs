use std::any::Any;
use std::fmt;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::sync::Arc;

use crate::{Erased, ErasedRef};

/// A value on the heap whose type is erased: an input, an override, a constant, or an output that left its arena.
///
/// A cell keeps its memory when its value is dropped or moved out, so the next value of the same type needs no allocation.
///
/// # Examples
/// ```
/// use icosian_arena::Cell;
///
/// let mut cell = Cell::default();
/// cell.put(7_u64);
/// assert_eq!(cell.get::<u64>(), Some(&7));
/// assert_eq!(cell.take::<u64>(), Some(7));
/// assert!(!cell.is_full());
/// ```
#[derive(Default)]
pub struct Cell(Repr);

#[derive(Default)]
enum Repr {
    #[default]
    Empty,
    Own(Own),
    Shared(Arc<dyn Erased>),
}

/// The owner of an allocation. A `Box` would assert unique access whenever it moves, and an arena keeps a pointer to the value.
struct Own(NonNull<dyn Erased>);

// SAFETY: it owns a `dyn Erased`, which is `Send + Sync`.
unsafe impl Send for Own {}
// SAFETY: as above.
unsafe impl Sync for Own {}

impl Own {
    fn new(held: Box<dyn Erased>) -> Self {
        Self(NonNull::from(Box::leak(held)))
    }

    fn get(&self) -> &dyn Erased {
        // SAFETY: the pointer comes from a `Box` that this value owns.
        unsafe { self.0.as_ref() }
    }

    fn get_mut(&mut self) -> &mut dyn Erased {
        // SAFETY: the pointer comes from a `Box` that this value owns, and `&mut self` makes the access exclusive.
        unsafe { self.0.as_mut() }
    }

    fn into_box(self) -> Box<dyn Erased> {
        let this = ManuallyDrop::new(self);
        // SAFETY: the pointer comes from a `Box`, and this value, which owned it, is not dropped.
        unsafe { Box::from_raw(this.0.as_ptr()) }
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        // SAFETY: the pointer comes from a `Box` that this value owns.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

impl Cell {
    /// Creates a cell with `value`.
    #[must_use]
    pub fn new<T: Any + Send + Sync>(value: T) -> Self {
        Self(Repr::Own(Own::new(Box::new(Some(value)))))
    }

    /// Creates a cell that shares a value, such as a config value that every run reads.
    #[must_use]
    pub fn shared(value: Arc<dyn Erased>) -> Self {
        Self(Repr::Shared(value))
    }

    /// Creates a cell that refers to a part of another value.
    #[must_use]
    pub fn of(held: Box<dyn Erased>) -> Self {
        Self(Repr::Own(Own::new(held)))
    }

    /// Returns whether the cell has a value.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.value().is_some()
    }

    /// Returns the value.
    #[must_use]
    pub fn value(&self) -> Option<ErasedRef<'_>> {
        match &self.0 {
            Repr::Empty => None,
            Repr::Own(held) => held.get().value(),
            Repr::Shared(held) => held.value(),
        }
    }

    /// Returns the value if it is a `T`.
    #[must_use]
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.value()?.get()
    }

    /// Stores `value`, in the existing memory if the type fits.
    pub fn put<T: Any + Send + Sync>(&mut self, value: T) {
        *self.memory::<T>() = Some(value);
    }

    /// Returns memory for a `T`, whose old value is dropped by the assignment of a new one.
    pub(crate) fn memory<T: Any + Send + Sync>(&mut self) -> &mut Option<T> {
        if self.held_mut::<T>().is_none() {
            self.allocate::<T>();
        }
        self.held_mut().expect("the cell was allocated for this type")
    }

    /// Replaces the content by memory for a `T`. A separate function, so that its frame ends before a value is made.
    fn allocate<T: Any + Send + Sync>(&mut self) {
        self.0 = Repr::Own(Own::new(Box::new(None::<T>)));
    }

    /// Moves the value out if it is a `T` and not shared.
    pub fn take<T: Any>(&mut self) -> Option<T> {
        self.held_mut::<T>()?.take()
    }

    /// Drops the value. The memory stays allocated, unless the value is still shared.
    pub fn clear(&mut self) {
        match &mut self.0 {
            Repr::Empty => {}
            Repr::Own(held) => held.get_mut().clear(),
            Repr::Shared(held) => match Arc::get_mut(held) {
                Some(held) => held.clear(),
                None => self.0 = Repr::Empty,
            },
        }
    }

    /// Shares the value with a reader that outlives the access to the cell. Returns `None` if the cell is empty.
    pub fn share(&mut self) -> Option<Arc<dyn Erased>> {
        if let Repr::Own(_) = &self.0
            && let Repr::Own(held) = std::mem::take(&mut self.0)
        {
            self.0 = Repr::Shared(Arc::from(held.into_box()));
        }
        match &self.0 {
            Repr::Shared(held) => Some(Arc::clone(held)),
            _ => None,
        }
    }

    /// Returns another handle of a value that is shared.
    pub(crate) fn shared_handle(&self) -> Option<Arc<dyn Erased>> {
        match &self.0 {
            Repr::Shared(held) => Some(Arc::clone(held)),
            _ => None,
        }
    }

    /// Returns whether the value is not shared.
    #[must_use]
    pub fn is_unshared(&mut self) -> bool {
        match &mut self.0 {
            Repr::Empty | Repr::Own(_) => true,
            Repr::Shared(held) => Arc::get_mut(held).is_some(),
        }
    }

    /// Returns whether the cell has memory for a `T` that nothing else shares.
    pub(crate) fn fits<T: Any>(&mut self) -> bool {
        self.held_mut::<T>().is_some()
    }

    /// Returns the content, unless it is shared.
    pub fn erased_mut(&mut self) -> Option<&mut dyn Erased> {
        match &mut self.0 {
            Repr::Empty => None,
            Repr::Own(held) => Some(held.get_mut()),
            Repr::Shared(held) => Arc::get_mut(held),
        }
    }

    fn held_mut<T: Any>(&mut self) -> Option<&mut Option<T>> {
        (self.erased_mut()? as &mut dyn Any).downcast_mut()
    }
}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.0 {
            Repr::Empty => "empty",
            Repr::Own(_) if self.is_full() => "own",
            Repr::Shared(_) if self.is_full() => "shared",
            _ => "vacant",
        };
        write!(f, "Cell({state})")
    }
}
