mod leases;

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};
use std::sync::Arc;

use crate::block::Block;
use crate::cell::Kind;
use crate::lease::{Evicted, LeasedValue, Lent};
use crate::{ArenaLayout, Cell, Erased, ErasedRef};

/// The values of one run: a slot for each value, with inline memory in one allocation.
///
/// A slot is in one of these states:
///
/// - *vacant*: it has no value.
/// - *inline*: its value is in the arena's allocation.
/// - *external*: its value is in a [`Cell`]: an input, a constant, a shared value, or a value of another type than the
///   layout has for the slot.
///
/// Every access compares the type of the value, so an arena is safe to use with any types.
///
/// # Examples
/// ```
/// use icosian_arena::{Arena, ArenaLayout, SlotType};
/// use std::sync::Arc;
///
/// let layout = Arc::new(ArenaLayout::new([Some(SlotType::of::<String>()), None]));
/// let mut arena = Arena::new(&layout);
/// arena.put(0, String::from("text"));
/// arena.put(1, 7_u64);
/// assert_eq!(arena.get::<String>(0).map(String::as_str), Some("text"));
/// assert_eq!(arena.take::<u64>(1), Some(7));
/// assert!(!arena.is_full(1));
/// ```
#[derive(Default)]
pub struct Arena {
    // The values are dropped by `Drop for Arena`, before the memory that they are in.
    slots: Vec<RawSlot>,
    /// The owners of external values, and the heap memory that vacant slots keep.
    cells: Vec<Cell>,
    layout: Option<Arc<ArenaLayout>>,
    block: Block,
    /// The leases, active or free.
    lent: Vec<Lent>,
    /// The positions of the free leases.
    free: Vec<u32>,
    /// The values that were cleared or replaced while they were leased, with the positions of these leases. They live until the
    /// arena is dropped.
    evicted: Vec<(Evicted, Vec<u32>)>,
}

/// The part of a slot that every access needs.
///
/// Invariants:
///
/// 1. If `value` is `Some`, it points to a valid value of `kind`. Otherwise the slot is vacant.
/// 2. If `guard` has [`EXTERNAL`], the slot's cell owns that value, and the cell is not accessed mutably while `value` is `Some`.
///    Otherwise the arena owns the value, and `value` equals `inline`.
/// 3. If `inline` is `Some`, it points to memory in the block that is reserved for this slot and fits the type of the layout. If
///    `guard` has neither [`EXTERNAL`] nor [`NEW`], `inline` is `Some` and `kind` is the kind of that type.
/// 4. While the leases in `guard` are not zero, leases refer to the value: it is not moved, dropped or overwritten.
struct RawSlot {
    value: Option<NonNull<u8>>,
    kind: &'static Kind,
    inline: Option<NonNull<u8>>,
    /// Zero if the slot is inline and has no lease, so that the fast paths check one number. Otherwise the number of active
    /// leases, and the flags [`EXTERNAL`] and [`NEW`].
    guard: u32,
    /// The first active lease whose lessee is this slot, or [`NONE`].
    taken: u32,
}

/// The value of the slot is in its cell.
const EXTERNAL: u32 = 1 << 31;

/// The slot has never had an inline value.
const NEW: u32 = 1 << 30;

/// The bits of `guard` that count leases.
const LEASES: u32 = NEW - 1;

/// The end of a list of leases.
const NONE: u32 = u32::MAX;

/// The kind of slots that have never had a value. No value has this type.
enum Never {}

impl RawSlot {
    fn vacant(inline: Option<NonNull<u8>>) -> Self {
        Self { value: None, kind: Kind::of::<Never>(), inline, guard: NEW, taken: NONE }
    }

    #[inline]
    fn is_external(&self) -> bool {
        self.guard & EXTERNAL != 0
    }

    #[inline]
    fn leases(&self) -> u32 {
        self.guard & LEASES
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn value(&self) -> Option<ErasedRef<'_>> {
        let value = self.value?;
        // SAFETY: by invariant 1 the value is valid and of `kind`. It is not mutated during the borrow of the slot, because
        // every mutation needs `&mut Arena`.
        Some(unsafe { ErasedRef::from_raw(value, self.kind) })
    }
}

