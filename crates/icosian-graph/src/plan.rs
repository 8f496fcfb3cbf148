use std::fmt;

use icosian_core::node::Port;
use icosian_core::value::{Constant, ValueType};
use icosian_core::{Name, Param};

use crate::link::position;
use crate::node_id::NodeId;

mod aliasing;
mod lists;
mod planner;

use lists::Lists;
pub use planner::{plan, plan_overriding};

/// The index of a step in its [`Plan`], and of the cell of its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step(u32);

impl Step {
    /// Returns the step at `position` of a plan.
    #[must_use]
    pub const fn new(position: u32) -> Self {
        Self(position)
    }

    /// Returns the position of the step in its plan, which is also the cell of its output.
    #[must_use]
    pub const fn position(self) -> usize {
        self.0 as usize
    }

    /// Returns the cell of the step's output.
    #[must_use]
    pub const fn cell(self) -> u32 {
        self.0
    }
}

/// The steps that a set of outputs needs, in order, with the cells that they read and fill.
///
/// The cells `0..steps` hold the outputs of the steps. The cells of inputs and overrides follow, and then the cells of
/// constants. A run needs no names: it fills the cells of the inputs, executes the steps in order (or each step when the
/// values that it [waits](Self::waits) for exist), drops a value after its last [read](Self::reads), and returns the
/// [wanted](Self::wanted) cells.
///
/// # Examples
/// ```
/// use icosian_core::{Outline, Param};
/// use icosian_graph::{Graph, Step, plan};
///
/// let graph = Graph::new([
///     Outline::new("double").with_param(Param::borrowed::<u64>("single")).with_output_type::<u64>(),
///     Outline::new("both").with_param(Param::borrowed::<u64>("single")).with_param(Param::borrowed::<u64>("double")).with_output_type::<u64>(),
/// ])?;
/// let plan = plan(&graph, ["both"])?;
/// let [double, both] = [Step::new(0), Step::new(1)];
/// assert!(plan.steps().eq([double, both]));
/// assert_eq!(graph.outline(plan.node(both)).name(), &"both");
///
/// assert_eq!(plan.cells(), 3); // `double`, `both` and `single`
/// assert_eq!(plan.step(2), None, "`single` is an input");
/// assert_eq!(plan.reads(), [1, 1, 2]); // a wanted output counts as a read
/// assert_eq!(plan.ports(both).iter().map(|port| port.cell).collect::<Vec<_>>(), [2, 0]);
///
/// assert_eq!(plan.waits(), [0, 1]); // inputs exist before the first step
/// assert_eq!(plan.followers(double.position()), [both]);
/// assert_eq!(plan.wanted(), [1]);
/// assert_eq!(plan.path_to_wanted(2), [2, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Plan {
    nodes: Vec<NodeId>,
    ports: Lists<Port>,
    ends: Lists<u32>,
    followers: Lists<Step>,
    reads: Vec<u32>,
    waits: Vec<u32>,
    /// The early flag of each step; empty if all steps are of one kind.
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
/// use icosian_core::{Outline, Param};
/// use icosian_core::value::ValueType;
/// use icosian_graph::{Graph, plan};
///
/// let greet = Outline::new("greet").with_param(Param::borrowed::<str>("who")).with_output_type::<String>();
/// let plan = plan(&Graph::new([greet])?, ["greet"])?;
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
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Returns the cell of its value.
    #[must_use]
    pub const fn cell(&self) -> usize {
        self.cell as usize
    }

    /// Returns whether a run needs its value.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.required
    }

    /// Returns whether it replaces a node.
    #[must_use]
    pub const fn is_override(&self) -> bool {
        self.overrides
    }

    /// Returns the types that all its readers accept, the declared type first. `None` means that it has no reader, so any
    /// type is accepted.
    #[must_use]
    pub fn accepted(&self) -> Option<&[ValueType]> {
        self.accepted.as_deref()
    }

    /// Returns whether all its readers accept a `given`.
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
    /// Returns the steps in topological order.
    #[must_use]
    pub fn steps(&self) -> impl ExactSizeIterator<Item = Step> + DoubleEndedIterator + use<> {
        (0..position(self.nodes.len())).map(Step)
    }

    /// Returns the node of a step.
    #[must_use]
    pub fn node(&self, step: Step) -> NodeId {
        self.nodes[step.position()]
    }

    /// Returns the ports of a step, in the order of its parameters.
    #[must_use]
    #[inline]
    pub fn ports(&self, step: Step) -> &[Port] {
        self.ports.of(step.position())
    }

    /// Returns the cells whose last reader is this step, if the steps run in the plan's order. Cells whose values need no
    /// drop are not included.
    #[must_use]
    #[inline]
    pub fn ends(&self, step: Step) -> &[u32] {
        self.ends.of(step.position())
    }

    /// Returns each step in order, with its [ports](Self::ports) and the [ends](Self::ends) of values.
    #[inline]
    pub fn sweep(&self) -> impl Iterator<Item = (Step, &[Port], &[u32])> {
        let lists = self.ports.iter().zip(self.ends.iter());
        (0..).map(Step).zip(lists).map(|(step, (ports, ends))| (step, ports, ends))
    }

    /// Returns the steps that wait for a cell.
    #[must_use]
    #[inline]
    pub fn followers(&self, cell: usize) -> &[Step] {
        self.followers.of(cell)
    }

    /// Returns the number of cells of a run.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.reads.len()
    }

    /// Returns the number of reads of each cell. A wanted output counts as a read.
    #[must_use]
    pub fn reads(&self) -> &[u32] {
        &self.reads
    }

    /// Returns the number of steps that each step waits for.
    #[must_use]
    pub fn waits(&self) -> &[u32] {
        &self.waits
    }

    /// Returns whether a step starts before the steps that occupy the run's thread.
    ///
    /// Async, offloaded and spawned nodes start early: they wait, or run on other threads, while sync nodes run in place. If
    /// all steps of a plan are of one kind, no step starts early.
    #[must_use]
    #[inline]
    pub fn starts_early(&self, step: Step) -> bool {
        self.early.get(step.position()).is_some_and(|early| *early)
    }

    /// Returns the early steps that wait for no other step.
    #[must_use]
    pub fn early_roots(&self) -> &[Step] {
        &self.early_roots
    }

    /// Returns the inputs and overrides.
    #[must_use]
    pub fn inputs(&self) -> &[PlanInput] {
        &self.inputs
    }

    /// Returns the values that parameters are bound to, with their cells, which every run finds full and leaves so.
    #[must_use]
    pub fn constants(&self) -> impl ExactSizeIterator<Item = (usize, &Constant)> {
        let first = self.nodes.len() + self.inputs.len();
        self.constants.iter().enumerate().map(move |(at, constant)| (first + at, constant))
    }

    /// Returns the input or override of this name.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<&PlanInput> {
        self.inputs.iter().find(|input| *input.name() == *name)
    }

    /// Returns the cells of the wanted outputs, in the order of the request.
    #[must_use]
    pub fn wanted(&self) -> &[u32] {
        &self.wanted
    }

    /// Returns the step that fills a cell; `None` if it is the cell of an input or an override.
    #[must_use]
    pub fn step(&self, cell: usize) -> Option<Step> {
        (cell < self.nodes.len()).then(|| Step(position(cell)))
    }

    /// Returns a shortest path from `cell` to a wanted output, both ends included. It is empty if there is none.
    ///
    /// Cost: O(steps + reads).
    #[must_use]
    pub fn path_to_wanted(&self, cell: usize) -> Vec<usize> {
        self.paths_to_wanted().of(cell)
    }

    /// Returns the shortest paths from all cells to wanted outputs. Cost: O(steps + ports).
    #[must_use]
    pub fn paths_to_wanted(&self) -> PathsToWanted {
        // A breadth-first search backwards from the wanted cells visits the ports of each step once.
        let mut next: Vec<Option<u32>> = vec![None; self.cells()];
        let mut front: std::collections::VecDeque<u32> = self.wanted.iter().copied().collect();
        // A wanted cell is the end of its path.
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

/// The shortest paths from the cells of a [`Plan`] to its wanted outputs.
#[derive(Clone, Debug)]
pub struct PathsToWanted {
    /// The next cell on the path of each cell. A wanted cell has itself.
    next: Vec<Option<u32>>,
}

impl PathsToWanted {
    /// Returns the path from `cell` to a wanted output, both included. It is empty if no wanted output needs the cell.
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
