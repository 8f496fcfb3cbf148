use std::any::Any;
use std::collections::HashMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::thread;

use crate::node::args::Consumption;
use crate::node::{Args, Port};
use crate::run::ArgumentDropPanic;
use crate::value::{Arena, Cell, Erased, Part, Projection, Slot};
use crate::{NodeError, Output};

/// The arguments of a call, kept so that a body can be called again later.
///
/// # Examples
/// ```
/// use icosian_core::node::{Args, Body, HeldArgs, Port};
/// use icosian_core::value::{Arena, Cell};
///
/// let double = Body::sync(|args| Ok(2 * args.take::<u64>(0)));
/// let mut cells = Arena::from([Cell::new(3_u64), Cell::default()]);
/// let mut held = HeldArgs::default();
/// Args::new(&mut cells, &[Port::new(0, 0)], &[1, 0], 1).hold(&mut held);
/// for _ in 0..2 {
///     double.call(&mut held.args(), &mut None)?;
///     assert_eq!(held.output().get::<u64>(), Some(&6));
/// }
/// # Ok::<(), icosian_core::NodeError>(())
/// ```
#[derive(Debug, Default)]
pub struct HeldArgs {
    /// One for each parameter, then that of the output.
    values: Arena,
    ports: Vec<Port>,
    /// The position of the first parameter in the step's parameters.
    first: usize,
}

impl HeldArgs {
    /// Returns the arguments for a call that is not the last. Taking an argument clones it.
    pub fn args(&mut self) -> Args<'_> {
        Args { moves: false, ..self.last_args() }
    }

    /// Returns the arguments for the last call. Taking an argument without other readers moves it.
    pub fn last_args(&mut self) -> Args<'_> {
        // There is one cell for each parameter, and one for the output.
        let output = u32::try_from(self.ports.len()).unwrap_or(u32::MAX);
        Args { first: self.first, ..Args::in_order(&mut self.values, &self.ports, output) }
    }

    /// Returns the slot with the output of a sync body.
    ///
    /// # Panics
    /// Panics if no arguments are held.
    pub fn output(&mut self) -> Slot<'_> {
        let last = self.values.len().checked_sub(1).expect("there is a slot for the output");
        self.values.slot(last)
    }

    /// Drops the arguments, and keeps the memory.
    ///
    /// # Panics
    /// Panics if the drop of an argument panics. The panic names the argument, so that a run reports the node that produced the
    /// value and not the node that held it.
    pub fn release(&mut self) {
        let mut panicked = None;
        for at in 0..self.ports.len().min(self.values.len()) {
            if let Err(payload) = catch_unwind(AssertUnwindSafe(|| self.values.clear(at))) {
                let message = NodeError::panicked(&*payload).to_string();
                // The drop of a payload may panic too; such a payload is leaked.
                catch_unwind(AssertUnwindSafe(|| drop(payload))).map_err(std::mem::forget).ok();
                panicked = panicked.or(Some(ArgumentDropPanic { position: self.first + at, message }));
            }
        }
        if let Some(panicked) = panicked
            && !thread::panicking()
        {
            resume_unwind(Box::new(panicked));
        }
    }
}

impl HeldArgs {
    /// Moves the argument at `position` out if no other parameter reads it, and shares it otherwise. The cell is empty if nothing
    /// provides the argument.
    #[must_use]
    pub fn take_cell(&mut self, position: usize) -> Cell {
        let port = self.ports[position];
        let at = port.cell as usize;
        if port.last {
            self.values.take_cell(at)
        } else {
            self.share(position).map(Cell::shared).unwrap_or_default()
        }
    }

    /// Shares the argument at `position`; `None` if nothing provides it.
    #[must_use]
    pub fn share(&mut self, position: usize) -> Option<Arc<dyn Erased>> {
        let at = self.ports[position].cell as usize;
        self.values.share(at)
    }
}

impl Drop for HeldArgs {
    fn drop(&mut self) {
        self.release();
    }
}

impl HeldArgs {
    /// Puts a value into the cell of the parameter at `position`, which no other parameter reads.
    pub fn provide(&mut self, position: usize, put: impl FnOnce(Slot<'_>)) {
        for (at, port) in self.ports.iter_mut().enumerate().skip(position) {
            // The cell at a parameter's own position is free, or it is the parameter's.
            if at == position || port.cell as usize == position {
                port.cell = u32::try_from(at).unwrap_or(u32::MAX);
            }
        }
        let port = &mut self.ports[position];
        *port = Port { last: true, ..Port::new(port.cell, Port::ANY) };
        put(self.values.slot(position));
    }
}

/// The number of parameters above which their cells are indexed.
const MANY_PORTS: usize = 16;

/// The parameters of a step that read one cell.
#[derive(Clone, Copy, Debug)]
struct PortUses {
    /// The position of the first parameter.
    first: usize,
    /// The position of the last parameter.
    latest: usize,
    count: usize,
    /// True if a parameter is the last reader of the cell.
    ends: bool,
}

impl PortUses {
    fn new(at: usize, port: Port) -> Self {
        Self { first: at, latest: at, count: 1, ends: port.last }
    }

    fn add(&mut self, at: usize, port: Port) {
        self.latest = at;
        self.count += 1;
        self.ends |= port.last;
    }

    /// Finds the parameters that read `cell`, which one of `ports` does.
    fn find(ports: &[Port], cell: u32) -> Self {
        let mut same = ports.iter().enumerate().filter(|(_, port)| port.cell == cell);
        let (at, port) = same.next().expect("a port has the cell");
        same.fold(Self::new(at, *port), |mut uses, (at, port)| {
            uses.add(at, *port);
            uses
        })
    }

