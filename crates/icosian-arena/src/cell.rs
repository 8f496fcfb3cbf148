//! Values whose type is erased: the operations of a type, references, and values on the heap.

use std::alloc::Layout;
use std::any::{Any, TypeId};
use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};
use std::sync::Arc;

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
    /// `value` points to a value of this kind that nothing uses afterwards, even if the drop panics.
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
    /// `value` points to a value of this kind, which the caller treats as moved, even if this panics.
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
