use std::any::{Any, type_name};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::cell::put_in;
use crate::{Cell, Edge, Erased, Lend, NodeError, part};

/// One parameter of one step: which cell it reads, and in which way.
///
/// # Examples
/// ```
/// use icosian_core::Port;
///
/// assert_eq!(Port::new(3, Port::ANY).cell, 3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// The position of the cell among the run's cells.
    pub cell: u32,
    /// The position of the value's type among those that the parameter accepts, or [`ANY`](Self::ANY) or
    /// [`VIA`](Self::VIA).
    pub way: u8,
    /// Whether no later step of the plan's order reads the cell, so that a run in that order may move the value.
    pub last: bool,
    /// Whether a run that starts steps in an order of its own counts the reads of the cell, to drop or move its value at the
    /// last one. It need not where dropping does nothing.
    pub counted: bool,
    /// Another parameter of the same step borrows the value. Bodies take before they borrow, so the value must stay.
    pub borrowed: bool,
}

impl Port {
    /// Returns the port of a counted cell that others may read later.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Port;
    ///
    /// assert_eq!(Port::new(3, 0), Port { cell: 3, way: 0, last: false, counted: true, borrowed: false });
    /// ```
    #[must_use]
    pub const fn new(cell: u32, way: u8) -> Self {
        Self { cell, way, last: false, counted: true, borrowed: false }
    }

    /// The type is known only when the value is there: an input, an override.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Args, Cell, Port};
    ///
    /// // A `&str` parameter is usually read from a `String`; this value is a `&'static str`.
    /// let mut cells = [Cell::new("text"), Cell::default()];
    /// let ports = [Port::new(0, Port::ANY)];
    /// let args = Args::new(&mut cells, &ports, &[1, 0], 1);
    /// assert_eq!(args.borrow::<str>(0), "text");
    /// ```
    pub const ANY: u8 = u8::MAX;
    /// The type is the one that the parameter accepts by [`Param::via`](crate::Param::via).
    ///
    /// # Examples
    /// See [`Edge`].
    pub const VIA: u8 = u8::MAX - 1;
}

/// What a node's body is called with: its parameters by position, and the place for its output.
///
/// A parameter is read as it was declared in the outline: [`borrow`](Self::borrow) for
/// [`Param::borrowed`](crate::Param::borrowed), [`take`](Self::take) for [`Param::taken`](crate::Param::taken), and so
/// on; async bodies [`lease`](Self::lease) what they would borrow. Take before borrowing: taking needs the arguments
/// mutably.
///
/// # Panics
/// Each method panics when the parameter was declared with another type; a run tells that as a panic of the node.
///
/// # Examples
/// ```
/// use icosian_core::{Args, Cell, Port};
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
    /// Allows to move a value at its last read.
    pub(crate) moves: bool,
    /// The position of the first parameter among those of the step.
    pub(crate) first: usize,
}

impl<'run> Args<'run> {
    /// Returns the arguments of one step: its `ports` into the run's `cells`, how many reads each cell has still to
    /// serve, this step's included, and the cell of its `output`.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Args, Cell, Port};
    ///
    /// // The only parameter reads cell 0, which nobody reads after it; the output goes into cell 1.
    /// let mut cells = [Cell::new(3_u64), Cell::default()];
    /// let ports = [Port::new(0, 0)];
    /// let mut args = Args::new(&mut cells, &ports, &[1, 0], 1);
    /// let single: u64 = args.take(0);
    /// args.give(2 * single);
    /// assert_eq!(cells[1].get::<u64>(), Some(&6));
    /// ```
    #[must_use]
    pub fn new(cells: &'run mut [Cell], ports: &'run [Port], reads_left: &'run [u32], output: u32) -> Self {
        Self { cells, ports, reads_left: Some(reads_left), output, moves: true, first: 0 }
    }

    /// Returns the arguments of one step of a run in the plan's order, in which each port knows whether it is the last.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Args, Cell, Port};
    ///
    /// let mut cells = [Cell::new(vec![1, 2]), Cell::default()];
    /// let port = Port { last: true, ..Port::new(0, 0) };
    /// let moved: Vec<i32> = Args::in_order(&mut cells, &[port], 1).take(0);
    /// assert!(!cells[0].is_full() && moved == [1, 2]);
    /// ```
    #[must_use]
    #[inline]
    pub fn in_order(cells: &'run mut [Cell], ports: &'run [Port], output: u32) -> Self {
        Self { cells, ports, reads_left: None, output, moves: true, first: 0 }
    }

    /// Returns whether anything provides the parameter at `position`, so that it needs no default.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Args, Cell, Port};
    /// # let mut cells = [Cell::default(), Cell::default()];
    /// # let ports = [Port::new(0, Port::ANY)];
    /// # let args = Args::new(&mut cells, &ports, &[1, 0], 1);
    /// // Nobody gave the parameter.
    /// let limit = if args.is_provided(0) { *args.borrow::<u64>(0) } else { 10 };
    /// assert_eq!(limit, 10);
    /// ```
    #[must_use]
    #[inline]
    pub fn is_provided(&self, position: usize) -> bool {
        self.cells[self.ports[position].cell as usize].is_full()
    }

