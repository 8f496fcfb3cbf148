//! The records of executions, read back from their files.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use icosian_adapter::ErrorPolicy;
use icosian_core::{NodeError, Outline, RunContext};
use icosian_diagnostics::Location;
use icosian_driver::inputs;
use icosian_observe::{RecordError, RunRecorder, ValueCapture};
use icosian_schema::run::RunEvent;
use tracing_subscriber::layer::SubscriberExt;

use crate::flow::{ALL, AnyDriver, Twin, Under, block, node, node_of, outline};

/// Returns the events of all records in a folder, in the order of the files.
fn events(folder: &Path) -> Vec<RunEvent> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder exists")
        .map(|entry| entry.expect("it is readable").path())
        .collect();
    files.sort();
    let lines = files.iter().flat_map(|file| {
        let text = fs::read_to_string(file).expect("it is readable");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("each line is an event"))
            .collect::<Vec<_>>()
    });
    lines.collect()
}

/// Returns a line for each event, without ids and times.
fn summary(events: &[RunEvent]) -> String {
    let lines = events.iter().map(|event| match event {
        RunEvent::RunStarted(run) => format!(
            "run {} v{} of {:?} with {:?}: {} nodes, {} edges",
            run.name,
            run.version,
            run.outputs,
            run.inputs,
            run.graph.nodes.len(),
            run.graph.edges.len()
        ),
        RunEvent::NodeStarted(node) => format!("{}{}: started", items(&node.items), node.node),
        RunEvent::NodeEnded(node) => format!(
            "{}{}: {:?} after {} attempts, output {:?}, error {:?}",
            items(&node.items),
            node.node,
            node.outcome,
            node.attempts,
            node.output,
            node.error
        ),
        RunEvent::ItemEnded(item) => format!("{}: {:?}", items(&item.items), item.error),
        RunEvent::RunEnded(run) => format!("run {:?}", run.outcome),
        RunEvent::Unknown => "unknown".to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn items(items: &[String]) -> String {
    items.iter().flat_map(|item| [item.as_str(), "."]).collect()
}

fn recorder(folder: &Path) -> RunRecorder {
    RunRecorder::new(folder).with_values(ValueCapture::Serializable)
}

#[test]
fn records_agree_under_all_adapters() {
    let mut summaries = Vec::new();
    for (under, twin) in ALL {
        let folder = tempfile::tempdir().unwrap();
        let recorder = Arc::new(recorder(folder.path()));
        let nodes =
            vec![node(twin, "one", &["start"], Ok), node(twin, "double", &["one"], |sum| Ok(2 * sum))];
        let driver = AnyDriver::new(under, nodes, Arc::clone(&recorder));
        driver.execute(&["double"], inputs! { start: 1_u64 }).unwrap();
        recorder.flush();
        assert_eq!(recorder.errors().len(), 0);
        let events = events(folder.path());
        let adapters = events.iter().filter_map(|event| match event {
            RunEvent::RunStarted(started) => Some(started.adapter.as_str()),
            _ => None,
        });
        assert_eq!(adapters.collect::<Vec<_>>(), [under.name()]);
        summaries.push(summary(&events));
    }
    insta::assert_snapshot!(summaries[0]);
    assert!(summaries.iter().all(|summary| *summary == summaries[0]));
}

#[test]
fn failures_items_and_skipped_nodes_are_recorded() {
    let mut summaries = Vec::new();
    for (under, twin) in ALL {
        let folder = tempfile::tempdir().unwrap();
        let recorder = Arc::new(recorder(folder.path()));
        let score = |item| if item == 1 { Err(NodeError::failed("no score")) } else { Ok(item) };
        let mut nodes = block(twin, 3, score);
        nodes.push(node(twin, "broken", &[], |_| Err("x".parse::<u8>().unwrap_err().into())));
        nodes.push(node(twin, "after", &["broken"], Ok));
        let driver = AnyDriver::with_policy(under, nodes, Arc::clone(&recorder), ErrorPolicy::CollectAll);
        driver.execute(&["sum", "after"], inputs! {}).unwrap_err();
        recorder.flush();
        let text = summary(&events(folder.path()));
        let mut lines: Vec<_> = text.lines().collect();
        // The order of items and of the two parts of the graph depends on the adapter.
        lines.sort_unstable();
        summaries.push(lines.join("\n"));
    }
    insta::assert_snapshot!(summaries[0]);
    for (summary, (under, twin)) in summaries.iter().zip(ALL) {
        assert_eq!(*summary, summaries[0], "{under:?} {twin:?}");
    }
}

#[test]
fn values_are_recorded_only_on_request_and_never_if_redacted() {
    let outline = |name: &'static str| -> Outline { outline(name, &[]) };
    let nodes = || {
        vec![
            node_of(Twin::Sync, outline("one"), |_| Ok(1)),
            node_of(Twin::Sync, outline("two"), |_| Ok(2)),
            node_of(Twin::Sync, outline("api_token"), |_| Ok(3)),
            node_of(Twin::Sync, outline("account").with_tag("sensitive", ["yes"]), |_| Ok(4)),
            node_of(Twin::Sync, outline("iban"), |_| Ok(5)),
        ]
    };
    let mut shown = Vec::new();
    let captures = [ValueCapture::TypesOnly, ValueCapture::only(["two"]), ValueCapture::Serializable];
    for capture in captures {
        let folder = tempfile::tempdir().unwrap();
        shown.push(format!("{capture:?}"));
        let recorder =
            Arc::new(RunRecorder::new(folder.path()).with_values(capture).with_redacted_name("IBAN"));
        let driver = AnyDriver::new(Under::Sync, nodes(), Arc::clone(&recorder));
        driver.execute(&["one", "two", "api_token", "account", "iban"], inputs! {}).unwrap();
        recorder.flush();
        for event in events(folder.path()) {
            if let RunEvent::NodeEnded(node) = event {
                shown.push(format!("  {}: {:?}", node.node, node.output.unwrap().value));
            }
        }
    }
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn values_of_a_tagged_function_are_redacted_before_its_decorators() {
    let outline = |name, reads: &[&'static str]| outline(name, reads);
    let elsewhere = Location::new("src/flow.rs", 20, 5, 4);
    // As `#[tag(sensitive = "yes")]` above `check_output` and `extract_fields` makes them.
    let nodes = vec![
        node_of(Twin::Sync, outline("form", &[]).with_location(elsewhere), |_| Ok(1)),
        node_of(Twin::Sync, outline("account_raw", &["form"]), |_| Ok(2)),
        node_of(Twin::Sync, outline("account", &["account_raw"]).with_tag("sensitive", ["yes"]), Ok),
        node_of(Twin::Sync, outline("country", &["account_raw"]), Ok),
    ];
    let folder = tempfile::tempdir().unwrap();
    let recorder = Arc::new(recorder(folder.path()));
    let driver = AnyDriver::new(Under::Sync, nodes, Arc::clone(&recorder));
    driver.execute(&["account", "country"], inputs! {}).unwrap();
    recorder.flush();
    let values = events(folder.path()).into_iter().filter_map(|event| match event {
        RunEvent::NodeEnded(node) => Some(format!("{} {}", node.node, node.output?.value?)),
        _ => None,
    });
    let mut values: Vec<_> = values.collect();
    values.sort();
    assert_eq!(values, ["account <redacted>", "account_raw <redacted>", "country 2", "form 1"]);
}

#[test]
fn executions_under_one_context_have_separate_records() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Arc::new(recorder(folder.path()));
    let nodes = vec![node(Twin::Sync, "one", &[], |_| Ok(1))];
    let driver = AnyDriver::new(Under::Sync, nodes, Arc::clone(&recorder));
    let context = RunContext::new();
    for _ in 0..3 {
        driver.execute(&["one"], inputs! {}.with_context(context.clone())).unwrap();
    }
    recorder.flush();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    let ended = events(folder.path()).into_iter().filter(|event| matches!(event, RunEvent::RunEnded(_)));
    assert_eq!(ended.count(), 3);
}

#[test]
fn later_items_are_recorded_only_if_they_fail() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Arc::new(recorder(folder.path()).with_max_items(2));
    let score = |item| if item == 5 { Err(NodeError::failed("no score")) } else { Ok(item) };
    let driver = AnyDriver::new(Under::Sync, block(Twin::Sync, 9, score), Arc::clone(&recorder));
    driver.execute(&["sum"], inputs! {}).unwrap();
    recorder.flush();
    let ended = events(folder.path()).into_iter().filter_map(|event| match event {
        RunEvent::NodeEnded(node) => Some(items(&node.items) + &node.node),
        RunEvent::ItemEnded(item) => Some(items(&item.items)),
        _ => None,
    });
    let expected = [
        "item",
        "item[0].score",
        "item[0].",
        "item[1].score",
        "item[1].",
        "item[5].score",
        "item[5].",
        "sum",
    ];
    assert_eq!(ended.collect::<Vec<_>>(), expected);
}

#[test]
fn oldest_records_are_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Arc::new(recorder(folder.path()).with_max_records(2));
    // The names of the last two are similar to those of records.
    let others = ["notes.txt", "00-customers.jsonl", "2026-11-29.jsonl"].map(|name| folder.path().join(name));
    for other in &others {
        fs::write(other, "not a record").unwrap();
    }
    let nodes = vec![node(Twin::Sync, "one", &[], |_| Ok(1))];
    let driver = AnyDriver::new(Under::Sync, nodes, Arc::clone(&recorder));
    let mut kept = Vec::new();
    for _ in 0..5 {
        driver.execute(&["one"], inputs! {}).unwrap();
        recorder.flush();
        let files = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        kept = files.filter(|path| !others.contains(path)).collect();
        assert!(kept.len() <= 2);
    }
    assert_eq!(kept.len(), 2);
    assert!(others.iter().all(|other| other.exists()));
}

#[tokio::test]
async fn concurrent_executions_have_complete_records() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Arc::new(recorder(folder.path()).with_max_records(1));
    let nodes = vec![node(Twin::Async, "one", &[], |_| Ok(1)), node(Twin::Async, "two", &["one"], Ok)];
    let AnyDriver::Async(driver) = AnyDriver::new(Under::Tokio, nodes, Arc::clone(&recorder)) else {
        unreachable!("it is async")
    };
    let runs = (0..500).map(|_| driver.execute_named(["two"], inputs! {}));
    futures::future::try_join_all(runs).await.unwrap();
    recorder.flush();
    assert!(recorder.errors().is_empty(), "{:?}", recorder.errors());
    // All runs began before the first one ended, so no record was deleted.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 500);
    assert_eq!(events(folder.path()).len(), 500 * 6);
}

#[test]
fn disk_errors_do_not_fail_executions() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "a file, so it cannot be a folder").unwrap();
    let recorder = Arc::new(recorder(&file));
    let nodes = vec![node(Twin::Sync, "one", &[], |_| Ok(1))];
    let driver = AnyDriver::new(Under::Sync, nodes, Arc::clone(&recorder));
    driver.execute(&["one"], inputs! {}).unwrap();
    recorder.flush();
    let errors = recorder.errors();
    assert!(!errors.is_empty());
    assert!(errors.iter().all(|error| matches!(error, RecordError::Write { .. })));
}

