use std::fmt;
use std::time::Duration;

use icosian_core::NodeError;
use icosian_core::node::{Args, Body, Port};
use icosian_core::run::Attempts;
use icosian_core::value::Arena;
use icosian_graph::{NodeId, Step};

use crate::executable::Executable;
use crate::hook::NodeOutcome;
use crate::panic_guard::{catch_panic, drop_values};
use crate::run_abort::RunAbort;
use crate::watch::Watcher;

/// A sync step with its arguments, detached from its run, which any thread can execute.
///
/// # Examples
/// ```
/// use icosian_adapter::{Program, Run};
/// # use icosian_core::{Node, Outline};
/// # let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
/// let program = Program::new([one], ["one"])?;
/// let mut run = Run::new(&program);
/// while let Some(step) = run.next_ready() {
///     let detached = run.detach(step)?;
///     let result = std::thread::spawn(|| detached.execute()).join().expect("a node's panic is in its result");
///     run.finish(result)?;
/// }
/// assert_eq!(run.values_mut().take::<u64>(0), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Detached {
    pub(crate) run: u64,
    pub(crate) step: Step,
    pub(crate) node: NodeId,
    pub(crate) watch: Option<Watcher>,
    /// `None` if the step reads a lost value and is skipped.
    pub(crate) body: Option<Body>,
    /// The values of the parameters in order, then the output.
    pub(crate) values: Arena,
    pub(crate) ports: Vec<Port>,
}

/// The result of an executed detached step.
pub struct StepResult {
    pub(crate) run: u64,
    pub(crate) step: Step,
    pub(crate) values: Arena,
    pub(crate) outcome: Outcome,
}

/// The outcome of a detached step.
#[derive(Debug)]
pub(crate) enum Outcome {
    Succeeded,
    Failed {
        error: NodeError,
        /// The error of a hook that observed the failure.
        hook: Option<RunAbort>,
    },
    TimedOut(Duration),
    Aborted(RunAbort),
    Skipped,
}

impl StepResult {
    /// Emits an event if the step was timed out after its time.
    pub(crate) fn log_timeout(&self, executable: &Executable) {
        if let Outcome::TimedOut(limit) = &self.outcome {
            tracing::warn!(node = %executable.outline(self.step).name(), ?limit, "node timed out");
        }
    }

    /// Drops the values of the step. Panics of their destructors are ignored.
    pub(crate) fn drop_values(&mut self) {
        drop_values(&mut self.values);
    }
}

impl Drop for StepResult {
    fn drop(&mut self) {
        self.drop_values();
    }
}

impl Drop for Detached {
    fn drop(&mut self) {
        drop_values(&mut self.values);
    }
}

impl Detached {
    pub(crate) fn skipped(run: u64, step: Step, node: NodeId) -> Self {
        Self { run, step, node, watch: None, body: None, values: Arena::default(), ports: Vec::new() }
    }

    /// Runs the node's function. Pass the result to [`Run::finish`](crate::Run::finish).
    #[must_use]
    pub fn execute(mut self) -> StepResult {
        let (run, step) = (self.run, self.step);
        let mut values = std::mem::take(&mut self.values);
        let result = |values, outcome| StepResult { run, step, values, outcome };
        let Some(body) = self.body.take() else { return result(values, Outcome::Skipped) };
        let watch = self.watch.take();
        if let Some(Err(abort)) = watch.as_ref().map(|watch| watch.before(self.node, step)) {
            return result(values, Outcome::Aborted(abort));
        }
        let call = || {
            catch_panic(|| {
                // There is one slot for each parameter, and one for the output.
                let output = u32::try_from(self.ports.len()).unwrap_or(u32::MAX);
                body.call(&mut Args::in_order(&mut values, &self.ports, output), &mut None)
            })
        };
        let called = match &watch {
            Some(watch) => watch.observe(step.position(), call),
            None => Attempts::under(None, call),
        };
        let hooks = watch.map_or(Ok(()), |watch| {
            let outcome = called.as_ref().map_or_else(NodeOutcome::Failed, |()| NodeOutcome::Succeeded);
            watch.after(step, outcome, values.value(self.ports.len()).filter(|_| called.is_ok()))
        });
        let outcome = match (called, hooks) {
            (Err(error), hooks) => Outcome::Failed { error, hook: hooks.err() },
            (Ok(()), Err(abort)) => Outcome::Aborted(abort),
            (Ok(()), Ok(())) => Outcome::Succeeded,
        };
        result(values, outcome)
    }

    /// Returns the ticket of the step.
    ///
    /// A thread cannot be stopped from outside: the function runs to its end, and its result is dropped.
    #[must_use]
    pub fn ticket(&self) -> StepTicket {
        StepTicket { run: self.run, step: self.step }
    }
}

/// The adapter's record of a detached step, to report that the step exceeded a time limit.
///
/// # Examples
/// ```
/// use icosian_adapter::{Program, Run};
/// use std::time::Duration;
/// # use icosian_core::{Node, Outline};
/// # let slow = Node::sync(Outline::new("slow"), |_| Ok(1_u64));
///
/// let program = Program::new([slow], ["slow"])?;
/// let mut run = Run::new(&program);
/// let step = run.next_ready().expect("it waits for nothing");
/// let detached = run.detach(step)?;
/// let late = detached.ticket();
/// // A thread executes `detached`, and does not return its result in time.
/// let abort = run.finish(late.time_out(Duration::from_secs(1))).unwrap_err();
/// assert_eq!(abort.to_string(), "step 0 failed: timed out after 1s");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct StepTicket {
    run: u64,
    step: Step,
}

impl StepTicket {
    /// Creates the result of a step that exceeded `limit`.
    #[must_use]
    pub fn time_out(self, limit: Duration) -> StepResult {
        let outcome = Outcome::TimedOut(limit);
        StepResult { run: self.run, step: self.step, values: Arena::default(), outcome }
    }
}

impl fmt::Debug for Detached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Detached({})", self.step.position())
    }
}

impl fmt::Debug for StepResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StepResult({}, {:?})", self.step.position(), self.outcome)
    }
}
