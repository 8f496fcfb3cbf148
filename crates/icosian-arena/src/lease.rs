use std::cell::UnsafeCell;
use std::fmt;
use std::ptr::NonNull;
use std::sync::Arc;

use crate::block::Block;
use crate::cell::Kind;
use crate::sync::{AtomicU8, Ordering};
use crate::{Cell, Erased, ErasedRef};

/// Borrowed values of an arena, for a future that outlives the access to the arena.
///
/// A leased value stays where it is until the lease is dropped: the arena neither moves nor drops it, and if the arena is dropped
/// first, the lease keeps the values and their memory. A lease costs one atomic exchange, for any number of values.
///
/// # Examples
/// ```
/// use icosian_arena::{Arena, ArenaLayout, SlotType};
/// use std::sync::Arc;
///
/// let mut arena = Arena::new(&Arc::new(ArenaLayout::new([Some(SlotType::of::<u64>()), None])));
/// arena.put(0, 7_u64);
/// let lease = arena.lease(1, [(0, 0)]);
/// drop(arena);
/// assert_eq!(lease.value(0).and_then(|value| value.get::<u64>()), Some(&7));
/// ```
pub struct ArenaLease(NonNull<Record>);

/// The state of a lease that its arena and its [`ArenaLease`] share.
///
/// ```text
///           lease()                 drop of the lease
///   FREE ─────────────▶ LEASED ─────────────────────────▶ FREE     the arena owns the record
///                         │
///                         │ drop of the arena
///                         ▼          drop of the lease
///                      ORPHANED ────────────────────────▶ freed    the lease owns the record
/// ```
///
/// Both transitions out of `LEASED` are exchanges, so exactly one side sees the other one gone and frees the record.
pub(crate) struct Record {
    state: AtomicU8,
    /// The leased values. Written in state `FREE` by the arena, read in state `LEASED` by the lease.
    values: LeasedValues,
    /// The values that the lease keeps after the arena is dropped. Written before the state becomes `ORPHANED`.
    orphans: UnsafeCell<Vec<Arc<Orphan>>>,
}

const FREE: u8 = 0;
const LEASED: u8 = 1;
const ORPHANED: u8 = 2;

// SAFETY: the values are `Send + Sync`, and the state decides which side accesses the record.
unsafe impl Send for ArenaLease {}
// SAFETY: `&ArenaLease` returns shared references to values that are `Sync`.
unsafe impl Sync for ArenaLease {}

impl ArenaLease {
    fn record(&self) -> &Record {
        // SAFETY: the record is freed by this lease, or by the arena after this lease was dropped. Until then only the fields
        // `orphans` and `state` change, and nothing reads `orphans` through this reference.
        unsafe { self.0.as_ref() }
    }

    /// Returns the value at `position` of the lease; `None` if its slot was vacant.
    ///
    /// # Panics
    /// Panics if the lease has no such position.
    #[must_use]
    #[inline]
    pub fn value(&self, position: usize) -> Option<ErasedRef<'_>> {
        let (value, kind, _) = self.record().values[position];
        // SAFETY: the value was valid and of `kind` when it was leased, and its arena or its orphan keeps it unchanged until
        // this lease is dropped.
        value.map(|value| unsafe { ErasedRef::from_raw(value, kind) })
    }

    /// Returns the tag that was passed for `position`.
    ///
    /// # Panics
    /// Panics if the lease has no such position.
    #[must_use]
    #[inline]
    pub fn tag(&self, position: usize) -> u8 {
        self.record().values[position].2
    }
}

impl Drop for ArenaLease {
    fn drop(&mut self) {
        let record = self.0;
        // SAFETY: as in `record`. Only the atomic field is accessed.
        let state = unsafe { &(*record.as_ptr()).state };
        // `Release`: the reads of the values happen before the arena reuses them. `Acquire`: this side sees the orphan.
        if state.swap(FREE, Ordering::AcqRel) == ORPHANED {
            // SAFETY: the arena is gone, so this side is the only owner of the record, which comes from a `Box`.
            drop(unsafe { Box::from_raw(record.as_ptr()) });
        }
    }
}

impl fmt::Debug for ArenaLease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ArenaLease({} values)", self.record().values.len())
    }
}

/// A leased value as the content of a cell.
pub(crate) struct LeasedValue(pub(crate) Option<ArenaLease>);

impl Erased for LeasedValue {
    fn clear(&mut self) {
        self.0 = None;
    }

    fn value(&self) -> Option<ErasedRef<'_>> {
        self.0.as_ref()?.value(0)
    }
}

