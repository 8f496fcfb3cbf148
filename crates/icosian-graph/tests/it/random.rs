use std::collections::BTreeSet;

use proptest::prelude::*;

/// A graph as plain data: vertices `0..reads.len()` are nodes, the others are inputs.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    /// The vertices that each node reads.
    pub(crate) reads: Vec<Vec<usize>>,
    /// The number of vertices.
    pub(crate) vertices: usize,
}

/// Generates graphs of any form, with cycles and parallel edges.
pub(crate) fn any_graph() -> impl Strategy<Value = Random> {
    prop_oneof![wild(), acyclic()]
}

fn wild() -> impl Strategy<Value = Random> {
    (1_usize..14, 0_usize..4).prop_flat_map(|(nodes, inputs)| {
        let vertices = nodes + inputs;
        let reads = prop::collection::vec(prop::collection::vec(0..vertices, 0..3), nodes);
        reads.prop_map(move |reads| Random { reads, vertices })
    })
}

/// Generates acyclic graphs. Nodes are in no particular order and read each vertex at most once.
pub(crate) fn acyclic() -> impl Strategy<Value = Random> {
    (1_usize..14, 0_usize..4).prop_flat_map(|(nodes, inputs)| {
        let vertices = nodes + inputs;
        let picks = prop::collection::vec(prop::collection::vec(any::<prop::sample::Index>(), 0..5), nodes);
        let order = Just((0..nodes).collect::<Vec<_>>()).prop_shuffle();
        (picks, order).prop_map(move |(picks, order)| {
            let mut reads = vec![Vec::new(); nodes];
            for (at, (node, picks)) in order.iter().zip(picks).enumerate() {
                // Inputs, and the nodes before this node in `order`.
                let before: Vec<_> = order[..at].iter().copied().chain(nodes..vertices).collect();
                let picked = picks.iter().filter(|_| !before.is_empty());
                let picked: BTreeSet<usize> = picked.map(|pick| *pick.get(&before)).collect();
                reads[*node] = picked.into_iter().collect();
            }
            Random { reads, vertices }
        })
    })
}

pub(crate) fn name(vertex: usize) -> String {
    format!("v{vertex}")
}

pub(crate) fn vertex(name: &str) -> usize {
    name.strip_prefix('v').and_then(|number| number.parse().ok()).expect("vertices are named by `name`")
}

impl Random {
    /// Returns the nodes that read `vertex`.
    pub(crate) fn readers(&self, vertex: usize) -> BTreeSet<usize> {
        (0..self.reads.len()).filter(|node| self.reads[*node].contains(&vertex)).collect()
    }

    pub(crate) fn edges(&self) -> Vec<(usize, usize)> {
        let edges = self.reads.iter().enumerate();
        edges.flat_map(|(node, reads)| reads.iter().map(move |read| (*read, node))).collect()
    }

    /// Returns a matrix of the vertices that are reachable over at least one edge.
    pub(crate) fn reachable(&self) -> Vec<Vec<bool>> {
        reachable(self.vertices, &self.edges())
    }
}

/// Returns a matrix of the vertices that are reachable over at least one edge (Warshall's algorithm).
pub(crate) fn reachable(vertices: usize, edges: &[(usize, usize)]) -> Vec<Vec<bool>> {
    let mut reaches = vec![vec![false; vertices]; vertices];
    for (from, to) in edges {
        reaches[*from][*to] = true;
    }
    for middle in 0..vertices {
        for from in 0..vertices {
            for to in 0..vertices {
                reaches[from][to] |= reaches[from][middle] && reaches[middle][to];
            }
        }
    }
    reaches
}

/// Returns the matrix of distances in edges; `None` for unreachable vertices.
pub(crate) fn distances(vertices: usize, edges: &[(usize, usize)]) -> Vec<Vec<Option<usize>>> {
    let mut distance = vec![vec![None; vertices]; vertices];
    for (vertex, row) in distance.iter_mut().enumerate() {
        row[vertex] = Some(0);
    }
    for length in 0..vertices {
        for row in &mut distance {
            for (before, to) in edges {
                if row[*before] == Some(length) && row[*to].is_none() {
                    row[*to] = Some(length + 1);
                }
            }
        }
    }
    distance
}
