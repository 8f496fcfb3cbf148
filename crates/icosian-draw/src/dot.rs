//! The language of Graphviz.

use std::fmt::Write as _;

use crate::change::ChangeKind;
use crate::escape::{dot, dot_label};
use crate::group_kind::GroupKind;
use crate::layout::Axis;
use crate::scene::{Emphasis, NestedPart, NodeLook, Scene, SceneEdge, SceneNode, StatusTone};

const DIMMED: &str = "#b5b5b5";

/// Writes a digraph. Nodes have their names as identifiers.
pub(crate) fn write_dot(scene: &Scene) -> String {
    let mut out = String::from("digraph {\n");
    let direction = match scene.axis {
        Axis::Down => "TB",
        Axis::Right => "LR",
    };
    push(&mut out, 1, &format!("rankdir={direction}"));
    let title = [&scene.title, &scene.subtitle].into_iter().flatten().map(|it| dot_label(it));
    let title: Vec<_> = title.collect();
    if !title.is_empty() {
        push(&mut out, 1, &format!("label=<{}>; labelloc=t", title.join("<BR/>")));
    }
    push(&mut out, 1, "fontname=\"Helvetica\"; nodesep=0.35; ranksep=0.5");
    push(
        &mut out,
        1,
        "node [fontname=\"Helvetica\", fontsize=12, shape=box, style=rounded, margin=\"0.15,0.08\"]",
    );
    push(&mut out, 1, "edge [fontname=\"Helvetica\", fontsize=10, arrowsize=0.7]");

    let names = identifiers(scene);
    for (depth, part) in scene.nested_parts() {
        match part {
            NestedPart::Node(node) => push(&mut out, depth, &node_line(&names[node], &scene.nodes[node])),
            NestedPart::GroupBegin(group) => open_group(&mut out, depth, scene, group),
            NestedPart::GroupEnd => push(&mut out, depth, "}"),
        }
    }
    for edge in &scene.edges {
        push(&mut out, 1, &edge_line(&names, edge));
    }
    out.push_str("}\n");
    out
}

/// Returns the quoted names. A shortened name that is not unique is followed by the index of the node.
fn identifiers(scene: &Scene) -> Vec<String> {
    let mut known = std::collections::HashSet::new();
    let names = scene.nodes.iter().enumerate().map(|(index, node)| {
        let mut name = dot(&node.name);
        if !known.insert(name.clone()) {
            name = format!("{name} {index}");
            known.insert(name.clone());
        }
        format!("\"{name}\"")
    });
    names.collect()
}

fn push(out: &mut String, depth: usize, line: &str) {
    out.push_str(&"  ".repeat(depth.min(40)));
    out.push_str(line);
    out.push('\n');
}

fn open_group(out: &mut String, depth: usize, scene: &Scene, index: usize) {
    let group = &scene.groups[index];
    push(out, depth, &format!("subgraph cluster_{index} {{"));
    let style = match group.kind {
        GroupKind::Dataflow => "style=\"rounded\"; color=\"#666666\"",
        GroupKind::Subdag => "style=\"rounded\"; color=\"#999999\"",
        GroupKind::Block => "style=\"rounded,dashed\"; color=\"#0072b2\"",
    };
    let style = if group.emphasis == Emphasis::Dimmed {
        format!("{style}; color=\"{DIMMED}\"; fontcolor=\"{DIMMED}\"")
    } else {
        style.to_owned()
    };
    let title = dot_label(&group.title);
    push(out, depth + 1, &format!("label=<{title}>; labeljust=l; fontsize=11; {style}"));
}

fn node_line(name: &str, node: &SceneNode) -> String {
    let small = |text: &str| format!("<BR/><FONT POINT-SIZE=\"10\">{}</FONT>", dot_label(text));
    let mut label = format!("<B>{}</B>", dot_label(&node.name));
    if let Some(subtitle) = &node.subtitle {
        label.push_str(&small(subtitle));
    }
    if !node.badges.is_empty() {
        let badges: Vec<_> = node.badges.iter().map(|it| it.text.as_str()).collect();
        label.push_str(&small(&badges.join(", ")));
    }
    if let Some(status) = &node.status {
        label.push_str(&small(&format!("{} {}", status.tone.symbol(), status.text)));
    }
    if let Some((kind, text)) = &node.change {
        label.push_str(&small(&format!("{} {text}", kind.sign())));
    }
    let mut attributes = format!("label=<{label}>, tooltip=\"{}\"", dot(&node.tooltip));
    if let Some(link) = &node.link {
        let _ = write!(attributes, ", URL=\"{}\"", dot(link));
    }
    let shape = match node.look {
        NodeLook::Function => "",
        NodeLook::Derived => ", style=\"rounded,dashed\"",
        NodeLook::Input => ", shape=oval, margin=\"0.05,0.02\"",
        NodeLook::Config => ", shape=hexagon, style=solid, margin=\"0.02,0.02\"",
        NodeLook::Shared => ", shape=cylinder, style=solid",
    };
    attributes.push_str(shape);
    attributes.push_str(color_of_change(node.change.as_ref().map(|it| it.0)));
    if let Some(status) = &node.status {
        attributes.push_str(match status.tone {
            StatusTone::Succeeded => ", color=\"#007a5a\"",
            StatusTone::Failed => ", color=\"#c1440e\", penwidth=2.5",
            StatusTone::Cancelled | StatusTone::Running => ", color=\"#9a6700\", penwidth=2",
            StatusTone::Skipped => ", color=\"#8a8a8a\", style=dotted",
        });
    }
    match node.emphasis {
        Emphasis::Normal => {}
        Emphasis::Highlighted => attributes.push_str(", penwidth=2.5, color=\"#0072b2\""),
        Emphasis::Dimmed => {
            let _ = write!(attributes, ", color=\"{DIMMED}\", fontcolor=\"{DIMMED}\"");
        }
    }
    format!("{name} [{attributes}]")
}

fn color_of_change(change: Option<ChangeKind>) -> &'static str {
    match change {
        None => "",
        Some(ChangeKind::Added) => ", color=\"#007a5a\", penwidth=2.5",
        Some(ChangeKind::Removed) => ", color=\"#c1440e\", style=dashed",
        Some(ChangeKind::Changed) => ", color=\"#9a6700\", penwidth=2.5",
    }
}

fn edge_line(names: &[String], edge: &SceneEdge) -> String {
    let mut attributes = format!("tooltip=\"{}\"", dot(&edge.tooltip));
    if let Some(label) = &edge.label {
        let _ = write!(attributes, ", label=<{}>", dot_label(label));
    }
    if edge.is_optional {
        attributes.push_str(", style=dashed");
    }
    attributes.push_str(color_of_change(edge.change));
    match edge.emphasis {
        Emphasis::Normal => {}
        Emphasis::Highlighted => attributes.push_str(", penwidth=2, color=\"#0072b2\""),
        Emphasis::Dimmed => {
            let _ = write!(attributes, ", color=\"{DIMMED}\", fontcolor=\"{DIMMED}\"");
        }
    }
    format!("{} -> {} [{attributes}]", names[edge.from], names[edge.to])
}
