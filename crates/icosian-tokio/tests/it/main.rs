//! The adapter's bounds: how many, and for how long.
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
use icosian_core::{Node, NodeError, Outline, Param, Task};
use icosian_tokio::TokioAdapter;
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);

/// How many nodes are under way, and the most that ever were.
#[derive(Default)]
struct Census {
    now: AtomicUsize,
    most: AtomicUsize,
    done: AtomicUsize,
}

/// A node that sleeps, counts itself, and gives 1.
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

/// The sum of `count` sleepers.
fn program(count: usize, seconds: u32, census: &Arc<Census>) -> Program {
    let names: Vec<_> = (0..count).map(|at| format!("s{at}")).collect();
    let sum =
        names.iter().fold(Outline::new("sum"), |sum, name| sum.param(Param::borrowed::<u64>(name.clone())));
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
async fn no_more_nodes_are_under_way_than_are_allowed_in_all_runs_together() {
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
async fn no_more_runs_are_in_flight_than_are_allowed_and_the_first_comes_first() {
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
async fn a_run_that_is_given_up_gives_its_turn_to_the_next() {
    let census = Arc::default();
    let program = program(1, 100, &census);
    let adapter = TokioAdapter::default().with_max_concurrent_runs(1).with_max_concurrent_nodes(1);
    assert!(tokio::time::timeout(SECOND, run(&adapter, &program)).await.is_err());
    assert_eq!(census.now.load(Ordering::SeqCst), 0, "it is cancelled");
    assert_eq!(run(&adapter, &program).await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_node_that_takes_too_long_fails_the_run_and_its_siblings_are_cancelled() {
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
async fn a_timeout_counts_from_when_a_node_begins_and_spares_inputs() {
    let census = Arc::default();
    let program = program(4, 1, &census);
    let adapter = TokioAdapter::default().with_max_concurrent_nodes(1).with_node_timeout(2 * SECOND);
    assert_eq!(run(&adapter, &program).await.unwrap(), 4, "the last waits three seconds and takes one");

    let double = Outline::new("double").param(Param::borrowed::<u64>("single"));
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
async fn a_run_that_takes_too_long_is_cancelled_waiting_included() {
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
async fn a_pending_node_is_not_polled_again_for_each_that_begins_beside_it() {
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
    assert!(polls.load(Ordering::SeqCst) <= 4 * N, "{polls:?} polls of {N} nodes that nobody wakes");
}

#[tokio::test(start_paused = true)]
async fn nodes_that_become_ready_at_once_are_polled_a_few_times_each() {
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
async fn a_wide_run_gives_the_same_bounded_or_not() {
    let census = Arc::default();
    let program = program(1_000, 0, &census);
    for adapter in [TokioAdapter::default(), TokioAdapter::default().with_max_concurrent_nodes(10)] {
        assert_eq!(run(&adapter, &program).await.unwrap(), 1_000);
    }
}
