use std::alloc::{self, Layout};
use std::fmt;
use std::ptr::NonNull;

/// One allocation, whose content its owner manages.
pub(crate) struct Block {
    memory: NonNull<u8>,
    layout: Layout,
}

// SAFETY: it owns plain memory, and its methods read and write none of it.
unsafe impl Send for Block {}
// SAFETY: as above.
unsafe impl Sync for Block {}

impl Block {
    /// Allocates memory of `layout`.
    pub(crate) fn new(layout: Layout) -> Self {
        if layout.size() == 0 {
            return Self { memory: dangling(layout), layout };
        }
        // SAFETY: the size of the layout is not zero.
        let memory = unsafe { alloc::alloc(layout) };
        let memory = NonNull::new(memory).unwrap_or_else(|| alloc::handle_alloc_error(layout));
        Self { memory, layout }
    }

    /// Returns the address at `offset`.
    ///
    /// # Safety
    /// `offset` is at most the size of the layout.
    pub(crate) unsafe fn at(&self, offset: usize) -> NonNull<u8> {
        // SAFETY: the caller guarantees that the result is inside of the allocation, or one byte past its end.
        unsafe { self.memory.add(offset) }
    }
}

/// Returns a well aligned address for values without a size.
fn dangling(layout: Layout) -> NonNull<u8> {
    NonNull::without_provenance(layout.align().try_into().expect("an alignment is not zero"))
}

impl Drop for Block {
    fn drop(&mut self) {
        if self.layout.size() > 0 {
            // SAFETY: the memory was allocated with this layout, and this value is its only owner.
            unsafe { alloc::dealloc(self.memory.as_ptr(), self.layout) };
        }
    }
}

impl Default for Block {
    fn default() -> Self {
        Self::new(Layout::new::<()>())
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Block({} bytes)", self.layout.size())
    }
}
