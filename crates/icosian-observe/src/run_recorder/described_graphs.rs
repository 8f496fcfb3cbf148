use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use icosian_core::Name;
use icosian_graph::Graph;
use icosian_schema::graph::GraphDescription;

use super::redaction::Redaction;

/// The descriptions of the graphs whose drivers exist.
#[derive(Default)]
pub(crate) struct DescribedGraphs(Mutex<Vec<(Weak<Graph>, Arc<DescribedGraph>)>>);

/// A description, the name of its records, and the nodes whose outputs are redacted.
#[derive(Debug)]
pub(crate) struct DescribedGraph {
    name: String,
    description: GraphDescription,
    redacted: HashSet<Name>,
}

impl DescribedGraphs {
    /// Returns the description of a graph, which is computed once.
    pub(crate) fn describe(&self, graph: &Arc<Graph>, redaction: &Redaction) -> Arc<DescribedGraph> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A `Weak` keeps the allocation, so another graph cannot have the same address.
        if let Some((_, described)) = known.iter().find(|(known, _)| known.as_ptr() == Arc::as_ptr(graph)) {
            return Arc::clone(described);
        }
        known.retain(|(known, _)| known.strong_count() > 0);
        let described = Arc::new(DescribedGraph::new(graph.describe(), find_redacted(graph, redaction)));
        known.push((Arc::downgrade(graph), Arc::clone(&described)));
        described
    }
}

impl DescribedGraph {
    fn new(description: GraphDescription, redacted: HashSet<Name>) -> Self {
        let mut dataflows: Vec<&str> = Vec::new();
        for dataflow in description.nodes.iter().filter_map(|node| node.dataflow.as_deref()) {
            if !dataflows.contains(&dataflow) {
                dataflows.push(dataflow);
            }
        }
        Self { name: dataflows.join(", "), description, redacted }
    }

    /// Returns the names of the dataflows.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns whether the output of a node is redacted.
    pub(crate) fn redacts(&self, node: &Name) -> bool {
        self.redacted.contains(node)
    }

    /// Returns the type of an input, or an empty text if it is unknown.
    pub(crate) fn type_of(&self, input: &str) -> &str {
        let node = self.description.node(input);
        node.and_then(|node| node.output.as_deref()).unwrap_or_default()
    }

    pub(crate) fn description(&self) -> &GraphDescription {
        &self.description
    }
}

/// Returns the nodes whose outputs are redacted.
///
/// A function with decorators has several nodes, and a tag belongs to the last of them. The earlier ones contain the same value.
fn find_redacted(graph: &Graph, redaction: &Redaction) -> HashSet<Name> {
    let mut open: Vec<_> = graph.nodes().filter(|node| redaction.covers_node(graph.outline(*node))).collect();
    let mut redacted = HashSet::new();
    while let Some(node) = open.pop() {
        let outline = graph.outline(node);
        if !redacted.insert(outline.name().clone()) {
            continue;
        }
        let Some(location) = outline.location() else { continue };
        let sources = outline.params().iter().filter_map(|param| graph.node(param.source()));
        open.extend(sources.filter(|source| graph.outline(*source).location() == Some(location)));
    }
    redacted
}
