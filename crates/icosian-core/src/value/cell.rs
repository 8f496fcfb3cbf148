use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::value::part;
use crate::value::{Erased, Part, Projection};

/// The memory of one value during a run.
///
/// A cell keeps its memory when its value is dropped or moved out, so a run that uses the cells of an earlier run
/// allocates nothing for them. A value that an async node reads is shared with that node's future ([`share`](Self::share));
/// the cell stays the owner and regains the value when the future ends.
///
/// # Examples
/// ```
/// use icosian_core::value::Cell;
///
/// let mut cell = Cell::default();
/// cell.put(7_u64);
/// assert_eq!(cell.get::<u64>(), Some(&7));
/// assert_eq!(cell.take::<u64>(), Some(7));
/// assert!(!cell.is_full());
/// ```
#[derive(Default)]
pub struct Cell(Repr);

/// Stores a value in a cell, as [`Cell::put`] does.
///
/// A macro, because without optimization each function that passes a value keeps copies of it on the stack.
macro_rules! put_in {
    ($cell:expr, $value:expr) => {{
        #[cfg(debug_assertions)]
        {
            *$cell.memory() = Some($value);
        }
        #[cfg(not(debug_assertions))]
        $cell.put($value);
    }};
}
pub(crate) use put_in;

#[derive(Default)]
enum Repr {
    #[default]
    Empty,
    Own(Box<dyn Erased>),
    Shared(Arc<dyn Erased>),
}

impl Cell {
    /// Creates a cell with `value`.
    #[must_use]
    pub fn new<T: Any + Send + Sync>(value: T) -> Self {
        Self(Repr::Own(Box::new(Some(value))))
    }

    /// Creates a cell that shares a value, such as a config value that every run reads.
    #[must_use]
    pub fn shared(value: Arc<dyn Erased>) -> Self {
        Self(Repr::Shared(value))
    }

    /// Returns whether the cell has a value.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.erased().is_some_and(Erased::is_full)
    }

    /// Returns the content, an `Option<T>` or a [`Part`](crate::value::Part), with its type erased.
    #[must_use]
    pub fn any(&self) -> Option<&dyn Any> {
        self.erased().map(|held| held as &dyn Any)
    }

    /// Returns the value if it is a `T`.
    #[must_use]
    pub fn get<T: Any>(&self) -> Option<&T> {
        part::held(self.any()?)
    }

    /// Stores `value`, in the existing memory if the type fits.
    pub fn put<T: Any + Send + Sync>(&mut self, value: T) {
        #[cfg(debug_assertions)]
        {
            *self.memory::<T>() = Some(value);
        }
        #[cfg(not(debug_assertions))]
        match self.held_mut::<T>() {
            Some(held) => *held = Some(value),
            None => *self = Self::new(value),
        }
    }

    /// Returns memory for a `T`, whose old value is dropped by the assignment of a new one.
    ///
    /// One assignment costs one type check more than a `match` with two. Without optimization it saves the copies of the
    /// value that each arm of the `match` reserves on the stack.
    #[cfg(debug_assertions)]
    pub(crate) fn memory<T: Any + Send + Sync>(&mut self) -> &mut Option<T> {
        if self.held_mut::<T>().is_none() {
            self.allocate::<T>();
        }
        self.held_mut().expect("the cell was allocated for this type")
    }

    /// Replaces the content by memory for a `T`. A separate function, so that its frame ends before a value is made.
    #[cfg(debug_assertions)]
    fn allocate<T: Any + Send + Sync>(&mut self) {
        self.0 = Repr::Own(Box::new(None::<T>));
    }

    /// Moves the value out if it is a `T` and not shared.
    pub fn take<T: Any>(&mut self) -> Option<T> {
        self.held_mut::<T>()?.take()
    }

    /// Drops the value. The memory stays allocated, unless the value is still shared.
    pub fn clear(&mut self) {
        match &mut self.0 {
            Repr::Empty => {}
            Repr::Own(held) => held.clear(),
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
            self.0 = Repr::Shared(Arc::from(held));
        }
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

    /// Stores a part of `whole`, and reuses the memory of an earlier part. Returns whether the part exists.
    pub(crate) fn put_part(&mut self, whole: Arc<dyn Erased>, projection: &Projection) -> bool {
        if let Some(part) = self.erased_mut().and_then(|held| (held as &mut dyn Any).downcast_mut::<Part>())
            && part.is_by(projection)
        {
            return part.refill(whole);
        }
        let part = projection.of(whole);
        let found = part.is_some();
        self.0 = part.map_or(Repr::Empty, |part| Repr::Own(Box::new(part)));
        found
    }

    fn erased(&self) -> Option<&dyn Erased> {
        match &self.0 {
            Repr::Empty => None,
            Repr::Own(held) => Some(&**held),
            Repr::Shared(held) => Some(&**held),
        }
    }

    fn held_mut<T: Any>(&mut self) -> Option<&mut Option<T>> {
        (self.erased_mut()? as &mut dyn Any).downcast_mut()
    }

    fn erased_mut(&mut self) -> Option<&mut dyn Erased> {
        match &mut self.0 {
            Repr::Empty => None,
            Repr::Own(held) => Some(&mut **held),
            Repr::Shared(held) => Arc::get_mut(held),
        }
    }
}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match &self.0 {
            Repr::Empty => "empty",
            Repr::Own(held) if held.is_full() => "own",
            Repr::Shared(held) if held.is_full() => "shared",
            _ => "vacant",
        };
        write!(f, "Cell({how})")
    }
}
