use std::fmt;

use icosian_core::{Constant, Name, Param, Port, ValueType};

use crate::graph::NodeId;
use crate::link::position;

mod kept;
mod needed;
mod runs;

pub(crate) use needed::plan;
use runs::Runs;

/// One step of a [`Plan`], as a number; its output goes into the cell of the same number.
///
/// # Examples
/// See [`Plan`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step(u32);

impl Step {
    /// Returns the step at `position` of a plan.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_graph::Step::new(3).position(), 3);
    /// ```
    #[must_use]
    pub const fn new(position: u32) -> Self {
        Self(position)
    }

    /// Returns the position of the step in its plan, which is also its output's cell.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_graph::Step::new(3).position(), 3);
    /// ```
    #[must_use]
    pub const fn position(self) -> usize {
        self.0 as usize
    }

    /// Returns the cell that the step's output goes into.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_graph::Step::new(3).cell(), 3);
    /// ```
    #[must_use]
    pub const fn cell(self) -> u32 {
        self.0
    }
}

/// What some outputs need, as numbers: steps in order, the cells they read and write, and how often each is read.
///
/// The cells `0..steps` hold the steps' outputs; after them come those of the inputs and overrides, then those of the constants. A run needs no names:
/// it fills the inputs' cells, takes the steps in order (or each as soon as what it [waits](Self::waits) for is there),
/// drops a value after its last [read](Self::reads), and takes the [wanted](Self::wanted) cells.
///
/// # Examples
/// ```
/// use icosian_core::{Outline, Param};
/// use icosian_graph::{Graph, Step};
///
/// let graph = Graph::new([
///     Outline::new("double").param(Param::borrowed::<u64>("single")).gives::<u64>(),
///     Outline::new("both").param(Param::borrowed::<u64>("single")).param(Param::borrowed::<u64>("double")).gives::<u64>(),
/// ])?;
/// let plan = graph.plan(["both"])?;
/// let [double, both] = [Step::new(0), Step::new(1)];
/// assert!(plan.steps().eq([double, both]));
/// assert_eq!(graph.outline(plan.node(both)).name(), &"both");
///
/// assert_eq!(plan.cells(), 3); // of `double`, `both` and `single`
/// assert_eq!(plan.step(2), None, "`single` is an input");
/// assert_eq!(plan.reads(), [1, 1, 2]); // `both` is read by being wanted
/// assert_eq!(plan.ports(both).iter().map(|port| port.cell).collect::<Vec<_>>(), [2, 0]);
///
/// assert_eq!(plan.waits(), [0, 1]); // inputs are there already
/// assert_eq!(plan.followers(double.position()), [both]);
/// assert_eq!(plan.wanted(), [1]);
/// assert_eq!(plan.path_to_wanted(2), [2, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Plan {
    nodes: Vec<NodeId>,
    ports: Runs<Port>,
    ends: Runs<u32>,
    followers: Runs<Step>,
    reads: Vec<u32>,
    waits: Vec<u32>,
    /// For each step whether it starts early; empty when all steps are of one kind.
    early: Vec<bool>,
    early_roots: Vec<Step>,
    inputs: Vec<PlanInput>,
    constants: Vec<Constant>,
    wanted: Vec<u32>,
}

/// An input or an override that a [`Plan`] reads.
///
/// # Examples
/// ```
/// use icosian_core::{Outline, Param, ValueType};
///
/// let greet = Outline::new("greet").param(Param::borrowed::<str>("who")).gives::<String>();
/// let plan = icosian_graph::Graph::new([greet])?.plan(["greet"])?;
/// let who = &plan.inputs()[0];
/// assert_eq!((who.name().as_str(), who.cell()), ("who", 1));
/// assert!(who.is_required() && !who.is_override());
/// assert_eq!(who.accepted().map(|types| types[0]), Some(ValueType::of::<String>()));
/// assert!(who.accepts(&ValueType::of::<&'static str>()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PlanInput {
    name: Name,
    cell: u32,
    required: bool,
    overrides: bool,
    accepted: Option<Vec<ValueType>>,
}

impl PlanInput {
    /// Returns the name.
    ///
    /// # Examples
    /// See [`PlanInput`].
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Returns the cell that its value goes into.
    ///
    /// # Examples
    /// See [`PlanInput`].
    #[must_use]
    pub const fn cell(&self) -> usize {
        self.cell as usize
    }