    /// Borrows the parameter at `position`.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Args, Cell, Port};
    /// # let ports = [Port::new(0, 0)];
    /// let mut cells = [Cell::new(vec![1.0, 2.0]), Cell::default()];
    /// let args = Args::new(&mut cells, &ports, &[1, 0], 1);
    /// assert_eq!(args.borrow::<[f64]>(0), [1.0, 2.0]);
    /// ```
    #[must_use]
    #[inline]
    pub fn borrow<W: Lend + ?Sized>(&self, position: usize) -> &W {
        let (held, way) = self.held(position);
        held.and_then(|held| read::<W>(held, way)).unwrap_or_else(|| mistyped::<W>(position))
    }

    /// Borrows the parameter at `position`, over the edge that [`Param::via`](crate::Param::via) spoke of.
    ///
    /// # Examples
    /// See [`Edge`].
    #[must_use]
    #[inline]
    pub fn borrow_via<E: Edge>(&self, position: usize) -> &E::Wanted {
        let (held, way) = self.held(position);
        held.and_then(|held| read_via::<E>(held, way)).unwrap_or_else(|| mistyped::<E::Wanted>(position))
    }

    /// Borrows the parameter at `position`, if it is provided and not `None`.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Args, Cell, Port};
    /// # let ports = [0, 1].map(|cell| Port::new(cell, Port::ANY));
    /// let mut cells = [Cell::new(Some(String::from("text"))), Cell::new(None::<String>), Cell::default()];
    /// let args = Args::new(&mut cells, &ports, &[1, 1, 0], 2);
    /// assert_eq!(args.borrow_optional::<str>(0), Some("text"));
    /// assert_eq!(args.borrow_optional::<str>(1), None);
    /// ```
    #[must_use]
    #[inline]
    pub fn borrow_optional<W: Lend + ?Sized>(&self, position: usize) -> Option<&W> {
        let (held, way) = self.held(position);
        let held = held.filter(|_| self.is_provided(position))?;
        read_optional::<W>(held, way).unwrap_or_else(|| mistyped::<W>(position))
    }

    /// Takes the parameter at `position`: moved at its last use, cloned otherwise.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Args, Cell, Port};
    /// # let ports = [Port::new(0, 0)];
    /// let mut cells = [Cell::new(String::from("text")), Cell::default()];
    /// // Two reads are left, this one and a later one, so the value is cloned.
    /// let cloned: String = Args::new(&mut cells, &ports, &[2, 0], 1).take(0);
    /// assert!(cells[0].is_full());
    /// // This read is the last, so the value is moved.
    /// let moved: String = Args::new(&mut cells, &ports, &[1, 0], 1).take(0);
    /// assert!(!cells[0].is_full());
    /// # assert_eq!(cloned, moved);
    /// ```
    #[must_use]
    #[inline]
    pub fn take<T: Any + Clone>(&mut self, position: usize) -> T {
        self.take_with(position, Some(T::clone))
    }

