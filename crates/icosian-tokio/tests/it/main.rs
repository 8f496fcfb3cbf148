//! Limits of the adapter: concurrency and time.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod context;
mod elsewhere;
mod fairness;
mod groups;
mod order;
mod rates;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use icosian_adapter::{AbortReason, AsyncGraphAdapter, AsyncRun, Program, RunAbort};
use icosian_core::node::Task;
use icosian_core::{Node, NodeError, Outline, Param};
use icosian_tokio::TokioAdapter;
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);

/// The number of running nodes, and its maximum.
#[derive(Default)]
struct Census {
    now: AtomicUsize,
    most: AtomicUsize,
    done: AtomicUsize,
}

/// A node that sleeps, registers with the census, and returns 1.
fn sleeper(name: String, seconds: u32, census: &Arc<Census>) -> Node {
    struct Under(Arc<Census>);
    impl Drop for Under {
        fn drop(&mut self) {
            self.0.now.fetch_sub(1, Ordering::SeqCst);
        }
    }
    let census = Arc::clone(census);
    Node::future(Outline::new(name), move |_| {
        let census = Arc::clone(&census);
        async move {
            let now = census.now.fetch_add(1, Ordering::SeqCst) + 1;
            census.most.fetch_max(now, Ordering::SeqCst);
            let under = Under(census);
            sleep(SECOND * seconds).await;
            under.0.done.fetch_add(1, Ordering::SeqCst);
            Ok(1_u64)
        }
    })
}

/// A program that sums `count` sleepers.
fn program(count: usize, seconds: u32, census: &Arc<Census>) -> Program {
    let names: Vec<_> = (0..count).map(|at| format!("s{at}")).collect();
    let sum = names
        .iter()
        .fold(Outline::new("sum"), |sum, name| sum.with_param(Param::borrowed::<u64>(name.clone())));
    let sum = Node::sync(sum, move |args| Ok((0..count).map(|at| args.borrow::<u64>(at)).sum::<u64>()));
    let sleepers = names.into_iter().map(|name| sleeper(name, seconds, census));
    Program::new(sleepers.chain([sum]), ["sum"]).unwrap()
}

async fn run(adapter: &TokioAdapter, program: &Program) -> Result<u64, RunAbort> {
    let mut run = AsyncRun::new(program);
    adapter.run(&mut run).await?;
    let sum = run.values_mut().take(0).unwrap();
    run.end();
    Ok(sum)
}

#[tokio::test(start_paused = true)]
async fn max_concurrent_nodes_is_shared_by_all_runs() {
    let census = Arc::default();
    let program = program(10, 1, &census);
    let adapter = TokioAdapter::default().with_max_concurrent_nodes(4);
    let started = Instant::now();
    let (left, right) = tokio::join!(run(&adapter, &program), run(&adapter, &program));
    assert_eq!((left.unwrap(), right.unwrap()), (10, 10));
    assert_eq!(census.most.load(Ordering::SeqCst), 4);
    assert_eq!(started.elapsed(), 5 * SECOND, "20 nodes, 4 at a time");
}

#[tokio::test(start_paused = true)]
async fn max_concurrent_runs_queues_runs_in_order() {
    let census = Arc::default();
    let program = program(3, 1, &census);
    let adapter = TokioAdapter::default().with_max_concurrent_runs(2);
    let (clone, started) = (adapter.clone(), Instant::now());
    let ended = async |adapter: &TokioAdapter| {
        run(adapter, &program).await.unwrap();
        started.elapsed()
    };
    let ends =
        tokio::join!(ended(&adapter), ended(&adapter), ended(&clone), ended(&adapter), ended(&adapter));
    assert_eq!(ends, (SECOND, SECOND, 2 * SECOND, 2 * SECOND, 3 * SECOND));
    assert_eq!(census.most.load(Ordering::SeqCst), 6);
}

