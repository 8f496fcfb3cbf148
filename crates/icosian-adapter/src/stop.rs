use std::error::Error;
use std::fmt;
use std::time::Duration;

use icosian_core::{BoxError, NodeError, Permit, RunContext};
use icosian_graph::{Plan, Step};

/// The reason why a run ended before it had all outputs.
///
/// Methods that run a step return one when the node fails, and an adapter returns it with `?`. For its own failures an
/// adapter makes one with [`adapter`](Self::adapter).
///
/// # Examples
/// ```
/// use icosian_adapter::{Cause, Stop};
///
/// let stop = Stop::adapter("the cluster is gone");
/// assert!(matches!(stop.cause(), Cause::Adapter(_)));
/// assert_eq!(stop.to_string(), "the adapter failed: the cluster is gone");
/// ```
pub struct Stop(Box<Cause>);

/// The cause of a stop.
///
/// # Examples
/// ```
/// use icosian_adapter::{Cause, GraphAdapter, Program, SyncAdapter};
/// use icosian_core::{Node, NodeError, Outline};
///
/// let broken = Node::sync(Outline::new("broken"), |_| Err::<u64, _>(NodeError::failed("no luck")));
/// let program = Program::new([broken], ["broken"])?;
/// let stop = SyncAdapter.run(&mut program.start()).unwrap_err();
/// let Cause::Node { step, error } = stop.cause() else { unreachable!("a node failed") };
/// assert_eq!(program.outline(*step).name(), &"broken");
/// assert_eq!(error.to_string(), "no luck");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Cause {
    /// A node failed or panicked.
    Node {
        /// The step that ran it.
        step: Step,
        /// Why.
        error: NodeError,
    },
    /// A future that was given as an input failed or panicked.
    Input {
        /// The cell that its value was to go into.
        cell: usize,
        /// Why.
        error: NodeError,
    },
    /// A value panicked while it was dropped after its last use.
    Drop {
        /// The cell of the value: that of the step or the input it comes from.
        cell: usize,
        /// The message of the panic.
        message: String,
    },
    /// The run would wait forever for a permit: all permits of a limit are held by nodes that wait for it.
    Deadlock {
        /// The limit, as a message names it.
        limit: String,
    },
    /// The run was not done within this time.
    Deadline(Duration),
    /// The caller cancelled the run through its context.
    Cancelled,
    /// A hook failed.
    Hook {
        /// Its name.
        hook: String,
        /// Why.
        error: BoxError,
    },
    /// The runtime lacks something that the run needs. No node has run.
    Runtime {
        /// What is missing.
        problem: String,
        /// How to provide it.
        help: String,
    },
    /// The adapter failed.
    Adapter(BoxError),
}

impl Stop {
    /// Returns that the adapter itself failed.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_adapter::Stop::adapter("no thread").to_string().ends_with("no thread"));
    /// ```
    pub fn adapter(error: impl Into<BoxError>) -> Self {
        Self(Box::new(Cause::Adapter(error.into())))
    }

    /// Returns the stop of a run whose runtime lacks something. For adapters, before the first job begins.
    ///
    /// # Examples
    /// ```
    /// let stop = icosian_adapter::Stop::runtime("the runtime has no timer", "enable it");
    /// assert_eq!(stop.to_string(), "the runtime has no timer");
    /// ```
    pub fn runtime(problem: impl Into<String>, help: impl Into<String>) -> Self {
        Self(Box::new(Cause::Runtime { problem: problem.into(), help: help.into() }))
    }

    /// Returns that the run was not done within `limit`.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::Stop;
    /// use std::time::Duration;
    ///
    /// let stop = Stop::deadline(Duration::from_secs(2));
    /// assert_eq!(stop.to_string(), "the run was not done within 2s");
    /// ```
    #[must_use]
    pub fn deadline(limit: Duration) -> Self {
        Self(Box::new(Cause::Deadline(limit)))
    }

