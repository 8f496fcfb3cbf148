use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::{Part, Projection, part};

/// A box for one value of one type, seen without the type: an `Option<T>` for any `T`.
///
/// It is implemented for every `Option<T>`, and for a [`Part`](crate::Part) of one; [`Cell`] is how it is used.
///
/// # Examples
/// ```
/// use icosian_core::Erased;
///
/// let mut held: Box<dyn Erased> = Box::new(Some(3_u64));
/// held.clear();
/// assert!(!held.is_full());
/// ```
pub trait Erased: Any + Send + Sync {
    /// Drops the value and keeps the memory.
    fn clear(&mut self);

    /// Returns whether there is a value.
    fn is_full(&self) -> bool;
}

impl<T: Any + Send + Sync> Erased for Option<T> {
    fn clear(&mut self) {
        *self = None;
    }

    fn is_full(&self) -> bool {
        self.is_some()
    }
}

/// The memory of one value during a run.
///
/// A cell keeps its memory when its value is dropped or moved out, so a run that uses the cells of an earlier run
/// allocates nothing for them. A value that an async node reads is shared with that node's future ([`share`](Self::share));
/// the cell stays the owner and gets it back when the future is done.
///
/// # Examples
/// ```
/// use icosian_core::Cell;
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
/// A macro, because without optimization each function that passes a value on keeps copies of it on the stack.
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
    /// Returns a cell that holds `value`.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::Cell::new("text").is_full());
    /// ```
    #[must_use]
    pub fn new<T: Any + Send + Sync>(value: T) -> Self {
        Self(Repr::Own(Box::new(Some(value))))
    }

    /// Returns a cell that reads a value owned elsewhere too, such as a config value that every run reads.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Cell;
    ///
    /// let mut kept = Cell::new(3_u64);
    /// let read = Cell::shared(kept.share().expect("it is full"));
    /// assert_eq!(read.get::<u64>(), Some(&3));
    /// ```
    #[must_use]
    pub fn shared(value: Arc<dyn Erased>) -> Self {
        Self(Repr::Shared(value))
    }

    /// Returns whether there is a value.
    ///
    /// # Examples
    /// ```
    /// assert!(!icosian_core::Cell::default().is_full());
    /// ```
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.erased().is_some_and(Erased::is_full)
    }

    /// Returns what the cell holds, an `Option<T>` or a [`Part`](crate::Part), with its type erased.
    ///
    /// # Examples
    /// ```
    /// let cell = icosian_core::Cell::new(3_u64);
    /// assert_eq!(cell.any().and_then(|held| held.downcast_ref::<Option<u64>>()), Some(&Some(3)));
    /// ```
    #[must_use]
    pub fn any(&self) -> Option<&dyn Any> {
        self.erased().map(|held| held as &dyn Any)
    }

    /// Returns the value, when there is one and it is a `T`.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Cell::new(3_u64).get::<i8>(), None);
    /// ```
    #[must_use]
    pub fn get<T: Any>(&self) -> Option<&T> {
        part::held(self.any()?)
    }

    /// Stores `value`, in the existing memory if the type fits.
    ///
    /// # Examples
    /// ```
    /// let mut cell = icosian_core::Cell::new(3_u64);
    /// cell.put("another type");
    /// assert_eq!(cell.get::<&str>(), Some(&"another type"));
    /// ```
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

    /// Moves the value out, when it is a `T` and nobody else reads it.
    ///
    /// # Examples
    /// ```
    /// let mut cell = icosian_core::Cell::new(String::from("a"));
    /// assert_eq!(cell.take::<u64>(), None);
    /// assert_eq!(cell.take::<String>().as_deref(), Some("a"));
    /// ```
    pub fn take<T: Any>(&mut self) -> Option<T> {
        self.held_mut::<T>()?.take()
    }

    /// Drops the value; the memory stays, unless somebody still reads the value.
    ///
    /// # Examples
    /// ```
    /// let mut cell = icosian_core::Cell::new(3_u64);
    /// cell.clear();
    /// assert!(!cell.is_full());
    /// ```
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

    /// Shares the value with whoever must read it while the cell is elsewhere; `None` when there is none.
    ///
    /// # Examples
    /// ```
    /// let mut cell = icosian_core::Cell::new(3_u64);
    /// let reader = cell.share().expect("it is full");
    /// assert_eq!(cell.take::<u64>(), None, "somebody reads it");
    /// drop(reader);
    /// assert_eq!(cell.take::<u64>(), Some(3));
    /// ```
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

    /// Returns whether nobody else reads the value.
    ///
    /// # Examples
    /// ```
    /// let mut cell = icosian_core::Cell::new(3_u64);
    /// let reader = cell.share();
    /// assert!(!cell.is_unshared());
    /// ```
    #[must_use]
    pub fn is_unshared(&mut self) -> bool {
        match &mut self.0 {
            Repr::Empty | Repr::Own(_) => true,
            Repr::Shared(held) => Arc::get_mut(held).is_some(),
        }
    }

    /// Puts a part of `whole` in, in the memory of an earlier one; says whether there is such a part.
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
