use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;

use icosian_core::{Mark, Name, Param, Port, Problems, ValueType};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use crate::GraphError;
use crate::graph::{Graph, NodeId};
use crate::link::{moved_value, moves, position};

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
}

/// What some outputs need, as numbers: steps in order, the cells they read and write, and how often each is read.
///
/// The cells `0..steps` hold the steps' outputs; after them come those of the inputs and overrides. A run needs no names:
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
    followers: Runs<Step>,
    reads: Vec<u32>,
    waits: Vec<u32>,
    inputs: Vec<PlanInput>,
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

    /// Returns the inputs and overrides.
    ///
    /// # Examples
    /// See [`PlanInput`].
    #[must_use]
    pub fn inputs(&self) -> &[PlanInput] {
        &self.inputs
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
        // Backwards from what is wanted, so that each step's ports are walked once, however many of them lead on.
        let mut seen = vec![false; self.cells()];
        let mut next: Vec<Option<u32>> = vec![None; self.cells()];
        let mut front: std::collections::VecDeque<u32> = self.wanted.iter().copied().collect();
        self.wanted.iter().for_each(|wanted| seen[*wanted as usize] = true);
        while let Some(at) = front.pop_front() {
            if at as usize == cell {
                let path = std::iter::successors(Some(at), |at| next[*at as usize]);
                return path.map(|cell| cell as usize).collect();
            }
            let ports = self.step(at as usize).map_or(&[][..], |step| self.ports(step));
            for Port { cell: read, .. } in ports {
                if !std::mem::replace(&mut seen[*read as usize], true) {
                    next[*read as usize] = Some(at);
                    front.push_back(*read);
                }
            }
        }
        Vec::new()
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

/// Many short lists in one array.
#[derive(Clone, Debug)]
struct Runs<T> {
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy> Runs<T> {
    fn of(&self, list: usize) -> &[T] {
        &self.items[self.starts[list] as usize..self.starts[list + 1] as usize]
    }

    /// Sorts items into lists, keeping their order; `pairs` is walked twice.
    fn sorted(lists: usize, filler: T, pairs: impl Iterator<Item = (usize, T)> + Clone) -> Self {
        let mut starts = vec![0; lists + 1];
        for (list, _) in pairs.clone() {
            starts[list + 1] += 1;
        }
        for list in 0..lists {
            starts[list + 1] += starts[list];
        }
        let mut items = vec![filler; starts[lists] as usize];
        let mut ends = starts.clone();
        for (list, item) in pairs {
            items[ends[list] as usize] = item;
            ends[list] += 1;
        }
        Self { starts, items }
    }
}

const NOT_NEEDED: u32 = u32::MAX;

pub(crate) fn plan(graph: &Graph, wanted: &[u32], overrides: &[u32]) -> Result<Plan, Problems<GraphError>> {
    let mut needed = Needed::new(graph, wanted, overrides);
    let after = needed.moved_last(graph, wanted)?;
    if !after.is_empty() {
        needed.reorder(graph, &after)?;
    }
    Ok(needed.into_plan(graph, wanted, &after))
}

/// A step that must come after another although it does not read it, because it moves a value which that one reads.
#[derive(Clone, Copy)]
struct After {
    reader: u32,
    taker: u32,
}

/// The part of a graph that some outputs need.
struct Needed {
    /// The nodes to run, in order.
    nodes: Vec<u32>,
    /// The inputs and overridden nodes, in the order in which they are first read.
    inputs: Vec<u32>,
    /// For each vertex its cell, or `NOT_NEEDED`.
    cells: Vec<u32>,
    is_override: Vec<bool>,
}

impl Needed {
    fn new(graph: &Graph, wanted: &[u32], overrides: &[u32]) -> Self {
        let mut is_override = vec![false; graph.shape().len()];
        for vertex in overrides {
            is_override[*vertex as usize] = true;
        }
        let mut needed = Self {
            nodes: Vec::new(),
            inputs: Vec::new(),
            cells: vec![NOT_NEEDED; is_override.len()],
            is_override,
        };
        let mut seen = vec![false; needed.cells.len()];
        let mut open: Vec<u32> = Vec::new();
        for vertex in wanted {
            if !std::mem::replace(&mut seen[*vertex as usize], true) {
                open.push(*vertex);
            }
        }
        while let Some(vertex) = open.pop() {
            if vertex as usize >= graph.nodes().len() || needed.is_override[vertex as usize] {
                needed.inputs.push(vertex);
                continue;
            }
            needed.nodes.push(vertex);
            for link in graph.links(vertex) {
                if !std::mem::replace(&mut seen[link.vertex as usize], true) {
                    open.push(link.vertex);
                }
            }
        }
        needed.inputs.sort_unstable();
        needed.nodes.sort_unstable_by_key(|vertex| graph.rank(*vertex));
        needed.number();
        needed
    }

    fn number(&mut self) {
        for (cell, vertex) in self.nodes.iter().chain(&self.inputs).enumerate() {
            self.cells[*vertex as usize] = position(cell);
        }
    }

    /// Finds the values that are moved although others read them, and says which steps must therefore come last.
    fn moved_last(&self, graph: &Graph, wanted: &[u32]) -> Result<Vec<After>, Problems<GraphError>> {
        let mut problems = Problems::default();
        let mut taker_of: Vec<(u32, u32, usize)> = Vec::new();
        for node in &self.nodes {
            let params = graph.outline(NodeId(*node)).params();
            for (at, (param, link)) in params.iter().zip(graph.links(*node)).enumerate() {
                if moves(param) {
                    taker_of.push((link.vertex, *node, at));
                }
            }
        }
        if taker_of.is_empty() {
            return Ok(Vec::new());
        }
        taker_of.sort_unstable();
        let outline = |node: u32| graph.outline(NodeId(node));
        for pair in taker_of.windows(2) {
            let ((vertex, first, at), (same, second, second_at)) = (pair[0], pair[1]);
            if vertex == same {
                let other = format!("node `{}` takes", outline(second).name());
                let place = outline(second).params()[second_at].place();
                let mark = place.map(|place| Mark::new(place, "takes it too"));
                problems.push(moved_value(outline(first), &outline(first).params()[at], other, mark));
            }
        }
        for vertex in wanted {
            if let Ok(found) = taker_of.binary_search_by_key(vertex, |(vertex, ..)| *vertex) {
                let (_, taker, at) = taker_of[found];
                let other = "is wanted as an output".to_owned();
                problems.push(moved_value(outline(taker), &outline(taker).params()[at], other, None));
            }
        }
        let mut after = Vec::new();
        for reader in &self.nodes {
            for link in graph.links(*reader) {
                if let Ok(found) = taker_of.binary_search_by_key(&link.vertex, |(vertex, ..)| *vertex) {
                    let (_, taker, _) = taker_of[found];
                    if taker != *reader {
                        after.push(After { reader: *reader, taker });
                    }
                }
            }
        }
        problems.none_or(after)
    }

    /// Orders the nodes anew so that those which move a value come after those which read it.
    fn reorder(&mut self, graph: &Graph, after: &[After]) -> Result<(), Problems<GraphError>> {
        let step = |vertex: u32| self.cells[vertex as usize] as usize;
        let reads =
            self.nodes.iter().flat_map(|node| graph.links(*node).iter().map(|link| (link.vertex, *node)));
        let reads = reads.filter(|(vertex, _)| step(*vertex) < self.nodes.len());
        let pairs = reads.chain(after.iter().map(|after| (after.reader, after.taker)));
        let pairs = pairs.map(|(before, node)| (step(before), step(node)));
        let mut waits = vec![0_u32; self.nodes.len()];
        for (_, follower) in pairs.clone() {
            waits[follower] += 1;
        }
        let followers = Runs::sorted(self.nodes.len(), 0, pairs);
        let mut ready: BinaryHeap<_> =
            (0..self.nodes.len()).filter(|step| waits[*step] == 0).map(Reverse).collect();
        let mut order = Vec::with_capacity(self.nodes.len());
        while let Some(Reverse(step)) = ready.pop() {
            order.push(self.nodes[step]);
            for follower in followers.of(step) {
                waits[*follower] -= 1;
                if waits[*follower] == 0 {
                    ready.push(Reverse(*follower));
                }
            }
        }
        if order.len() < self.nodes.len() {
            return Err(self.needed_after_its_move(graph, after, &followers));
        }
        self.nodes = order;
        self.number();
        Ok(())
    }

    /// Says which values are read by nodes that themselves need the node which moves them.
    fn needed_after_its_move(
        &self,
        graph: &Graph,
        after: &[After],
        followers: &Runs<usize>,
    ) -> Problems<GraphError> {
        let knots = self.knots(followers);
        let knot = |vertex: u32| knots[self.cells[vertex as usize] as usize];
        let mut problems = Problems::default();
        // Where the two are in no knot, they only come after one and can be in order themselves.
        for After { reader, taker } in after.iter().filter(|after| knot(after.reader) == knot(after.taker)) {
            let (reading, taking) = (graph.outline(NodeId(*reader)), graph.outline(NodeId(*taker)));
            for (param, link) in taking.params().iter().zip(graph.links(*taker)) {
                let read = graph.links(*reader).iter().position(|read| read.vertex == link.vertex);
                if let (true, Some(at)) = (moves(param), read) {
                    let other = format!("node `{}`, which needs `{}`, reads", reading.name(), taking.name());
                    let place = reading.params()[at].place();
                    let mark = place.map(|place| Mark::new(place, "reads it afterwards"));
                    problems.push(moved_value(taking, param, other, mark));
                }
            }
        }
        problems
    }

    /// Returns for each step the number of the knot of steps, all of which must come before each other, that it is in.
    fn knots(&self, followers: &Runs<usize>) -> Vec<usize> {
        let mut order = DiGraph::<(), ()>::with_capacity(self.nodes.len(), followers.items.len());
        let steps: Vec<_> = self.nodes.iter().map(|_| order.add_node(())).collect();
        for (step, before) in steps.iter().enumerate() {
            for after in followers.of(step) {
                order.add_edge(*before, steps[*after], ());
            }
        }
        let mut knots = vec![0; steps.len()];
        for (knot, members) in kosaraju_scc(&order).into_iter().enumerate() {
            for member in members {
                knots[member.index()] = knot;
            }
        }
        knots
    }

    fn into_plan(self, graph: &Graph, wanted: &[u32], after: &[After]) -> Plan {
        let cell = |vertex: u32| self.cells[vertex as usize];
        let steps = self.nodes.len();
        let mut inputs: Vec<PlanInput> = self
            .inputs
            .iter()
            .map(|vertex| PlanInput {
                name: graph.shape().name(*vertex).clone(),
                cell: cell(*vertex),
                required: false,
                overrides: self.is_override[*vertex as usize],
                accepted: None,
            })
            .collect();
        let mut reads = vec![0; steps + inputs.len()];
        let mut waits = vec![0; steps];
        let mut ports = Runs { starts: Vec::with_capacity(steps + 1), items: Vec::new() };
        for (step, node) in self.nodes.iter().enumerate() {
            ports.starts.push(position(ports.items.len()));
            let params = graph.outline(NodeId(*node)).params();
            for (link, param) in graph.links(*node).iter().zip(params) {
                let read = cell(link.vertex) as usize;
                reads[read] += 1;
                if read < steps {
                    waits[step] += 1;
                } else {
                    inputs[read - steps].narrow(param);
                }
                let way = if read < steps { link.way } else { Port::ANY };
                ports.items.push(Port { cell: position(read), way });
            }
        }
        ports.starts.push(position(ports.items.len()));
        for vertex in wanted {
            let wanted = cell(*vertex) as usize;
            reads[wanted] += 1;
            if wanted >= steps {
                inputs[wanted - steps].required = true;
            }
        }
        for after in after {
            waits[cell(after.taker) as usize] += 1;
        }
        let read_by = ports.starts.windows(2).enumerate().flat_map(|(step, range)| {
            let ports = &ports.items[range[0] as usize..range[1] as usize];
            ports.iter().map(move |port| (port.cell as usize, Step(position(step))))
        });
        let after = after.iter().map(|after| (cell(after.reader) as usize, Step(cell(after.taker))));
        let followers = Runs::sorted(reads.len(), Step(0), read_by.chain(after));
        Plan {
            nodes: self.nodes.iter().map(|node| NodeId(*node)).collect(),
            ports,
            followers,
            waits,
            inputs,
            wanted: wanted.iter().map(|vertex| cell(*vertex)).collect(),
            reads,
        }
    }
}
