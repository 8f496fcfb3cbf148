use std::fmt;
use std::sync::Arc;

use icosian_core::node::{Asyncness, Body, Placement};
use icosian_core::run::StartLimits;
use icosian_core::{Caps, Node, Outline, Output, RunContext};
use icosian_diagnostics::Diagnostics;
use icosian_graph::{Graph, GraphError, Plan, Step};

use crate::executable::Executable;
use crate::pool::Pool;
use crate::state::State;

/// A plan and the bodies of its steps, shared by all runs of the same outputs.
///
/// A program serves any number of concurrent runs. Each run reuses the memory of an earlier run.
///
/// # Examples
/// ```
/// use icosian_adapter::{GraphAdapter, Program, Run, SyncAdapter};
/// use icosian_core::{Node, Outline, Param};
///
/// let double = Outline::new("double").with_param(Param::borrowed::<u64>("single"));
/// let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
/// let program = Program::new([double], ["double"])?;
/// let single = program.plan().inputs()[0].cell();
/// let (mut first, mut second) = (Run::new(&program), Run::new(&program));
/// first.values_mut().fill(single, 1_u64);
/// second.values_mut().fill(single, 2_u64);
/// SyncAdapter.run(&mut first)?;
/// SyncAdapter.run(&mut second)?;
/// assert_eq!((first.values_mut().take(0), second.values_mut().take(0)), (Some(2_u64), Some(4_u64)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Program {
    executable: Executable,
    /// The wanted cells that are wanted more than once.
    wanted_again: Vec<u32>,
    is_marked: bool,
    needs: Caps,
    has_attempt_limits: bool,
    idle: Pool<Box<State>>,
}

impl Program {
    /// Returns the program that computes `wanted` from `nodes`.
    ///
    /// # Errors
    /// All problems of the graph, or else of the wanted outputs.
    pub fn new<N: AsRef<str>>(
        nodes: impl IntoIterator<Item = Node>,
        wanted: impl IntoIterator<Item = N>,
    ) -> Result<Self, Diagnostics<GraphError>> {
        let (outlines, bodies): (Vec<_>, Vec<_>) = nodes.into_iter().map(Node::into_parts).unzip();
        let graph = Graph::new(outlines)?;
        let plan = icosian_graph::plan(&graph, wanted)?;
        Ok(Self::from_plan(Arc::new(graph), plan, &bodies))
    }

    /// Returns the program of a `plan` of `graph`, whose nodes have `bodies`, in the order of the nodes.
    ///
    /// # Panics
    /// If there are fewer bodies than nodes.
    #[must_use]
    pub fn from_plan(graph: Arc<Graph>, plan: Plan, bodies: &[Body]) -> Self {
        let executable = Executable::new(graph, plan, bodies);
        let mut wanted = executable.plan().wanted().to_vec();
        wanted.sort_unstable();
        let wanted_again = wanted.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        let outlines = || executable.plan().steps().map(|step| executable.outline(step));
        let is_marked = outlines()
            .any(|outline| outline.placement() != Placement::Inline || outline.start_limits().is_some());
        let needs = outlines().fold(Caps::NONE, |needs, outline| needs.with(runtime_needs(outline)));
        let has_attempt_limits = outlines().any(|outline| outline.attempt_limits().is_some());
        Self { executable, wanted_again, is_marked, needs, has_attempt_limits, idle: Pool::default() }
    }

    /// Sets the graph that hooks see, if the plan's graph was made from another one.
    #[must_use]
    pub fn with_declared_graph(mut self, graph: Arc<Graph>) -> Self {
        self.executable.set_declared(graph);
        self
    }

    /// Sets the name of the adapter, for hooks.
    #[must_use]
    pub fn with_adapter_name(mut self, adapter: &'static str) -> Self {
        self.executable.set_adapter(adapter);
        self
    }

    /// Returns the graph of the plan.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        self.executable.graph()
    }

    /// Returns the plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        self.executable.plan()
    }

    /// Returns the outline of a step's node.
    ///
    /// # Panics
    /// If the step is of another, longer plan.
    #[must_use]
    pub fn outline(&self, step: Step) -> &Outline {
        self.executable.outline(step)
    }

    /// Returns whether a node is offloaded or spawned, or has a concurrency limit or a rate limit.
    #[must_use]
    pub fn is_marked(&self) -> bool {
        self.is_marked
    }

    /// Returns the capabilities of the runtime that the nodes need: threads, tasks, a timer, or limits.
    #[must_use]
    pub fn needs(&self) -> Caps {
        self.needs
    }

    /// Returns whether the attempts of a node wait for limits, so that the run's context needs a limiter.
    #[must_use]
    pub fn has_attempt_limits(&self) -> bool {
        self.has_attempt_limits
    }

    /// Returns whether a node reads the run's context.
    #[must_use]
    pub fn reads_context(&self) -> bool {
        self.executable.context_cell().is_some()
    }

    pub(crate) fn executable(&self) -> &Executable {
        &self.executable
    }

    pub(crate) fn is_wanted_again(&self, cell: usize) -> bool {
        u32::try_from(cell).is_ok_and(|cell| self.wanted_again.binary_search(&cell).is_ok())
    }

    /// Returns the declared output of a cell that a step fills.
    pub(crate) fn output(&self, cell: usize) -> Option<&Output> {
        Some(self.outline(self.plan().step(cell)?).output())
    }

    /// Returns the state of a new run.
    pub(crate) fn new_state(&self) -> Box<State> {
        let mut state = self.idle.take().unwrap_or_default();
        state.reset(&self.executable);
        if self.executable.acceptance().is_some() {
            state.watch(&self.executable);
        }
        if self.executable.context_cell().is_some() {
            state.set_context(&self.executable, RunContext::new());
        }
        state
    }

    /// Keeps the state of a run that succeeded, for a later run.
    pub(crate) fn keep(&self, state: Box<State>) {
        self.idle.keep(state);
    }
}

/// Returns the capabilities of the runtime that a node needs.
fn runtime_needs(outline: &Outline) -> Caps {
    let place = match (outline.placement(), outline.asyncness()) {
        (Placement::Inline, _) => Caps::NONE,
        (Placement::Offload, Asyncness::Sync) => Caps::THREADS,
        (Placement::Offload, Asyncness::Async) => Caps::THREADS | Caps::TASKS,
        (Placement::Spawn, _) => Caps::TASKS,
    };
    let timer = outline.time_limit().map_or(Caps::NONE, |_| Caps::TIMER);
    let group = outline.group().map_or(Caps::NONE, |_| Caps::GROUPS);
    let rate_limit = outline.limits().find_map(StartLimits::rate_limit);
    let rate_limit = rate_limit.map_or(Caps::NONE, |_| Caps::RATE_LIMITS | Caps::TIMER);
    place | timer | group | rate_limit | outline.needs()
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Program({:?})", self.plan())
    }
}
