use std::any::{Any, type_name};
use std::fmt;
use std::ops::Deref;

use crate::NodeError;
use crate::value::{self, Arena, ArenaLayout, Edge, ErasedRef, FailedOutput, Lend, put_in};

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
    /// use icosian_core::value::{Arena, Cell};
    ///
    /// // A `&str` parameter is usually read from a `String`; this value is a `&'static str`.
    /// let mut cells = Arena::from([Cell::new("text"), Cell::default()]);
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
/// use icosian_core::value::{Arena, Cell};
///
/// let mut cells = Arena::from([Cell::new(String::from("left")), Cell::new(3_u64), Cell::default()]);
/// let ports = [Port::new(0, 0), Port::new(1, 0)];
/// let mut args = Args::new(&mut cells, &ports, &[1, 1, 0], 2);
/// let times: u64 = args.take(1);
/// assert_eq!((args.borrow::<str>(0), times), ("left", 3));
/// args.give(times + 1);
/// assert_eq!(cells.get::<u64>(2), Some(&4));
/// ```
pub struct Args<'run> {
    pub(crate) values: &'run mut Arena,
    pub(crate) ports: &'run [Port],
    pub(crate) reads_left: Option<&'run [u32]>,
    pub(crate) output: u32,
    /// Set if a value may be moved at its last read.
    pub(crate) moves: bool,
    /// The position of the first parameter in the step's parameters.
    pub(crate) first: usize,
}

impl<'run> Args<'run> {
    /// Creates the arguments of a step from its `ports`, the run's `values`, the number of reads left of each cell (this step
    /// included), and the cell of its `output`.
    #[must_use]
    pub fn new(values: &'run mut Arena, ports: &'run [Port], reads_left: &'run [u32], output: u32) -> Self {
        Self { values, ports, reads_left: Some(reads_left), output, moves: true, first: 0 }
    }

    /// Creates the arguments of a step of a run in the plan's order, in which each port knows whether it is the last reader.
    #[must_use]
    #[inline]
    pub fn in_order(values: &'run mut Arena, ports: &'run [Port], output: u32) -> Self {
        Self { values, ports, reads_left: None, output, moves: true, first: 0 }
    }

    /// Returns whether a node or an input provides the parameter at `position`.
    #[must_use]
    #[inline]
    pub fn is_provided(&self, position: usize) -> bool {
        self.values.is_full(self.ports[position].cell as usize)
    }

    /// Borrows the parameter at `position`.
    #[must_use]
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn borrow<W: Lend + ?Sized>(&self, position: usize) -> &W {
        let (value, way) = self.value(position);
        value.and_then(|value| read::<W>(value, way)).unwrap_or_else(|| mistyped::<W>(position))
    }

    /// Borrows the parameter at `position`, through the edge of [`Param::via`](crate::Param::via).
    #[must_use]
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn borrow_via<E: Edge>(&self, position: usize) -> &E::Wanted {
        let (value, way) = self.value(position);
        value.and_then(|value| read_via::<E>(value, way)).unwrap_or_else(|| mistyped::<E::Wanted>(position))
    }

    /// Borrows the parameter at `position`, if it is provided and not `None`.
    #[must_use]
    #[inline]
    pub fn borrow_optional<W: Lend + ?Sized>(&self, position: usize) -> Option<&W> {
        let (value, way) = self.value(position);
        read_optional::<W>(value?, way).unwrap_or_else(|| mistyped::<W>(position))
    }

    /// Borrows the parameter at `position`, or the error of the node that would provide it.
    ///
    /// # Errors
    /// The error of a node that failed, if the parameter was declared with [`Param::result`](crate::Param::result).
    #[inline]
    pub fn result<W: Lend + ?Sized>(&self, position: usize) -> Result<&W, &NodeError> {
        let (value, way) = self.value(position);
        read_result(value, way, read::<W>).unwrap_or_else(|| mistyped::<W>(position))
    }

