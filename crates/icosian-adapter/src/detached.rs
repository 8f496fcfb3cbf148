use std::fmt;
use std::time::Duration;

use icosian_core::{Args, Attempts, Body, Cell, NodeError, Port};
use icosian_graph::{NodeId, Step};

use crate::hook::NodeOutcome;
use crate::state::{caught, dropped};
use crate::watch::Watcher;
use crate::{Program, Stop};

/// A sync step with its arguments, detached from its run, which any thread can execute.
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
    pub(crate) node: NodeId,
    pub(crate) watch: Option<Watcher>,
    /// `None` if the step reads a lost value and is skipped.
    pub(crate) body: Option<Body>,
    /// The cells of the parameters in order, then the cell of the output.
    pub(crate) cells: Vec<Cell>,
    pub(crate) ports: Vec<Port>,
}

/// The result of an executed detached step.
///
/// # Examples
/// See [`Detached`].
pub struct Executed {
    pub(crate) run: u64,
    pub(crate) step: Step,
    pub(crate) cells: Vec<Cell>,
    pub(crate) outcome: Outcome,
}

/// The outcome of a detached step.
#[derive(Debug)]
pub(crate) enum Outcome {
    Done,
    Failed {
        error: NodeError,
        /// The error of a hook that observed the failure.
        hook: Option<Stop>,
    },
    TimedOut(Duration),
    Stopped(Stop),
    Skipped,
}

impl Executed {
    /// Emits an event if the step was not done within its time.
    pub(crate) fn log_timeout(&self, program: &Program) {
        if let Outcome::TimedOut(limit) = &self.outcome {
            tracing::warn!(node = %program.outline(self.step).name(), ?limit, "node timed out");
        }
    }

    /// Drops the cells of the step. Panics of their destructors are ignored.
    pub(crate) fn let_go(&mut self) {
        for cell in self.cells.drain(..) {
            dropped(cell).ok();
        }
    }
}

impl Drop for Executed {
    fn drop(&mut self) {
        self.let_go();
    }
}

impl Drop for Detached {
    fn drop(&mut self) {
        for cell in self.cells.drain(..) {
            dropped(cell).ok();
        }
    }
}

impl Detached {
    pub(crate) fn skipped(run: u64, step: Step, node: NodeId) -> Self {
        Self { run, step, node, watch: None, body: None, cells: Vec::new(), ports: Vec::new() }
    }

    /// Runs the node's function. Pass the result to [`Run::finish`](crate::Run::finish).
    ///
    /// # Examples
    /// See [`Detached`].
    #[must_use]
    pub fn execute(mut self) -> Executed {
        let (run, step) = (self.run, self.step);
        let mut cells = std::mem::take(&mut self.cells);
        let ended = |cells, outcome| Executed { run, step, cells, outcome };
        let Some(body) = self.body.take() else { return ended(cells, Outcome::Skipped) };
        let watch = self.watch.take();
        if let Some(Err(stop)) = watch.as_ref().map(|watch| watch.before(self.node, step)) {
            return ended(cells, Outcome::Stopped(stop));
        }
        let call = || {
            caught(|| {
                // There is one cell for each parameter, and one for the output.
                let output = u32::try_from(self.ports.len()).unwrap_or(u32::MAX);
                body.call(&mut Args::in_order(&mut cells, &self.ports, output), &mut None)
            })
        };
        let called = match &watch {
            Some(watch) => watch.observe(step.position(), call),
            None => Attempts::under(None, call),
        };
        let told = watch.map_or(Ok(()), |watch| {
            let outcome = called.as_ref().map_or_else(NodeOutcome::Failed, |()| NodeOutcome::Succeeded);
            watch.after(step, outcome, cells.last().filter(|_| called.is_ok()))
        });
        let outcome = match (called, told) {
            (Err(error), told) => Outcome::Failed { error, hook: told.err() },
            (Ok(()), Err(stop)) => Outcome::Stopped(stop),
            (Ok(()), Ok(())) => Outcome::Done,
        };
        ended(cells, outcome)
    }

    /// Returns a receipt, which reports that the step exceeded a time limit.
    ///
    /// A thread cannot be stopped from outside: the function runs to its end, and its result is dropped.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::Program;
    /// use std::time::Duration;
    /// # use icosian_core::{Node, Outline};
    /// # let slow = Node::sync(Outline::new("slow"), |_| Ok(1_u64));
    ///
    /// let program = Program::new([slow], ["slow"])?;
    /// let mut run = program.start();
    /// let step = run.next_ready().expect("it waits for nothing");
    /// let detached = run.detach(step)?;
    /// let late = detached.receipt();
    /// // .. the step is given to a thread, which does not hand it back in time.
    /// let stop = run.finish(late.timed_out(Duration::from_secs(1))).unwrap_err();
    /// assert_eq!(stop.to_string(), "step 0 failed: it was not done within 1s");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn receipt(&self) -> Receipt {
        Receipt { run: self.run, step: self.step }
    }
}

/// The adapter's record of a detached step.
///
/// # Examples
/// See [`Detached::receipt`].
#[derive(Debug)]
pub struct Receipt {
    run: u64,
    step: Step,
}

impl Receipt {
    /// Creates the result of a step that exceeded `limit`.
    ///
    /// # Examples
    /// See [`Detached::receipt`].
    #[must_use]
    pub fn timed_out(self, limit: Duration) -> Executed {
        let outcome = Outcome::TimedOut(limit);
        Executed { run: self.run, step: self.step, cells: Vec::new(), outcome }
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
