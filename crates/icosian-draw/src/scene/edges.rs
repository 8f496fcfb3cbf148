use std::collections::HashMap;

use icosian_schema::graph::{EdgeDescription, EdgeKind, GraphDescription};

use super::part::{Emphasis, SceneEdge, SceneNode};
use crate::detail::NodeDetail;
use crate::options::PictureOptions;
use crate::text_width::shorten;

const LABEL_LIMIT: usize = 32;

/// Builds the arrows. Parameters with the same nodes, label and change share one arrow.
pub(super) fn build_edges(
    graph: &GraphDescription,
    indices: &HashMap<&str, usize>,
    nodes: &[SceneNode],
    options: &PictureOptions,
) -> Vec<SceneEdge> {
    let mut edges: Vec<SceneEdge> = Vec::new();
    let mut known = HashMap::new();
    for edge in &graph.edges {
        let (Some(&from), Some(&to)) = (indices.get(edge.from.as_str()), indices.get(edge.to.as_str()))
        else {
            continue;
        };
        let label = label(graph, edge, nodes[from].index, nodes[to].index, options);
        let change =
            options.marks.as_ref().and_then(|marks| marks.edge(&edge.from, &edge.to, &edge.parameter));
        let key = (from, to, label.clone(), edge.is_optional, change);
        if let Some(&index) = known.get(&key) {
            let shared: &mut SceneEdge = &mut edges[index];
            shared.tooltip.push('\n');
            shared.tooltip.push_str(&tooltip(edge, options));
            continue;
        }
        known.insert(key, edges.len());
        let ends = [nodes[from].emphasis, nodes[to].emphasis];
        let emphasis = if ends.contains(&Emphasis::Dimmed) {
            Emphasis::Dimmed
        } else if ends == [Emphasis::Highlighted; 2] {
            Emphasis::Highlighted
        } else {
            Emphasis::Normal
        };
        edges.push(SceneEdge {
            from,
            to,
            label,
            is_optional: edge.is_optional,
            change,
            emphasis,
            tooltip: format!("{} → {}\n{}", edge.from, edge.to, tooltip(edge, options)),
        });
    }
    edges
}

fn tooltip(edge: &EdgeDescription, options: &PictureOptions) -> String {
    match edge.written_type.as_str() {
        written_type if !written_type.is_empty() && options.shows(NodeDetail::Types) => {
            format!("{}: {written_type}", edge.parameter)
        }
        _ => edge.parameter.clone(),
    }
}

/// Returns the item type of an edge into a block, or the collecting type of an edge out of one.
fn label(
    graph: &GraphDescription,
    edge: &EdgeDescription,
    from: usize,
    to: usize,
    options: &PictureOptions,
) -> Option<String> {
    let has_types = options.shows(NodeDetail::Types);
    let text = match edge.kind {
        EdgeKind::Collect if !has_types || edge.written_type.is_empty() => "Collect".to_owned(),
        EdgeKind::Stream if !has_types || edge.written_type.is_empty() => "CollectStream".to_owned(),
        EdgeKind::Collect | EdgeKind::Stream => edge.written_type.clone(),
        EdgeKind::Borrow | EdgeKind::Take => {
            let expansion = graph.nodes[from].expansion.as_ref()?;
            if !graph.nodes[to].blocks.contains(&edge.from) {
                return None;
            }
            if has_types && !expansion.item.is_empty() {
                format!("each {}", expansion.item)
            } else {
                "each item".to_owned()
            }
        }
    };
    Some(shorten(&text, LABEL_LIMIT))
}
