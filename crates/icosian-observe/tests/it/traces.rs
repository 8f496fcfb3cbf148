//! The traces that OpenTelemetry exports, for all adapters.

use std::collections::HashMap;
use std::fmt::Write;

use futures::FutureExt;
use icosian_adapter::ErrorPolicy;
use icosian_core::node::Placement;
use icosian_core::run::Attempts;
use icosian_core::{Node, NodeError};
use icosian_driver::inputs;
use icosian_observe::TracingHook;
use opentelemetry::trace::{SpanId, Status, TracerProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use tracing_subscriber::layer::SubscriberExt;

use crate::flow::{ALL, AnyDriver, Twin, Under, block, node, node_of, outline};

/// Calls a function inside the span `caller`, and returns the exported spans.
fn traced(call: impl FnOnce()) -> Vec<SpanData> {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
    let layer = tracing_opentelemetry::layer().with_location(false).with_tracer(provider.tracer("icosian"));
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::with_default(subscriber, || tracing::info_span!("caller").in_scope(call));
    provider.force_flush().expect("the exporter is in memory");
    exporter.get_finished_spans().expect("the exporter was not shut down")
}

/// Returns a tree of spans with their attributes, and checks that the times of each span are inside those of its parent.
fn tree(spans: &[SpanData]) -> String {
    let mut children: HashMap<SpanId, Vec<&SpanData>> = HashMap::new();
    let by_id: HashMap<_, _> = spans.iter().map(|span| (span.span_context.span_id(), span)).collect();
    for span in spans {
        assert!(span.start_time <= span.end_time, "{}", span.name);
        children.entry(span.parent_span_id).or_default().push(span);
        if span.parent_span_id != SpanId::INVALID {
            let parent = by_id[&span.parent_span_id];
            assert_eq!(span.span_context.trace_id(), parent.span_context.trace_id());
            assert!(parent.start_time <= span.start_time, "{} starts before {}", span.name, parent.name);
            assert!(span.end_time <= parent.end_time, "{} ends after {}", span.name, parent.name);
        }
    }
    lines(&children, SpanId::INVALID, 0).concat()
}

/// Returns the sorted subtrees below a span, because the order of concurrent nodes depends on the adapter.
fn lines(children: &HashMap<SpanId, Vec<&SpanData>>, parent: SpanId, depth: usize) -> Vec<String> {
    let Some(children_of) = children.get(&parent) else { return Vec::new() };
    let mut subtrees: Vec<_> = children_of
        .iter()
        .map(|span| {
            let mut text = format!("{}{}", "  ".repeat(depth), span.name);
            for attribute in &span.attributes {
                let key = attribute.key.as_str();
                let shown = match key {
                    "icosian.run" | "icosian.queue_time" => "..".to_owned(),
                    _ if key.starts_with("icosian.") || key.starts_with("error.") => {
                        attribute.value.to_string()
                    }
                    _ => continue,
                };
                write!(text, " {key}={shown}").expect("a text accepts everything");
            }
            if let Status::Error { description } = &span.status {
                write!(text, " ERROR({description})").expect("a text accepts everything");
            }
            for event in span.events.iter() {
                write!(text, " !{}", event.name).expect("a text accepts everything");
            }
            text.push('\n');
            text + &lines(children, span.span_context.span_id(), depth + 1).concat()
        })
        .collect();
    subtrees.sort_unstable();
    subtrees
}

/// A body with a span and an event of the user.
fn instrumented(sum: u64) -> Result<u64, NodeError> {
    tracing::info!("inside");
    tracing::info_span!("user").in_scope(|| Ok(sum + 1))
}

fn instrumented_node(twin: Twin, name: &'static str, reads: &[&'static str]) -> Node {
    node(twin, name, reads, instrumented)
}

/// Returns the tree of a flow under each adapter, and checks that all are equal.
fn tree_of_all(nodes: impl Fn(Twin) -> Vec<Node>, outputs: &[&str], policy: ErrorPolicy) -> String {
    let trees = ALL.map(|(under, twin)| {
        let driver = AnyDriver::with_policy(under, nodes(twin), TracingHook::new(), policy);
        tree(&traced(|| {
            let result = driver.execute(outputs, inputs! {});
            assert_eq!(result.is_ok(), policy == ErrorPolicy::FailFast);
        }))
    });
    for (tree, (under, twin)) in trees.iter().zip(ALL) {
        assert_eq!(*tree, trees[0], "{under:?} {twin:?}");
    }
    trees.into_iter().next().expect("there is an adapter")
}

