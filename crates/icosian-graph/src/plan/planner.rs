use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use icosian_core::Name;
use icosian_core::node::{Access, Asyncness, Placement, Port};
use icosian_diagnostics::{Diagnostics, Label, Spanned};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use super::aliasing;
use super::lists::Lists;
use super::{Plan, PlanInput, Step};
use crate::error::GraphError;
use crate::graph::Graph;
use crate::link::{moved_value, moves_value, position};
use crate::node_id::NodeId;

/// The cell of a vertex that is not part of the plan.
const NO_CELL: u32 = u32::MAX;

/// The maximum number of suggestions for unknown names in one request.
const MAX_SUGGESTIONS: usize = 20;

/// Plans the steps that the outputs `wanted` need, in topological order.
///
/// `wanted` are names of nodes or inputs. The cost is O(nodes + edges). No value is computed.
///
/// The order is [`Shape::topological_order`](crate::Shape::topological_order). If values are moved, it follows Kahn,
/// "Topological sorting of large networks", CACM 5(11), 1962.
///
/// # Errors
/// All unknown names, with suggestions, and all values that are not `Clone`, are consumed by one node and read by another.
///
/// # Examples
/// ```
/// use icosian_core::{Outline, Param};
/// use icosian_graph::{Graph, plan};
///
/// let double = Outline::new("double").with_param(Param::taken::<u64>("single")).with_output_type::<u64>();
/// let graph = Graph::new([double])?;
/// assert_eq!(plan(&graph, ["double"])?.steps().len(), 1);
/// let unknown = plan(&graph, ["duble"]).unwrap_err();
/// assert!(format!("{unknown:?}").contains("did you mean `double`?"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn plan<N: AsRef<str>>(
    graph: &Graph,
    wanted: impl IntoIterator<Item = N>,
) -> Result<Plan, Diagnostics<GraphError>> {
    plan_overriding(graph, wanted, std::iter::empty::<&str>())
}

/// Plans the steps that `wanted` needs if the caller provides the values of the nodes `overrides`.
///
/// The overridden nodes, and all nodes that only they need, are not part of the plan.
///
/// # Errors
/// The errors of [`plan`], and each override that is not a node.
///
/// # Examples
/// ```
/// use icosian_core::{Outline, Param};
/// use icosian_graph::{Graph, plan_overriding};
///
/// let graph = Graph::new([
///     Outline::new("double").with_param(Param::taken::<u64>("single").with_clone()).with_output_type::<u64>(),
///     Outline::new("more").with_param(Param::taken::<u64>("double").with_clone()).with_output_type::<u64>(),
/// ])?;
/// let plan = plan_overriding(&graph, ["more"], ["double"])?;
/// assert_eq!(plan.steps().len(), 1);
/// assert_eq!(plan.inputs()[0].name(), &"double");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn plan_overriding<N: AsRef<str>, O: AsRef<str>>(
    graph: &Graph,
    wanted: impl IntoIterator<Item = N>,
    overrides: impl IntoIterator<Item = O>,
) -> Result<Plan, Diagnostics<GraphError>> {
    let shape = graph.shape();
    let mut problems = Diagnostics::default();
    let overrides = resolve_names(graph, overrides, &mut problems, |name, suggests| {
        if shape.is_node(name.as_str()) {
            return None;
        }
        let nearest = suggests.then(|| icosian_diagnostics::nearest(name.as_str(), shape.nodes())).flatten();
        Some(GraphError::UnknownOverride { nearest: nearest.map(|near| near.to_owned().into()), name })
    });
    let wanted = resolve_names(graph, wanted, &mut problems, |name, suggests| {
        if shape.is_node(name.as_str()) || shape.is_input(name.as_str()) {
            return None;
        }
        let nearest = suggests.then(|| shape.nearest(name.as_str())).flatten();
        Some(GraphError::UnknownOutput { nearest: nearest.map(|near| near.to_owned().into()), name })
    });
    let (wanted, overrides) = problems.into_result((wanted, overrides))?;
    let mut subgraph = Subgraph::new(graph, &wanted, &overrides);
    if graph.has_aliases() {
        aliasing::check(graph, &subgraph.nodes, &wanted)?;
    }
    let orders = subgraph.order_moves(graph, &wanted)?;
    let early = subgraph.early(graph);
    if !orders.is_empty() || !early.is_empty() {
        subgraph.reorder(graph, &orders, &early)?;
    }
    Ok(subgraph.into_plan(graph, &wanted, &orders))
}