    /// Returns whether the plan cannot do without it.
    ///
    /// # Examples
    /// See [`PlanInput`].
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.required
    }

    /// Returns whether it stands for a node.
    ///
    /// # Examples
    /// See [`PlanInput`].
    #[must_use]
    pub const fn is_override(&self) -> bool {
        self.overrides
    }

    /// Returns the types that everybody who reads it can read, the usual one first; `None` when nobody reads it and any
    /// type will do.
    ///
    /// # Examples
    /// See [`PlanInput`].
    #[must_use]
    pub fn accepted(&self) -> Option<&[ValueType]> {
        self.accepted.as_deref()
    }

    /// Returns whether everybody who reads it can read a `given`.
    ///
    /// # Examples
    /// See [`PlanInput`].
    #[must_use]
    pub fn accepts(&self, given: &ValueType) -> bool {
        self.accepted.as_ref().is_none_or(|accepted| accepted.contains(given))
    }

    fn narrow(&mut self, param: &Param) {
        self.required |= !param.is_optional();
        match &mut self.accepted {
            Some(accepted) => accepted.retain(|given| param.way_from(given).is_some()),
            None => self.accepted = Some(param.accepts().collect()),
        }
    }
}

impl Plan {
    /// Returns the steps, each after every step it reads.
    ///
    /// # Examples
    /// See [`Plan`].
    #[must_use]
    pub fn steps(&self) -> impl ExactSizeIterator<Item = Step> + use<> {
        (0..position(self.nodes.len())).map(Step)
    }

    /// Returns the node that a step runs.
    ///
    /// # Examples
    /// See [`Plan`].
    #[must_use]
    pub fn node(&self, step: Step) -> NodeId {
        self.nodes[step.position()]
    }

    /// Returns what a step reads, in the order of its parameters.
    ///
    /// # Examples
    /// See [`Plan`].
    #[must_use]
    #[inline]
    pub fn ports(&self, step: Step) -> &[Port] {
        self.ports.of(step.position())
    }