    /// Borrows the parameter at `position` as [`result`](Self::result) does, through the edge of
    /// [`Param::via`](crate::Param::via).
    ///
    /// # Errors
    /// The error of a node that failed.
    #[inline]
    pub fn result_via<E: Edge>(&self, position: usize) -> Result<&E::Wanted, &NodeError> {
        let (value, way) = self.value(position);
        read_result(value, way, read_via::<E>).unwrap_or_else(|| mistyped::<E::Wanted>(position))
    }

    /// Takes the parameter at `position`: moved at its last use, cloned otherwise.
    #[must_use]
    #[inline]
    pub fn take<T: Any + Clone>(&mut self, position: usize) -> T {
        self.take_with(position, Some(T::clone))
    }

    /// Takes the parameter at `position`. `clone` is called if this is not the last use of the value.
    #[must_use]
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn take_with<T: Any>(&mut self, position: usize, clone: Option<Cloner<T>>) -> T {
        let (cell, consumption) = self.consume(position);
        match take(self.values, cell, consumption, clone) {
            Some(value) => value,
            None => not_taken::<T>(self.values, cell, position),
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
        let (cell, consumption) = self.consume(position);
        if !self.values.is_full(cell) {
            return None;
        }
        let taken = take(self.values, cell, consumption, clone);
        if taken.is_some() {
            return taken;
        }
        match take(self.values, cell, consumption, clone_option) {
            Some(value) => value,
            None => mistyped::<T>(position),
        }
    }

    /// Leases the parameter at `position` to a future. [`lease_all`](Self::lease_all) leases several at a lower cost.
    #[must_use]
    pub fn lease<W: Lend + ?Sized>(&mut self, position: usize) -> Lease<W> {
        self.optional_lease(position, read::<W>).inner.unwrap_or_else(|| mistyped::<W>(position))
    }

    /// Leases the parameter at `position` to a future, if it is provided and not `None`.
    #[must_use]
    pub fn lease_optional<W: Lend + ?Sized>(&mut self, position: usize) -> OptionalLease<W> {
        self.optional_lease(position, |value, way| read_optional::<W>(value, way)?)
    }

    /// Leases all parameters to a future, which borrows them from the result. Take parameters by value before.
    #[must_use]
    #[inline]
    pub fn lease_all(&mut self) -> LeasedArgs {
        let slots = self.ports.iter().map(|port| (port.cell as usize, port.way));
        LeasedArgs(self.values.lease(self.output as usize, slots))
    }

    /// Stores the node's output in its cell.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn give<T: Any + Send + Sync>(&mut self, output: T) {
        put_in!(self.values.slot(self.output as usize), T, output);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn consume(&self, position: usize) -> (usize, Consumption) {
        let port = self.ports[position];
        let cell = port.cell as usize;
        let is_last = self.reads_left.map_or(port.last, |left| port.counted && left[cell] == 1);
        let moves = is_last && self.moves && !port.borrowed;
        (cell, if moves { Consumption::Move } else { Consumption::Clone })
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn value(&self, position: usize) -> (Option<ErasedRef<'_>>, u8) {
        let port = self.ports[position];
        (self.values.value(port.cell as usize), port.way)
    }

    fn optional_lease<W: ?Sized>(&mut self, position: usize, read: ReadFn<W>) -> OptionalLease<W> {
        let port = self.ports[position];
        let held = self.values.lease(self.output as usize, [(port.cell as usize, port.way)]);
        let lease = Lease { held, read };
        OptionalLease { inner: lease.get().is_some().then_some(lease) }
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

type ReadFn<W> = fn(ErasedRef<'_>, u8) -> Option<&W>;

/// A value that a future borrows while it runs. It dereferences to a `W`.
///
/// # Examples
/// ```
/// use icosian_core::node::{Args, Port};
/// use icosian_core::value::{Arena, Cell};
///
/// let mut cells = Arena::from([Cell::new(String::from("text")), Cell::default()]);
/// let ports = [Port::new(0, 0)];
/// let lease = Args::new(&mut cells, &ports, &[1, 0], 1).lease::<str>(0);
/// assert_eq!(&*lease, "text");
/// ```
pub struct Lease<W: ?Sized> {
    held: value::ArenaLease,
    read: ReadFn<W>,
}

impl<W: ?Sized> Lease<W> {
    fn get(&self) -> Option<&W> {
        (self.read)(self.held.value(0)?, self.held.tag(0))
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
/// use icosian_core::value::{Arena, Cell};
///
/// let mut cells = Arena::from([Cell::default(), Cell::default()]);
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

/// The parameters of a call that a future borrows while it runs.
///
/// # Examples
/// ```
/// use icosian_core::node::{Args, Port};
/// use icosian_core::value::{Arena, Cell};
///
/// let mut values = Arena::from([Cell::new(String::from("text")), Cell::new(3_usize), Cell::default()]);
/// let ports = [Port::new(0, 0), Port::new(1, 0)];
/// let leased = Args::new(&mut values, &ports, &[1, 1, 0], 2).lease_all();
/// let repeat = async move { leased.borrow::<str>(0).repeat(*leased.borrow::<usize>(1)) };
/// assert_eq!(futures::executor::block_on(repeat), "texttexttext");
/// ```
#[derive(Debug)]
pub struct LeasedArgs(value::ArenaLease);

impl LeasedArgs {
    /// Returns whether a node or an input provides the parameter at `position`.
    #[must_use]
    #[inline]
    pub fn is_provided(&self, position: usize) -> bool {
        self.0.value(position).is_some()
    }

    /// Borrows the parameter at `position`.
    ///
    /// # Panics
    /// Panics if the parameter was declared with another type.
    #[must_use]
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn borrow<W: Lend + ?Sized>(&self, position: usize) -> &W {
        let value = self.0.value(position).and_then(|value| read::<W>(value, self.0.tag(position)));
        value.unwrap_or_else(|| mistyped::<W>(position))
    }

    /// Borrows the parameter at `position`, through the edge of [`Param::via`](crate::Param::via).
    ///
    /// # Panics
    /// Panics if the parameter was declared with another type.
    #[must_use]
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn borrow_via<E: Edge>(&self, position: usize) -> &E::Wanted {
        let value = self.0.value(position).and_then(|value| read_via::<E>(value, self.0.tag(position)));
        value.unwrap_or_else(|| mistyped::<E::Wanted>(position))
    }

    /// Borrows the parameter at `position`, if it is provided and not `None`.
    ///
    /// # Panics
    /// Panics if the parameter was declared with another type.
    #[must_use]
    #[inline]
    pub fn borrow_optional<W: Lend + ?Sized>(&self, position: usize) -> Option<&W> {
        let value = self.0.value(position)?;
        read_optional::<W>(value, self.0.tag(position)).unwrap_or_else(|| mistyped::<W>(position))
    }

    /// Borrows the parameter at `position`, or the error of the node that would provide it.
    ///
    /// # Errors
    /// The error of a node that failed.
    ///
    /// # Panics
    /// Panics if the parameter was declared with another type.
    #[inline]
    pub fn result<W: Lend + ?Sized>(&self, position: usize) -> Result<&W, &NodeError> {
        let read = read_result(self.0.value(position), self.0.tag(position), read::<W>);
        read.unwrap_or_else(|| mistyped::<W>(position))
    }

    /// Borrows the parameter at `position` as [`result`](Self::result) does, through the edge of
    /// [`Param::via`](crate::Param::via).
    ///
    /// # Errors
    /// The error of a node that failed.
    ///
    /// # Panics
    /// Panics if the parameter was declared with another type.
    #[inline]
    pub fn result_via<E: Edge>(&self, position: usize) -> Result<&E::Wanted, &NodeError> {
        let read = read_result(self.0.value(position), self.0.tag(position), read_via::<E>);
        read.unwrap_or_else(|| mistyped::<E::Wanted>(position))
    }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn read<W: Lend + ?Sized>(value: ErasedRef<'_>, way: u8) -> Option<&W> {
    // The usual type is read without a jump table.
    if way == 0 { W::read(value, 0) } else { read_rare::<W>(value, way) }
}

#[inline(never)]
fn read_rare<W: Lend + ?Sized>(value: ErasedRef<'_>, way: u8) -> Option<&W> {
    if way == Port::ANY { any_way(W::WAYS.len(), |way| W::read(value, way)) } else { W::read(value, way) }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn read_via<E: Edge>(value: ErasedRef<'_>, way: u8) -> Option<&E::Wanted> {
    let via = || value.get::<E::Given>().map(E::lend);
    match way {
        Port::VIA => via(),
        Port::ANY => read_rare::<E::Wanted>(value, way).or_else(via),
        _ => read::<E::Wanted>(value, way),
    }
}

#[inline]
#[expect(clippy::option_option, reason = "no value, and a value that is `None`, are two things")]
fn read_optional<W: Lend + ?Sized>(value: ErasedRef<'_>, way: u8) -> Option<Option<&W>> {
    if way == Port::ANY {
        any_way(W::OPTIONAL_WAYS.len(), |way| W::read_optional(value, way))
    } else {
        W::read_optional(value, way)
    }
}

/// Reads a value, or the error in the place of a value.
#[inline]
fn read_result<'a, W: ?Sized>(
    value: Option<ErasedRef<'a>>,
    way: u8,
    read: fn(ErasedRef<'a>, u8) -> Option<&'a W>,
) -> Option<Result<&'a W, &'a NodeError>> {
    let value = value?;
    match value.get::<FailedOutput>() {
        None => read(value, way).map(Ok),
        Some(failed) => Some(Err(failed.error())),
    }
}

/// The way in which a parameter consumes a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consumption {
    /// The parameter is the last use of the value.
    Move,
    Clone,
}

/// Stores the output of a sync function.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn put_outcome<T: Any + Send + Sync>(
    outcome: Result<T, NodeError>,
    args: &mut Args<'_>,
) -> Result<(), NodeError> {
    match outcome {
        Ok(output) => {
            put_in!(args.output(), T, output);
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn any_way<R>(ways: usize, read: impl Fn(u8) -> Option<R>) -> Option<R> {
    (0..ways).find_map(|way| read(u8::try_from(way).ok()?))
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn take<T: Any>(
    values: &mut Arena,
    cell: usize,
    consumption: Consumption,
    clone: Option<Cloner<T>>,
) -> Option<T> {
    if consumption == Consumption::Move {
        let moved = values.take(cell);
        if moved.is_some() {
            return moved;
        }
    }
    Some(clone?(values.get(cell)?))
}

#[cold]
fn not_taken<T: Any>(values: &Arena, cell: usize, position: usize) -> ! {
    assert!(
        values.get::<T>(cell).is_none(),
        "parameter {position} cannot be moved: a node that timed out still reads it"
    );
    mistyped::<T>(position)
}

#[cold]
fn mistyped<W: ?Sized>(position: usize) -> ! {
    panic!("parameter {position} differs from its outline: there is no `{}` to read", type_name::<W>())
}

/// Returns the function that stores an output of type `T`.
///
/// One function for each size: without optimization, the frame of a function with both branches would have two copies of the output.
#[must_use]
pub const fn give<T: Any + Send + Sync>() -> fn(&mut Args<'_>, T) {
    if ArenaLayout::is_inline::<T>() { give_inline::<T> } else { give_large::<T> }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn give_inline<T: Any + Send + Sync>(args: &mut Args<'_>, output: T) {
    args.values.put(args.output as usize, output);
}

fn give_large<T: Any + Send + Sync>(args: &mut Args<'_>, output: T) {
    *args.values.heap_memory::<T>(args.output as usize).get_mut() = Some(output);
}
