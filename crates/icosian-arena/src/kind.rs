use std::alloc::Layout;
use std::any::{Any, TypeId};
use std::fmt;
use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use crate::Cell;

/// The operations of a value type whose static type is erased.
///
/// There is one constant per type. Two constants of one type can have two addresses, so kinds compare by [`TypeId`].
pub(crate) struct Kind {
    id: TypeId,
    /// Drops the value at the address; `None` if the type has no drop glue.
    drop: Option<unsafe fn(*mut u8)>,
    size: usize,
    /// Moves the value at the address into a cell, whose memory is reused if it fits.
    move_into: unsafe fn(*mut u8, &mut Cell),
    /// Moves the value of a cell to the address, if the cell has such a value and does not share it. Returns whether it did.
    move_out: unsafe fn(&mut Cell, *mut u8) -> bool,
    /// Returns whether a cell has unshared memory for the type.
    fits: fn(&mut Cell) -> bool,
}

impl Kind {
    /// Returns the kind of `T`.
    #[inline]
    pub(crate) const fn of<T: Any + Send + Sync>() -> &'static Self {
        const {
            &Self {
                id: TypeId::of::<T>(),
                drop: if std::mem::needs_drop::<T>() { Some(drop_value::<T>) } else { None },
                size: size_of::<T>(),
                move_into: move_into::<T>,
                move_out: move_out::<T>,
                fits: Cell::fits::<T>,
            }
        }
    }

    /// Returns whether this is the kind of `T`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn is<T: Any>(&self) -> bool {
        self.id == TypeId::of::<T>()
    }

    #[inline]
    pub(crate) fn id(&self) -> TypeId {
        self.id
    }

    /// Drops a value.
    ///
    /// # Safety
    /// `value` points to a value of this kind that nothing uses afterwards, also if the drop panics.
    #[inline]
    pub(crate) unsafe fn drop_in_place(&self, value: NonNull<u8>) {
        if let Some(drop) = self.drop {
            // SAFETY: the caller's contract is the contract of the function.
            unsafe { drop(value.as_ptr()) };
        }
    }

    #[inline]
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// Moves a value into a cell.
    ///
    /// # Safety
    /// `value` points to a value of this kind, which the caller treats as moved, also if this panics.
    pub(crate) unsafe fn move_into(&self, value: NonNull<u8>, cell: &mut Cell) {
        // SAFETY: the caller's contract is the contract of the function.
        unsafe { (self.move_into)(value.as_ptr(), cell) }
    }

    /// Moves the value of a cell to `memory`. Returns false if the cell has no such value, or shares it.
    ///
    /// # Safety
    /// `memory` is valid for writes of a value of this kind. If this returns true, it holds such a value.
    pub(crate) unsafe fn move_out(&self, cell: &mut Cell, memory: NonNull<u8>) -> bool {
        // SAFETY: the caller's contract is the contract of the function.
        unsafe { (self.move_out)(cell, memory.as_ptr()) }
    }

    /// Returns whether a cell has unshared memory for a value of this kind.
    pub(crate) fn fits(&self, cell: &mut Cell) -> bool {
        (self.fits)(cell)
    }
}

/// # Safety
/// `value` points to a `T` that nothing reads afterwards.
unsafe fn drop_value<T>(value: *mut u8) {
    // SAFETY: the caller passes a pointer to a valid `T`, and does not use it afterwards.
    unsafe { ptr::drop_in_place(value.cast::<T>()) }
}

/// # Safety
/// `value` points to a `T` that nothing reads or drops afterwards.
unsafe fn move_into<T: Any + Send + Sync>(value: *mut u8, cell: &mut Cell) {
    // SAFETY: the caller passes a pointer to a valid `T`, and treats it as moved.
    cell.put(unsafe { value.cast::<T>().read() });
}

/// # Safety
/// `memory` is valid for writes of a `T`.
unsafe fn move_out<T: Any>(cell: &mut Cell, memory: *mut u8) -> bool {
    let Some(value) = cell.take::<T>() else { return false };
    // SAFETY: the caller passes memory that is valid for writes of a `T`.
    unsafe { memory.cast::<T>().write(value) };
    true
}

/// The size, alignment and type of the values of a slot.
///
/// # Examples
/// ```
/// use icosian_arena::SlotType;
///
/// assert_eq!(SlotType::of::<u64>().size(), 8);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotType {
    pub(crate) id: TypeId,
    pub(crate) layout: Layout,
}

impl SlotType {
    /// Returns the slot type of `T`.
    #[must_use]
    pub const fn of<T: Any>() -> Self {
        Self { id: TypeId::of::<T>(), layout: Layout::new::<T>() }
    }

    /// Returns the size in bytes.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.layout.size()
    }
}

/// A reference to a value whose type is erased.
///
/// # Examples
/// ```
/// use icosian_arena::ErasedRef;
///
/// let text = String::from("text");
/// let value = ErasedRef::new(&text);
/// assert_eq!(value.get::<String>(), Some(&text));
/// assert_eq!(value.get::<u64>(), None);
/// ```
#[derive(Clone, Copy)]
pub struct ErasedRef<'a> {
    value: NonNull<u8>,
    kind: &'static Kind,
    borrow: PhantomData<&'a (dyn Any + Send + Sync)>,
}

// SAFETY: it is a shared reference to a value that is `Sync`; `new` and `from_raw` require that.
unsafe impl Send for ErasedRef<'_> {}
// SAFETY: as above.
unsafe impl Sync for ErasedRef<'_> {}

impl<'a> ErasedRef<'a> {
    /// Erases the type of a reference.
    #[must_use]
    #[inline]
    pub fn new<T: Any + Send + Sync>(value: &'a T) -> Self {
        Self { value: NonNull::from(value).cast(), kind: Kind::of::<T>(), borrow: PhantomData }
    }

    /// # Safety
    /// `value` points to a value of `kind` that is valid and not mutated for `'a`.
    #[inline]
    pub(crate) unsafe fn from_raw(value: NonNull<u8>, kind: &'static Kind) -> Self {
        Self { value, kind, borrow: PhantomData }
    }

    #[inline]
    pub(crate) fn into_raw(self) -> (NonNull<u8>, &'static Kind) {
        (self.value, self.kind)
    }

    /// Returns the value if it is a `T`.
    #[must_use]
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn get<T: Any>(self) -> Option<&'a T> {
        if !self.kind.is::<T>() {
            return None;
        }
        // SAFETY: the value is of `kind`, which is the kind of `T`, and is valid and not mutated for `'a`.
        Some(unsafe { self.value.cast::<T>().as_ref() })
    }

    /// Returns the type of the value.
    #[must_use]
    pub fn type_id(self) -> TypeId {
        self.kind.id()
    }
}

impl fmt::Debug for ErasedRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ErasedRef({:?})", self.kind.id())
    }
}
