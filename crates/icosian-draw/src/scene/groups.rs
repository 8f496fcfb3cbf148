use std::collections::HashMap;

use icosian_schema::graph::{GraphDescription, NodeDescription};

use super::part::{Emphasis, SceneGroup};
use crate::detail::NodeDetail;
use crate::group_kind::GroupKind;
use crate::options::PictureOptions;

/// A group within its parent.
type GroupKey<'a> = (Option<usize>, GroupKind, &'a str);

/// Builds the groups of the shown nodes, and returns the innermost group of each node.
///
/// The groups of a node are its dataflow, then its subdags and blocks. A block is inside the subdags that contain its expanding node.
pub(super) fn build_groups(
    graph: &GraphDescription,
    shown: &[usize],
    options: &PictureOptions,
) -> (Vec<SceneGroup>, Vec<Option<usize>>) {
    let expanders: HashMap<&str, &NodeDescription> = graph
        .nodes
        .iter()
        .filter(|node| node.expansion.is_some())
        .map(|node| (node.name.as_str(), node))
        .collect();
    let mut dataflows: Vec<&str> =
        shown.iter().filter_map(|index| graph.nodes[*index].dataflow.as_deref()).collect();
    dataflows.sort_unstable();
    dataflows.dedup();
    let dataflows = if dataflows.len() > 1 { DataflowGroups::Drawn } else { DataflowGroups::Omitted };

    let mut groups: Vec<SceneGroup> = Vec::new();
    let mut known: HashMap<GroupKey<'_>, usize> = HashMap::new();
    let innermost = shown.iter().map(|&index| {
        let node = &graph.nodes[index];
        let mut group = None;
        for (kind, name) in path(node, dataflows, &expanders) {
            if !options.groups.contains(&kind) {
                continue;
            }
            let parent = group;
            group = Some(*known.entry((parent, kind, name)).or_insert_with(|| {
                let title = title(kind, name, expanders.get(name).copied(), options);
                groups.push(SceneGroup { kind, title, parent, emphasis: Emphasis::Normal });
                groups.len() - 1
            }));
        }
        group
    });
    let innermost = innermost.collect();
    (groups, innermost)
}

/// Groups of dataflows are drawn only if there are several dataflows.
#[derive(Clone, Copy, PartialEq)]
enum DataflowGroups {
    Drawn,
    Omitted,
}

/// Returns the groups of a node, outermost first.
fn path<'a>(
    node: &'a NodeDescription,
    dataflows: DataflowGroups,
    expanders: &HashMap<&str, &'a NodeDescription>,
) -> Vec<(GroupKind, &'a str)> {
    let mut path = Vec::new();
    if dataflows == DataflowGroups::Drawn
        && let Some(dataflow) = &node.dataflow
    {
        path.push((GroupKind::Dataflow, dataflow.as_str()));
    }
    let mut entered = 0;
    for block in &node.blocks {
        let outer = expanders.get(block.as_str()).map_or(&[][..], |expander| &expander.subdags);
        let common = outer.iter().zip(&node.subdags).take_while(|(a, b)| a == b).count();
        while entered < common {
            path.push((GroupKind::Subdag, node.subdags[entered].as_str()));
            entered += 1;
        }
        path.push((GroupKind::Block, block.as_str()));
    }
    path.extend(node.subdags[entered..].iter().map(|it| (GroupKind::Subdag, it.as_str())));
    path
}

fn title(
    kind: GroupKind,
    name: &str,
    expander: Option<&NodeDescription>,
    options: &PictureOptions,
) -> String {
    let limit = expander.and_then(|it| it.expansion.as_ref()?.concurrency);
    match (kind, limit) {
        (GroupKind::Dataflow, _) => format!("dataflow {name}"),
        (GroupKind::Subdag, _) => format!("subdag {name}"),
        (GroupKind::Block, Some(limit)) if options.shows(NodeDetail::Limits) => {
            format!("for each {name} · {limit} at a time")
        }
        (GroupKind::Block, _) => format!("for each {name}"),
    }
}
