use std::time::Duration;

use icosian_adapter::ErrorPolicy;
use icosian_core::{Dataflow, Node, Outline, output_of};
use icosian_driver::{AsyncDriver, inputs};
use tokio::time::timeout;

use super::{Events, Fails, Slow, broken, describe, run, twins};

fn driver(hook: Slow, policy: ErrorPolicy, events: &Events) -> AsyncDriver {
    let flow = twins("x", events).into_iter().fold(Dataflow::new("flow"), Dataflow::with_node);
    let builder = AsyncDriver::builder().with_dataflow(flow.with_node(broken("broken")));
    builder.with_async_hook(hook).with_error_policy(policy).build().expect("the dataflow is valid")
}

/// Returns the failures of a run of `output` whose hook fails, and the events of the run.
async fn fail(fails: Fails, output: &str, policy: ErrorPolicy) -> (Vec<String>, Vec<String>) {
    let events = Events::default();
    let driver = driver(Slow::failing(fails, &events), policy, &events);
    let failures = describe(run(&driver, &[output]).await.expect_err("the hook fails"));
    (failures, events.take())
}

const HOOK: &str = "hook `slow` failed: the hook is down";

#[tokio::test(start_paused = true)]
async fn failing_hook_aborts_the_run() {
    for policy in [ErrorPolicy::FailFast, ErrorPolicy::CollectAll] {
        for output in ["sync", "twin"] {
            let (begin, before) = ("slow before run of".to_owned(), format!("slow before {output}"));
            let (runs, after) = (format!("{output} runs"), format!("slow after {output}: Some(2)"));
            let (begin, end) = (format!("{begin} {output} with x"), "slow after run: Failed".to_owned());
            let cases = [
                (Fails::BeforeRun, vec![begin.clone(), end.clone()]),
                (Fails::BeforeNode, vec![begin.clone(), before.clone(), end.clone()]),
                (Fails::AfterNode, vec![begin.clone(), before.clone(), runs.clone(), after.clone(), end]),
                (Fails::AfterRun, vec![begin, before, runs, after, "slow after run: Succeeded".to_owned()]),
            ];
            for (fails, expected) in cases {
                let (failures, events) = fail(fails, output, policy).await;
                assert_eq!(failures, [HOOK], "{fails:?} {policy:?}");
                assert_eq!(events, expected, "{fails:?} {policy:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn panic_of_a_hook_names_the_hook() {
    let (failures, events) = fail(Fails::PanicsAfterNode, "sync", ErrorPolicy::FailFast).await;
    assert_eq!(failures, ["hook `slow` failed: it panicked: no luck"]);
    assert_eq!(events.last().map(String::as_str), Some("slow after run: Failed"));
}

#[tokio::test(start_paused = true)]
async fn error_of_a_node_precedes_that_of_its_hook_and_hides_that_of_the_end() {
    let node = "node `broken` failed: no route";
    for (fails, expected) in [(Fails::AfterNode, &[node, HOOK][..]), (Fails::AfterRun, &[node])] {
        let (failures, events) = fail(fails, "broken", ErrorPolicy::FailFast).await;
        assert_eq!(failures, expected);
        assert_eq!(
            events[1..],
            ["slow before broken", "slow after broken: no route", "slow after run: Failed"]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn panic_of_a_node_is_observed() {
    let events = Events::default();
    let panics = Node::sync(Outline::new("panics").with_output(output_of!(u64)), |_| {
        if true { panic!("no luck") } else { Ok(1_u64) }
    });
    let driver = AsyncDriver::builder()
        .with_dataflow(Dataflow::new("flow").with_node(panics))
        .with_async_hook(Slow::new("slow", &events))
        .build()
        .unwrap();
    let error = driver.execute_named(["panics"], inputs! {}).await.unwrap_err();
    assert_eq!(describe(error), ["node `panics` panicked: no luck"]);
    assert_eq!(
        events.take()[1..],
        ["slow before panics", "slow after panics: no luck", "slow after run: Failed"]
    );
}

#[tokio::test(start_paused = true)]
async fn earlier_hooks_see_the_end_of_a_refused_node() {
    let events = Events::default();
    let flow = twins("x", &events).into_iter().fold(Dataflow::new("flow"), Dataflow::with_node);
    let driver = AsyncDriver::builder()
        .with_dataflow(flow)
        .with_async_hook(Slow::new("first", &events))
        .with_async_hook(Slow::failing(Fails::BeforeNode, &events))
        .build()
        .unwrap();
    assert_eq!(describe(run(&driver, &["twin"]).await.unwrap_err()), [HOOK]);
    let events = events.take();
    assert_eq!(events[2..5], ["first before twin", "slow before twin", "first after twin: Cancelled"]);
}

#[tokio::test(start_paused = true)]
async fn dropped_run_awaits_nothing() {
    let events = Events::default();
    let driver = driver(Slow::new("slow", &events), ErrorPolicy::FailFast, &events);
    // The run is dropped while the hook waits after the node.
    assert!(timeout(Duration::from_millis(2500), run(&driver, &["twin"])).await.is_err());
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(events.take(), ["slow before run of twin with x", "slow before twin", "twin runs"]);
    assert!(run(&driver, &["twin"]).await.is_ok());
}

#[cfg(feature = "tower")]
#[tokio::test(start_paused = true)]
async fn hooks_are_outside_of_layers() {
    let events = Events::default();
    let flow = twins("x", &events).into_iter().fold(Dataflow::new("flow"), Dataflow::with_node);
    let seen = events.clone();
    let driver = AsyncDriver::builder()
        .with_dataflow(flow)
        .with_async_hook(Slow::new("slow", &events))
        .with_layer(tower::ServiceBuilder::new().timeout(Duration::from_millis(1)).map_request(
            move |call: icosian_tower::NodeCall| {
                seen.push(format!("layer calls {}", call.id()));
                call
            },
        ))
        .build()
        .unwrap();
    run(&driver, &["sync"]).await.unwrap();
    assert_eq!(
        events.take()[1..5],
        ["slow before sync", "layer calls sync", "sync runs", "slow after sync: Some(2)"]
    );
}
