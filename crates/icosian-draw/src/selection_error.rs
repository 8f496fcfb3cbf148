use icosian_diagnostics::nearest;
use icosian_schema::graph::GraphDescription;
use miette::Diagnostic;
use thiserror::Error;

/// The error of a [`NodeSelection`](crate::NodeSelection) that does not fit the graph.
///
/// # Examples
/// ```
/// use icosian_draw::{GraphPicture, NodeSelection};
/// use icosian_schema::graph::{GraphDescription, NodeDescription};
///
/// let graph = GraphDescription { nodes: vec![NodeDescription::new("total")], edges: vec![] };
/// let error = GraphPicture::new(graph).highlight(&NodeSelection::upstream_of("totl")).unwrap_err();
/// assert_eq!(error.to_string(), "the graph has no node `totl`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error, Diagnostic)]
#[non_exhaustive]
pub enum SelectionError {
    /// The graph has no node of this name.
    #[error("the graph has no node `{name}`")]
    #[diagnostic(code("ICO1330 unknown-selected-node"), help("{}", unknown_node_help(nearest.as_deref())))]
    UnknownNode {
        /// The unknown name.
        name: String,
        /// The most similar name of the graph.
        nearest: Option<String>,
    },
    /// No edges lead from the first to the second node.
    #[error("the graph has no path from `{from}` to `{to}`")]
    #[diagnostic(
        code("ICO1331 no-path"),
        help("exchange the nodes, or select the nodes upstream or downstream of one of them")
    )]
    NoPath {
        /// The start of the path.
        from: String,
        /// The end of the path.
        to: String,
    },
}

impl SelectionError {
    pub(crate) fn unknown_node(name: &str, graph: &GraphDescription) -> Self {
        let names = graph.nodes.iter().map(|node| node.name.as_str());
        Self::UnknownNode { name: name.to_owned(), nearest: nearest(name, names).map(str::to_owned) }
    }
}

fn unknown_node_help(nearest: Option<&str>) -> String {
    match nearest {
        Some(nearest) => format!("write `{nearest}`"),
        None => "`cargo icosian list` lists the nodes of a dataflow".to_owned(),
    }
}
