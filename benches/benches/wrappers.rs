//! Time per node of a chain with a layer or an async hook that does nothing, and without.

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use icosian::adapter::AsyncGraphAdapter;
use icosian::layer::Layer;
use icosian::prelude::*;
use icosian::{AsyncHook, Asyncness, Builder, Hook, Node, Outline, Param};
use tokio::runtime::{Builder as RuntimeBuilder, Runtime};

/// The number of nodes in a chain.
const NODES: u64 = 64;

/// An async hook that does nothing.
#[derive(Debug)]
struct Awaited;

impl AsyncHook for Awaited {}

/// A hook that does nothing.
#[derive(Debug)]
struct Called;

impl Hook for Called {}

/// A layer that does nothing.
#[derive(Clone, Copy, Debug)]
struct Nothing;

impl<S> Layer<S> for Nothing {
    type Service = S;

    fn layer(&self, inner: S) -> S {
        inner
    }
}

fn node(number: u64, asyncness: Asyncness) -> Node {
    let outline =
        Outline::new(format!("f{number}")).with_param(Param::borrowed::<u64>(format!("f{}", number - 1)));
    match asyncness {
        Asyncness::Sync => Node::sync(outline, move |args| Ok(args.borrow::<u64>(0) + number)),
        Asyncness::Async => Node::future(outline, move |args| {
            let before = args.lease::<u64>(0);
            async move { Ok(*before + number) }
        }),
    }
}

type AsyncBuilder = Builder<dyn AsyncGraphAdapter>;

/// Returns the driver of a chain.
fn chain(asyncness: Asyncness, configure: impl FnOnce(AsyncBuilder) -> AsyncBuilder) -> AsyncDriver {
    let nodes = (1..=NODES).map(|number| node(number, asyncness));
    let flow = nodes.fold(Dataflow::new("chain"), Dataflow::with_node);
    configure(AsyncDriver::builder()).with_dataflow(flow).build().expect("the chain is valid")
}

fn runtime() -> Runtime {
    RuntimeBuilder::new_current_thread().build().expect("there is a runtime")
}

fn wrappers(criterion: &mut Criterion) {
    let runtime = runtime();
    for (asyncness, label) in [(Asyncness::Sync, "sync"), (Asyncness::Async, "async")] {
        let mut group = criterion.benchmark_group(format!("wrappers, {label}"));
        group
            .sample_size(20)
            .warm_up_time(Duration::from_millis(100))
            .measurement_time(Duration::from_millis(500))
            .throughput(Throughput::Elements(NODES));
        let drivers = [
            ("none", chain(asyncness, |builder| builder)),
            ("hook", chain(asyncness, |builder| builder.with_hook(Called))),
            ("layer", chain(asyncness, |builder| builder.with_layer(Nothing))),
            ("two layers", chain(asyncness, |builder| builder.with_layer(Nothing).with_layer(Nothing))),
            ("async hook", chain(asyncness, |builder| builder.with_async_hook(Awaited))),
        ];
        for (name, driver) in &drivers {
            let last = format!("f{NODES}");
            group.bench_function(*name, |bencher| {
                bencher.iter(|| {
                    let run = driver.execute_named([&last], inputs! { f0: 0_u64 });
                    let values = runtime.block_on(run).expect("no node fails");
                    assert_eq!(values.get::<u64>(&last), Some(&(NODES * (NODES + 1) / 2)));
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, wrappers);
criterion_main!(benches);