#[test]
fn flush_returns_although_the_subscriber_panics() {
    struct Panicking;
    impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Panicking {
        fn on_event(&self, _: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
            std::panic::resume_unwind(Box::new("no console"));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "a file, so it cannot be a folder").unwrap();
    let recorder = Arc::new(recorder(&file));
    let subscriber = tracing_subscriber::registry().with(Panicking);
    tracing::subscriber::with_default(subscriber, || {
        let nodes = vec![node(Twin::Sync, "one", &[], |_| Ok(1))];
        let driver = AnyDriver::new(Under::Sync, nodes, Arc::clone(&recorder));
        driver.execute(&["one"], inputs! {}).unwrap();
        recorder.flush();
    });
    assert!(!recorder.errors().is_empty());
}

#[test]
fn dropped_recorder_writes_its_queue() {
    let folder = tempfile::tempdir().unwrap();
    let nodes = vec![node(Twin::Sync, "one", &[], |_| Ok(1))];
    let driver = AnyDriver::new(Under::Sync, nodes, recorder(folder.path()));
    driver.execute(&["one"], inputs! {}).unwrap();
    drop(driver);
    assert_eq!(events(folder.path()).len(), 4);
}

#[tokio::test]
async fn dropped_execution_is_cancelled_in_its_record() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Arc::new(recorder(folder.path()));
    let never = icosian_core::Node::future(outline("never", &[]), |_| {
        std::future::pending::<Result<u64, NodeError>>()
    });
    let driver = AnyDriver::new(Under::Tokio, vec![never], Arc::clone(&recorder));
    let AnyDriver::Async(driver) = driver else { unreachable!("it is async") };
    let mut execution = Box::pin(driver.execute_named(["never"], inputs! {}));
    assert!(futures::poll!(&mut execution).is_pending());
    drop(execution);
    recorder.flush();
    insta::assert_snapshot!(summary(&events(folder.path())));
}