    /// Finds the parameters that read each cell.
    fn of_all(ports: &[Port]) -> HashMap<u32, Self> {
        let mut all: HashMap<u32, Self> = HashMap::with_capacity(ports.len());
        for (at, port) in ports.iter().enumerate() {
            let uses = all.entry(port.cell);
            uses.and_modify(|uses| uses.add(at, *port)).or_insert_with(|| Self::new(at, *port));
        }
        all
    }
}

impl Args<'_> {
    /// Keeps the arguments in `held`: arguments without other readers are moved there, the others are shared. Arguments that a
    /// call has already moved are missing.
    pub fn hold(&mut self, held: &mut HeldArgs) {
        held.ports.clear();
        held.first = self.first;
        held.values.resize(self.ports.len() + 1);
        // Most functions have few parameters, which are searched faster than a map is built.
        let many = (self.ports.len() > MANY_PORTS).then(|| PortUses::of_all(self.ports));
        for (at, port) in self.ports.iter().enumerate() {
            let uses = match &many {
                Some(uses) => uses[&port.cell],
                None => PortUses::find(self.ports, port.cell),
            };
            let is_last = self.is_last_reader(*port, uses);
            // What several parameters read is held once, for the first of them.
            if uses.first == at {
                let from = port.cell as usize;
                // A future that has started may lease the value.
                if is_last && self.values.is_unshared(from) {
                    held.values.move_from(at, self.values, from);
                } else {
                    held.values.set(at, self.values.share(from).map(Cell::shared).unwrap_or_default());
                }
            }
            let cell = u32::try_from(uses.first).unwrap_or(u32::MAX);
            let last = is_last && uses.latest == at;
            held.ports.push(Port { last, borrowed: port.borrowed, ..Port::new(cell, port.way) });
        }
    }

    /// Returns whether no other step reads the cell of `port` now or later.
    fn is_last_reader(&self, port: Port, uses: PortUses) -> bool {
        self.moves
            && match self.reads_left {
                Some(left) => port.counted && left[port.cell as usize] as usize == uses.count,
                None => uses.ends,
            }
    }

    /// Returns the same arguments for a call that is not the last. Taking an argument clones it.
    #[must_use]
    #[inline]
    pub fn again(&mut self) -> Args<'_> {
        Args {
            values: self.values,
            ports: self.ports,
            reads_left: self.reads_left,
            output: self.output,
            moves: false,
            first: self.first,
        }
    }

    /// Returns the parameter at `position` if it is a `T`, for bodies that forward it.
    #[must_use]
    pub fn peek<T: Any>(&self, position: usize) -> Option<&T> {
        self.values.get(self.ports[position].cell as usize)
    }

    /// Returns the number of arguments.
    ///
    /// # Examples
    /// ```
    /// # use icosian_core::node::Args;
    /// # use icosian_core::value::Arena;
    /// assert_eq!(Args::new(&mut Arena::default(), &[], &[], 0).len(), 0);
    /// ```
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "callers do not check for parameters")]
    #[inline]
    pub fn len(&self) -> usize {
        self.ports.len()
    }

    /// Returns the arguments at `positions`, with the same output.
    #[must_use]
    #[inline]
    pub fn part(&mut self, positions: Range<usize>) -> Args<'_> {
        let first = self.first + positions.start;
        let Self { values, ports, reads_left, output, moves, .. } = self;
        Args {
            values,
            ports: &ports[positions],
            reads_left: *reads_left,
            output: *output,
            moves: *moves,
            first,
        }
    }

    /// Forwards the parameter at `position` as the output. The last reader moves the value, other readers share it.
    #[inline]
    pub fn forward(&mut self, position: usize) {
        let (_, consumption) = self.consume(position);
        let (from, to) = (self.ports[position].cell as usize, self.output as usize);
        if consumption == Consumption::Move {
            self.values.relocate(from, to);
        } else {
            let shared = self.values.share(from).map(Cell::shared).unwrap_or_default();
            self.values.set(to, shared);
        }
    }

    /// Stores a part of the parameter at `position` as the output, which `part` describes. The part is copied if it
    /// [is light](Output::is_light), and borrows from the whole otherwise.
    ///
    /// # Errors
    /// Returns an error if the value has no such part.
    #[inline]
    pub fn project(
        &mut self,
        position: usize,
        projection: &Projection,
        part: &Output,
    ) -> Result<(), NodeError> {
        let (from, to) = (self.ports[position].cell as usize, self.output as usize);
        let found = if part.is_light() {
            part.copy_part(self.values, from, to, projection)
        } else {
            let whole = self.values.share(from);
            whole
                .is_some_and(|whole| self.values.put_with(to, |cell| Part::put_into(cell, whole, projection)))
        };
        if found { Ok(()) } else { Err(NodeError::failed("the value has no such part")) }
    }

    /// Returns the slot of the output.
    #[inline]
    pub fn output(&mut self) -> Slot<'_> {
        self.values.slot(self.output as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leased_argument_is_shared_and_stays_in_its_slot() {
        let mut values = Arena::from([Cell::new(String::from("text")), Cell::default()]);
        let ports = [Port { last: true, ..Port::new(0, 0) }];
        let mut args = Args::in_order(&mut values, &ports, 1);
        let lease = args.lease_all();
        let mut held = HeldArgs::default();
        args.hold(&mut held);
        assert_eq!(lease.borrow::<str>(0), "text");
        assert_eq!(held.args().borrow::<str>(0), "text");
        drop(lease);
        // The held argument is not the only owner, so it is cloned and not moved.
        assert_eq!(held.last_args().take::<String>(0), "text");
        held.release();
        assert_eq!(values.take::<String>(0).as_deref(), Some("text"));
    }
}
