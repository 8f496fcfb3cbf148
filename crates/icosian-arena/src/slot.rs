use std::any::Any;
use std::fmt;

use crate::{Arena, Cell, ErasedRef, HeapMemory};

/// A mutable reference to one slot of an [`Arena`].
///
/// # Examples
/// ```
/// use icosian_arena::{Arena, ArenaLayout};
/// use std::sync::Arc;
///
/// let mut arena = Arena::new(&Arc::new(ArenaLayout::new([None])));
/// let mut slot = arena.slot(0);
/// slot.put(7_u64);
/// assert_eq!(slot.take::<u64>(), Some(7));
/// ```
pub struct Slot<'a> {
    arena: &'a mut Arena,
    at: usize,
}

impl<'a> Slot<'a> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn new(arena: &'a mut Arena, at: usize) -> Self {
        assert!(at < arena.len(), "the arena has no slot {at}");
        Self { arena, at }
    }

    /// Returns a reference with a shorter lifetime.
    #[must_use]
    #[inline]
    pub fn reborrow(&mut self) -> Slot<'_> {
        Slot { arena: self.arena, at: self.at }
    }

    /// Returns whether the slot has a value.
    #[must_use]
    #[inline]
    pub fn is_full(&self) -> bool {
        self.arena.is_full(self.at)
    }

    /// Returns the value.
    #[must_use]
    #[inline]
    pub fn value(&self) -> Option<ErasedRef<'_>> {
        self.arena.value(self.at)
    }

    /// Returns the value if it is a `T`.
    #[must_use]
    #[inline]
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.arena.get(self.at)
    }

    /// Stores `value`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn put<T: Any + Send + Sync>(&mut self, value: T) {
        self.arena.put(self.at, value);
    }

    /// Drops the value, and returns heap memory for a new one.
    #[must_use]
    pub fn heap_memory<T: Any + Send + Sync>(&mut self) -> HeapMemory<'_, T> {
        self.arena.heap_memory(self.at)
    }

    /// Moves the value out if it is a `T` and not shared.
    #[inline]
    pub fn take<T: Any>(&mut self) -> Option<T> {
        self.arena.take(self.at)
    }

    /// Drops the value.
    #[inline]
    pub fn clear(&mut self) {
        self.arena.clear(self.at);
    }

    /// Replaces the value by the value of `cell`.
    #[inline]
    pub fn set(&mut self, cell: Cell) {
        self.arena.set(self.at, cell);
    }

    /// Moves the value to a cell.
    #[must_use]
    #[inline]
    pub fn take_cell(&mut self) -> Cell {
        self.arena.take_cell(self.at)
    }

    /// Moves the value of a slot of another arena to this slot.
    pub fn move_from(&mut self, other: &mut Slot<'_>) {
        self.arena.move_from(self.at, other.arena, other.at);
    }
}

impl Arena {
    /// Returns a reference to one slot.
    ///
    /// # Panics
    /// Panics if there is no such slot.
    #[must_use]
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn slot(&mut self, at: usize) -> Slot<'_> {
        Slot::new(self, at)
    }
}

impl fmt::Debug for Slot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slot({})", self.at)
    }
}