    /// Returns that the run's context was cancelled, or that its deadline is over.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{Cause, Stop};
    /// use icosian_core::RunContext;
    /// use std::time::Duration;
    ///
    /// assert!(matches!(Stop::cancelled(&RunContext::new()).cause(), Cause::Cancelled));
    /// let late = RunContext::new().within(Duration::ZERO);
    /// assert!(matches!(Stop::cancelled(&late).cause(), Cause::Deadline(_)));
    /// ```
    #[must_use]
    pub fn cancelled(context: &RunContext) -> Self {
        match context.limit().filter(|_| context.is_late()) {
            Some(limit) => Self::deadline(limit),
            None => Self(Box::new(Cause::Cancelled)),
        }
    }

    /// Returns a stop for a run that would wait forever for a permit of `limit`, because its own callers hold them all.
    ///
    /// # Examples
    /// ```
    /// let stop = icosian_adapter::Stop::deadlock("`with_runs_at_a_time`");
    /// assert_eq!(
    ///     stop.to_string(),
    ///     "the run would wait forever: nodes that wait for it hold all permits of `with_runs_at_a_time`",
    /// );
    /// ```
    pub fn deadlock(limit: impl Into<String>) -> Self {
        Self(Box::new(Cause::Deadlock { limit: limit.into() }))
    }

    /// Returns a stop for a value that panicked while it was dropped.
    pub(crate) fn drop_panicked(cell: usize, panicked: &NodeError) -> Self {
        Self(Box::new(Cause::Drop { cell, message: panicked.to_string() }))
    }

    pub(crate) fn hook(hook: String, error: BoxError) -> Self {
        Self(Box::new(Cause::Hook { hook, error }))
    }

    /// Returns a stop for a node that failed. If its limiter refused a permit, that is the cause of the stop.
    pub(crate) fn node(step: Step, error: NodeError) -> Self {
        if let Some(limit) = Permit::refused_limit(&error) {
            return Self::deadlock(limit);
        }
        Self(Box::new(Cause::Node { step, error }))
    }

    /// Returns that the step or the input whose value goes into `cell` failed.
    pub(crate) fn at(plan: &Plan, cell: usize, error: NodeError) -> Self {
        match plan.step(cell) {
            Some(step) => Self::node(step, error),
            None => Self::input(cell, error),
        }
    }

    fn input(cell: usize, error: NodeError) -> Self {
        Self(Box::new(Cause::Input { cell, error }))
    }

    /// Returns who stopped the run.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{Cause, Stop};
    ///
    /// // An adapter that tries again does so for nodes only.
    /// let stop = Stop::adapter("no thread");
    /// assert!(!matches!(stop.cause(), Cause::Node { .. }));
    /// ```
    #[must_use]
    pub fn cause(&self) -> &Cause {
        &self.0
    }

    /// Returns who stopped the run.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{Cause, Stop};
    ///
    /// let Cause::Adapter(error) = Stop::adapter("no thread").into_cause() else {
    ///     unreachable!("the adapter failed")
    /// };
    /// assert_eq!(error.to_string(), "no thread");
    /// ```
    #[must_use]
    pub fn into_cause(self) -> Cause {
        *self.0
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Cause::Node { step, error } => write!(f, "step {} failed: {error}", step.position()),
            Cause::Input { cell, error } => write!(f, "the input of cell {cell} failed: {error}"),
            Cause::Drop { cell, message } => {
                write!(f, "the value of cell {cell} panicked while it was dropped: {message}")
            }
            Cause::Deadlock { limit } => {
                write!(f, "the run would wait forever: nodes that wait for it hold all permits of {limit}")
            }
            Cause::Deadline(limit) => write!(f, "the run was not done within {limit:?}"),
            Cause::Cancelled => f.write_str("the run was cancelled"),
            Cause::Hook { hook, error } => write!(f, "hook `{hook}` failed: {error}"),
            Cause::Runtime { problem, .. } => f.write_str(problem),
            Cause::Adapter(error) => write!(f, "the adapter failed: {error}"),
        }
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Error for Stop {}
