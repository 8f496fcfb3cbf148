//! Differences between two versions.

use icosian_draw::{ChangeKind, GraphPart, diff};
use icosian_schema::graph::{EdgeDescription, Execution, NodeDescription};

use crate::sample::{node, shop};

#[test]
fn changes_are_listed_and_drawn() {
    let old = shop();
    let mut new = shop();
    new.nodes.retain(|node| node.name != "tax.rate");
    new.edges.retain(|edge| edge.from != "tax.rate" && edge.to != "tax.rate");
    new.nodes.push(NodeDescription { tags: vec![("owner".to_owned(), vec![])], ..node("audit", "Audit") });
    new.edges.push(EdgeDescription::new("net", "audit"));
    for changed in &mut new.nodes {
        if changed.name == "net" {
            changed.output = Some("Money".to_owned());
        } else if changed.name == "order" {
            changed.decorators = vec!["retry".to_owned(), "cache".to_owned()];
        } else if changed.name == "document" {
            changed.execution = Execution::Async;
            changed.documentation = "Renders.".to_owned();
        }
    }
    let diff = diff(&old, &new);
    insta::assert_snapshot!(diff.to_string());
    let picture = diff.draw();
    for text in [picture.to_svg(), picture.to_dot(), picture.to_html()] {
        for part in ["+ added", "- removed", "~ output f64 → Money", "~ +cache -timeout"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
    assert!(picture.to_mermaid().contains("linkStyle"));
}

#[test]
fn equal_graphs_have_no_changes() {
    let mut moved = shop();
    for node in &mut moved.nodes {
        if let Some(location) = &mut node.location {
            location.line += 10;
        }
    }
    let diff = diff(&shop(), &moved);
    assert!(diff.is_empty() && diff.to_string().is_empty());
}

#[test]
fn reversed_edge_is_a_cycle_in_the_picture() {
    let graph = |from: &str, to: &str| icosian_schema::graph::GraphDescription {
        nodes: vec![node("a", "u8"), node("b", "u8")],
        edges: vec![EdgeDescription::new(from, to)],
    };
    let diff = diff(&graph("a", "b"), &graph("b", "a"));
    let kinds: Vec<_> = diff.changes().iter().map(|change| (change.kind(), change.part().clone())).collect();
    let edge = |from: &str, to: &str| GraphPart::Edge {
        from: from.to_owned(),
        to: to.to_owned(),
        parameter: from.to_owned(),
    };
    assert_eq!(kinds, [(ChangeKind::Added, edge("b", "a")), (ChangeKind::Removed, edge("a", "b"))]);
    assert_eq!(diff.draw().to_svg().matches("class=\"head\"").count(), 2);
}
