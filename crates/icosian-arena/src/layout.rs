use std::alloc::Layout;
use std::fmt;

use crate::SlotType;

/// The layout of an arena: the offset of each slot in one allocation.
///
/// A plan computes it once, and all arenas of the plan share it.
///
/// # Examples
/// ```
/// use icosian_arena::{ArenaLayout, SlotType};
///
/// let layout = ArenaLayout::new([Some(SlotType::of::<u8>()), None, Some(SlotType::of::<u64>())]);
/// assert_eq!((layout.len(), layout.size()), (3, 16));
/// ```
#[derive(Clone)]
pub struct ArenaLayout {
    pub(crate) slots: Vec<Option<Inline>>,
    pub(crate) block: Layout,
}

/// The memory of a slot inside the allocation.
#[derive(Clone, Copy)]
pub(crate) struct Inline {
    pub(crate) offset: usize,
    pub(crate) slot: SlotType,
}

/// The size of the largest inline values. Larger ones live on the heap, so that idle arenas stay small.
const LARGEST: usize = 1 << 10;

impl ArenaLayout {
    /// Returns whether values of type `T` can be inline.
    #[must_use]
    pub const fn is_inline<T>() -> bool {
        size_of::<T>() <= LARGEST
    }

    /// Computes the layout of slots of the given types. A slot without a type has no inline memory.
    ///
    /// Offsets follow the order of the slots, because a run fills and reads slots in about this order.
    #[must_use]
    pub fn new(types: impl IntoIterator<Item = Option<SlotType>>) -> Self {
        let mut block = Layout::new::<()>();
        let slots = types
            .into_iter()
            .map(|slot| {
                let slot = slot.filter(|slot| slot.size() <= LARGEST)?;
                // A layout that overflows `isize` cannot be allocated; further slots then live on the heap.
                let (extended, offset) = block.extend(slot.layout).ok()?;
                block = extended;
                Some(Inline { offset, slot })
            })
            .collect();
        Self { slots, block: block.pad_to_align() }
    }

    /// Returns the number of slots.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "the number of slots of a plan, not a collection")]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Returns the size of the allocation in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.block.size()
    }
}

impl fmt::Debug for ArenaLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ArenaLayout({} slots, {} bytes)", self.len(), self.size())
    }
}
