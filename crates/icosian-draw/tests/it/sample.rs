//! A small graph in which every feature of pictures occurs.

use icosian_schema::graph::{
    EdgeDescription, EdgeKind, Execution, ExpansionDescription, GraphDescription, NodeDescription, NodeKind,
    SourceLocation,
};
use icosian_schema::run::{ErrorSummary, NodeEnded, NodeStatus, RunEnded, RunEvent, RunStarted, RunStatus};

pub(crate) fn node(name: &str, output: &str) -> NodeDescription {
    NodeDescription { output: Some(output.to_owned()), ..NodeDescription::new(name) }
}

pub(crate) fn shop() -> GraphDescription {
    let location = |line| Some(SourceLocation { file: "src/shop.rs".to_owned(), line, column: 1 });
    let block = vec!["line".to_owned()];
    let subdag = vec!["tax".to_owned()];
    GraphDescription {
        nodes: vec![
            NodeDescription {
                execution: Execution::Async,
                decorators: vec!["timeout".to_owned(), "retry".to_owned()],
                tags: vec![("owner".to_owned(), vec!["orders".to_owned()])],
                documentation: "Loads the order.\n\nFails if it is unknown.".to_owned(),
                location: location(3),
                ..node("order", "Vec<Line>")
            },
            NodeDescription {
                expansion: Some(ExpansionDescription { item: "Line".to_owned(), concurrency: Some(4) }),
                location: location(9),
                ..node("line", "Line")
            },
            NodeDescription {
                blocks: block.clone(),
                group: Some("catalog".to_owned()),
                execution: Execution::Spawned,
                ..node("price", "f64")
            },
            NodeDescription { blocks: block, ..node("line_price", "f64") },
            node("net", "f64"),
            NodeDescription { subdags: subdag.clone(), ..node("tax.rate", "f64") },
            NodeDescription { subdags: subdag, kind: NodeKind::Derived, ..node("tax.amount", "f64") },
            NodeDescription { execution: Execution::Offloaded, ..node("document", "String") },
            NodeDescription { kind: NodeKind::Input, ..node("order_id", "u64") },
            NodeDescription { kind: NodeKind::Config, ..node("region", "String") },
            NodeDescription { kind: NodeKind::Shared, ..node("prices", "Prices") },
        ],
        edges: vec![
            EdgeDescription::new("order_id", "order"),
            EdgeDescription::new("order", "line"),
            EdgeDescription::new("line", "price"),
            EdgeDescription::new("prices", "price"),
            EdgeDescription::new("line", "line_price"),
            EdgeDescription::new("price", "line_price"),
            EdgeDescription {
                kind: EdgeKind::Collect,
                written_type: "Collect<f64>".to_owned(),
                ..EdgeDescription::new("line_price", "net")
            },
            EdgeDescription::new("region", "tax.rate"),
            EdgeDescription::new("net", "tax.amount"),
            EdgeDescription::new("tax.rate", "tax.amount"),
            EdgeDescription {
                parameter: "total".to_owned(),
                written_type: "&f64".to_owned(),
                ..EdgeDescription::new("tax.amount", "document")
            },
            EdgeDescription { is_optional: true, ..EdgeDescription::new("region", "document") },
        ],
    }
}

/// A run in which one of two lines failed.
pub(crate) fn failed_run() -> Vec<RunEvent> {
    let ended = |node: &str, items: &[&str], run_time, outcome| NodeEnded {
        run: "7f3a-1".to_owned(),
        node: node.to_owned(),
        items: items.iter().map(|it| (*it).to_owned()).collect(),
        run_time,
        outcome,
        attempts: u64::from(outcome != NodeStatus::Skipped),
        ..NodeEnded::default()
    };
    let failed = NodeEnded {
        attempts: 3,
        error: Some(ErrorSummary { message: "no price for `sofa`".to_owned(), ..ErrorSummary::default() }),
        ..ended("price", &["line[1]"], 1_200, NodeStatus::Failed)
    };
    let run = "7f3a-1".to_owned();
    let mut events =
        vec![RunEvent::RunStarted(Box::new(RunStarted { run: run.clone(), ..RunStarted::default() }))];
    events.extend(
        [
            ended("order", &[], 24_000, NodeStatus::Succeeded),
            ended("price", &["line[0]"], 900, NodeStatus::Succeeded),
            failed,
            ended("line_price", &["line[0]"], 12, NodeStatus::Cancelled),
            ended("net", &[], 0, NodeStatus::Skipped),
        ]
        .into_iter()
        .map(|event| RunEvent::NodeEnded(Box::new(event))),
    );
    events.push(RunEvent::RunEnded(RunEnded {
        run,
        at: 26_100,
        outcome: RunStatus::Failed,
        ..RunEnded::default()
    }));
    events
}
