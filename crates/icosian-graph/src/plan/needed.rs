use std::cmp::Reverse;
use std::collections::BinaryHeap;

use icosian_core::{Access, Colour, Placement, Port};
use icosian_diagnostics::{Diagnostics, Label};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use super::kept;
use super::runs::Runs;
use super::{Plan, PlanInput, Step};
use crate::GraphError;
use crate::graph::{Graph, NodeId};
use crate::link::{moved_value, moves, position};

const NOT_NEEDED: u32 = u32::MAX;

pub(crate) fn plan(
    graph: &Graph,
    wanted: &[u32],
    overrides: &[u32],
) -> Result<Plan, Diagnostics<GraphError>> {
    let mut needed = Needed::new(graph, wanted, overrides);
    if graph.keeps() {
        kept::check(graph, &needed.nodes, wanted)?;
    }
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
            for link in graph.links(vertex).iter().filter(|link| !link.is_constant()) {
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
    fn moved_last(&self, graph: &Graph, wanted: &[u32]) -> Result<Vec<After>, Diagnostics<GraphError>> {
        let mut problems = Diagnostics::default();
        let mut taker_of: Vec<(u32, u32, usize)> = Vec::new();
        for node in &self.nodes {
            let params = graph.outline(NodeId(*node)).params();
            for (at, (param, link)) in params.iter().zip(graph.links(*node)).enumerate() {
                if moves(param) && !link.is_constant() {
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
                let place = outline(second).params()[second_at].location();
                let mark = place.map(|place| Label::new(place, "takes it too"));
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
            for (read, link) in graph.links(*reader).iter().enumerate() {
                let Ok(found) = taker_of.binary_search_by_key(&link.vertex, |(vertex, ..)| *vertex) else {
                    continue;
                };
                let (_, taker, at) = taker_of[found];
                if taker != *reader {
                    after.push(After { reader: *reader, taker });
                } else if read != at && !moves(&outline(*reader).params()[read]) {
                    let other = "another of its parameters reads".to_owned();
                    problems.push(moved_value(outline(taker), &outline(taker).params()[at], other, None));
                }
            }
        }
        problems.into_result(after)
    }

    /// Orders the nodes anew so that those which move a value come after those which read it.
    fn reorder(&mut self, graph: &Graph, after: &[After]) -> Result<(), Diagnostics<GraphError>> {
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
    ) -> Diagnostics<GraphError> {
        let knots = self.knots(followers);
        let knot = |vertex: u32| knots[self.cells[vertex as usize] as usize];
        let mut problems = Diagnostics::default();
        // Where the two are in no knot, they only come after one and can be in order themselves.
        for After { reader, taker } in after.iter().filter(|after| knot(after.reader) == knot(after.taker)) {
            let (reading, taking) = (graph.outline(NodeId(*reader)), graph.outline(NodeId(*taker)));
            for (param, link) in taking.params().iter().zip(graph.links(*taker)) {
                let read = graph.links(*reader).iter().position(|read| read.vertex == link.vertex);
                if let (true, Some(at)) = (moves(param), read) {
                    let other = format!("node `{}`, which needs `{}`, reads", reading.name(), taking.name());
                    let place = reading.params()[at].location();
                    let mark = place.map(|place| Label::new(place, "reads it afterwards"));
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
        let mut constants = Vec::new();
        let mut reads = vec![0; steps + inputs.len()];
        let mut waits = vec![0; steps];
        let mut ports = Runs { starts: Vec::with_capacity(steps + 1), items: Vec::new() };
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
        let followers = Runs::sorted(reads.len(), Step(0), read_by.chain(after));
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

    /// Returns for each step whether it starts early; nothing when all steps are of one kind.
    fn early(&self, graph: &Graph) -> Vec<bool> {
        let leaves_thread = |node: &u32| {
            let outline = graph.outline(NodeId(*node));
            outline.colour() == Colour::Async || outline.placement() != Placement::Inline
        };
        let early: Vec<bool> = self.nodes.iter().map(leaves_thread).collect();
        if early.contains(&true) && early.contains(&false) { early } else { Vec::new() }
    }

    /// Marks on each port whether it is the cell's last in the plan's order and whether the cell's reads are worth counting;
    /// returns for each step the cells whose values end with it.
    fn mark_last_reads(
        &self,
        graph: &Graph,
        wanted: &[u32],
        cells: usize,
        ports: &mut Runs<Port>,
    ) -> Runs<u32> {
        let cell = |vertex: u32| self.cells[vertex as usize] as usize;
        let steps = self.nodes.len();
        let needs_drop = |node: &u32| graph.outline(NodeId(*node)).given().needs_drop();
        let mut counted: Vec<bool> = self.nodes.iter().map(needs_drop).collect();
        let own = steps + self.inputs.len();
        counted.resize(own, true);
        // A constant stays where it is.
        counted.resize(cells, false);
        for node in &self.nodes {
            for (param, link) in graph.outline(NodeId(*node)).params().iter().zip(graph.links(*node)) {
                if !link.is_constant() {
                    counted[cell(link.vertex)] |= moves(param);
                }
            }
        }
        // What passes a value on moves it only where its reads are counted.
        let nodes = if graph.keeps() { self.nodes.as_slice() } else { &[] };
        for (_, of) in kept::keepers(graph, nodes) {
            counted[cell(of)] = true;
        }
        let mut read_later = vec![false; own];
        read_later.resize(cells, true);
        for vertex in wanted {
            read_later[cell(*vertex)] = true;
        }
        let mut ends = Vec::new();
        // The step that was the last to find a borrowing parameter for the cell.
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
        Runs::sorted(steps, 0, ends.into_iter())
    }
}
