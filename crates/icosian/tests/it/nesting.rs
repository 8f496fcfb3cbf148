//! Executions that nodes start under the same adapter, while permits are scarce.

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use icosian::adapter::TokioAdapter;
use icosian::decorators::{Fallback, Function, Limit, Retry, Spawn};
use icosian::prelude::*;
use icosian::{Group, Node, NodeError, Outline, Placement, RunError};
use tokio::runtime::Handle;
use tokio::task::block_in_place;
use tokio::time::{sleep, timeout};

/// The driver that the nodes of `outer` execute.
type Inner = Arc<OnceLock<AsyncDriver>>;

/// Executes node `inner` of the inner driver.
async fn execute(inner: &Inner) -> Result<u64, NodeError> {
    let driver = inner.get().expect("the inner driver is set before the execution");
    let values = driver.execute_named(["inner"], inputs! {}).await?;
    Ok(*values.get::<u64>("inner").expect("the output was requested") + 1)
}

fn grouped(outline: Outline, group: Option<usize>) -> Outline {
    match group {
        Some(nodes) => outline.with_group(Group::new("few").with_max_concurrency(nodes)),
        None => outline,
    }
}

/// Returns a driver under `adapter` whose async node `name` sleeps before and after `work`.
fn driver(adapter: &TokioAdapter, node: impl Into<Function>) -> AsyncDriver {
    AsyncDriver::under(adapter.clone()).with_dataflow(Dataflow::new("flow").with_node(node)).build().unwrap()
}

fn inner_node(group: Option<usize>) -> Node {
    Node::future(grouped(Outline::new("inner"), group), |_| async {
        sleep(Duration::from_millis(10)).await;
        Ok(1_u64)
    })
}

/// Returns a driver whose node `outer` executes a driver with the node `inner` under the same adapter.
fn nested(adapter: &TokioAdapter, group: Option<usize>) -> AsyncDriver {
    let inner = Inner::default();
    let started = Arc::clone(&inner);
    let outer = Node::future(grouped(Outline::new("outer"), group), move |_| {
        let inner = Arc::clone(&started);
        async move {
            sleep(Duration::from_millis(10)).await;
            execute(&inner).await
        }
    });
    assert!(inner.set(driver(adapter, inner_node(group))).is_ok());
    driver(adapter, outer)
}

/// Waits for an execution, and panics if it takes too long.
async fn finish<T>(execution: impl Future<Output = T>) -> T {
    timeout(Duration::from_mins(1), execution).await.expect("the execution waits forever")
}

fn assert_deadlock<T: std::fmt::Debug>(executed: Result<T, ExecuteError>, limit: &str) {
    let Err(ExecuteError::Failed(failed)) = executed else { panic!("{executed:?}") };
    let Some(RunError::NodeFailed { source, .. }) = failed.first() else { panic!("{failed:?}") };
    let Some(ExecuteError::Failed(failed)) = source.downcast_ref() else { panic!("{source:?}") };
    let Some(RunError::Deadlock { limit: named }) = failed.first() else { panic!("{failed:?}") };
    assert_eq!(named, limit);
}

#[tokio::test(start_paused = true)]
async fn nested_execution_without_a_free_permit_is_refused() {
    let one_run = nested(&TokioAdapter::default().with_max_concurrent_runs(1), None);
    assert_deadlock(finish(one_run.execute_named(["outer"], inputs! {})).await, "`with_max_concurrent_runs`");
    let one_node = nested(&TokioAdapter::default().with_max_concurrent_nodes(1), None);
    assert_deadlock(
        finish(one_node.execute_named(["outer"], inputs! {})).await,
        "`with_max_concurrent_nodes`",
    );
    let group = nested(&TokioAdapter::default(), Some(1));
    assert_deadlock(finish(group.execute_named(["outer"], inputs! {})).await, "group `few`");
    let set = nested(&TokioAdapter::default().with_group_limit("few", 1), Some(8));
    assert_deadlock(finish(set.execute_named(["outer"], inputs! {})).await, "group `few`");
}

