use std::fmt;

use icosian_core::{Args, Body, Cell, NodeError, Port};
use icosian_graph::Step;

use crate::state::caught;

/// A sync step taken out of its run, with all that it reads, to be executed on any thread.
///
/// # Examples
/// ```
/// use icosian_adapter::Program;
/// # use icosian_core::{Node, Outline};
/// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
/// let program = Program::new([one], ["one"])?;
/// let mut run = program.start();
/// while let Some(step) = run.next_ready() {
///     let detached = run.detach(step)?;
///     let executed = std::thread::spawn(|| detached.execute()).join().expect("a node's panic is in its result");
///     run.finish(executed)?;
/// }
/// assert_eq!(run.take::<u64>(0), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Detached {
    pub(crate) run: u64,
    pub(crate) step: Step,
    pub(crate) body: Body,
    /// What the step reads, by parameter, then the cell of its output.
    pub(crate) cells: Vec<Cell>,
    pub(crate) ports: Vec<Port>,
}

/// A detached step that was executed, well or not.
///
/// # Examples
/// See [`Detached`].
pub struct Executed {
    pub(crate) run: u64,
    pub(crate) step: Step,
    pub(crate) cells: Vec<Cell>,
    pub(crate) outcome: Result<(), NodeError>,
}

impl Detached {
    /// Runs the node's function. Its result is handed back by [`Run::finish`](crate::Run::finish).
    ///
    /// # Examples
    /// See [`Detached`].
    #[must_use]
    pub fn execute(self) -> Executed {
        let Self { run, step, body, mut cells, ports } = self;
        let outcome = caught(|| {
            // There is one cell for each parameter, and one for the output.
            let output = u32::try_from(ports.len()).unwrap_or(u32::MAX);
            body.call(&mut Args::in_order(&mut cells, &ports, output), &mut None)
        });
        Executed { run, step, cells, outcome }
    }
}

impl fmt::Debug for Detached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Detached({})", self.step.position())
    }
}

impl fmt::Debug for Executed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Executed({}, {:?})", self.step.position(), self.outcome)
    }
}
