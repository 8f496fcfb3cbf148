use std::sync::{Arc, Mutex, PoisonError, Weak};

use icosian_graph::Graph;
use icosian_schema::graph::GraphDescription;

/// The descriptions of the graphs whose drivers exist.
#[derive(Default)]
pub(crate) struct DescribedGraphs(Mutex<Vec<(Weak<Graph>, Arc<DescribedGraph>)>>);

/// A description, and the name of its records.
#[derive(Debug)]
pub(crate) struct DescribedGraph {
    name: String,
    description: GraphDescription,
}

impl DescribedGraphs {
    /// Returns the description of a graph, which is computed once.
    pub(crate) fn describe(&self, graph: &Arc<Graph>) -> Arc<DescribedGraph> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A `Weak` keeps the allocation, so another graph cannot have the same address.
        if let Some((_, described)) = known.iter().find(|(known, _)| known.as_ptr() == Arc::as_ptr(graph)) {
            return Arc::clone(described);
        }
        known.retain(|(known, _)| known.strong_count() > 0);
        let described = Arc::new(DescribedGraph::new(graph.describe()));
        known.push((Arc::downgrade(graph), Arc::clone(&described)));
        described
    }
}

impl DescribedGraph {
    fn new(description: GraphDescription) -> Self {
        let mut dataflows: Vec<&str> = Vec::new();
        for dataflow in description.nodes.iter().filter_map(|node| node.dataflow.as_deref()) {
            if !dataflows.contains(&dataflow) {
                dataflows.push(dataflow);
            }
        }
        Self { name: dataflows.join(", "), description }
    }

    /// Returns the names of the dataflows.
    pub(crate) fn name(&self) -> &str {
        &self.name
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