/// Returns the vertices of known names, and reports the unknown names.
fn resolve_names<N: AsRef<str>>(
    graph: &Graph,
    names: impl IntoIterator<Item = N>,
    problems: &mut Diagnostics<GraphError>,
    unknown: impl Fn(Name, bool) -> Option<GraphError>,
) -> Vec<u32> {
    let mut vertices = Vec::new();
    for name in names {
        let name = name.as_ref();
        // A suggestion compares every name of the graph, so only the first errors have one.
        let suggests = problems.iter().len() < MAX_SUGGESTIONS;
        match unknown(name.to_owned().into(), suggests) {
            Some(error) => problems.push(Spanned::new(error, Vec::new())),
            None => vertices.extend(graph.shape().vertex(name)),
        }
    }
    vertices
}

/// An order without an edge: `taker` moves a value that `reader` reads, so `taker` runs after `reader`.
#[derive(Clone, Copy)]
struct MoveOrder {
    reader: u32,
    taker: u32,
}

/// The part of a graph that the wanted outputs need.
struct Subgraph {
    /// The nodes to run, in order.
    nodes: Vec<u32>,
    /// The inputs and overridden nodes, in the order in which they are first read.
    inputs: Vec<u32>,
    /// For each vertex its cell, or `NO_CELL`.
    cells: Vec<u32>,
    is_override: Vec<bool>,
}

impl Subgraph {
    fn new(graph: &Graph, wanted: &[u32], overrides: &[u32]) -> Self {
        let mut is_override = vec![false; graph.shape().len()];
        for vertex in overrides {
            is_override[*vertex as usize] = true;
        }
        let mut subgraph = Self {
            nodes: Vec::new(),
            inputs: Vec::new(),
            cells: vec![NO_CELL; is_override.len()],
            is_override,
        };
        let mut seen = vec![false; subgraph.cells.len()];
        let mut open: Vec<u32> = Vec::new();
        for vertex in wanted {
            if !std::mem::replace(&mut seen[*vertex as usize], true) {
                open.push(*vertex);
            }
        }
        while let Some(vertex) = open.pop() {
            if vertex as usize >= graph.nodes().len() || subgraph.is_override[vertex as usize] {
                subgraph.inputs.push(vertex);
                continue;
            }
            subgraph.nodes.push(vertex);
            for link in graph.links(vertex).iter().filter(|link| !link.is_constant()) {
                if !std::mem::replace(&mut seen[link.vertex as usize], true) {
                    open.push(link.vertex);
                }
            }
        }
        subgraph.inputs.sort_unstable();
        subgraph.nodes.sort_unstable_by_key(|vertex| graph.rank(*vertex));
        subgraph.number();
        subgraph
    }

    fn number(&mut self) {
        for (cell, vertex) in self.nodes.iter().chain(&self.inputs).enumerate() {
            self.cells[*vertex as usize] = position(cell);
        }
    }

