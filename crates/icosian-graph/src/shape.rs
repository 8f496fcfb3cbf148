use std::fmt;

use icosian_core::{Name, RunContext};
use icosian_diagnostics::nearest;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Bfs, DfsPostOrder, EdgeRef, Reversed};
use rustc_hash::{FxHashMap, FxHashSet};

/// The names and edges of a dataflow, possibly invalid.
///
/// Every node and every input is a vertex. An input is a name that a node reads and no node has. A shape may have cycles;
/// [`cycles`](Self::cycles) finds them.
///
/// # Examples
/// ```
/// use icosian_graph::Shape;
///
/// let shape = Shape::new([("b", vec!["a"]), ("c", vec!["a", "b"]), ("d", vec!["c"])]);
/// assert_eq!(shape.inputs().collect::<Vec<_>>(), ["a"]);
/// assert_eq!(shape.downstream("b").collect::<Vec<_>>(), ["c", "d"]);
/// assert_eq!(shape.path_between("a", "d").expect("a path exists"), ["a", "c", "d"]);
/// assert!(shape.cycles().is_empty());
/// ```
#[derive(Clone, Default)]
pub struct Shape {
    names: Vec<Name>,
    vertices: FxHashMap<Name, u32>,
    reads: DiGraph<(), ()>,
    nodes: usize,
}

impl Shape {
    /// Creates a shape from nodes, each a name and the names that it reads.
    ///
    /// If two nodes have the same name, the first one counts. Cost: O(nodes + edges).
    pub fn new<N, R>(nodes: impl IntoIterator<Item = (N, R)>) -> Self
    where
        N: Into<Name>,
        R: IntoIterator,
        R::Item: Into<Name>,
    {
        let mut shape = Self::default();
        let mut read_by = Vec::new();
        for (name, reads) in nodes {
            if let Ok(vertex) = shape.insert_node(name.into()) {
                read_by.push((vertex, reads));
            }
        }
        for (vertex, reads) in read_by {
            for read in reads {
                let read = shape.insert_input(&read.into());
                shape.connect(read, vertex);
            }
        }
        shape
    }

    /// Adds a node and returns its vertex, or the vertex that already has this name. All nodes precede all inputs.
    pub(crate) fn insert_node(&mut self, name: Name) -> Result<u32, u32> {
        debug_assert_eq!(self.nodes, self.names.len(), "nodes come before inputs");
        if let Some(vertex) = self.vertex(&name) {
            return Err(vertex);
        }
        self.nodes += 1;
        Ok(self.insert(name))
    }

    /// Returns the vertex of `name`, and adds an input if there is no such vertex.
    pub(crate) fn insert_input(&mut self, name: &Name) -> u32 {
        self.vertex(name).unwrap_or_else(|| self.insert(name.clone()))
    }

    /// Reserves capacity for additional nodes and edges.
    pub(crate) fn reserve(&mut self, nodes: usize, edges: usize) {
        self.names.reserve(nodes);
        self.vertices.reserve(nodes);
        self.reads.reserve_nodes(nodes);
        self.reads.reserve_edges(edges);
    }

    pub(crate) fn connect(&mut self, from: u32, to: u32) {
        self.reads.add_edge(index(from), index(to), ());
    }

    fn insert(&mut self, name: Name) -> u32 {
        let vertex = number(self.reads.add_node(()));
        self.vertices.insert(name.clone(), vertex);
        self.names.push(name);
        vertex
    }

    /// Returns the names of the nodes in insertion order.
    pub fn nodes(&self) -> impl Iterator<Item = &str> {
        self.names[..self.nodes].iter().map(Name::as_str)
    }