#[test]
fn spans_of_users_are_inside_their_node() {
    let nodes = |twin| {
        vec![
            instrumented_node(twin, "left", &[]),
            instrumented_node(twin, "right", &[]),
            instrumented_node(twin, "both", &["left", "right"]),
        ]
    };
    insta::assert_snapshot!(tree_of_all(nodes, &["both"], ErrorPolicy::FailFast));
}

#[test]
fn failures_have_a_status_and_skipped_nodes_a_span() {
    let nodes = |twin| {
        vec![
            node(twin, "broken", &[], |_| Err(NodeError::failed("no luck"))),
            node(twin, "after", &["broken"], Ok),
            node(twin, "panics", &[], |_| panic!("not today")),
        ]
    };
    insta::assert_snapshot!(tree_of_all(nodes, &["after", "panics"], ErrorPolicy::CollectAll));
}

#[test]
fn retries_are_counted() {
    let nodes = |twin| {
        vec![node(twin, "flaky", &[], |_| {
            Attempts::retry(NodeError::failed("busy"));
            Ok(1)
        })]
    };
    insta::assert_snapshot!(tree_of_all(nodes, &["flaky"], ErrorPolicy::FailFast));
}

#[test]
fn nodes_of_items_are_inside_their_item() {
    let score = |item| if item == 1 { Err(NodeError::failed("no score")) } else { instrumented(item) };
    insta::assert_snapshot!(tree_of_all(|twin| block(twin, 2, score), &["sum"], ErrorPolicy::FailFast));
}

#[test]
fn exported_node_has_the_attributes_of_the_conventions() {
    let driver = AnyDriver::new(
        Under::Sync,
        vec![node(Twin::Sync, "broken", &[], |_| Err(NodeError::failed("no luck")))],
        TracingHook::new().with_name("billing"),
    );
    let spans = traced(|| assert!(driver.execute(&["broken"], inputs! {}).is_err()));
    let shown = spans.iter().filter(|span| span.name != "caller").map(|span| {
        let mut attributes: Vec<_> = span
            .attributes
            .iter()
            .map(|attribute| format!("  {} = {}", attribute.key, attribute.value))
            .filter(|line| {
                !["icosian.run", "icosian.queue_time", "busy_ns", "idle_ns", "thread."]
                    .iter()
                    .any(|key| line.contains(key))
            })
            .collect();
        attributes.sort_unstable();
        let events = span.events.iter().map(|event| {
            let attributes =
                event.attributes.iter().map(|attribute| format!("{} = {}", attribute.key, attribute.value));
            let attributes = attributes.filter(|line| line.starts_with("exception"));
            format!("  event {}: {}", event.name, attributes.collect::<Vec<_>>().join(", "))
        });
        let lines: Vec<_> = attributes.into_iter().chain(events).collect();
        format!("{} {:?} {:?}\n{}", span.name, span.span_kind, span.status, lines.join("\n"))
    });
    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"));
}

#[test]
fn cancelled_nodes_have_no_error() {
    let never = Node::future(outline("never", &[]), |_| std::future::pending::<Result<u64, NodeError>>());
    let AnyDriver::Async(driver) = AnyDriver::new(Under::Tokio, vec![never], TracingHook::new()) else {
        unreachable!("it is async")
    };
    let spans = traced(|| {
        let mut execution = Box::pin(driver.execute_named(["never"], inputs! {}));
        assert!((&mut execution).now_or_never().is_none());
    });
    insta::assert_snapshot!(tree(&spans));
}

#[test]
fn offloaded_and_spawned_nodes_and_concurrent_runs_keep_their_parents() {
    let placed = |twin, name, reads: &[&'static str], placement| {
        node_of(twin, outline(name, reads).with_placement(placement), instrumented)
    };
    let nodes = vec![
        placed(Twin::Sync, "blocking", &[], Placement::Offload),
        placed(Twin::Async, "background", &["blocking"], Placement::Spawn),
        placed(Twin::Async, "offloaded", &["blocking"], Placement::Offload),
        instrumented_node(Twin::Async, "last", &["background", "offloaded"]),
    ];
    let AnyDriver::Async(driver) = AnyDriver::new(Under::Tokio, nodes, TracingHook::new()) else {
        unreachable!("it is async")
    };
    let spans = traced(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let executions = (0..3).map(|_| async {
            let span = tracing::Span::current();
            let execution = driver.execute_named(["last"], inputs! {});
            assert!(tracing::Instrument::instrument(execution, span).await.is_ok());
        });
        runtime.expect("the runtime starts").block_on(futures::future::join_all(executions));
    });
    insta::assert_snapshot!(tree(&spans));
}