/// The arena's side of a lease.
pub(crate) struct Lent {
    record: NonNull<Record>,
    /// The slots whose values are leased.
    pub(crate) slots: Vec<u32>,
    /// The next lease of the same lessee.
    pub(crate) next: u32,
    /// Set from the beginning of the lease until the arena has seen its end.
    pub(crate) is_active: bool,
}

// SAFETY: it is a pointer to a record, whose values are `Send + Sync` and whose state decides who accesses it.
unsafe impl Send for Lent {}
// SAFETY: `&Lent` accesses the atomic state only.
unsafe impl Sync for Lent {}

impl Lent {
    pub(crate) fn new() -> Self {
        let record =
            Record { state: AtomicU8::new(FREE), values: Vec::new(), orphans: UnsafeCell::default() };
        let record = NonNull::from(Box::leak(Box::new(record)));
        Self { record, slots: Vec::new(), next: u32::MAX, is_active: false }
    }

    /// Returns whether the lease was dropped.
    #[inline]
    pub(crate) fn is_released(&self) -> bool {
        // SAFETY: this side frees the record only in `orphan`, which consumes `self`. Only the atomic field is accessed.
        let state = unsafe { &(*self.record.as_ptr()).state };
        // `Acquire`: the reads of the lease happen before the values change.
        state.load(Ordering::Acquire) == FREE
    }

    /// Begins a lease. The last lease of this record was released.
    #[inline]
    pub(crate) fn begin(&mut self, fill: impl FnOnce(&mut LeasedValues, &mut Vec<u32>)) -> ArenaLease {
        assert!(self.is_released(), "a record has one lease at a time");
        self.slots.clear();
        // SAFETY: in state `FREE` no lease exists, so this side has exclusive access.
        let record = unsafe { self.record.as_mut() };
        record.values.clear();
        fill(&mut record.values, &mut self.slots);
        // `Relaxed`: another thread sees the record only through the lease, whose transfer synchronizes.
        record.state.store(LEASED, Ordering::Relaxed);
        self.is_active = true;
        ArenaLease(self.record)
    }

    /// Ends the arena's side: the lease keeps `orphans` if it still exists, and the record is freed otherwise.
    pub(crate) fn orphan(self, orphans: Vec<Arc<Orphan>>) {
        let record = self.record.as_ptr();
        // SAFETY: the lease never accesses this field before it sees the state `ORPHANED`, which is set below.
        let slot = unsafe { &(*record).orphans };
        // SAFETY: as above, nothing else accesses the content of the cell.
        unsafe { *slot.get() = orphans };
        // SAFETY: the record is not freed yet: the lease only frees it in state `ORPHANED`.
        let state = unsafe { &(*record).state };
        // `Release`: the lease sees the orphan. `Acquire`: the reads of the lease happen before the values are dropped.
        if state.swap(ORPHANED, Ordering::AcqRel) == FREE {
            // SAFETY: the lease is gone, so this side is the only owner of the record, which comes from a `Box`.
            drop(unsafe { Box::from_raw(record) });
        }
    }
}

pub(crate) type LeasedValues = Vec<(Option<NonNull<u8>>, &'static Kind, u8)>;

/// A value that left its slot while it was leased.
pub(crate) enum Evicted {
    /// A value in the block of the arena.
    Inline(NonNull<u8>, &'static Kind),
    /// The owner of an external value.
    Cell {
        #[expect(dead_code, reason = "it is only dropped")]
        owner: Cell,
    },
}

/// A value that was leased when its arena was dropped. The last lease of the value drops it.
pub(crate) struct Orphan {
    value: Evicted,
    /// The memory of an inline value. It is freed after `drop` has dropped the value.
    _block: Arc<Block>,
}

// SAFETY: it owns a value that is `Send + Sync`.
unsafe impl Send for Orphan {}
// SAFETY: `&Orphan` accesses nothing.
unsafe impl Sync for Orphan {}

impl Orphan {
    /// # Safety
    /// An inline value is valid, of its kind, in `block`, and owned by nothing else.
    pub(crate) unsafe fn new(block: Arc<Block>, value: Evicted) -> Self {
        Self { value, _block: block }
    }
}

impl Drop for Orphan {
    fn drop(&mut self) {
        if let Evicted::Inline(value, kind) = self.value {
            // SAFETY: by the contract of `new` the value is valid, of this kind, and owned by nothing else.
            unsafe { kind.drop_in_place(value) };
        }
    }
}
