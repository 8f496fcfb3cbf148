use std::any::{Any, type_name};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::NodeError;
use crate::value::part;
use crate::value::put_in;
use crate::value::{Cell, Edge, Erased, Lend};

/// A parameter of a step: the cell that it reads, and the conversion.
///
/// # Examples
/// ```
/// use icosian_core::node::Port;
///
/// assert_eq!(Port::new(3, Port::ANY).cell, 3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// The position of the cell among the run's cells.
    pub cell: u32,
    /// The position of the value's type in the list of accepted types, [`ANY`](Self::ANY) or
    /// [`VIA`](Self::VIA).
    pub way: u8,
    /// Set if no later step in the plan's order reads the cell. A run in that order may then move the value.
    pub last: bool,
    /// Set if a run with a different order counts the reads of the cell, to drop or move the value at the last read. Not needed
    /// if dropping the value does nothing.
    pub counted: bool,
    /// Another parameter of the same step borrows the value. Bodies take before they borrow, so the value must stay.
    pub borrowed: bool,
}

impl Port {
    /// Returns the port of a counted cell that others may read later.
    #[must_use]
    pub const fn new(cell: u32, way: u8) -> Self {
        Self { cell, way, last: false, counted: true, borrowed: false }
    }

    /// The type is known only at run time: an input, an override.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::node::{Args, Port};
    /// use icosian_core::value::Cell;
    ///
    /// // A `&str` parameter is usually read from a `String`; this value is a `&'static str`.
    /// let mut cells = [Cell::new("text"), Cell::default()];
    /// let ports = [Port::new(0, Port::ANY)];
    /// let args = Args::new(&mut cells, &ports, &[1, 0], 1);
    /// assert_eq!(args.borrow::<str>(0), "text");
    /// ```
    pub const ANY: u8 = u8::MAX;
    /// The type of [`Param::via`](crate::Param::via).
    pub const VIA: u8 = u8::MAX - 1;
}

/// The arguments of a node's body: its parameters by position, and the cell for its output.
///
/// Read a parameter as the outline declares it: [`borrow`](Self::borrow) for
/// [`Param::borrowed`](crate::Param::borrowed), [`take`](Self::take) for [`Param::taken`](crate::Param::taken), and so
/// on. Async bodies [`lease`](Self::lease) borrowed parameters. Take before borrowing: taking needs the arguments
/// mutably.
///
/// # Panics
/// Each method panics if the parameter was declared with another type. The run reports this as a panic of the node.
///
/// # Examples
/// ```
/// use icosian_core::node::{Args, Port};
/// use icosian_core::value::Cell;
///
/// let mut cells = [Cell::new(String::from("left")), Cell::new(3_u64), Cell::default()];
/// let ports = [Port::new(0, 0), Port::new(1, 0)];
/// let mut args = Args::new(&mut cells, &ports, &[1, 1, 0], 2);
/// let times: u64 = args.take(1);
/// assert_eq!((args.borrow::<str>(0), times), ("left", 3));
/// args.give(times + 1);
/// assert_eq!(cells[2].get::<u64>(), Some(&4));
/// ```
pub struct Args<'run> {
    pub(crate) cells: &'run mut [Cell],
    pub(crate) ports: &'run [Port],
    pub(crate) reads_left: Option<&'run [u32]>,
    pub(crate) output: u32,
    /// Set if a value may be moved at its last read.
    pub(crate) moves: bool,
    /// The position of the first parameter in the step's parameters.
    pub(crate) first: usize,
}

impl<'run> Args<'run> {
    /// Creates the arguments of a step from its `ports`, the run's `cells`, the number of reads left of each cell (this step
    /// included), and the cell of its `output`.
    #[must_use]
    pub fn new(cells: &'run mut [Cell], ports: &'run [Port], reads_left: &'run [u32], output: u32) -> Self {
        Self { cells, ports, reads_left: Some(reads_left), output, moves: true, first: 0 }
    }

    /// Creates the arguments of a step of a run in the plan's order, in which each port knows whether it is the last reader.
    #[must_use]
    #[inline]
    pub fn in_order(cells: &'run mut [Cell], ports: &'run [Port], output: u32) -> Self {
        Self { cells, ports, reads_left: None, output, moves: true, first: 0 }
    }

    /// Returns whether a node or an input provides the parameter at `position`.
    #[must_use]
    #[inline]
    pub fn is_provided(&self, position: usize) -> bool {
        self.cells[self.ports[position].cell as usize].is_full()
    }

    /// Borrows the parameter at `position`.
    #[must_use]
    #[inline]
    pub fn borrow<W: Lend + ?Sized>(&self, position: usize) -> &W {
        let (held, way) = self.held(position);
        held.and_then(|held| read::<W>(held, way)).unwrap_or_else(|| mistyped::<W>(position))
    }

