use std::collections::HashMap;

use icosian_schema::graph::GraphDescription;

use crate::selection_error::SelectionError;

/// Nodes of a graph, selected by name and by edges.
///
/// # Examples
/// ```
/// use icosian_draw::{GraphPicture, NodeSelection};
/// use icosian_schema::graph::{EdgeDescription, GraphDescription, NodeDescription};
///
/// let graph = GraphDescription {
///     nodes: ["rates", "total", "audit"].map(NodeDescription::new).to_vec(),
///     edges: vec![EdgeDescription::new("rates", "total"), EdgeDescription::new("rates", "audit")],
/// };
/// let picture = GraphPicture::new(graph).only(&NodeSelection::upstream_of("total"))?;
/// assert!(!picture.to_dot().contains("audit"));
/// # Ok::<(), icosian_draw::SelectionError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeSelection {
    parts: Vec<SelectedPart>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum SelectedPart {
    Node(String),
    Upstream(String),
    Downstream(String),
    Path { from: String, to: String },
}

impl NodeSelection {
    /// Selects the named nodes.
    #[must_use]
    pub fn nodes(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { parts: names.into_iter().map(|it| SelectedPart::Node(it.into())).collect() }
    }

    /// Selects a node and everything that it depends on.
    #[must_use]
    pub fn upstream_of(node: impl Into<String>) -> Self {
        Self { parts: vec![SelectedPart::Upstream(node.into())] }
    }

    /// Selects a node and everything that depends on it.
    #[must_use]
    pub fn downstream_of(node: impl Into<String>) -> Self {
        Self { parts: vec![SelectedPart::Downstream(node.into())] }
    }

    /// Selects the nodes on all paths between two nodes, including both.
    #[must_use]
    pub fn path(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { parts: vec![SelectedPart::Path { from: from.into(), to: to.into() }] }
    }

    /// Adds the nodes of another selection.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.parts.extend(other.parts);
        self
    }

    /// Returns a flag for each node of a graph, set if the node is selected.
    pub(crate) fn resolve(&self, graph: &GraphDescription) -> Result<Vec<bool>, SelectionError> {
        let indices: HashMap<&str, usize> =
            graph.nodes.iter().enumerate().map(|(index, node)| (node.name.as_str(), index)).collect();
        let find = |name: &String| match indices.get(name.as_str()) {
            Some(index) => Ok(*index),
            None => Err(SelectionError::unknown_node(name, graph)),
        };
        let neighbors = Neighbors::new(graph, &indices);
        let mut selected = vec![false; graph.nodes.len()];
        for part in &self.parts {
            let part = match part {
                SelectedPart::Node(name) => {
                    selected[find(name)?] = true;
                    continue;
                }
                SelectedPart::Upstream(name) => reachable(find(name)?, &neighbors.sources),
                SelectedPart::Downstream(name) => reachable(find(name)?, &neighbors.readers),
                SelectedPart::Path { from, to } => {
                    let (start, end) = (find(from)?, find(to)?);
                    let below = reachable(start, &neighbors.readers);
                    if !below[end] {
                        return Err(SelectionError::NoPath { from: from.clone(), to: to.clone() });
                    }
                    let above = reachable(end, &neighbors.sources);
                    below.iter().zip(&above).map(|(below, above)| *below && *above).collect()
                }
            };
            for (own, part) in selected.iter_mut().zip(part) {
                *own |= part;
            }
        }
        Ok(selected)
    }
}

struct Neighbors {
    sources: Vec<Vec<usize>>,
    readers: Vec<Vec<usize>>,
}

impl Neighbors {
    fn new(graph: &GraphDescription, indices: &HashMap<&str, usize>) -> Self {
        let count = graph.nodes.len();
        let mut neighbors = Self { sources: vec![Vec::new(); count], readers: vec![Vec::new(); count] };
        for edge in &graph.edges {
            if let (Some(&from), Some(&to)) = (indices.get(edge.from.as_str()), indices.get(edge.to.as_str()))
            {
                neighbors.sources[to].push(from);
                neighbors.readers[from].push(to);
            }
        }
        neighbors
    }
}

fn reachable(start: usize, neighbors: &[Vec<usize>]) -> Vec<bool> {
    let mut seen = vec![false; neighbors.len()];
    seen[start] = true;
    let mut open = vec![start];
    while let Some(node) = open.pop() {
        for &next in &neighbors[node] {
            if !std::mem::replace(&mut seen[next], true) {
                open.push(next);
            }
        }
    }
    seen
}
