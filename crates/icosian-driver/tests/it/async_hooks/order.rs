use std::time::Duration;

use icosian_adapter::{Hook, NodeEnd, NodeInfo, RunEnd, RunInfo};
use icosian_core::expand::{Collect, CollectParam, Expansion, Items};
use icosian_core::{BoxError, Dataflow, Node, Outline, Param, output_of};
use icosian_decorators::{Offload, Retry};
use icosian_driver::{AsyncDriver, inputs};
use tokio::time::Instant;

use super::{Events, Slow, run, twins};

#[tokio::test(start_paused = true)]
async fn execution_waits_for_each_hook() {
    for name in ["sync", "twin"] {
        let events = Events::default();
        let after = Outline::new("after").with_param(Param::borrowed::<u64>(name));
        let (own, event) = (events.clone(), format!("after reads {name}"));
        let after = Node::sync(after, move |args| {
            own.push(&event);
            Ok(args.borrow::<u64>(0) * 2)
        });
        let flow = twins("x", &events).into_iter().fold(Dataflow::new("flow"), Dataflow::with_node);
        let driver = AsyncDriver::builder()
            .with_dataflow(flow.with_node(after))
            .with_async_hook(Slow::new("one", &events))
            .with_async_hook(Slow::new("two", &events))
            .build()
            .unwrap();
        let began = Instant::now();
        assert_eq!(run(&driver, &["after"]).await.unwrap().get::<u64>("after"), Some(&4));
        assert_eq!(began.elapsed(), Duration::from_secs(12));
        let expected = [
            "one before run of after with x".to_owned(),
            "two before run of after with x".to_owned(),
            format!("one before {name}"),
            format!("two before {name}"),
            format!("{name} runs"),
            format!("one after {name}: Some(2)"),
            format!("two after {name}: Some(2)"),
            "one before after".to_owned(),
            "two before after".to_owned(),
            format!("after reads {name}"),
            "one after after: Some(4)".to_owned(),
            "two after after: Some(4)".to_owned(),
            "one after run: Succeeded".to_owned(),
            "two after run: Succeeded".to_owned(),
        ];
        assert_eq!(events.take(), expected);
    }
}

/// A sync hook that records its calls.
#[derive(Debug)]
struct Inline(Events);

impl Hook for Inline {
    fn before_run(&self, _: &RunInfo<'_>) -> Result<(), BoxError> {
        self.0.push("inline before run");
        Ok(())
    }

    fn after_run(&self, _: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        self.0.push(format!("inline after run: {end:?}"));
        Ok(())
    }

    fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
        self.0.push(format!("inline before {}", node.id()));
        Ok(())
    }

    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        self.0.push(format!("inline after {}, calls: {}", node.id(), end.attempts()));
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn sync_hooks_are_outside_of_async_hooks_and_see_attempts() {
    let events = Events::default();
    let calls = events.clone();
    let flaky = Node::future(Outline::new("flaky").with_output(output_of!(u64)), move |_| {
        calls.push("flaky runs");
        let failed =
            calls.0.lock().expect("no test panics here").iter().filter(|it| *it == "flaky runs").count() < 2;
        async move { if failed { Err(std::io::Error::other("no route").into()) } else { Ok(1_u64) } }
    });
    let driver = AsyncDriver::builder()
        .with_dataflow(Dataflow::new("flow").with_node(flaky.with_decorator(Retry::new(3))))
        .with_hook(Inline(events.clone()))
        .with_async_hook(Slow::new("slow", &events))
        .build()
        .unwrap();
    driver.execute_named(["flaky"], inputs! {}).await.unwrap();
    assert_eq!(
        events.take(),
        [
            "inline before run",
            "slow before run of flaky with ",
            "inline before flaky",
            "slow before flaky",
            "flaky runs",
            "flaky runs",
            "slow after flaky: Some(1)",
            "inline after flaky, calls: 2",
            "slow after run: Succeeded",
            "inline after run: Succeeded",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn hooks_of_independent_nodes_wait_at_the_same_time() {
    let events = Events::default();
    let flow = twins("x", &events).into_iter().fold(Dataflow::new("flow"), Dataflow::with_node);
    let driver = AsyncDriver::builder()
        .with_dataflow(flow)
        .with_async_hook(Slow::new("slow", &events))
        .build()
        .unwrap();
    let began = Instant::now();
    run(&driver, &["sync", "twin"]).await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(4));
}

#[tokio::test(start_paused = true)]
async fn nodes_of_items_are_observed() {
    let events = Events::default();
    let number = Outline::new("number")
        .with_param(Param::borrowed::<u64>("x"))
        .with_output(output_of!(u64))
        .with_expansion(Expansion::of::<u64>().with_clone::<u64>());
    let number = Node::expanding(number, |args| Ok(Items::new(0..=*args.borrow::<u64>(0))));
    let [twin, _] = twins("number", &events);
    let sums = Param::taken::<Collect<u64>>("sync").with_collection(CollectParam::values::<u64>());
    let total = Outline::new("total").with_param(sums.with_clone()).with_output(output_of!(u64));
    let total = Node::sync(total, |args| Ok(args.take::<Collect<u64>>(0).iter().sum::<u64>()));
    let flow = Dataflow::new("flow").with_node(number).with_node(twin).with_node(total);
    let driver = AsyncDriver::builder()
        .with_dataflow(flow)
        .with_async_hook(Slow::new("slow", &events))
        .build()
        .unwrap();
    assert_eq!(run(&driver, &["total"]).await.unwrap().get::<u64>("total"), Some(&3));
    assert_eq!(
        events.take(),
        [
            "slow before run of total with x",
            "slow before number",
            "slow after number: None",
            "slow before number[0].sync",
            "sync runs",
            "slow before number[1].sync",
            "sync runs",
            "slow after number[0].sync: Some(1)",
            "slow after number[1].sync: Some(2)",
            "slow before total",
            "slow after total: Some(3)",
            "slow after run: Succeeded",
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn offloaded_function_keeps_its_thread() {
    let events = Events::default();
    let thread = Node::sync(Outline::new("thread"), |_| Ok(std::thread::current().id()));
    let driver = AsyncDriver::builder()
        .with_dataflow(Dataflow::new("flow").with_node(thread.with_decorator(Offload)))
        .with_async_hook(Slow { wait: Duration::ZERO, ..Slow::new("slow", &events) })
        .build()
        .unwrap();
    let values = driver.execute_named(["thread"], inputs! {}).await.unwrap();
    assert_ne!(values.get::<std::thread::ThreadId>("thread"), Some(&std::thread::current().id()));
    assert_eq!(events.take().len(), 4);
}