// SAFETY: an arena owns values that are `Send + Sync`: `put` and `Cell` require it. Its pointers refer to its block and its cells.
unsafe impl Send for Arena {}
// SAFETY: as above. `&Arena` returns shared references only.
unsafe impl Sync for Arena {}

impl Arena {
    /// Creates an arena with vacant slots.
    #[must_use]
    pub fn new(layout: &Arc<ArenaLayout>) -> Self {
        let block = Block::new(layout.block);
        let slots = layout.slots.iter().map(|inline| {
            // SAFETY: the layout of the block contains all slots of `layout`.
            RawSlot::vacant(inline.map(|inline| unsafe { block.at(inline.offset) }))
        });
        let slots = slots.collect();
        let mut cells = Vec::new();
        cells.resize_with(layout.len(), Cell::default);
        Self {
            slots,
            cells,
            layout: Some(Arc::clone(layout)),
            block,
            lent: Vec::new(),
            free: Vec::new(),
            evicted: Vec::new(),
        }
    }

    /// Creates an arena of vacant slots without inline memory.
    #[must_use]
    pub fn with_slots(len: usize) -> Self {
        let mut arena = Self::default();
        arena.resize(len);
        arena
    }

    /// Changes the number of slots. New slots have no inline memory. Dropped slots drop their values.
    pub fn resize(&mut self, len: usize) {
        for at in len..self.slots.len() {
            self.clear(at);
            self.release_leases_of(at);
        }
        self.slots.resize_with(len, || RawSlot::vacant(None));
        self.cells.resize_with(len, Cell::default);
    }

    /// Returns the number of slots.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Returns whether the arena has no slots.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Returns whether the slot has a value.
    #[must_use]
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn is_full(&self, at: usize) -> bool {
        self.slots[at].value.is_some()
    }