    /// Takes the parameter at `position`; `clone` is for when it is not the value's last use.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Args, Cell, Port};
    /// # let ports = [Port::new(0, 0)];
    /// struct Token(u64);
    ///
    /// let mut cells = [Cell::new(Token(7)), Cell::default()];
    /// // A `Token` cannot be cloned, and as its last use this one need not.
    /// let token: Token = Args::new(&mut cells, &ports, &[1, 0], 1).take_with(0, None);
    /// assert_eq!(token.0, 7);
    /// ```
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
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Args, Cell, Port};
    /// # let ports = [0, 1, 2].map(|cell| Port::new(cell, Port::ANY));
    /// let mut cells = [Cell::new(3_u8), Cell::new(Some(4_u8)), Cell::default(), Cell::default()];
    /// let mut args = Args::new(&mut cells, &ports, &[1, 1, 1, 0], 3);
    /// let taken: Vec<Option<u8>> = (0..3).map(|position| args.take_optional(position)).collect();
    /// assert_eq!(taken, [Some(3), Some(4), None]);
    /// ```
    #[must_use]
    #[inline]
    pub fn take_optional<T: Any + Clone>(&mut self, position: usize) -> Option<T> {
        self.take_optional_with(position, Some(T::clone), Some(Option::<T>::clone))
    }

    /// Takes the parameter at `position`, if it is provided and not `None`; the functions clone when it is not the
    /// value's last use.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Args, Cell, Port};
    /// # let ports = [Port::new(0, Port::ANY)];
    /// struct Token(u64);
    ///
    /// let mut cells = [Cell::new(Token(7)), Cell::default()];
    /// let mut args = Args::new(&mut cells, &ports, &[1, 0], 1);
    /// let token: Option<Token> = args.take_optional_with(0, None, None);
    /// assert_eq!(token.map(|token| token.0), Some(7));
    /// ```
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
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Body;
    ///
    /// let length = Body::future(|args| {
    ///     let text = args.lease::<str>(0);
    ///     // The future outlives `args`, and the lease goes with it.
    ///     async move { Ok(text.len()) }
    /// });
    /// # use icosian_core::{Args, Cell, Port};
    /// # use std::task::{Context, Waker};
    /// # let mut cells = [Cell::new(String::from("text")), Cell::default()];
    /// # let mut task = None;
    /// # length.call(&mut Args::new(&mut cells, &[Port::new(0, 0)], &[1, 0], 1), &mut task).unwrap();
    /// # let mut task = task.expect("it is async");
    /// # assert!(task.poll(&mut Context::from_waker(Waker::noop())).is_ready());
    /// # let [_, cell] = &mut cells;
    /// # task.deliver(cell);
    /// // Called with "text", and polled to its end:
    /// assert_eq!(cell.get::<usize>(), Some(&4));
    /// ```
    #[must_use]
    pub fn lease<W: Lend + ?Sized>(&mut self, position: usize) -> Lease<W> {
        self.optional_lease(position, read::<W>).inner.unwrap_or_else(|| mistyped::<W>(position))
    }

    /// Shares the parameter at `position` with a future, over the edge that [`Param::via`](crate::Param::via) spoke of.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Args, Cell, Edge, Port};
    /// # struct Label(String);
    /// # struct LabelAsText;
    /// # impl Edge for LabelAsText {
    /// #     type Given = Label;
    /// #     type Wanted = str;
    /// #     fn lend(given: &Label) -> &str {
    /// #         &given.0
    /// #     }
    /// # }
    /// # let ports = [Port::new(0, Port::VIA)];
    /// // `LabelAsText` is the edge from a `Label` to a `&str`.
    /// let mut cells = [Cell::new(Label("spend".to_owned())), Cell::default()];
    /// let lease = Args::new(&mut cells, &ports, &[1, 0], 1).lease_via::<LabelAsText>(0);
    /// assert_eq!(&*lease, "spend");
    /// ```
    #[must_use]
    pub fn lease_via<E: Edge>(&mut self, position: usize) -> Lease<E::Wanted> {
        let lease = self.optional_lease(position, read_via::<E>);
        lease.inner.unwrap_or_else(|| mistyped::<E::Wanted>(position))
    }

    /// Shares the parameter at `position` with a future, if it is provided and not `None`.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Args, Cell, Port};
    /// # let ports = [Port::new(0, Port::ANY)];
    /// let mut cells = [Cell::new(Some(String::from("text"))), Cell::default()];
    /// let lease = Args::new(&mut cells, &ports, &[1, 0], 1).lease_optional::<str>(0);
    /// assert_eq!(lease.get(), Some("text"));
    /// ```
    #[must_use]
    pub fn lease_optional<W: Lend + ?Sized>(&mut self, position: usize) -> OptionalLease<W> {
        self.optional_lease(position, |held, way| read_optional::<W>(held, way)?)
    }

    /// Stores the node's output in its cell.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Args, Cell};
    /// let mut cells = [Cell::default()];
    /// Args::new(&mut cells, &[], &[0], 0).give(4_u64);
    /// assert_eq!(cells[0].get::<u64>(), Some(&4));
    /// ```
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

    fn optional_lease<W: ?Sized>(&mut self, position: usize, read: Read<W>) -> OptionalLease<W> {
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

/// How a `T` is cloned.
///
/// # Examples
/// ```
/// use icosian_core::Cloner;
///
/// let clone: Cloner<String> = String::clone;
/// assert_eq!(clone(&String::from("text")), "text");
/// ```
pub type Cloner<T> = fn(&T) -> T;

type Read<W> = fn(&dyn Any, u8) -> Option<&W>;

/// A value that a future borrows while it runs; it reads as a `W`.
///
/// # Examples
/// ```
/// use icosian_core::{Args, Cell, Port};
///
/// let mut cells = [Cell::new(String::from("text")), Cell::default()];
/// let ports = [Port::new(0, 0)];
/// let lease = Args::new(&mut cells, &ports, &[1, 0], 1).lease::<str>(0);
/// assert_eq!(&*lease, "text");
/// ```
pub struct Lease<W: ?Sized> {
    held: Arc<dyn Erased>,
    way: u8,
    read: Read<W>,
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

/// A value that a future borrows while it runs, if there is one.
///
/// # Examples
/// ```
/// use icosian_core::{Args, Cell, Port};
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
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::{Args, Cell, Port};
    /// # let ports = [Port::new(0, Port::ANY)];
    /// let mut cells = [Cell::new(3_u64), Cell::default()];
    /// let limit = Args::new(&mut cells, &ports, &[1, 0], 1).lease_optional::<u64>(0);
    /// assert_eq!(limit.get().copied().unwrap_or(10), 3);
    /// ```
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
