use std::collections::{HashMap, HashSet};
use std::fmt;

use icosian_schema::graph::{EdgeDescription, GraphDescription, NodeDescription};

use crate::change::{ChangeKind, FieldChange, GraphChange, GraphPart};
use crate::picture::GraphPicture;

/// Compares two versions of a graph.
///
/// Nodes are compared by name, and edges by their nodes and parameter. A renamed node therefore appears as a removed node and an added
/// node. The locations of functions are not compared, because an edit in a file moves all functions below it.
///
/// # Examples
/// ```
/// use icosian_draw::diff;
/// use icosian_schema::graph::{EdgeDescription, GraphDescription, NodeDescription};
///
/// let old = GraphDescription { nodes: vec![NodeDescription::new("rates")], edges: vec![] };
/// let new = GraphDescription {
///     nodes: vec![NodeDescription::new("rates"), NodeDescription::new("total")],
///     edges: vec![EdgeDescription::new("rates", "total")],
/// };
/// let diff = diff(&old, &new);
/// assert_eq!(diff.to_string(), "+ node `total`\n+ edge `rates` -> `total`\n");
/// assert!(diff.draw().to_svg().contains("added"));
/// ```
#[must_use]
pub fn diff(old: &GraphDescription, new: &GraphDescription) -> GraphDiff {
    let mut changes = node_changes(old, new);
    changes.extend(edge_changes(old, new));
    GraphDiff { changes, union: unite(old, new) }
}

/// The difference between two graphs. [`diff`] creates it.
///
/// Its text has a line for each change, and is empty if the graphs are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphDiff {
    changes: Vec<GraphChange>,
    union: GraphDescription,
}

impl GraphDiff {
    /// Returns whether the graphs are equal.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Returns the changes: nodes before edges, each in the order of the new graph, and removed parts last.
    #[must_use]
    pub fn changes(&self) -> &[GraphChange] {
        &self.changes
    }

    /// Returns a picture of both graphs that marks added, removed and changed parts.
    pub fn draw(&self) -> GraphPicture {
        GraphPicture::new(self.union.clone()).with_changes(&self.changes)
    }
}

impl fmt::Display for GraphDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.changes.iter().try_for_each(|change| writeln!(f, "{change}"))
    }
}

fn node_changes(old: &GraphDescription, new: &GraphDescription) -> Vec<GraphChange> {
    let change = |kind, node: &NodeDescription, fields| GraphChange {
        kind,
        part: GraphPart::Node { name: node.name.clone() },
        fields,
    };
    let olds: HashMap<&str, &NodeDescription> = by_name(old);
    let news: HashMap<&str, &NodeDescription> = by_name(new);
    let mut changes: Vec<_> = new
        .nodes
        .iter()
        .filter_map(|node| match olds.get(node.name.as_str()) {
            None => Some(change(ChangeKind::Added, node, Vec::new())),
            Some(old) => {
                let fields = node_fields(old, node);
                (!fields.is_empty()).then(|| change(ChangeKind::Changed, node, fields))
            }
        })
        .collect();
    let removed = old.nodes.iter().filter(|node| !news.contains_key(node.name.as_str()));
    changes.extend(removed.map(|node| change(ChangeKind::Removed, node, Vec::new())));
    changes
}

fn by_name(graph: &GraphDescription) -> HashMap<&str, &NodeDescription> {
    graph.nodes.iter().map(|node| (node.name.as_str(), node)).collect()
}

fn node_fields(old: &NodeDescription, new: &NodeDescription) -> Vec<FieldChange> {
    let debug = |value: &dyn fmt::Debug| format!("{value:?}").to_lowercase();
    let tags = |node: &NodeDescription| {
        let tags = node.tags.iter().map(|(key, values)| format!("{key}={}", values.join("|")));
        tags.collect::<Vec<_>>().join(", ")
    };
    let expansion = |node: &NodeDescription| match &node.expansion {
        None => String::new(),
        Some(expansion) => match expansion.concurrency {
            None => format!("items of {}", expansion.item),
            Some(limit) => format!("items of {}, concurrency {limit}", expansion.item),
        },
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    fields([
        ("kind", debug(&old.kind), debug(&new.kind)),
        ("output", text(&old.output), text(&new.output)),
        ("execution", debug(&old.execution), debug(&new.execution)),
        ("dataflow", text(&old.dataflow), text(&new.dataflow)),
        ("subdags", old.subdags.join(" > "), new.subdags.join(" > ")),
        ("blocks", old.blocks.join(" > "), new.blocks.join(" > ")),
        ("expansion", expansion(old), expansion(new)),
        ("function", text(&old.function), text(&new.function)),
        ("decorators", old.decorators.join(", "), new.decorators.join(", ")),
        ("tags", tags(old), tags(new)),
        ("group", text(&old.group), text(&new.group)),
        ("documentation", old.documentation.clone(), new.documentation.clone()),
    ])
}

fn edge_changes(old: &GraphDescription, new: &GraphDescription) -> Vec<GraphChange> {
    let change = |kind, edge: &EdgeDescription, fields| GraphChange {
        kind,
        part: GraphPart::Edge {
            from: edge.from.clone(),
            to: edge.to.clone(),
            parameter: edge.parameter.clone(),
        },
        fields,
    };
    let olds: HashMap<_, &EdgeDescription> = old.edges.iter().map(|edge| (edge_key(edge), edge)).collect();
    let news: HashSet<_> = new.edges.iter().map(edge_key).collect();
    let mut changes: Vec<_> = new
        .edges
        .iter()
        .filter_map(|edge| match olds.get(&edge_key(edge)) {
            None => Some(change(ChangeKind::Added, edge, Vec::new())),
            Some(old) => {
                let debug = |value: &dyn fmt::Debug| format!("{value:?}").to_lowercase();
                let fields = fields([
                    ("type", old.written_type.clone(), edge.written_type.clone()),
                    ("access", debug(&old.kind), debug(&edge.kind)),
                    ("optional", old.is_optional.to_string(), edge.is_optional.to_string()),
                ]);
                (!fields.is_empty()).then(|| change(ChangeKind::Changed, edge, fields))
            }
        })
        .collect();
    let removed = old.edges.iter().filter(|edge| !news.contains(&edge_key(edge)));
    changes.extend(removed.map(|edge| change(ChangeKind::Removed, edge, Vec::new())));
    changes
}

fn edge_key(edge: &EdgeDescription) -> (&str, &str, &str) {
    (&edge.from, &edge.to, &edge.parameter)
}

fn fields<const COUNT: usize>(values: [(&'static str, String, String); COUNT]) -> Vec<FieldChange> {
    let differing = values.into_iter().filter(|(_, old, new)| old != new);
    differing.map(|(field, old, new)| FieldChange { field, old, new }).collect()
}

/// Returns the new graph with the removed nodes and edges of the old one.
fn unite(old: &GraphDescription, new: &GraphDescription) -> GraphDescription {
    let mut union = new.clone();
    let names = by_name(new);
    union.nodes.extend(old.nodes.iter().filter(|node| !names.contains_key(node.name.as_str())).cloned());
    let keys: HashSet<_> = new.edges.iter().map(edge_key).collect();
    union.edges.extend(old.edges.iter().filter(|edge| !keys.contains(&edge_key(edge))).cloned());
    union
}