    /// Borrows the parameter at `position`, through the edge of [`Param::via`](crate::Param::via).
    #[must_use]
    #[inline]
    pub fn borrow_via<E: Edge>(&self, position: usize) -> &E::Wanted {
        let (held, way) = self.held(position);
        held.and_then(|held| read_via::<E>(held, way)).unwrap_or_else(|| mistyped::<E::Wanted>(position))
    }

    /// Borrows the parameter at `position`, if it is provided and not `None`.
    #[must_use]
    #[inline]
    pub fn borrow_optional<W: Lend + ?Sized>(&self, position: usize) -> Option<&W> {
        let (held, way) = self.held(position);
        let held = held.filter(|_| self.is_provided(position))?;
        read_optional::<W>(held, way).unwrap_or_else(|| mistyped::<W>(position))
    }

    /// Takes the parameter at `position`: moved at its last use, cloned otherwise.
    #[must_use]
    #[inline]
    pub fn take<T: Any + Clone>(&mut self, position: usize) -> T {
        self.take_with(position, Some(T::clone))
    }

    /// Takes the parameter at `position`. `clone` is called if this is not the last use of the value.
    #[must_use]
    #[inline]
    pub fn take_with<T: Any>(&mut self, position: usize, clone: Option<Cloner<T>>) -> T {
        let (cell, is_last) = self.taken(position);
        match take(cell, is_last, clone) {
            Some(value) => value,
            None => not_taken::<T>(cell, position),
        }
    }

    /// Takes the parameter at `position`, if it is provided and not `None`.
    #[must_use]
    #[inline]
    pub fn take_optional<T: Any + Clone>(&mut self, position: usize) -> Option<T> {
        self.take_optional_with(position, Some(T::clone), Some(Option::<T>::clone))
    }

    /// Takes the parameter at `position`, if it is provided and not `None`. The functions clone if this is not the last use of
    /// the value.
    #[must_use]
    pub fn take_optional_with<T: Any>(
        &mut self,
        position: usize,
        clone: Option<Cloner<T>>,
        clone_option: Option<Cloner<Option<T>>>,
    ) -> Option<T> {
        let (cell, is_last) = self.taken(position);
        if !cell.is_full() {
            return None;
        }
        let taken = take(cell, is_last, clone);
        if taken.is_some() {
            return taken;
        }
        match take(cell, is_last, clone_option) {
            Some(value) => value,
            None => mistyped::<T>(position),
        }
    }

    /// Shares the parameter at `position` with a future.
    #[must_use]
    pub fn lease<W: Lend + ?Sized>(&mut self, position: usize) -> Lease<W> {
        self.optional_lease(position, read::<W>).inner.unwrap_or_else(|| mistyped::<W>(position))
    }

    /// Shares the parameter at `position` with a future, through the edge of [`Param::via`](crate::Param::via).
    #[must_use]
    pub fn lease_via<E: Edge>(&mut self, position: usize) -> Lease<E::Wanted> {
        let lease = self.optional_lease(position, read_via::<E>);
        lease.inner.unwrap_or_else(|| mistyped::<E::Wanted>(position))
    }

    /// Shares the parameter at `position` with a future, if it is provided and not `None`.
    #[must_use]
    pub fn lease_optional<W: Lend + ?Sized>(&mut self, position: usize) -> OptionalLease<W> {
        self.optional_lease(position, |held, way| read_optional::<W>(held, way)?)
    }

    /// Stores the node's output in its cell.
    #[inline]
    pub fn give<T: Any + Send + Sync>(&mut self, output: T) {
        put_in!(self.cells[self.output as usize], output);
    }

    pub(crate) fn taken(&mut self, position: usize) -> (&mut Cell, bool) {
        let port = self.ports[position];
        let cell = port.cell as usize;
        let is_last = self.reads_left.map_or(port.last, |left| port.counted && left[cell] == 1);
        (&mut self.cells[cell], is_last && self.moves && !port.borrowed)
    }

    fn held(&self, position: usize) -> (Option<&dyn Any>, u8) {
        let port = self.ports[position];
        (self.cells[port.cell as usize].any(), port.way)
    }

    fn optional_lease<W: ?Sized>(&mut self, position: usize, read: ReadFn<W>) -> OptionalLease<W> {
        let port = self.ports[position];
        let lease = self.cells[port.cell as usize].share().map(|held| Lease { held, way: port.way, read });
        OptionalLease { inner: lease.filter(|lease| lease.get().is_some()) }
    }
}

impl fmt::Debug for Args<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Args")
            .field("ports", &self.ports)
            .field("output", &self.output)
            .finish_non_exhaustive()
    }
}

