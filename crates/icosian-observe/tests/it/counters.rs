//! The metrics that a recorder receives, for all adapters.

use icosian_adapter::ErrorPolicy;
use icosian_core::run::Attempts;
use icosian_core::{Node, NodeError};
use icosian_driver::inputs;
use icosian_observe::MetricsHook;
use metrics_util::debugging::{DebugValue, DebuggingRecorder};

use crate::flow::{ALL, AnyDriver, Twin, Under, block, node, outline};

/// Builds and uses a driver under a recorder, and returns all metrics that are not zero.
fn recorded(use_driver: impl FnOnce()) -> String {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, use_driver);
    let mut lines: Vec<_> = snapshotter
        .snapshot()
        .into_vec()
        .into_iter()
        .filter_map(|(key, _, _, value)| {
            let labels: Vec<_> =
                key.key().labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
            let value = match value {
                DebugValue::Counter(0) => return None,
                DebugValue::Histogram(values) if values.is_empty() => return None,
                DebugValue::Counter(count) => count.to_string(),
                DebugValue::Gauge(value) => value.to_string(),
                DebugValue::Histogram(values) => {
                    assert!(values.iter().all(|value| (0.0..60.0).contains(&value.into_inner())));
                    format!("{} values", values.len())
                }
            };
            Some(format!("{}{{{}}} {value}", key.key().name(), labels.join(",")))
        })
        .collect();
    lines.sort_unstable();
    lines.join("\n")
}

fn nodes(twin: Twin) -> Vec<Node> {
    let flaky = |_| {
        Attempts::retry(NodeError::failed("busy"));
        Ok(1)
    };
    let score = |item| if item == 1 { Err(NodeError::failed("no score")) } else { Ok(item) };
    let mut nodes = block(twin, 3, score);
    nodes.push(node(twin, "flaky", &[], flaky));
    nodes.push(node(twin, "broken", &[], |_| Err(NodeError::failed("no luck"))));
    nodes.push(node(twin, "after", &["broken"], Ok));
    nodes
}

#[test]
fn metrics_agree_under_all_adapters() {
    let recordings = ALL.map(|(under, twin)| {
        recorded(|| {
            let hook = MetricsHook::new().with_label("pipeline", "test");
            let driver = AnyDriver::with_policy(under, nodes(twin), hook, ErrorPolicy::CollectAll);
            driver.execute(&["sum", "after", "flaky"], inputs! {}).expect_err("`broken` fails");
            for _ in 0..2 {
                driver.execute(&["flaky"], inputs! {}).expect("it succeeds at the second attempt");
            }
        })
    });
    insta::assert_snapshot!(recordings[0]);
    for (recording, (under, twin)) in recordings.iter().zip(ALL) {
        assert_eq!(*recording, recordings[0], "{under:?} {twin:?}");
    }
}

#[test]
fn dropped_execution_is_cancelled_and_no_longer_in_flight() {
    let recording = recorded(|| {
        let never = Node::future(outline("never", &[]), |_| std::future::pending::<Result<u64, NodeError>>());
        let AnyDriver::Async(driver) = AnyDriver::new(Under::Tokio, vec![never], MetricsHook::new()) else {
            unreachable!("it is async")
        };
        let mut execution = Box::pin(driver.execute_named(["never"], inputs! {}));
        assert!(futures::FutureExt::now_or_never(&mut execution).is_none());
    });
    insta::assert_snapshot!(recording);
}
