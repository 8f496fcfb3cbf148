//! The cost of each hook: 100 nodes that add one, in a chain, without a hook and with each hook.

use std::hint::black_box;
use std::io::sink;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use icosian_adapter::Hook;
use icosian_core::{Dataflow, Node, Outline, Param, output_of};
use icosian_driver::{AsyncDriver, Driver, inputs};
use icosian_observe::{
    MetricsHook, ProgressHook, RunRecorder, SlowNodes, SlowThreshold, TracingHook, ValueCapture,
};
use indicatif::ProgressDrawTarget;
use tracing_subscriber::layer::SubscriberExt;

const NODES: u64 = 100;

/// A hook that does nothing.
#[derive(Debug)]
struct EmptyHook;

impl Hook for EmptyHook {}

fn name(position: u64) -> String {
    format!("node_{position}")
}

fn outline(position: u64) -> Outline {
    let outline = Outline::new(name(position)).with_output(output_of!(u64).serializable::<u64>());
    if position == 0 {
        outline
    } else {
        outline.with_param(Param::taken::<u64>(name(position - 1)).with_clone())
    }
}

fn sync_flow() -> Dataflow {
    let first = Node::sync(outline(0), |_| Ok(black_box(1_u64)));
    let rest = (1..NODES).map(|position| Node::sync(outline(position), |args| Ok(args.take::<u64>(0) + 1)));
    std::iter::once(first).chain(rest).fold(Dataflow::new("chain"), Dataflow::with_node)
}

fn async_flow() -> Dataflow {
    let first = Node::future(outline(0), |_| async { Ok(black_box(1_u64)) });
    let rest = (1..NODES).map(|position| {
        Node::future(outline(position), |args| {
            let value = args.take::<u64>(0);
            async move { Ok(value + 1) }
        })
    });
    std::iter::once(first).chain(rest).fold(Dataflow::new("chain"), Dataflow::with_node)
}

/// Measures a sync and an async driver.
fn measure(criterion: &mut Criterion, label: &str, sync: &Driver, driver: &AsyncDriver) {
    let last = name(NODES - 1);
    let mut group = criterion.benchmark_group("hooks");
    group
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1))
        .throughput(Throughput::Elements(NODES));
    group.bench_function(format!("{label}, sync"), |bencher| {
        bencher.iter(|| sync.execute_named([&last], inputs! {}).expect("no node fails"));
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it starts");
    group.bench_function(format!("{label}, async"), |bencher| {
        bencher.iter(|| runtime.block_on(driver.execute_named([&last], inputs! {})).expect("no node fails"));
    });
    group.finish();
}

fn with_hook<H: Hook>(criterion: &mut Criterion, label: &str, hook: impl Fn() -> H) {
    let sync = Driver::builder().with_dataflow(sync_flow()).with_hook(hook()).build();
    let driver = AsyncDriver::builder().with_dataflow(async_flow()).with_hook(hook()).build();
    measure(criterion, label, &sync.expect("the dataflow is valid"), &driver.expect("the dataflow is valid"));
}

fn hooks(criterion: &mut Criterion) {
    let sync = Driver::builder().with_dataflow(sync_flow()).build();
    let driver = AsyncDriver::builder().with_dataflow(async_flow()).build();
    measure(criterion, "no hook", &sync.expect("it is valid"), &driver.expect("it is valid"));
    with_hook(criterion, "empty hook", || EmptyHook);
    with_hook(criterion, "tracing, no subscriber", TracingHook::new);
    with_hook(criterion, "metrics, no recorder", MetricsHook::new);
    with_hook(criterion, "progress, hidden", || ProgressHook::to_target(ProgressDrawTarget::hidden()));
    with_hook(criterion, "progress, lines", || ProgressHook::to_writer(sink()));
    with_hook(criterion, "slow nodes", || SlowNodes::new(SlowThreshold::Fixed(Duration::from_mins(1))));
    let folder = tempfile::tempdir().expect("a temporary folder can be created");
    with_hook(criterion, "record, types", || RunRecorder::new(folder.path()).with_max_records(10));
    with_hook(criterion, "record, values", || {
        RunRecorder::new(folder.path()).with_max_records(10).with_values(ValueCapture::Serializable)
    });
    tracing::subscriber::with_default(tracing_subscriber::registry().with(Discard), || {
        with_hook(criterion, "tracing, subscriber", TracingHook::new);
    });
}

/// A layer that ignores all spans.
struct Discard;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Discard {}

criterion_group!(benches, hooks);
criterion_main!(benches);
