//! The conformance suite: random dataflows under every adapter, against a reference that computes them naively.
//!
//! Each adapter runs [`CASES`] random dataflows: sync and async nodes, borrowed and consumed values, overrides, future inputs, marked
//! nodes, nodes that read the run's context, nodes that fail or panic, and nodes that accept failures, under both error policies, with
//! and without hooks.
//! Each case runs with its faults, and again without them on the same driver.

mod case;
mod watch;

use std::cell::Cell;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use icosian::adapter::{AsyncGraphAdapter, GraphAdapter, SyncAdapter, TokioAdapter};
use icosian::prelude::*;
use icosian_rayon::RayonAdapter;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio::runtime::{Builder, Runtime};

use case::{Case, case};
use watch::{HookTally, Watch};

/// The number of dataflows for each adapter.
const CASES: u32 = 512;

/// The number of dataflows that all adapters have run, for the report of the suite.
static RAN: AtomicU32 = AtomicU32::new(0);

#[expect(clippy::print_stdout, reason = "the suite says how much it has run, to who asks with `--nocapture`")]
fn suite(polls: bool, conforms: impl Fn(&Case) -> Result<(), TestCaseError>) {
    let config = ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
    let runs = Cell::new(0);
    let ran = TestRunner::new(config).run(&case(polls), |case| {
        runs.set(runs.get() + 1);
        conforms(&case)
    });
    let runs = runs.get();
    if let Err(error) = ran {
        panic!("{error}");
    }
    assert!(runs >= CASES);
    let all = RAN.fetch_add(runs, Ordering::SeqCst) + runs;
    println!("{runs} dataflows conform; {all} with the adapters before this one");
}

fn sync_suite(adapter: &(impl GraphAdapter + Clone)) {
    suite(false, |case| {
        let (watch, hook_tally) = (Watch::new(case), Arc::<HookTally>::default());
        let driver = Driver::builder().with_dataflow(case.dataflow(&watch)).with_adapter(adapter.clone());
        let driver = driver.with_error_policy(case.policy);
        let driver = if case.observed { driver.with_hook(Arc::clone(&hook_tally)) } else { driver };
        let driver = driver.build().unwrap();
        let execute = || driver.execute_named(case.names(), case.inputs());
        case.judge(execute(), &watch, &hook_tally)?;
        watch.disarm();
        for _ in 0..2 {
            case.judge(execute(), &watch, &hook_tally)?;
        }
        Ok(())
    });
}

fn async_suite(runtime: &Runtime, adapter: &(impl AsyncGraphAdapter + Clone)) {
    configured_suite(runtime, adapter, |builder| builder);
}

type AsyncBuilder = icosian::Builder<dyn AsyncGraphAdapter>;

fn configured_suite(
    runtime: &Runtime,
    adapter: &(impl AsyncGraphAdapter + Clone),
    configure: impl Fn(AsyncBuilder) -> AsyncBuilder,
) {
    suite(true, |case| {
        let (watch, hook_tally) = (Watch::new(case), Arc::<HookTally>::default());
        let driver = configure(AsyncDriver::under(adapter.clone())).with_dataflow(case.dataflow(&watch));
        let driver = driver.with_error_policy(case.policy);
        let driver = if case.observed { driver.with_hook(Arc::clone(&hook_tally)) } else { driver };
        let driver = driver.build().unwrap();
        let execute = || runtime.block_on(driver.execute_named(case.names(), case.inputs()));
        // After a failure, nodes on other threads still run for a moment. Count them before the next run.
        let first = execute();
        settle(runtime);
        case.judge(first, &watch, &hook_tally)?;
        watch.disarm();
        for _ in 0..2 {
            case.judge(execute(), &watch, &hook_tally)?;
        }
        // Several concurrent executions, on separate tasks.
        let spawn = |_| {
            let (driver, names, inputs) = (driver.clone(), case.names(), case.inputs());
            runtime.spawn(async move { driver.execute_named(names, inputs).await })
        };
        let max_concurrency: Vec<_> = (0..3).map(spawn).collect();
        for execution in max_concurrency {
            let given = runtime.block_on(execution).unwrap();
            let given = given.map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
            let given: Vec<_> = given.iter().filter_map(|(_, value)| value.get::<u64>().copied()).collect();
            prop_assert_eq!(Some(given), case.expected(false).outputs);
        }
        Ok(())
    });
}

/// Waits until no node runs on another thread.
fn settle(runtime: &Runtime) {
    let metrics = runtime.metrics();
    while metrics.num_alive_tasks() > 0 {
        runtime.block_on(tokio::task::yield_now());
    }
}

static THREADS: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(2).build().expect("there are threads"));

fn here() -> Runtime {
    Builder::new_current_thread().build().expect("there is a runtime")
}

#[test]
fn sync_adapter_conforms() {
    sync_suite(&SyncAdapter);
}

#[test]
fn rayon_adapter_conforms() {
    // More threads than cores, for more interleavings.
    sync_suite(&RayonAdapter::with_threads(NonZeroUsize::new(4).unwrap()).unwrap());
}

#[test]
fn tokio_adapter_conforms_on_one_thread() {
    async_suite(&here(), &TokioAdapter::default());
}

#[test]
fn tokio_adapter_conforms_on_many_threads() {
    async_suite(&THREADS, &TokioAdapter::default());
}

/// An async hook that waits for its next poll.
#[derive(Debug)]
struct Waits;

#[icosian::async_trait]
impl icosian::AsyncHook for Waits {
    async fn before_node(&self, _: &NodeInfo<'_>) -> Result<(), icosian::BoxError> {
        tokio::task::yield_now().await;
        Ok(())
    }
}

#[test]
fn tokio_adapter_conforms_with_async_hooks() {
    configured_suite(&here(), &TokioAdapter::default(), |builder| builder.with_async_hook(Waits));
    configured_suite(&THREADS, &TokioAdapter::default(), |builder| builder.with_async_hook(Waits));
}

#[cfg(feature = "tower")]
fn timed() -> Runtime {
    Builder::new_current_thread().enable_time().build().expect("there is a runtime")
}

#[cfg(feature = "tower")]
#[test]
fn tokio_adapter_conforms_with_layers() {
    use std::time::Duration;

    use tower::limit::ConcurrencyLimitLayer;
    use tower::timeout::TimeoutLayer;
    let adapter = TokioAdapter::default();
    configured_suite(&timed(), &adapter, |builder| {
        builder
            .with_layer(TimeoutLayer::new(Duration::from_hours(1)))
            .with_layer(ConcurrencyLimitLayer::new(2))
    });
    configured_suite(&THREADS, &adapter, |builder| builder.with_layer(ConcurrencyLimitLayer::new(3)));
}

#[test]
fn tokio_adapter_conforms_with_limits() {
    for max_concurrency in 1..3 {
        let adapter =
            TokioAdapter::default().with_max_concurrent_nodes(max_concurrency).with_max_concurrent_runs(1);
        async_suite(&here(), &adapter.with_group_limit("few", max_concurrency));
    }
}