    /// Returns the cells whose values nobody reads after a step, when steps run in the plan's order; those whose dropping
    /// does nothing are left out.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Param};
    ///
    /// let greet = Outline::new("greet").param(Param::borrowed::<str>("who")).gives::<String>();
    /// let plan = icosian_graph::Graph::new([greet])?.plan(["greet"])?;
    /// let greet = plan.steps().next().expect("there is one");
    /// assert_eq!(plan.ends(greet), [1], "`who` is dropped, `greet` is wanted");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn ends(&self, step: Step) -> &[u32] {
        self.ends.of(step.position())
    }

    /// Returns the steps that wait for a cell to be filled.
    ///
    /// # Examples
    /// See [`Plan`].
    #[must_use]
    #[inline]
    pub fn followers(&self, cell: usize) -> &[Step] {
        self.followers.of(cell)
    }

    /// Returns how many cells a run has.
    ///
    /// # Examples
    /// See [`Plan`].
    #[must_use]
    pub fn cells(&self) -> usize {
        self.reads.len()
    }

    /// Returns how often each cell is read, being wanted included.
    ///
    /// # Examples
    /// See [`Plan`].
    #[must_use]
    pub fn reads(&self) -> &[u32] {
        &self.reads
    }

    /// Returns for how many other steps each step waits.
    ///
    /// # Examples
    /// See [`Plan`].
    #[must_use]
    pub fn waits(&self) -> &[u32] {
        &self.waits
    }

    /// Returns whether a step should start before the steps that occupy the run's own thread.
    ///
    /// Async, offloaded and spawned nodes start early: they wait or run elsewhere while sync nodes run in place. When all
    /// steps of a plan are of one kind, the plan's order is enough and no step starts early.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Colour, Outline};
    /// use icosian_graph::{Graph, Step};
    ///
    /// let graph = Graph::new([Outline::new("compute"), Outline::new("fetch").coloured(Colour::Async)])?;
    /// let plan = graph.plan(["compute", "fetch"])?;
    /// assert!(!plan.starts_early(Step::new(0)));
    /// assert_eq!(plan.early_roots(), [Step::new(1)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn starts_early(&self, step: Step) -> bool {
        self.early.get(step.position()).is_some_and(|early| *early)
    }

    /// Returns the early steps that wait for no other step.
    ///
    /// # Examples
    /// See [`starts_early`](Self::starts_early).
    #[must_use]
    pub fn early_roots(&self) -> &[Step] {
        &self.early_roots
    }

    /// Returns the inputs and overrides.
    ///
    /// # Examples
    /// See [`PlanInput`].
    #[must_use]
    pub fn inputs(&self) -> &[PlanInput] {
        &self.inputs
    }

    /// Returns the values that parameters are bound to, with their cells, which every run finds full and leaves so.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Constant, Outline, Param};
    ///
    /// let who = Param::borrowed::<str>("who").bound(Constant::new("Ada"));
    /// let plan = icosian_graph::Graph::new([Outline::new("greet").param(who)])?.plan(["greet"])?;
    /// assert!(plan.inputs().is_empty());
    /// assert!(plan.constants().map(|(cell, _)| cell).eq([1]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn constants(&self) -> impl ExactSizeIterator<Item = (usize, &Constant)> {
        let first = self.nodes.len() + self.inputs.len();
        self.constants.iter().enumerate().map(move |(at, constant)| (first + at, constant))
    }

    /// Returns the input or override of this name.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Param};
    ///
    /// let greet = Outline::new("greet").param(Param::borrowed::<str>("who")).gives::<String>();
    /// let plan = icosian_graph::Graph::new([greet])?.plan(["greet"])?;
    /// assert_eq!(plan.input("who").map(|who| who.cell()), Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn input(&self, name: &str) -> Option<&PlanInput> {
        self.inputs.iter().find(|input| *input.name() == *name)
    }

    /// Returns the cells of the wanted outputs, in the order in which they were asked for.
    ///
    /// # Examples
    /// See [`Plan`].
    #[must_use]
    pub fn wanted(&self) -> &[u32] {
        &self.wanted
    }

    /// Returns the step that fills a cell; `None` when it is the cell of an input or an override.
    ///
    /// # Examples
    /// See [`Plan`].
    #[must_use]
    pub fn step(&self, cell: usize) -> Option<Step> {
        (cell < self.nodes.len()).then(|| Step(position(cell)))
    }

    /// Returns a shortest path along which the value of `cell` reaches a wanted output, as cells, both ends included;
    /// empty when there is none.
    ///
    /// Cost: O(steps + reads).
    ///
    /// # Examples
    /// See [`Plan`].
    #[must_use]
    pub fn path_to_wanted(&self, cell: usize) -> Vec<usize> {
        self.paths_to_wanted().of(cell)
    }

    /// Returns the shortest paths from all cells to wanted ones, for who asks for many. Cost: O(steps + ports), once.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Param};
    /// use icosian_graph::Graph;
    ///
    /// let double = Outline::new("double").param(Param::borrowed::<u64>("single")).gives::<u64>();
    /// let plan = Graph::new([double])?.plan(["double"])?;
    /// let paths = plan.paths_to_wanted();
    /// assert_eq!((paths.of(0), paths.of(1)), (vec![0], vec![1, 0]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn paths_to_wanted(&self) -> PathsToWanted {
        // Backwards from what is wanted, so that each step's ports are walked once, however many of them lead on.
        let mut next: Vec<Option<u32>> = vec![None; self.cells()];
        let mut front: std::collections::VecDeque<u32> = self.wanted.iter().copied().collect();
        // What is wanted leads to itself.
        self.wanted.iter().for_each(|wanted| next[*wanted as usize] = Some(*wanted));
        while let Some(at) = front.pop_front() {
            let ports = self.step(at as usize).map_or(&[][..], |step| self.ports(step));
            for Port { cell: read, .. } in ports {
                let next = &mut next[*read as usize];
                if next.is_none() {
                    *next = Some(at);
                    front.push_back(*read);
                }
            }
        }
        PathsToWanted { next }
    }
}

/// The shortest paths from cells to wanted ones, of a [`Plan`].
///
/// # Examples
/// See [`Plan::paths_to_wanted`].
#[derive(Clone, Debug)]
pub struct PathsToWanted {
    /// By cell, the one that reads it on the way; a wanted one's own.
    next: Vec<Option<u32>>,
}

impl PathsToWanted {
    /// Returns the cells from `cell` to a wanted one, both included; none when nothing that is wanted needs it.
    ///
    /// # Examples
    /// See [`Plan::paths_to_wanted`].
    #[must_use]
    pub fn of(&self, cell: usize) -> Vec<usize> {
        let after = |at: &usize| self.next.get(*at).copied().flatten().map(|next| next as usize);
        if after(&cell).is_none() {
            return Vec::new();
        }
        std::iter::successors(Some(cell), |at| after(at).filter(|next| next != at)).collect()
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Plan({} steps, {} inputs, {} wanted)",
            self.nodes.len(),
            self.inputs.len(),
            self.wanted.len()
        )
    }
}