    /// Returns the names of the inputs in the order of their first reader.
    ///
    /// The run context is excluded, because the run itself provides it.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.names[self.nodes..].iter().map(Name::as_str).filter(|name| *name != RunContext::INPUT)
    }

    /// Returns `true` if a node has this name.
    #[must_use]
    pub fn is_node(&self, name: &str) -> bool {
        self.vertex(name).is_some_and(|vertex| (vertex as usize) < self.nodes)
    }

    /// Returns `true` if this is the name of an input.
    #[must_use]
    pub fn is_input(&self, name: &str) -> bool {
        name != RunContext::INPUT && self.vertex(name).is_some_and(|vertex| (vertex as usize) >= self.nodes)
    }

    /// Returns all vertices that `name` depends on, nearest first, without `name`; empty for an unknown name.
    #[must_use]
    pub fn upstream(&self, name: &str) -> Vertices<'_> {
        let graph = Reversed(&self.reads);
        let Some(start) = self.vertex(name).map(index) else { return self.vertices_of(Vec::new()) };
        let mut walk = Bfs::new(graph, start);
        self.vertices_of(std::iter::from_fn(|| walk.next(graph)).skip(1).map(number).collect())
    }

    /// Returns all vertices that depend on `name`, nearest first, without `name`; empty for an unknown name.
    #[must_use]
    pub fn downstream(&self, name: &str) -> Vertices<'_> {
        let Some(start) = self.vertex(name).map(index) else { return self.vertices_of(Vec::new()) };
        let mut walk = Bfs::new(&self.reads, start);
        self.vertices_of(std::iter::from_fn(|| walk.next(&self.reads)).skip(1).map(number).collect())
    }

    fn vertices_of(&self, vertices: Vec<u32>) -> Vertices<'_> {
        Vertices { shape: self, vertices: vertices.into_iter() }
    }

    /// Returns a shortest path from `from` downstream to `to`, both included, or `None`.
    #[must_use]
    pub fn path_between(&self, from: &str, to: &str) -> Option<Vec<&str>> {
        let (from, to) = (self.vertex(from)?, self.vertex(to)?);
        let path = self.path(|vertex| vertex == from, to, |_| true)?;
        Some(path.into_iter().map(|vertex| self.name(vertex).as_str()).collect())
    }

    /// Returns one cycle of every strongly connected component: a shortest cycle through its first node.
    ///
    /// Each cycle is listed in the direction of the data; its last name equals its first.
    ///
    /// # Examples
    /// ```
    /// let shape = icosian_graph::Shape::new([("a", ["c"]), ("b", ["a"]), ("c", ["b"]), ("d", ["d"])]);
    /// assert_eq!(shape.cycles(), [vec!["a", "b", "c", "a"], vec!["d", "d"]]);
    /// ```
    ///
    /// Components after Kosaraju and Sharir, "A strong-connectivity algorithm", 1981.
    #[must_use]
    pub fn cycles(&self) -> Vec<Vec<&str>> {
        let mut component_of = vec![0_usize; self.names.len()];
        let mut starts = Vec::new();
        for (component, members) in kosaraju_scc(&self.reads).into_iter().enumerate() {
            for member in &members {
                component_of[member.index()] = component;
            }
            let first = members.iter().copied().min();
            starts
                .extend(first.filter(|first| members.len() > 1 || self.reads.contains_edge(*first, *first)));
        }
        starts.sort_unstable();
        let cycle = |start: NodeIndex| {
            let component = component_of[start.index()];
            let next: FxHashSet<u32> = self.reads.neighbors(start).map(number).collect();
            let inside = |vertex: u32| component_of[vertex as usize] == component;
            let round = self.path(|vertex| next.contains(&vertex), number(start), inside)?;
            let names = std::iter::once(number(start)).chain(round);
            Some(names.map(|vertex| self.name(vertex).as_str()).collect())
        };
        starts.into_iter().filter_map(cycle).collect()
    }

    /// Returns the vertices in topological order, with insertion order where edges permit, or `None` if there is a cycle.
    ///
    /// # Examples
    /// ```
    /// let shape = icosian_graph::Shape::new([("c", vec!["b"]), ("b", vec!["a"]), ("d", vec![])]);
    /// assert_eq!(shape.topological_order().expect("there is no cycle"), ["a", "b", "c", "d"]);
    /// ```
    ///
    /// Order after Tarjan, "Edge-disjoint spanning trees and depth-first search", Acta Informatica 6, 1976.
    #[must_use]
    pub fn topological_order(&self) -> Option<Vec<&str>> {
        let order = self.order()?;
        Some(order.into_iter().map(|vertex| self.name(vertex).as_str()).collect())
    }

    /// Returns the existing name that is most similar to a misspelt one.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<&str> {
        nearest(name, self.names.iter().map(Name::as_str))
    }

    pub(crate) fn order(&self) -> Option<Vec<u32>> {
        let graph = Reversed(&self.reads);
        let mut walk = DfsPostOrder::empty(graph);
        let mut order = Vec::with_capacity(self.names.len());
        for start in self.reads.node_indices() {
            walk.move_to(start);
            order.extend(std::iter::from_fn(|| walk.next(graph)).map(number));
        }
        let mut ranks = vec![0; order.len()];
        for (rank, vertex) in order.iter().enumerate() {
            ranks[*vertex as usize] = rank;
        }
        let forwards = |edge: petgraph::graph::EdgeReference<'_, ()>| {
            ranks[edge.source().index()] < ranks[edge.target().index()]
        };
        self.reads.edge_references().all(forwards).then_some(order)
    }

    pub(crate) fn vertex(&self, name: &str) -> Option<u32> {
        self.vertices.get(name).copied()
    }

    pub(crate) fn name(&self, vertex: u32) -> &Name {
        &self.names[vertex as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn node_count(&self) -> usize {
        self.nodes
    }

    /// Returns a shortest path over allowed vertices from any start to `to`, both ends included.
    fn path(
        &self,
        is_start: impl Fn(u32) -> bool,
        to: u32,
        allowed: impl Fn(u32) -> bool,
    ) -> Option<Vec<u32>> {
        const UNSEEN: u32 = u32::MAX;
        // The search runs backwards from `to`, so `next` maps each visited vertex to its successor on the path.
        let mut next = FxHashMap::from_iter([(to, UNSEEN)]);
        let mut front = std::collections::VecDeque::from([to]);
        while let Some(vertex) = front.pop_front() {
            if is_start(vertex) {
                let steps = std::iter::successors(Some(vertex), |vertex| {
                    next.get(vertex).copied().filter(|next| *next != UNSEEN)
                });
                return Some(steps.collect());
            }
            for source in self.reads.neighbors_directed(index(vertex), petgraph::Incoming).map(number) {
                if allowed(source) && !next.contains_key(&source) {
                    next.insert(source, vertex);
                    front.push_back(source);
                }
            }
        }
        None
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shape({} nodes, {} inputs)", self.nodes, self.names.len() - self.nodes)
    }
}

/// An iterator over the names of a [`Shape`] traversal.
///
/// # Examples
/// ```
/// let shape = icosian_graph::Shape::new([("b", ["a"])]);
/// assert_eq!(shape.upstream("b").next(), Some("a"));
/// ```
#[derive(Clone, Debug)]
pub struct Vertices<'shape> {
    shape: &'shape Shape,
    vertices: std::vec::IntoIter<u32>,
}

impl<'shape> Iterator for Vertices<'shape> {
    type Item = &'shape str;

    fn next(&mut self) -> Option<&'shape str> {
        self.vertices.next().map(|vertex| self.shape.name(vertex).as_str())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.vertices.size_hint()
    }
}

impl ExactSizeIterator for Vertices<'_> {}

fn index(vertex: u32) -> NodeIndex {
    NodeIndex::new(vertex as usize)
}

// petgraph numbers nodes with `u32` here, and panics before it would run out of numbers.
fn number(index: NodeIndex) -> u32 {
    u32::try_from(index.index()).expect("petgraph's index is a u32")
}
