//! Descriptions of graphs.

/// The nodes and edges of a dataflow.
///
/// The nodes include inputs, config values and shared inputs.
///
/// # Examples
/// ```
/// use icosian_schema::graph::{EdgeDescription, GraphDescription, NodeDescription};
///
/// let graph = GraphDescription {
///     nodes: vec![NodeDescription::new("rates"), NodeDescription::new("report")],
///     edges: vec![EdgeDescription::new("rates", "report")],
/// };
/// assert!(graph.node("report").is_some());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct GraphDescription {
    /// The nodes, in the order of the dataflows; inputs are last. Names are unique.
    pub nodes: Vec<NodeDescription>,
    /// The edges, in the order of the consumers and their parameters.
    pub edges: Vec<EdgeDescription>,
}

impl GraphDescription {
    /// Returns the node with this name. Cost: O(nodes).
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&NodeDescription> {
        self.nodes.iter().find(|node| node.name == name)
    }
}

/// A node or an input of a dataflow.
///
/// # Examples
/// ```
/// use icosian_schema::graph::{Execution, NodeDescription, NodeKind};
///
/// let node = NodeDescription { execution: Execution::Async, ..NodeDescription::new("rates") };
/// assert_eq!((node.kind, node.decorators.len()), (NodeKind::Function, 0));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct NodeDescription {
    /// The name, which is unique in the graph.
    pub name: String,
    /// The kind of the node.
    pub kind: NodeKind,
    /// The way in which the node's function runs.
    pub execution: Execution,
    /// The type of the output, such as `Vec<f64>`. For an expanding node: the type of one item. `None` if it is unknown.
    pub output: Option<String>,
    /// The dataflow of the driver that contains the node. `None` for inputs.
    pub dataflow: Option<String>,
    /// The namespaces of the subdags that contain the node, outermost first.
    pub subdags: Vec<String>,
    /// The expanding nodes whose blocks contain the node, outermost first. The node runs once for each item of the last one.
    pub blocks: Vec<String>,
    /// The expansion into items. `None` if the node does not expand.
    pub expansion: Option<ExpansionDescription>,
    /// The function of the node, if its name differs from the name of the node. `None` otherwise.
    pub function: Option<String>,
    /// The decorators above the function, innermost first.
    pub decorators: Vec<String>,
    /// The tags and their values, sorted by key.
    pub tags: Vec<(String, Vec<String>)>,
    /// The name of the concurrency group.
    pub group: Option<String>,
    /// The documentation of the function.
    pub documentation: String,
    /// The location of the function.
    pub location: Option<SourceLocation>,
}

impl NodeDescription {
    /// Creates the description of a sync function without further properties.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

/// The kind of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum NodeKind {
    /// The node runs a function.
    #[default]
    Function,
    /// A decorator added the node, for example to extract a field or to check an output.
    Derived,
    /// The caller passes the value with each execution.
    Input,
    /// The value is part of the driver's config.
    Config,
    /// All executions of the driver share the value.
    Shared,
}

/// The way in which a function runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Execution {
    /// A sync function, which runs on the thread of the run.
    #[default]
    Sync,
    /// An async function.
    Async,
    /// A sync function that runs on a thread for blocking work (`#[offload]`).
    Offloaded,
    /// An async function that runs on a separate task (`#[spawn]`).
    Spawned,
}

/// The expansion of a node into items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct ExpansionDescription {
    /// The type of one item.
    pub item: String,
    /// The maximum number of items that run at the same time.
    pub concurrency: Option<usize>,
}

/// The location of a function in its source file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SourceLocation {
    /// The path, relative to the workspace.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

/// A parameter that reads a node.
///
/// # Examples
/// ```
/// use icosian_schema::graph::{EdgeDescription, EdgeKind};
///
/// let edge = EdgeDescription { kind: EdgeKind::Collect, ..EdgeDescription::new("score", "total") };
/// assert_eq!(edge.parameter, "score");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct EdgeDescription {
    /// The name of the node that produces the value.
    pub from: String,
    /// The name of the node that reads the value.
    pub to: String,
    /// The name of the parameter.
    pub parameter: String,
    /// The type of the parameter as in the source code, such as `&[f64]`.
    pub written_type: String,
    /// The way in which the parameter reads the value.
    pub kind: EdgeKind,
    /// Set if the parameter accepts a missing value, because it is optional or has a default.
    pub is_optional: bool,
}

impl EdgeDescription {
    /// Creates a borrowing edge whose parameter has the name of the producer.
    #[must_use]
    pub fn new(from: impl Into<String>, to: impl Into<String>) -> Self {
        let from = from.into();
        Self { parameter: from.clone(), from, to: to.into(), ..Self::default() }
    }
}

/// The way in which a parameter reads a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum EdgeKind {
    /// It borrows the value.
    #[default]
    Borrow,
    /// It consumes the value.
    Take,
    /// It collects the values of all items.
    Collect,
    /// It receives the values of the items as a stream.
    Stream,
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;

    #[test]
    fn descriptions_survive_json() {
        let graph = GraphDescription {
            nodes: vec![NodeDescription {
                execution: Execution::Offloaded,
                expansion: Some(ExpansionDescription { item: "u8".to_owned(), concurrency: Some(4) }),
                tags: vec![("owner".to_owned(), vec!["risk".to_owned()])],
                location: Some(SourceLocation { file: "src/lib.rs".to_owned(), line: 3, column: 1 }),
                ..NodeDescription::new("parts")
            }],
            edges: vec![EdgeDescription { kind: EdgeKind::Stream, ..EdgeDescription::new("parts", "total") }],
        };
        let text = serde_json::to_string(&graph).expect("the description contains only text and numbers");
        assert_eq!(serde_json::from_str::<GraphDescription>(&text).expect("it was just written"), graph);
    }

    #[test]
    fn unknown_and_missing_fields_are_accepted() {
        let text = r#"{"nodes":[{"name":"a","colour":"red"}],"edges":[{"from":"a","to":"b"}]}"#;
        let graph: GraphDescription = serde_json::from_str(text).expect("fields have defaults");
        assert_eq!(graph.nodes, [NodeDescription::new("a")]);
    }
}