    /// Orders each node that moves a value after all other readers of the value.
    ///
    /// # Errors
    /// All values that two nodes move, or that a node moves and the caller wants.
    fn order_moves(&self, graph: &Graph, wanted: &[u32]) -> Result<Vec<MoveOrder>, Diagnostics<GraphError>> {
        let mut problems = Diagnostics::default();
        let mut taker_of: Vec<(u32, u32, usize)> = Vec::new();
        for node in &self.nodes {
            let params = graph.outline(NodeId(*node)).params();
            for (at, (param, link)) in params.iter().zip(graph.links(*node)).enumerate() {
                if moves_value(param) && !link.is_constant() {
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
                let other = format!("which node `{}` also consumes", outline(second).name());
                let place = outline(second).params()[second_at].location();
                let mark = place.map(|place| Label::new(place, "also consumed here"));
                problems.push(moved_value(outline(first), &outline(first).params()[at], other, mark));
            }
        }
        for vertex in wanted {
            if let Ok(found) = taker_of.binary_search_by_key(vertex, |(vertex, ..)| *vertex) {
                let (_, taker, at) = taker_of[found];
                let other = "which is also a requested output".to_owned();
                problems.push(moved_value(outline(taker), &outline(taker).params()[at], other, None));
            }
        }
        let mut after = Vec::new();
        for reader in &self.nodes {
            for (read, link) in graph.links(*reader).iter().enumerate() {
                let Ok(found) = taker_of.binary_search_by_key(&link.vertex, |(vertex, ..)| *vertex) else {
                    continue;
                };
                let (_, taker, at) = taker_of[found];
                if taker != *reader {
                    after.push(MoveOrder { reader: *reader, taker });
                } else if read != at && !moves_value(&outline(*reader).params()[read]) {
                    let other = "which another of its parameters also reads".to_owned();
                    problems.push(moved_value(outline(taker), &outline(taker).params()[at], other, None));
                }
            }
        }
        problems.into_result(after)
    }

    /// Reorders the nodes by the edges and by `after`. Among the nodes that are ready, `early` ones come first.
    ///
    /// So a run whose futures are all ready at once starts its steps in the plan's order.
    ///
    /// # Errors
    /// All values that a node reads after its predecessor has moved them.
    fn reorder(
        &mut self,
        graph: &Graph,
        after: &[MoveOrder],
        early: &[bool],
    ) -> Result<(), Diagnostics<GraphError>> {
        let step = |vertex: u32| self.cells[vertex as usize] as usize;
        let reads = self.nodes.iter().flat_map(|node| graph.links(*node).iter().map(|link| (*link, *node)));
        let reads = reads.filter(|(link, _)| !link.is_constant()).map(|(link, node)| (link.vertex, node));
        let reads = reads.filter(|(vertex, _)| step(*vertex) < self.nodes.len());
        let pairs = reads.chain(after.iter().map(|after| (after.reader, after.taker)));
        let pairs = pairs.map(|(before, node)| (step(before), step(node)));
        let mut waits = vec![0_u32; self.nodes.len()];
        for (_, follower) in pairs.clone() {
            waits[follower] += 1;
        }
        let followers = Lists::group(self.nodes.len(), 0, pairs);
        let is_early = |step: usize| early.get(step).is_some_and(|early| *early);
        let roots = (0..self.nodes.len()).filter(|step| waits[*step] == 0);
        let (first, rest): (Vec<_>, Vec<_>) = roots.partition(|step| is_early(*step));
        let mut first = VecDeque::from(first);
        let mut ready: BinaryHeap<_> = rest.into_iter().map(Reverse).collect();
        let mut order = Vec::with_capacity(self.nodes.len());
        while let Some(step) = first.pop_front().or_else(|| ready.pop().map(|Reverse(step)| step)) {
            order.push(self.nodes[step]);
            for follower in followers.of(step) {
                waits[*follower] -= 1;
                if waits[*follower] > 0 {
                    continue;
                }
                if is_early(*follower) {
                    first.push_back(*follower);
                } else {
                    ready.push(Reverse(*follower));
                }
            }
        }
        if order.len() < self.nodes.len() {
            return Err(self.report_moves_in_cycles(graph, after, &followers));
        }
        self.nodes = order;
        self.number();
        Ok(())
    }

    /// Reports the values that a node reads although it depends on the node that moves them.
    fn report_moves_in_cycles(
        &self,
        graph: &Graph,
        after: &[MoveOrder],
        followers: &Lists<usize>,
    ) -> Diagnostics<GraphError> {
        let components = self.components(followers);
        let component = |vertex: u32| components[self.cells[vertex as usize] as usize];
        let mut problems = Diagnostics::default();
        // A pair in two components is a consequence of a cycle elsewhere.
        for MoveOrder { reader, taker } in
            after.iter().filter(|after| component(after.reader) == component(after.taker))
        {
            let (reading, taking) = (graph.outline(NodeId(*reader)), graph.outline(NodeId(*taker)));
            for (param, link) in taking.params().iter().zip(graph.links(*taker)) {
                let read = graph.links(*reader).iter().position(|read| read.vertex == link.vertex);
                if let (true, Some(at)) = (moves_value(param), read) {
                    let other =
                        format!("which node `{}` reads after `{}` ends", reading.name(), taking.name());
                    let place = reading.params()[at].location();
                    let mark = place.map(|place| Label::new(place, "read afterwards"));
                    problems.push(moved_value(taking, param, other, mark));
                }
            }
        }
        problems
    }

    /// Returns the strongly connected component of each step.
    fn components(&self, followers: &Lists<usize>) -> Vec<usize> {
        let mut order = DiGraph::<(), ()>::with_capacity(self.nodes.len(), followers.items.len());
        let steps: Vec<_> = self.nodes.iter().map(|_| order.add_node(())).collect();
        for (step, before) in steps.iter().enumerate() {
            for after in followers.of(step) {
                order.add_edge(*before, steps[*after], ());
            }
        }
        let mut components = vec![0; steps.len()];
        for (component, members) in kosaraju_scc(&order).into_iter().enumerate() {
            for member in members {
                components[member.index()] = component;
            }
        }
        components
    }

    fn into_plan(self, graph: &Graph, wanted: &[u32], after: &[MoveOrder]) -> Plan {
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
        let mut constants = Vec::new();
        let mut reads = vec![0; steps + inputs.len()];
        let mut waits = vec![0; steps];
        let mut ports = Lists { starts: Vec::with_capacity(steps + 1), items: Vec::new() };
        for (step, node) in self.nodes.iter().enumerate() {
            ports.starts.push(position(ports.items.len()));
            let params = graph.outline(NodeId(*node)).params();
            for (link, param) in graph.links(*node).iter().zip(params) {
                if let Some(constant) = param.constant() {
                    ports.items.push(Port::new(position(reads.len()), link.way));
                    reads.push(1);
                    constants.push(constant.clone());
                    continue;
                }
                let read = cell(link.vertex) as usize;
                reads[read] += 1;
                if read < steps {
                    waits[step] += 1;
                } else {
                    inputs[read - steps].narrow(param);
                }
                let way = if read < steps { link.way } else { Port::ANY };
                ports.items.push(Port::new(position(read), way));
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
        let followers = Lists::group(reads.len(), Step(0), read_by.chain(after));
        let ends = self.mark_last_reads(graph, wanted, reads.len(), &mut ports);
        let early = self.early(graph);
        let roots = (0..).map(Step).zip(&early).zip(&waits);
        let early_roots = roots.filter(|((_, early), waits)| **early && **waits == 0);
        let early_roots = early_roots.map(|((step, _), _)| step).collect();
        Plan {
            nodes: self.nodes.iter().map(|node| NodeId(*node)).collect(),
            ports,
            ends,
            followers,
            waits,
            early,
            early_roots,
            inputs,
            constants,
            wanted: wanted.iter().map(|vertex| cell(*vertex)).collect(),
            reads,
        }
    }

    /// Returns the early flag of each step, or nothing if all steps are of one kind.
    fn early(&self, graph: &Graph) -> Vec<bool> {
        let leaves_thread = |node: &u32| {
            let outline = graph.outline(NodeId(*node));
            outline.asyncness() == Asyncness::Async || outline.placement() != Placement::Inline
        };
        let early: Vec<bool> = self.nodes.iter().map(leaves_thread).collect();
        if early.contains(&true) && early.contains(&false) { early } else { Vec::new() }
    }

    /// Marks the last port of each cell in the plan's order, and the ports whose reads are counted. Returns, for each step, the
    /// cells whose values end with the step.
    fn mark_last_reads(
        &self,
        graph: &Graph,
        wanted: &[u32],
        cells: usize,
        ports: &mut Lists<Port>,
    ) -> Lists<u32> {
        let cell = |vertex: u32| self.cells[vertex as usize] as usize;
        let steps = self.nodes.len();
        let needs_drop = |node: &u32| graph.outline(NodeId(*node)).output().needs_drop();
        let mut counted: Vec<bool> = self.nodes.iter().map(needs_drop).collect();
        let own = steps + self.inputs.len();
        counted.resize(own, true);
        // A constant is never moved.
        counted.resize(cells, false);
        for node in &self.nodes {
            for (param, link) in graph.outline(NodeId(*node)).params().iter().zip(graph.links(*node)) {
                if !link.is_constant() {
                    counted[cell(link.vertex)] |= moves_value(param);
                }
            }
        }
        // A forwarding node moves a value only if its reads are counted.
        let nodes = if graph.has_aliases() { self.nodes.as_slice() } else { &[] };
        for (_, of) in aliasing::aliases(graph, nodes) {
            counted[cell(of)] = true;
        }
        let mut read_later = vec![false; own];
        read_later.resize(cells, true);
        for vertex in wanted {
            read_later[cell(*vertex)] = true;
        }
        let mut ends = Vec::new();
        // The last visited step that borrows the cell.
        let mut borrower = vec![usize::MAX; cells];
        for step in (0..steps).rev() {
            for port in ports.of_mut(step).iter_mut().rev() {
                let read = port.cell as usize;
                port.last = !std::mem::replace(&mut read_later[read], true);
                port.counted = counted[read];
                if port.last && port.counted {
                    ends.push((step, port.cell));
                }
            }
            let params = graph.outline(NodeId(self.nodes[step])).params().iter();
            let is_borrow = params.map(|param| param.access() == Access::Borrow);
            let ports = ports.of_mut(step);
            for (port, _) in ports.iter().zip(is_borrow.clone()).filter(|(_, is_borrow)| *is_borrow) {
                borrower[port.cell as usize] = step;
            }
            for (port, _) in ports.iter_mut().zip(is_borrow).filter(|(_, is_borrow)| !is_borrow) {
                port.borrowed = borrower[port.cell as usize] == step;
            }
        }
        Lists::group(steps, 0, ends.into_iter())
    }
}