#[tokio::test(start_paused = true)]
async fn nested_execution_with_a_free_permit_proceeds() {
    let two_runs = nested(&TokioAdapter::default().with_max_concurrent_runs(2), None);
    finish(two_runs.execute_named(["outer"], inputs! {})).await.unwrap();
    let two_nodes = nested(&TokioAdapter::default().with_max_concurrent_nodes(2), None);
    finish(two_nodes.execute_named(["outer"], inputs! {})).await.unwrap();
    let group = nested(&TokioAdapter::default(), Some(2));
    finish(group.execute_named(["outer"], inputs! {})).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn nested_execution_waits_for_a_permit_that_another_run_releases() {
    let adapter = TokioAdapter::default().with_max_concurrent_runs(2);
    let outer = nested(&adapter, None);
    let other = driver(&adapter, inner_node(None));
    for _ in 0..4 {
        let names = ["outer"];
        let (nested, plain) = finish(async {
            tokio::join!(outer.execute_named(names, inputs! {}), other.execute_named(["inner"], inputs! {}))
        })
        .await;
        nested.unwrap();
        plain.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn mutual_wait_of_nested_executions_is_refused() {
    let outer = nested(&TokioAdapter::default().with_max_concurrent_runs(2), None);
    let execute = || outer.execute_named(["outer"], inputs! {});
    let (first, second) = finish(async { tokio::join!(execute(), execute()) }).await;
    // One wait is refused. Its node releases its permit, so the other wait continues.
    assert_ne!(first.is_ok(), second.is_ok(), "{first:?} {second:?}");
    assert_deadlock(if first.is_ok() { second } else { first }, "`with_max_concurrent_runs`");
    finish(execute()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nested_execution_of_a_sync_node_that_blocks_is_refused() {
    for placement in [Placement::Inline, Placement::Offload] {
        let adapter = TokioAdapter::default().with_max_concurrent_runs(1);
        let inner = Inner::default();
        let started = Arc::clone(&inner);
        let outer = Node::sync(Outline::new("outer").with_placement(placement), move |_| {
            block_in_place(|| Handle::current().block_on(execute(&started)))
        });
        assert!(inner.set(driver(&adapter, inner_node(None))).is_ok());
        let outer = driver(&adapter, outer);
        assert_deadlock(
            finish(outer.execute_named(["outer"], inputs! {})).await,
            "`with_max_concurrent_runs`",
        );
    }
}

#[tokio::test(start_paused = true)]
async fn cancelled_nested_wait_leaves_the_limit_usable() {
    let adapter = TokioAdapter::default().with_max_concurrent_runs(2);
    let outer = nested(&adapter, None);
    let other = driver(
        &adapter,
        Node::future(Outline::new("inner"), |_| async {
            sleep(Duration::from_secs(5)).await;
            Ok(1_u64)
        }),
    );
    let slow = tokio::spawn(async move { other.execute_named(["inner"], inputs! {}).await.map(drop) });
    // The inner run waits for the slow run when this execution is dropped.
    timeout(Duration::from_secs(1), outer.execute_named(["outer"], inputs! {})).await.unwrap_err();
    finish(slow).await.unwrap().unwrap();
    finish(outer.execute_named(["outer"], inputs! {})).await.unwrap();
}

/// The decorators above a function with one permit of group `few`.
const STACKS: [fn(Node) -> Function; 6] = [
    |node| node.with_decorator(few()),
    |node| node.with_decorator(few()).with_decorator(Retry::new(2)),
    |node| node.with_decorator(Retry::new(2)).with_decorator(few()),
    |node| node.with_decorator(few()).with_decorator(Spawn),
    |node| node.with_decorator(few()).with_decorator(Retry::new(2)).with_decorator(Spawn),
    |node| node.with_decorator(few()).with_decorator(Retry::new(2)).with_decorator(Retry::new(2)),
];

fn few() -> Limit {
    Limit::new("few").max_concurrency(1)
}

/// Returns node `name`, which executes the inner driver after a short sleep.
fn executes(name: &'static str, inner: &Inner) -> Node {
    let inner = Arc::clone(inner);
    Node::future(Outline::new(name), move |_| {
        let inner = Arc::clone(&inner);
        async move {
            sleep(Duration::from_millis(10)).await;
            execute(&inner).await
        }
    })
}

async fn assert_stacks_are_refused() {
    for outer_decorators in STACKS {
        for inner_decorators in STACKS {
            let adapter = TokioAdapter::default();
            let inner = Inner::default();
            assert!(inner.set(driver(&adapter, inner_decorators(inner_node(None)))).is_ok());
            let outer = driver(&adapter, outer_decorators(executes("outer", &inner)));
            assert_deadlock(finish(outer.execute_named(["outer"], inputs! {})).await, "group `few`");
            // The refused wait leaves the group usable.
            let inner = inner.get().expect("the inner driver is set");
            finish(inner.execute_named(["inner"], inputs! {})).await.unwrap();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nested_execution_with_permits_per_attempt_is_refused() {
    assert_stacks_are_refused().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nested_execution_with_permits_per_attempt_is_refused_on_several_threads() {
    assert_stacks_are_refused().await;
}

#[tokio::test(start_paused = true)]
async fn attempt_holds_the_permit_of_all_nodes_for_nested_executions() {
    let adapter = TokioAdapter::default().with_max_concurrent_nodes(1);
    let inner = Inner::default();
    assert!(inner.set(driver(&adapter, inner_node(None))).is_ok());
    let outer = executes("outer", &inner).with_decorator(few()).with_decorator(Retry::new(2));
    let outer = driver(&adapter, outer);
    assert_deadlock(finish(outer.execute_named(["outer"], inputs! {})).await, "`with_max_concurrent_nodes`");
}

#[tokio::test(start_paused = true)]
async fn nested_execution_with_a_free_permit_per_attempt_proceeds() {
    let adapter = TokioAdapter::default();
    let inner = Inner::default();
    let two = || Limit::new("few").max_concurrency(2);
    assert!(
        inner
            .set(driver(&adapter, inner_node(None).with_decorator(two()).with_decorator(Retry::new(2))))
            .is_ok()
    );
    let outer =
        driver(&adapter, executes("outer", &inner).with_decorator(two()).with_decorator(Retry::new(2)));
    finish(outer.execute_named(["outer"], inputs! {})).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn fallback_does_not_hide_a_refused_permit() {
    let adapter = TokioAdapter::default();
    let inner = Inner::default();
    let hidden = inner_node(None)
        .with_decorator(few())
        .with_decorator(Retry::new(2))
        .with_decorator(Fallback::value(7_u64));
    assert!(inner.set(driver(&adapter, hidden)).is_ok());
    let outer = driver(&adapter, executes("outer", &inner).with_decorator(few()));
    assert_deadlock(finish(outer.execute_named(["outer"], inputs! {})).await, "group `few`");
}

/// Returns a driver whose nodes `a` and `b` hold a group each and execute a node of the other group.
fn crossed(nodes: usize, per_attempt: bool) -> AsyncDriver {
    let adapter = TokioAdapter::default();
    let decorated = |node: Node, group: &'static str| {
        let function = node.with_decorator(Limit::new(group).max_concurrency(nodes));
        if per_attempt { function.with_decorator(Retry::new(2)) } else { function }
    };
    let crosses = |name, held, wanted| {
        let inner = Inner::default();
        assert!(inner.set(driver(&adapter, decorated(inner_node(None), wanted))).is_ok());
        decorated(executes(name, &inner), held)
    };
    let flow = Dataflow::new("flow")
        .with_node(crosses("a", "first", "second"))
        .with_node(crosses("b", "second", "first"));
    AsyncDriver::under(adapter).with_dataflow(flow).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn nodes_that_hold_a_group_each_and_need_the_other_are_refused() {
    let crossed = crossed(1, false);
    for _ in 0..2 {
        assert_deadlock(finish(crossed.execute_named(["a", "b"], inputs! {})).await, "group `first`");
        // Alone, each node finds a free permit.
        finish(crossed.execute_named(["a"], inputs! {})).await.unwrap();
        finish(crossed.execute_named(["b"], inputs! {})).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn attempt_that_is_refused_releases_its_permit_and_succeeds_later() {
    finish(crossed(1, true).execute_named(["a", "b"], inputs! {})).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn crossed_groups_with_free_permits_proceed() {
    for per_attempt in [false, true] {
        let crossed = crossed(2, per_attempt);
        finish(crossed.execute_named(["a", "b"], inputs! {})).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn wait_for_a_group_whose_holder_waits_for_a_free_group_proceeds() {
    // The holder of `few` waits for `other`, which a plain node holds and releases.
    let adapter = TokioAdapter::default();
    let other = || Limit::new("other").max_concurrency(1);
    let (leaf, middle) = (Inner::default(), Inner::default());
    assert!(leaf.set(driver(&adapter, inner_node(None).with_decorator(other()))).is_ok());
    assert!(middle.set(driver(&adapter, executes("inner", &leaf).with_decorator(few()))).is_ok());
    let flow = Dataflow::new("flow")
        .with_node(executes("first", &middle))
        .with_node(executes("second", &middle))
        .with_node(executes("plain", &leaf))
        .with_node(executes("third", &leaf).with_decorator(few()));
    let outer = AsyncDriver::under(adapter).with_dataflow(flow).build().unwrap();
    finish(outer.execute_named(["first", "second", "plain", "third"], inputs! {})).await.unwrap();
}
