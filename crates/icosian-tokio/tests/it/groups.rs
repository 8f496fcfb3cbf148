//! Groups with a concurrency limit, shared by all runs.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use icosian_adapter::{AsyncGraphAdapter, AsyncRun, Program};
use icosian_core::run::Group;
use icosian_core::{Node, Outline};
use icosian_tokio::TokioAdapter;
use tokio::time::{Instant, sleep};

use super::{Census, SECOND, run, sleeper};

/// A program with `count` nodes of a group, each of which sleeps for a second.
fn grouped(count: usize, group: &Group, census: &Arc<Census>) -> Vec<Node> {
    let nodes = (0..count).map(|at| sleeper(format!("{}{at}", group.name()), 1, census));
    let nodes = nodes.map(|node| {
        let (outline, body) = node.into_parts();
        Node::from_parts(outline.with_group(group.clone()), body)
    });
    nodes.collect()
}

async fn execute(adapter: &TokioAdapter, program: &Program) {
    let mut run = AsyncRun::new(program);
    adapter.run(&mut run).await.unwrap();
    run.end();
}

fn program(nodes: Vec<Node>) -> Program {
    let names: Vec<_> = nodes.iter().map(|node| node.name().clone()).collect();
    Program::new(nodes, names).unwrap()
}

#[tokio::test(start_paused = true)]
async fn full_group_delays_only_its_nodes() {
    let (slow, fast) = (Arc::<Census>::default(), Arc::<Census>::default());
    let mut nodes = grouped(6, &Group::new("database"), &slow);
    nodes.extend(grouped(6, &Group::new("cache").with_max_concurrency(6), &fast));
    let adapter = TokioAdapter::default().with_group_limit("database", 2);
    let started = Instant::now();
    execute(&adapter, &program(nodes)).await;
    assert_eq!(started.elapsed(), 3 * SECOND);
    assert_eq!(slow.most.load(Ordering::SeqCst), 2);
    assert_eq!(fast.most.load(Ordering::SeqCst), 6);
}

#[tokio::test(start_paused = true)]
async fn limit_of_the_adapter_overrides_declared_limit() {
    let census = Arc::<Census>::default();
    let program = program(grouped(6, &Group::new("database").with_max_concurrency(6), &census));
    execute(&TokioAdapter::default().with_group_limit("database", 3), &program).await;
    assert_eq!(census.most.load(Ordering::SeqCst), 3);
}

#[tokio::test(start_paused = true)]
async fn group_limit_and_node_limit_both_apply() {
    let census = Arc::<Census>::default();
    let mut nodes = grouped(4, &Group::new("left"), &census);
    nodes.extend(grouped(4, &Group::new("right"), &census));
    let adapter = TokioAdapter::default()
        .with_group_limit("left", 2)
        .with_group_limit("right", 2)
        .with_max_concurrent_nodes(3);
    execute(&adapter, &program(nodes)).await;
    assert_eq!(census.most.load(Ordering::SeqCst), 3);
}

#[tokio::test(start_paused = true)]
async fn small_run_does_not_wait_for_all_nodes_of_a_large_run() {
    let census = Arc::<Census>::default();
    let big = program(grouped(1_000, &Group::new("database"), &census));
    let small = program(grouped(3, &Group::new("database"), &census));
    let by_group = TokioAdapter::default().with_group_limit("database", 1);
    let by_node = TokioAdapter::default().with_group_limit("database", 1_000).with_max_concurrent_nodes(1);
    for adapter in [by_group, by_node] {
        let started = Instant::now();
        let small = async {
            sleep(SECOND / 2).await;
            execute(&adapter, &small).await;
            started.elapsed()
        };
        let ((), small) = tokio::join!(execute(&adapter, &big), small);
        assert!(small <= 8 * SECOND, "the small run took {small:?} beside one of a thousand seconds");
    }
}

#[tokio::test(start_paused = true)]
async fn group_without_a_limit_is_refused() {
    let lonely = Outline::new("lonely").with_group(Group::new("database"));
    let adapter = TokioAdapter::default();
    let refusal = adapter.refuse(&lonely).unwrap();
    assert_eq!(refusal.reason(), "group `database` has no limit");
    assert!(refusal.help().unwrap().contains("`.with_group_limit(\"database\", 4)`"), "{refusal:?}");
    assert_eq!(adapter.clone().with_group_limit("database", 1).refuse(&lonely), None);
    let program = program(vec![Node::sync(lonely, |_| Ok(1_u64))]);
    assert_eq!(
        run(&adapter, &program).await.unwrap_err().to_string(),
        "the adapter failed: it has no limit for group `database`"
    );
}

#[tokio::test(start_paused = true)]
async fn sync_node_waits_for_a_permit() {
    let order = Arc::new(Mutex::new(Vec::new()));
    let holds = sleeper("holds".to_owned(), 2, &Arc::default()).into_parts();
    let holds = Node::from_parts(holds.0.with_group(Group::new("one")), holds.1);
    let log = Arc::clone(&order);
    let quick = Outline::new("quick").with_group(Group::new("one").with_max_concurrency(1));
    let quick = Node::sync(quick, move |_| {
        log.lock().unwrap().push(Instant::now());
        Ok(1_u64)
    });
    let adapter = TokioAdapter::default().with_group_limit("one", 1);
    let started = Instant::now();
    execute(&adapter, &program(vec![holds, quick])).await;
    let at = order.lock().unwrap()[0] - started;
    assert!(at == 2 * SECOND || at.is_zero(), "it ran beside the other, at {at:?}");
}

#[tokio::test(start_paused = true)]
async fn smaller_of_two_declared_limits_applies() {
    for declared in [[6, 2], [2, 6]] {
        let census = Arc::<Census>::default();
        let group = |nodes| Group::new("database").with_max_concurrency(nodes);
        let adapter = TokioAdapter::default();
        // A driver checks each node in `build`.
        for nodes in declared {
            assert_eq!(adapter.clone().refuse(&Outline::new("query").with_group(group(nodes))), None);
        }
        execute(&adapter, &program(grouped(6, &group(declared[0]), &census))).await;
        execute(&adapter, &program(grouped(6, &group(declared[1]), &census))).await;
        assert_eq!(census.most.load(Ordering::SeqCst), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn lowered_limit_applies_after_running_nodes_end() {
    let census = Arc::<Census>::default();
    let group = |nodes| Group::new("database").with_max_concurrency(nodes);
    let adapter = TokioAdapter::default();
    let program = program(grouped(8, &group(4), &census));
    let started = Instant::now();
    let lower = async {
        sleep(SECOND / 2).await;
        assert_eq!(adapter.refuse(&Outline::new("query").with_group(group(2))), None);
    };
    tokio::join!(execute(&adapter, &program), lower);
    // Four nodes run in the first second, two in each of the next two.
    assert_eq!((started.elapsed(), census.most.load(Ordering::SeqCst)), (3 * SECOND, 4));
    let started = Instant::now();
    execute(&adapter, &program).await;
    assert_eq!(started.elapsed(), 4 * SECOND);
}
