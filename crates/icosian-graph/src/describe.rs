use icosian_core::node::{Access, Asyncness, NodeOrigin, Placement, Role};
use icosian_core::{Name, Outline, Param};
use icosian_schema::graph::{
    EdgeDescription, EdgeKind, Execution, ExpansionDescription, GraphDescription, NodeDescription, NodeKind,
    SourceLocation,
};
use rustc_hash::FxHashMap;

use crate::graph::Graph;
use crate::node_id::NodeId;

impl Graph {
    /// Returns a description of all nodes, inputs and edges, for pictures and tools.
    ///
    /// The type of an input is the type that its first reader expects. A graph does not distinguish inputs from config values;
    /// `Driver::describe` marks config values.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Param};
    /// use icosian_graph::Graph;
    ///
    /// let mean = Outline::new("spend_mean").with_param(Param::borrowed::<[f64]>("spend")).with_output_type::<f64>();
    /// let description = Graph::new([mean])?.describe();
    /// assert_eq!(description.nodes.iter().map(|node| &node.name).collect::<Vec<_>>(), ["spend_mean", "spend"]);
    /// assert_eq!(description.edges[0].written_type, "&[f64]");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn describe(&self) -> GraphDescription {
        let nodes = self.nodes().map(|node| self.describe_node(node));
        let mut input_types = FxHashMap::default();
        for param in self.nodes().flat_map(|node| self.outline(node).params()) {
            input_types.entry(param.source().as_str()).or_insert_with(|| param.wanted());
        }
        let inputs = self.shape().inputs().map(|name| NodeDescription {
            kind: NodeKind::Input,
            output: input_types.get(name).map(ToString::to_string),
            ..NodeDescription::new(name)
        });
        let edges = self.nodes().flat_map(|node| {
            let reader = self.outline(node);
            let params = reader.params().iter();
            params
                .filter(|param| param.constant().is_none() && !param.is_context())
                .map(|param| edge(param, reader))
        });
        GraphDescription { nodes: nodes.chain(inputs).collect(), edges: edges.collect() }
    }

    fn describe_node(&self, node: NodeId) -> NodeDescription {
        let outline = self.outline(node);
        let origin = outline.origin();
        NodeDescription {
            name: outline.name().to_string(),
            kind: if matches!(outline.role(), Role::MadeBy(_)) && !is_included(origin) {
                NodeKind::Derived
            } else {
                NodeKind::Function
            },
            execution: execution(outline),
            output: Some(outline.output().value_type().to_string()),
            dataflow: origin.map(|origin| origin.dataflow().to_string()),
            subdags: origin.map_or(&[][..], NodeOrigin::subdags).iter().map(ToString::to_string).collect(),
            blocks: self.enclosing_blocks(outline.name()),
            expansion: outline.expansion().map(|expansion| ExpansionDescription {
                item: outline.output().value_type().to_string(),
                concurrency: expansion.concurrency().map(std::num::NonZeroUsize::get),
            }),
            function: origin
                .and_then(NodeOrigin::function)
                .filter(|function| *function != outline.name())
                .map(ToString::to_string),
            decorators: origin
                .map_or(&[][..], NodeOrigin::decorators)
                .iter()
                .map(ToString::to_string)
                .collect(),
            tags: outline.tags().iter().map(|(key, values)| (key.to_string(), texts(values))).collect(),
            group: outline.group().map(|group| group.name().to_string()),
            documentation: outline.documentation().to_owned(),
            location: outline.location().map(|location| SourceLocation {
                file: location.file().to_owned(),
                line: location.line(),
                column: location.column(),
            }),
        }
    }

    /// Returns the expanding nodes whose blocks contain a node, outermost first.
    fn enclosing_blocks(&self, node: &str) -> Vec<String> {
        let blocks = self.blocks();
        let inner = std::iter::successors(blocks.of(node), |block| blocks.parent(*block));
        let mut names: Vec<_> =
            inner.map(|block| self.outline(blocks.expander(block)).name().to_string()).collect();
        names.reverse();
        names
    }
}

/// Returns whether a node comes from a subdag, whose decorator has made the node from a function.
fn is_included(origin: Option<&NodeOrigin>) -> bool {
    origin.is_some_and(|origin| !origin.subdags().is_empty())
}

fn execution(outline: &Outline) -> Execution {
    match (outline.placement(), outline.asyncness()) {
        (Placement::Offload, _) => Execution::Offloaded,
        (Placement::Spawn, _) => Execution::Spawned,
        (Placement::Inline, Asyncness::Async) => Execution::Async,
        (Placement::Inline, Asyncness::Sync) => Execution::Sync,
    }
}

fn edge(param: &Param, reader: &Outline) -> EdgeDescription {
    EdgeDescription {
        from: param.source().to_string(),
        to: reader.name().to_string(),
        parameter: param.name().to_string(),
        written_type: param.written_type(),
        kind: match (param.collection(), param.access()) {
            (Some(_), _) if param.is_stream() => EdgeKind::Stream,
            (Some(_), _) => EdgeKind::Collect,
            (None, Access::Borrow) => EdgeKind::Borrow,
            (None, Access::Take) => EdgeKind::Take,
        },
        is_optional: param.is_optional(),
    }
}

fn texts(names: &[Name]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}