/// A function that clones a `T`.
///
/// # Examples
/// ```
/// use icosian_core::node::Cloner;
///
/// let clone: Cloner<String> = String::clone;
/// assert_eq!(clone(&String::from("text")), "text");
/// ```
pub type Cloner<T> = fn(&T) -> T;

type ReadFn<W> = fn(&dyn Any, u8) -> Option<&W>;

/// A value that a future borrows while it runs. It dereferences to a `W`.
///
/// # Examples
/// ```
/// use icosian_core::node::{Args, Port};
/// use icosian_core::value::Cell;
///
/// let mut cells = [Cell::new(String::from("text")), Cell::default()];
/// let ports = [Port::new(0, 0)];
/// let lease = Args::new(&mut cells, &ports, &[1, 0], 1).lease::<str>(0);
/// assert_eq!(&*lease, "text");
/// ```
pub struct Lease<W: ?Sized> {
    held: Arc<dyn Erased>,
    way: u8,
    read: ReadFn<W>,
}

impl<W: ?Sized> Lease<W> {
    fn get(&self) -> Option<&W> {
        (self.read)(&*self.held, self.way)
    }
}

impl<W: ?Sized> Deref for Lease<W> {
    type Target = W;

    fn deref(&self) -> &W {
        self.get().expect("the value was there when it was shared, and stays until the lease ends")
    }
}

impl<W: ?Sized> fmt::Debug for Lease<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lease<{}>", type_name::<W>())
    }
}

/// An optional value that a future borrows while it runs.
///
/// # Examples
/// ```
/// use icosian_core::node::{Args, Port};
/// use icosian_core::value::Cell;
///
/// let mut cells = [Cell::default(), Cell::default()];
/// let ports = [Port::new(0, Port::ANY)];
/// let lease = Args::new(&mut cells, &ports, &[1, 0], 1).lease_optional::<str>(0);
/// assert_eq!(lease.get(), None);
/// ```
#[derive(Debug)]
pub struct OptionalLease<W: ?Sized> {
    inner: Option<Lease<W>>,
}

impl<W: ?Sized> OptionalLease<W> {
    /// Returns the value, if there is one.
    #[must_use]
    pub fn get(&self) -> Option<&W> {
        self.inner.as_deref()
    }
}

#[inline]
fn read<W: Lend + ?Sized>(held: &dyn Any, way: u8) -> Option<&W> {
    if way == Port::ANY { any_way(W::WAYS.len(), |way| W::read(held, way)) } else { W::read(held, way) }
}

#[inline]
fn read_via<E: Edge>(held: &dyn Any, way: u8) -> Option<&E::Wanted> {
    let via = || part::held::<E::Given>(held).map(E::lend);
    match way {
        Port::VIA => via(),
        Port::ANY => read::<E::Wanted>(held, way).or_else(via),
        _ => E::Wanted::read(held, way),
    }
}

#[inline]
#[expect(clippy::option_option, reason = "no value, and a value that is `None`, are two things")]
fn read_optional<W: Lend + ?Sized>(held: &dyn Any, way: u8) -> Option<Option<&W>> {
    if way == Port::ANY {
        any_way(W::OPTIONAL_WAYS.len(), |way| W::read_optional(held, way))
    } else {
        W::read_optional(held, way)
    }
}

/// Stores the output of a sync function.
pub(crate) fn put_outcome<T: Any + Send + Sync>(
    outcome: Result<T, NodeError>,
    args: &mut Args<'_>,
) -> Result<(), NodeError> {
    match outcome {
        Ok(output) => {
            put_in!(args.cells[args.output as usize], output);
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn any_way<R>(ways: usize, read: impl Fn(u8) -> Option<R>) -> Option<R> {
    (0..ways).find_map(|way| read(u8::try_from(way).ok()?))
}

fn take<T: Any>(cell: &mut Cell, is_last: bool, clone: Option<Cloner<T>>) -> Option<T> {
    if is_last {
        let moved = cell.take();
        if moved.is_some() {
            return moved;
        }
    }
    Some(clone?(cell.get()?))
}

#[cold]
fn not_taken<T: Any>(cell: &Cell, position: usize) -> ! {
    assert!(
        cell.get::<T>().is_none(),
        "parameter {position} cannot be moved: something that was not done in time still reads it"
    );
    mistyped::<T>(position)
}

#[cold]
fn mistyped<W: ?Sized>(position: usize) -> ! {
    panic!("parameter {position} is not what its outline says: there is no `{}` to read", type_name::<W>())
}

/// Stores the output of a generated sync function.
#[inline]
pub fn give<T: Any + Send + Sync>(args: &mut Args<'_>, output: T) {
    put_in!(args.cells[args.output as usize], output);
}
