use std::fmt;
use std::sync::Arc;

use icosian_core::{Body, Caps, Colour, Node, Outline, Output, Placement, RunContext, StartLimits};
use icosian_diagnostics::Diagnostics;
use icosian_graph::{Graph, GraphError, Plan, Step};

use crate::pool::Pool;
use crate::state::State;
use crate::{AsyncRun, Run};

/// A plan and the bodies of its steps: all that runs of some outputs share.
///
/// It is made once and serves any number of runs at a time; each [`start`](Self::start) takes its state from those that
/// earlier runs have left.
///
/// # Examples
/// ```
/// use icosian_adapter::Program;
/// use icosian_core::{Node, Outline};
///
/// let program = Program::new([Node::sync(Outline::new("one"), |_| Ok(1_u64))], ["one"])?;
/// assert_eq!(program.plan().steps().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Program {
    graph: Arc<Graph>,
    plan: Plan,
    bodies: Vec<Body>,
    /// The wanted cells that are wanted more than once.
    wanted_again: Vec<u32>,
    /// The cell that the run's context goes into, if a node reads it.
    context: Option<u32>,
    is_marked: bool,
    needs: Caps,
    has_attempt_limits: bool,
    idle: Pool,
}

impl Program {
    /// Returns the program that gives `wanted` out of `nodes`.
    ///
    /// # Errors
    /// Everything that is wrong with the graph, or else with the outputs asked for.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::Program;
    /// use icosian_core::{Node, Outline};
    ///
    /// let one = || Node::sync(Outline::new("one"), |_| Ok(1_u64));
    /// assert!(Program::new([one()], ["one"]).is_ok());
    /// assert_eq!(Program::new([one()], ["two"]).unwrap_err().to_string(), "there is no node `two`");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new<N: AsRef<str>>(
        nodes: impl IntoIterator<Item = Node>,
        wanted: impl IntoIterator<Item = N>,
    ) -> Result<Self, Diagnostics<GraphError>> {
        let (outlines, bodies): (Vec<_>, Vec<_>) = nodes.into_iter().map(Node::into_parts).unzip();
        let graph = Graph::new(outlines)?;
        let plan = graph.plan(wanted)?;
        Ok(Self::from_plan(Arc::new(graph), plan, &bodies))
    }

    /// Returns the program of a `plan` of `graph`, whose nodes' bodies are `bodies` in the order of the nodes.
    ///
    /// # Panics
    /// When there are fewer bodies than nodes.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::Program;
    /// use icosian_core::{Node, Outline};
    /// use icosian_graph::Graph;
    /// use std::sync::Arc;
    ///
    /// let (outline, body) = Node::sync(Outline::new("one"), |_| Ok(1_u64)).into_parts();
    /// let graph = Arc::new(Graph::new([outline])?);
    /// let plan = graph.plan(["one"])?;
    /// let program = Program::from_plan(graph, plan, &[body]);
    /// assert_eq!(program.graph().nodes().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn from_plan(graph: Arc<Graph>, plan: Plan, bodies: &[Body]) -> Self {
        let bodies = plan.steps().map(|step| bodies[plan.node(step).position()].clone()).collect();
        let mut wanted = plan.wanted().to_vec();
        wanted.sort_unstable();
        let wanted_again = wanted.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        let is_marked = plan.steps().any(|step| {
            let outline = graph.outline(plan.node(step));
            outline.placement() != Placement::Inline || outline.start_limits().is_some()
        });
        let needs = plan
            .steps()
            .fold(Caps::NONE, |needs, step| needs.with(runtime_needs(graph.outline(plan.node(step)))));
        let has_attempt_limits =
            plan.steps().any(|step| graph.outline(plan.node(step)).attempt_limits().is_some());
        let context = plan.input(RunContext::INPUT).and_then(|input| u32::try_from(input.cell()).ok());
        Self {
            graph,
            plan,
            bodies,
            wanted_again,
            context,
            is_marked,
            needs,
            has_attempt_limits,
            idle: Pool::default(),
        }
    }

    /// Returns the graph that the plan is of.
    ///
    /// # Examples
    /// ```
    /// # use icosian_adapter::Program;
    /// # use icosian_core::{Node, Outline, Param};
    /// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// let program = Program::new([double], ["double"])?;
    /// assert_eq!(program.graph().shape().upstream("double").collect::<Vec<_>>(), ["single"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Returns the plan.
    ///
    /// # Examples
    /// ```
    /// # use icosian_adapter::Program;
    /// # use icosian_core::{Node, Outline, Param};
    /// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// let program = Program::new([double], ["double"])?;
    /// assert_eq!(program.plan().inputs()[0].name(), &"single");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns the outline of the node that a step runs.
    ///
    /// # Panics
    /// When the step is of another, longer plan.
    ///
    /// # Examples
    /// ```
    /// # use icosian_adapter::Program;
    /// # use icosian_core::{Node, Outline, Param};
    /// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// let program = Program::new([double], ["double"])?;
    /// let outlines: Vec<_> = program.plan().steps().map(|step| program.outline(step).to_string()).collect();
    /// assert_eq!(outlines, ["double(single: &u64) -> u64"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn outline(&self, step: Step) -> &Outline {
        self.graph.outline(self.plan.node(step))
    }

    /// Returns whether a node is offloaded or spawned, or has a concurrency limit or a rate limit.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::Program;
    /// use icosian_core::{Node, Outline, Placement};
    ///
    /// let resize = Outline::new("resize").placed(Placement::Offload);
    /// let program = Program::new([Node::sync(resize, |_| Ok(1_u64))], ["resize"])?;
    /// assert!(program.is_marked());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_marked(&self) -> bool {
        self.is_marked
    }

    /// Returns the capabilities of the runtime that the nodes need: threads, tasks, a timer, or limits.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::Program;
    /// use icosian_core::{Caps, Node, Outline, Placement};
    ///
    /// let resize = Outline::new("resize").placed(Placement::Offload);
    /// let program = Program::new([Node::sync(resize, |_| Ok(1_u64))], ["resize"])?;
    /// assert_eq!(program.needs(), Caps::THREADS);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn needs(&self) -> Caps {
        self.needs
    }

    /// Returns whether the attempts of a node wait for limits, so that the run's context needs a limiter.
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::Program;
    /// use icosian_core::{Group, Node, Outline};
    ///
    /// let query = Outline::new("query").grouped(Group::new("database")).limited_per_attempt();
    /// let program = Program::new([Node::sync(query, |_| Ok(1_u64))], ["query"])?;
    /// assert!(program.has_attempt_limits());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn has_attempt_limits(&self) -> bool {
        self.has_attempt_limits
    }

    /// Starts a run under a [`GraphAdapter`](crate::GraphAdapter).
    ///
    /// # Examples
    /// ```
    /// use icosian_adapter::{GraphAdapter, Program, SyncAdapter};
    /// # use icosian_core::{Node, Outline, Param};
    /// # let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
    /// # let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    /// let program = Program::new([double], ["double"])?;
    /// let single = program.plan().inputs()[0].cell();
    /// let (mut first, mut second) = (program.start(), program.start());
    /// first.fill(single, 1_u64);
    /// second.fill(single, 2_u64);
    /// SyncAdapter.run(&mut first)?;
    /// SyncAdapter.run(&mut second)?;
    /// assert_eq!((first.take(0), second.take(0)), (Some(2_u64), Some(4_u64)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn start(&self) -> Run<'_> {
        Run::new(self, self.state())
    }

    /// Starts a run under an [`AsyncGraphAdapter`](crate::AsyncGraphAdapter).
    ///
    /// # Examples
    /// See [`AsyncRun`].
    #[must_use]
    pub fn start_async(&self) -> AsyncRun<'_> {
        AsyncRun::new(self, self.state())
    }

    #[inline]
    pub(crate) fn body(&self, step: Step) -> &Body {
        &self.bodies[step.position()]
    }

    pub(crate) fn is_wanted_again(&self, cell: usize) -> bool {
        u32::try_from(cell).is_ok_and(|cell| self.wanted_again.binary_search(&cell).is_ok())
    }

    /// Returns what is known of the value of a cell that a step fills.
    pub(crate) fn given(&self, cell: usize) -> Option<&Output> {
        Some(self.outline(self.plan.step(cell)?).given())
    }

    /// Returns the cell that the run's context goes into, if a node reads it.
    pub(crate) fn context_cell(&self) -> Option<usize> {
        self.context.map(|cell| cell as usize)
    }

    pub(crate) fn shared_graph(&self) -> Arc<Graph> {
        Arc::clone(&self.graph)
    }

    fn state(&self) -> Box<State> {
        let mut state = self.idle.take().unwrap_or_default();
        state.reset(&self.plan);
        if self.context.is_some() {
            state.set_context(self, RunContext::new());
        }
        state
    }

    /// Takes back the state of a run that came to its end.
    pub(crate) fn keep(&self, state: Box<State>) {
        self.idle.keep(state);
    }
}

/// Returns the capabilities of the runtime that a node needs.
fn runtime_needs(outline: &Outline) -> Caps {
    let place = match (outline.placement(), outline.colour()) {
        (Placement::Inline, _) => Caps::NONE,
        (Placement::Offload, Colour::Sync) => Caps::THREADS,
        (Placement::Offload, Colour::Async) => Caps::THREADS | Caps::TASKS,
        (Placement::Spawn, _) => Caps::TASKS,
    };
    let timer = outline.time_limit().map_or(Caps::NONE, |_| Caps::TIMER);
    let group = outline.group().map_or(Caps::NONE, |_| Caps::GROUPS);
    let limits = outline.start_limits().or(outline.attempt_limits());
    let rate_limit = limits.and_then(StartLimits::rate_limit);
    let rate_limit = rate_limit.map_or(Caps::NONE, |_| Caps::RATE_LIMITS | Caps::TIMER);
    place | timer | group | rate_limit | outline.needs()
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Program({:?})", self.plan)
    }
}