    /// Returns the value of a slot.
    #[must_use]
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn value(&self, at: usize) -> Option<ErasedRef<'_>> {
        self.slots[at].value()
    }

    /// Returns the value of a slot if it is a `T`.
    #[must_use]
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn get<T: Any>(&self, at: usize) -> Option<&T> {
        self.slots[at].value()?.get()
    }

    /// Stores `value` in a slot, inline if the layout has memory for this type.
    ///
    /// # Panics
    /// Panics if the drop of the old value panics. The new value is then dropped.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn put<T: Any + Send + Sync>(&mut self, at: usize, value: T) {
        let slot = &mut self.slots[at];
        let is_ready =
            slot.guard == 0 && slot.kind.is::<T>() && (!std::mem::needs_drop::<T>() || slot.value.is_none());
        let Some(memory) = slot.inline.filter(|_| is_ready) else { return self.put_slowly(at, value) };
        // SAFETY: by invariant 3 the memory is reserved for this slot and fits a `T`. It has no value, or one without drop glue.
        unsafe { memory.cast().write(MaybeUninit::new(value)) };
        slot.value = Some(memory);
    }

    /// Stores a value in a slot that is not prepared for it.
    #[cold]
    #[inline(never)]
    fn put_slowly<T: Any + Send + Sync>(&mut self, at: usize, value: T) {
        let Some(memory) = self.prepare(at, Kind::of::<T>()) else {
            *self.heap_memory::<T>(at).get_mut() = Some(value);
            return;
        };
        // SAFETY: `prepare` returned vacant memory that is reserved for this slot and fits a `T`.
        unsafe { memory.cast().write(MaybeUninit::new(value)) };
        self.slots[at].value = Some(memory);
    }

    /// Makes a slot vacant, and returns its inline memory if that fits values of `kind`.
    fn prepare(&mut self, at: usize, kind: &'static Kind) -> Option<NonNull<u8>> {
        self.clear(at);
        let inline = self.layout.as_ref()?.slots.get(at).copied().flatten()?;
        // A value of this slot was shared before if its cell has memory, so the next one will be too.
        if inline.slot.id != kind.id() || kind.fits(&mut self.cells[at]) {
            return None;
        }
        let slot = &mut self.slots[at];
        let inline = slot.inline?;
        slot.kind = kind;
        slot.guard = 0;
        Some(inline)
    }

    /// Drops the value of a slot, and returns heap memory for a new one.
    ///
    /// Without optimization each function that passes a value on reserves stack for copies of it. A caller that stores a large value
    /// in this memory itself avoids the copies of [`put`](Self::put).
    #[must_use]
    pub fn heap_memory<T: Any + Send + Sync>(&mut self, at: usize) -> HeapMemory<'_, T> {
        self.evict_if_leased(at);
        if !self.slots[at].is_external() {
            self.clear(at);
        }
        // Invariant 2: no pointer to the value exists while the cell is accessed mutably.
        self.slots[at].value = None;
        HeapMemory { arena: self, at, value: PhantomData }
    }

    /// Makes a slot refer to the value of its cell. The slot has no inline value.
    fn refer_to_cell(&mut self, at: usize) {
        let slot = &mut self.slots[at];
        slot.guard = EXTERNAL;
        (slot.value, slot.kind) = match self.cells[at].value().map(ErasedRef::into_raw) {
            Some((value, kind)) => (Some(value), kind),
            None => (None, Kind::of::<Never>()),
        };
    }

    /// Moves the value of a slot out if it is a `T` and not shared.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn take<T: Any>(&mut self, at: usize) -> Option<T> {
        let slot = &mut self.slots[at];
        let value = slot.value.filter(|_| slot.kind.is::<T>())?;
        if slot.guard != 0 {
            return self.take_slowly(at);
        }
        slot.value = None;
        // SAFETY: by invariant 1 the pointer is to a valid `T`, and by invariant 4 no lease refers to it. The slot is vacant now,
        // so nothing uses this value again.
        Some(unsafe { value.cast::<T>().read() })
    }

    /// Takes an external or leased value.
    #[cold]
    #[inline(never)]
    fn take_slowly<T: Any>(&mut self, at: usize) -> Option<T> {
        if self.is_leased(at) {
            return None;
        }
        if !self.slots[at].is_external() {
            return self.take(at);
        }
        self.with_cell(at, Cell::take)
    }

    /// Drops the value of a slot. The memory stays allocated. A leased value is dropped with the arena.
    ///
    /// # Panics
    /// Panics if the drop panics. The slot is vacant then.
    #[inline]
    pub fn clear(&mut self, at: usize) {
        let slot = &mut self.slots[at];
        let Some(value) = slot.value else { return };
        if slot.guard != 0 {
            return self.clear_slowly(at);
        }
        slot.value = None;
        // SAFETY: by invariant 1 the pointer is to a valid value of `kind`, and by invariant 4 no lease refers to it. The slot is
        // vacant now, also if the drop panics, so nothing uses this value again.
        unsafe { slot.kind.drop_in_place(value) };
    }

    /// Drops an external or leased value.
    #[cold]
    fn clear_slowly(&mut self, at: usize) {
        if self.is_leased(at) {
            return self.evict(at);
        }
        if !self.slots[at].is_external() {
            return self.clear(at);
        }
        self.with_cell(at, Cell::clear);
    }

    /// Changes the cell of a slot without an inline value.
    #[cold]
    fn with_cell<R>(&mut self, at: usize, change: impl FnOnce(&mut Cell) -> R) -> R {
        /// Restores the invariants, even if `change` panics.
        struct Refer<'a>(&'a mut Arena, usize);
        impl Drop for Refer<'_> {
            fn drop(&mut self) {
                self.0.refer_to_cell(self.1);
            }
        }
        debug_assert!(self.slots[at].value.is_none() || self.slots[at].is_external(), "the value is inline");
        debug_assert_eq!(self.slots[at].leases(), 0, "the value is leased");
        // Invariant 2: no pointer to the value exists while the cell is accessed mutably.
        self.slots[at].value = None;
        let refer = Refer(self, at);
        change(&mut refer.0.cells[at])
    }

    /// Replaces the value of a slot by the value of `cell`.
    ///
    /// # Panics
    /// Panics if the drop of the old value panics. The new value is in the slot then.
    pub fn set(&mut self, at: usize, cell: Cell) {
        self.evict_if_leased(at);
        let inline = self.take_inline(at);
        let old = self.with_cell(at, |own| std::mem::replace(own, cell));
        drop(old);
        drop(inline);
    }

    /// Moves the value of a slot to a cell. The cell of a vacant slot has the memory that the slot keeps on the heap.
    #[must_use]
    pub fn take_cell(&mut self, at: usize) -> Cell {
        if self.is_leased(at) {
            let shared = self.share(at).map(Cell::shared).unwrap_or_default();
            self.evict_if_leased(at);
            return shared;
        }
        self.take_inline(at).unwrap_or_else(|| self.with_cell(at, std::mem::take))
    }

    /// Moves an inline value to a new cell.
    fn take_inline(&mut self, at: usize) -> Option<Cell> {
        let slot = &mut self.slots[at];
        let value = slot.value.filter(|_| !slot.is_external())?;
        slot.value = None;
        let mut cell = Cell::default();
        // SAFETY: by invariant 1 the pointer is to a valid value of `kind`. The slot is vacant now, so the value counts as moved.
        unsafe { slot.kind.move_into(value, &mut cell) };
        Some(cell)
    }

    /// Moves an inline value to the cell of its slot.
    fn move_to_cell(&mut self, at: usize) {
        let slot = &mut self.slots[at];
        let Some(value) = slot.value.filter(|_| !slot.is_external()) else { return };
        let kind = slot.kind;
        slot.value = None;
        // SAFETY: by invariant 1 the pointer is to a valid value of `kind`. The slot is vacant now, so the value counts as moved.
        self.with_cell(at, |cell| unsafe { kind.move_into(value, cell) });
    }

    /// Shares the value of a slot with a reader that outlives the access to the arena. Returns `None` if the slot is vacant.
    ///
    /// An inline value moves to the heap. The slot keeps that memory for the next value, which is then shared without a move.
    pub fn share(&mut self, at: usize) -> Option<Arc<dyn Erased>> {
        if !self.is_full(at) {
            return None;
        }
        if self.is_leased(at) {
            // A leased value cannot move to the heap.
            let external = self.slots[at].is_external().then(|| self.cells[at].shared_handle()).flatten();
            return external.or_else(|| {
                let lease = self.lease(at, [(at, 0)]);
                Some(Arc::new(LeasedValue(Some(lease))))
            });
        }
        self.move_to_cell(at);
        self.with_cell(at, Cell::share)
    }

    /// Returns whether the value of a slot is not shared.
    #[must_use]
    pub fn is_unshared(&mut self, at: usize) -> bool {
        if self.is_leased(at) {
            return false;
        }
        let slot = &self.slots[at];
        slot.value.is_none() || !slot.is_external() || self.with_cell(at, Cell::is_unshared)
    }

    /// Replaces the value of a slot by one that `put` stores in the heap memory of the slot.
    pub fn put_with<R>(&mut self, at: usize, put: impl FnOnce(&mut Cell) -> R) -> R {
        self.evict_if_leased(at);
        if !self.slots[at].is_external() {
            self.clear(at);
        }
        self.with_cell(at, put)
    }

    /// Moves the value of a slot to another slot, whose old value is dropped. A vacant slot makes the other one vacant.
    ///
    /// # Panics
    /// Panics if the drop of the old value panics. The other slot is vacant then.
    pub fn relocate(&mut self, from: usize, to: usize) {
        if from == to {
            return;
        }
        let memory = self.prepare(to, self.slots[from].kind);
        let moved = self.move_to(from, memory);
        self.receive(to, moved);
    }

    /// Moves the value of a slot of another arena to a slot, whose old value is dropped.
    ///
    /// # Panics
    /// Panics if the drop of the old value panics. The slot is vacant then.
    pub fn move_from(&mut self, to: usize, other: &mut Self, from: usize) {
        let memory = self.prepare(to, other.slots[from].kind);
        let moved = other.move_to(from, memory);
        self.receive(to, moved);
    }

    /// Moves the value of a slot to `memory`, which is reserved for values of its kind. The slot is vacant afterwards.
    fn move_to(&mut self, from: usize, memory: Option<NonNull<u8>>) -> Moved {
        if self.is_leased(from) {
            return Moved::Cell(self.take_cell(from));
        }
        let slot = &mut self.slots[from];
        let kind = slot.kind;
        let Some(value) = slot.value else { return Moved::Nothing };
        if slot.is_external() {
            let is_moved = memory.filter(|memory| {
                // SAFETY: the memory is reserved for a value of `kind`, and no slot has a value there.
                self.with_cell(from, |cell| unsafe { kind.move_out(cell, *memory) })
            });
            return is_moved.map_or_else(|| Moved::Cell(self.take_cell(from)), Moved::Inline);
        }
        slot.value = None;
        let Some(memory) = memory else { return Moved::Value(value, kind) };
        // SAFETY: both memories are reserved for one value of this kind. They belong to two slots, so they do not overlap. The
        // source counts as moved: its slot is vacant.
        unsafe { ptr::copy_nonoverlapping(value.as_ptr(), memory.as_ptr(), kind.size()) };
        Moved::Inline(memory)
    }

    /// Puts a moved value into a slot that was prepared for it.
    fn receive(&mut self, to: usize, moved: Moved) {
        match moved {
            Moved::Nothing => {}
            Moved::Inline(value) => self.slots[to].value = Some(value),
            // SAFETY: `move_to` returned a valid value of this kind, whose slot is vacant and was not used since.
            Moved::Value(value, kind) => self.with_cell(to, |cell| unsafe { kind.move_into(value, cell) }),
            Moved::Cell(cell) => self.set(to, cell),
        }
    }
}