#[tokio::test(start_paused = true)]
async fn dropped_run_releases_its_permit() {
    let census = Arc::default();
    let program = program(1, 100, &census);
    let adapter = TokioAdapter::default().with_max_concurrent_runs(1).with_max_concurrent_nodes(1);
    assert!(tokio::time::timeout(SECOND, run(&adapter, &program)).await.is_err());
    assert_eq!(census.now.load(Ordering::SeqCst), 0, "it is cancelled");
    assert_eq!(run(&adapter, &program).await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn node_timeout_fails_run_and_cancels_siblings() {
    let census = Arc::default();
    let slow = sleeper("slow".to_owned(), 3, &census);
    let slower = sleeper("slower".to_owned(), 5, &census);
    let program = Program::new([slow, slower], ["slower", "slow"]).unwrap();
    let adapter = TokioAdapter::default().with_node_timeout(4 * SECOND);
    let started = Instant::now();
    let stop = run(&adapter, &program).await.unwrap_err();
    assert_eq!(started.elapsed(), 4 * SECOND);
    let AbortReason::Node { step, error } = stop.into_reason() else { panic!("a node failed") };
    assert_eq!(program.outline(step).name(), &"slower");
    assert!(matches!(error, NodeError::TimedOut(limit) if limit == 4 * SECOND), "{error:?}");
    assert_eq!((census.now.load(Ordering::SeqCst), census.done.load(Ordering::SeqCst)), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn node_timeout_starts_with_the_node_and_excludes_inputs() {
    let census = Arc::default();
    let program = program(4, 1, &census);
    let adapter = TokioAdapter::default().with_max_concurrent_nodes(1).with_node_timeout(2 * SECOND);
    assert_eq!(run(&adapter, &program).await.unwrap(), 4, "the last waits three seconds and takes one");

    let double = Outline::new("double").with_param(Param::borrowed::<u64>("single"));
    let double = Node::sync(double, |args| Ok(args.borrow::<u64>(0) * 2));
    let program = Program::new([double], ["double"]).unwrap();
    let mut run = AsyncRun::new(&program);
    let single = async {
        sleep(10 * SECOND).await;
        Ok::<_, NodeError>(21_u64)
    };
    run.fill_later(program.plan().input("single").unwrap().cell(), <dyn Task>::new(single));
    adapter.run(&mut run).await.unwrap();
    assert_eq!(run.values_mut().take::<u64>(0), Some(42));
}

#[tokio::test(start_paused = true)]
async fn run_deadline_includes_waiting() {
    let census = Arc::default();
    let program = program(3, 2, &census);
    let adapter = TokioAdapter::default().with_max_concurrent_runs(1).with_deadline(3 * SECOND);
    let (first, second) = tokio::join!(run(&adapter, &program), run(&adapter, &program));
    assert_eq!(first.unwrap(), 3);
    assert!(matches!(second.unwrap_err().reason(), AbortReason::Deadline(limit) if *limit == 3 * SECOND));
    assert_eq!((census.now.load(Ordering::SeqCst), census.done.load(Ordering::SeqCst)), (0, 3));
    assert_eq!(run(&adapter, &program).await.unwrap(), 3, "the adapter goes on");
}

#[tokio::test(start_paused = true)]
async fn pending_node_is_not_polled_for_each_new_node() {
    const N: usize = 5_000;
    let polls = Arc::new(AtomicUsize::new(0));
    let nodes = (0..N).map(|at| {
        let polls = Arc::clone(&polls);
        Node::future(Outline::new(format!("s{at}")), move |_| {
            let polls = Arc::clone(&polls);
            std::future::poll_fn(move |_| {
                polls.fetch_add(1, Ordering::SeqCst);
                std::task::Poll::<Result<u64, NodeError>>::Pending
            })
        })
    });
    let program = Program::new(nodes, (0..N).map(|at| format!("s{at}"))).unwrap();
    let mut run = AsyncRun::new(&program);
    assert!(tokio::time::timeout(SECOND, TokioAdapter::default().run(&mut run)).await.is_err());
    assert!(polls.load(Ordering::SeqCst) <= 4 * N, "{polls:?} polls of {N} nodes without a wake-up");
}

#[tokio::test(start_paused = true)]
async fn nodes_that_wake_together_are_polled_a_few_times_each() {
    const N: usize = 5_000;
    let polls = Arc::new(AtomicUsize::new(0));
    let nodes = (0..N).map(|at| {
        let polls = Arc::clone(&polls);
        Node::future(Outline::new(format!("s{at}")), move |_| {
            let polls = Arc::clone(&polls);
            let mut slept = Box::pin(sleep(SECOND));
            std::future::poll_fn(move |context| {
                polls.fetch_add(1, Ordering::SeqCst);
                slept.as_mut().poll(context).map(|()| Ok(1_u64))
            })
        })
    });
    let program = Program::new(nodes, (0..N).map(|at| format!("s{at}"))).unwrap();
    for adapter in [TokioAdapter::default(), TokioAdapter::default().with_max_concurrent_nodes(N)] {
        polls.store(0, Ordering::SeqCst);
        let mut run = AsyncRun::new(&program);
        adapter.run(&mut run).await.unwrap();
        assert!(polls.load(Ordering::SeqCst) <= 8 * N, "{polls:?} polls of {N} nodes");
    }
}

#[tokio::test(start_paused = true)]
async fn limits_do_not_change_the_output() {
    let census = Arc::default();
    let program = program(1_000, 0, &census);
    for adapter in [TokioAdapter::default(), TokioAdapter::default().with_max_concurrent_nodes(10)] {
        assert_eq!(run(&adapter, &program).await.unwrap(), 1_000);
    }
}
