//! Mermaid flowcharts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::change::ChangeKind;
use crate::escape::mermaid;
use crate::layout::Axis;
use crate::scene::{Emphasis, NestedPart, NodeLook, Scene, SceneEdge, SceneNode, StatusTone};

/// Writes a flowchart. Nodes are `n0`, `n1` and so on, because names can be keywords of Mermaid.
pub(crate) fn write_mermaid(scene: &Scene) -> String {
    let mut out = String::new();
    let title: Vec<&str> =
        [&scene.title, &scene.subtitle].into_iter().flatten().map(String::as_str).collect();
    if !title.is_empty() {
        // A JSON string is a valid YAML string.
        let _ = writeln!(out, "---\ntitle: {}\n---", yaml(&title.join(" · ")));
    }
    let direction = match scene.axis {
        Axis::Down => "TB",
        Axis::Right => "LR",
    };
    let _ = writeln!(out, "flowchart {direction}");
    for (depth, part) in scene.nested_parts() {
        let indent = "  ".repeat(depth.min(40));
        let _ = match part {
            NestedPart::Node(node) => writeln!(out, "{indent}{}", node_line(node, &scene.nodes[node])),
            NestedPart::GroupBegin(group) => {
                writeln!(out, "{indent}subgraph g{group}[\"{}\"]", mermaid(&scene.groups[group].title))
            }
            NestedPart::GroupEnd => writeln!(out, "{indent}end"),
        };
    }
    for edge in &scene.edges {
        let _ = writeln!(out, "  {}", edge_line(edge));
    }
    write_styles(&mut out, scene);
    out
}

fn yaml(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            // Mermaid reads elements in titles, and has no escape for them.
            '<' => quoted.push('‹'),
            '>' => quoted.push('›'),
            _ if character.is_control() => quoted.push(' '),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

fn node_line(index: usize, node: &SceneNode) -> String {
    let mut lines = vec![format!("<b>{}</b>", mermaid(&node.name))];
    lines.extend(node.subtitle.as_deref().map(mermaid));
    if !node.badges.is_empty() {
        let badges: Vec<_> = node.badges.iter().map(|it| it.text.as_str()).collect();
        lines.push(mermaid(&badges.join(", ")));
    }
    lines.extend(node.status.as_ref().map(|it| mermaid(&format!("{} {}", it.tone.symbol(), it.text))));
    lines.extend(node.change.as_ref().map(|(kind, text)| mermaid(&format!("{} {text}", kind.sign()))));
    let label = lines.join("<br/>");
    match node.look {
        NodeLook::Function | NodeLook::Derived => format!("n{index}[\"{label}\"]"),
        NodeLook::Input => format!("n{index}([\"{label}\"])"),
        NodeLook::Config => format!("n{index}{{{{\"{label}\"}}}}"),
        NodeLook::Shared => format!("n{index}[(\"{label}\")]"),
    }
}

fn edge_line(edge: &SceneEdge) -> String {
    let SceneEdge { from, to, .. } = edge;
    let arrow = if edge.is_optional { "-.->" } else { "-->" };
    match &edge.label {
        Some(label) => format!("n{from} {arrow}|\"{}\"| n{to}", mermaid(label)),
        None => format!("n{from} {arrow} n{to}"),
    }
}

/// Writes the styles of nodes and edges. They set no fill, so they fit light and dark themes.
fn write_styles(out: &mut String, scene: &Scene) {
    let mut nodes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (index, node) in scene.nodes.iter().enumerate() {
        let mut add = |style| nodes.entry(style).or_default().push(format!("n{index}"));
        if node.look == NodeLook::Derived {
            add("stroke-dasharray:5 3");
        }
        if let Some((kind, _)) = &node.change {
            add(change_style(*kind));
        }
        if let Some(status) = &node.status {
            add(match status.tone {
                StatusTone::Succeeded => "stroke:#009e73",
                StatusTone::Failed => "stroke:#d55e00,stroke-width:3px",
                StatusTone::Cancelled | StatusTone::Running => "stroke:#e69f00,stroke-width:2px",
                StatusTone::Skipped => "stroke-dasharray:2 3",
            });
        }
        match node.emphasis {
            Emphasis::Normal => {}
            Emphasis::Highlighted => add("stroke:#0072b2,stroke-width:3px"),
            Emphasis::Dimmed => add("opacity:0.35"),
        }
    }
    for (index, (style, members)) in nodes.iter().enumerate() {
        let _ = writeln!(out, "  classDef c{index} {style}");
        let _ = writeln!(out, "  class {} c{index}", members.join(","));
    }
    let mut edges: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (index, edge) in scene.edges.iter().enumerate() {
        let mut add = |style| edges.entry(style).or_default().push(index.to_string());
        match edge.emphasis {
            Emphasis::Normal => {}
            Emphasis::Highlighted => add("stroke:#0072b2,stroke-width:3px"),
            Emphasis::Dimmed => add("opacity:0.35"),
        }
        if let Some(kind) = edge.change {
            add(change_style(kind));
        }
    }
    for (style, members) in &edges {
        let _ = writeln!(out, "  linkStyle {} {style}", members.join(","));
    }
}

fn change_style(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "stroke:#009e73,stroke-width:3px",
        ChangeKind::Removed => "stroke:#d55e00,stroke-dasharray:6 4",
        ChangeKind::Changed => "stroke:#e69f00,stroke-width:3px",
    }
}