/// A value between two slots.
enum Moved {
    /// The source was vacant.
    Nothing,
    /// The value is in the inline memory of its new slot.
    Inline(NonNull<u8>),
    /// The value is still in the inline memory of its old slot, which is vacant.
    Value(NonNull<u8>, &'static Kind),
    /// The value is in the cell of its old slot.
    Cell(Cell),
}

/// The heap memory of a slot. Dropping it makes the slot refer to the stored value.
///
/// # Examples
/// ```
/// use icosian_arena::Arena;
///
/// let mut arena = Arena::with_slots(1);
/// *arena.heap_memory(0).get_mut() = Some([7_u8; 4096]);
/// assert_eq!(arena.get::<[u8; 4096]>(0).map(|bytes| bytes[4095]), Some(7));
/// ```
#[derive(Debug)]
pub struct HeapMemory<'a, T> {
    arena: &'a mut Arena,
    at: usize,
    value: PhantomData<fn(T)>,
}

impl<T: Any + Send + Sync> HeapMemory<'_, T> {
    /// Returns the memory.
    pub fn get_mut(&mut self) -> &mut Option<T> {
        self.arena.cells[self.at].memory()
    }
}

impl<T> Drop for HeapMemory<'_, T> {
    fn drop(&mut self) {
        self.arena.refer_to_cell(self.at);
    }
}

impl<const N: usize> From<[Cell; N]> for Arena {
    fn from(cells: [Cell; N]) -> Self {
        let mut arena = Self::with_slots(N);
        for (at, cell) in cells.into_iter().enumerate() {
            arena.set(at, cell);
        }
        arena
    }
}

/// Drops all values, even if the drop of one panics.
impl Drop for Arena {
    fn drop(&mut self) {
        /// Drops the remaining values when the drop of one unwinds. A second panic aborts the process, as in a `Vec`.
        struct Rest<'a>(&'a mut Arena, usize);
        impl Rest<'_> {
            fn clear(&mut self) {
                while self.1 < self.0.slots.len() {
                    self.1 += 1;
                    self.0.clear(self.1 - 1);
                }
            }
        }
        impl Drop for Rest<'_> {
            fn drop(&mut self) {
                self.clear();
            }
        }
        // Declared before the values are dropped, so that the memory outlives them.
        let _kept = (!self.lent.is_empty()).then(|| self.orphan_leases());
        Rest(self, 0).clear();
    }
}

impl fmt::Debug for Arena {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let full = self.slots.iter().filter(|slot| slot.value.is_some()).count();
        write!(f, "Arena({full} of {} slots full, {:?})", self.len(), self.block)
    }
}
