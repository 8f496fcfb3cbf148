//! Descriptions of graphs.

use icosian::prelude::*;
use icosian::schema::graph::{EdgeDescription, Execution, NodeDescription, NodeKind};

#[dataflow]
mod statistics {
    pub fn mean(samples: &[f64]) -> f64 {
        samples.iter().sum::<f64>()
    }
}

#[dataflow]
mod report {
    use super::statistics;
    use icosian::expand::Collect;

    /// The spend of each user.
    #[tag(owner = "finance")]
    pub fn spend(#[default(2)] users: u64) -> Vec<f64> {
        vec![1.0; usize::try_from(users).unwrap_or_default()]
    }

    #[subdag(statistics::dataflow(), inputs(samples = source("spend")), external(currency))]
    pub fn average(mean: f64, currency: &str) -> String {
        format!("{mean} {currency}")
    }

    #[expand(concurrency = 4)]
    pub fn page(pages: &[String]) -> Vec<String> {
        pages.to_vec()
    }

    #[timeout("1s")]
    pub async fn length(page: &str) -> usize {
        page.len()
    }

    #[extract_outputs(sum: usize)]
    pub fn totals(length: Collect<usize>) -> Totals {
        Totals { sum: length.iter().sum() }
    }

    #[derive(Clone)]
    pub(super) struct Totals {
        pub(super) sum: usize,
    }
}

fn describe() -> icosian::schema::graph::GraphDescription {
    let builder = AsyncDriver::builder().with_dataflow(report::dataflow());
    let driver =
        builder.with_config(config! { currency: "EUR" }).with_shared(inputs! { pages: vec!["a".to_owned()] });
    driver.build().expect("the dataflow is valid").describe()
}

fn line(node: &NodeDescription) -> String {
    let NodeDescription { name, kind, execution, output, subdags, blocks, decorators, .. } = node;
    format!(
        "{name} {kind:?} {execution:?} {} {subdags:?} {blocks:?} {decorators:?}",
        output.as_deref().unwrap_or("?")
    )
}

#[test]
fn description_contains_all_nodes_and_inputs() {
    let lines: Vec<_> = describe().nodes.iter().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn description_contains_all_edges() {
    let line = |edge: &EdgeDescription| {
        let EdgeDescription { from, to, parameter, written_type, kind, is_optional } = edge;
        format!("{from} -> {to} ({parameter}: {written_type}, {kind:?}, optional {is_optional})")
    };
    let lines: Vec<_> = describe().edges.iter().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn description_contains_documentation_tags_and_location() {
    let graph = describe();
    let spend = graph.node("spend").expect("it is a node");
    assert_eq!(spend.documentation, "The spend of each user.");
    assert_eq!(spend.tags, [("owner".to_owned(), vec!["finance".to_owned()])]);
    assert_eq!(spend.location.as_ref().map(|it| it.file.ends_with("describe.rs")), Some(true));
    assert_eq!(
        spend.dataflow.as_deref(),
        graph.node("average.mean").and_then(|node| node.dataflow.as_deref())
    );
    assert_eq!(graph.node("page").and_then(|node| node.expansion.as_ref()?.concurrency), Some(4));
    assert_eq!(
        (graph.node("currency").map(|node| node.kind), spend.execution),
        (Some(NodeKind::Config), Execution::Sync)
    );
}
