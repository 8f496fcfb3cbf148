//! Fairness between nodes that use up the budget of the task and nodes that wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use icosian_adapter::{AsyncGraphAdapter, AsyncRun, Program, Progress, RunAbort};
use icosian_core::{AdapterSpec, Node, Outline};
use icosian_tokio::TokioAdapter;
use tokio::sync::Semaphore;
use tokio::task::consume_budget;
use tokio::time::sleep;

/// The call that uses up the budget.
#[derive(Clone, Copy, Debug)]
enum Greed {
    Budget,
    Permits,
}

/// A node that is always ready. It returns `true` if `waiting` reached 0 before its last poll.
fn greedy(name: String, greed: Greed, waiting: &Arc<AtomicUsize>) -> Node {
    let waiting = Arc::clone(waiting);
    Node::future(Outline::new(name), move |_| {
        let waiting = Arc::clone(&waiting);
        async move {
            let (began, permits) = (Instant::now(), Semaphore::new(1));
            while waiting.load(Ordering::SeqCst) > 0 {
                match greed {
                    Greed::Budget => consume_budget().await,
                    Greed::Permits => drop(permits.acquire().await),
                }
                if began.elapsed() > Duration::from_secs(20) {
                    return Ok(false);
                }
            }
            Ok(true)
        }
    })
}

/// A node that sleeps briefly and decrements `waiting`.
fn sleeper(name: String, waiting: &Arc<AtomicUsize>) -> Node {
    let waiting = Arc::clone(waiting);
    Node::future(Outline::new(name), move |_| {
        let waiting = Arc::clone(&waiting);
        async move {
            sleep(Duration::from_millis(5)).await;
            waiting.fetch_sub(1, Ordering::SeqCst);
            Ok(true)
        }
    })
}

async fn check(adapter: &dyn AsyncGraphAdapter, order: &[bool], greed: Greed) {
    let waiting = Arc::new(AtomicUsize::new(order.iter().filter(|greedy| !**greedy).count()));
    let names: Vec<_> = (0..order.len()).map(|at| format!("n{at}")).collect();
    let nodes = names.iter().zip(order).map(|(name, is_greedy)| {
        if *is_greedy { greedy(name.clone(), greed, &waiting) } else { sleeper(name.clone(), &waiting) }
    });
    let program = Program::new(nodes, &names).unwrap();
    let mut run = AsyncRun::new(&program);
    adapter.run(&mut run).await.unwrap();
    let ended: Vec<_> = (0..order.len()).map(|at| run.values_mut().take::<bool>(at)).collect();
    assert!(ended.iter().all(|ended| *ended == Some(true)), "{adapter:?}, {greed:?}, {order:?}: {ended:?}");
}

/// Orders of greedy (`true`) and waiting nodes.
fn orders() -> Vec<Vec<bool>> {
    let (greedy, waiting) = (vec![true; 1], vec![false; 40]);
    vec![
        vec![true, false],
        vec![false, true],
        vec![true, true, false, true, false],
        [greedy.clone(), waiting.clone()].concat(),
        [waiting.clone(), greedy.clone()].concat(),
        [greedy.clone(), waiting.clone(), greedy.clone(), waiting.clone(), greedy].concat(),
        [waiting, vec![true; 40]].concat(),
    ]
}

#[tokio::test]
async fn greedy_nodes_do_not_starve_their_siblings() {
    for adapter in [TokioAdapter::default(), TokioAdapter::default().with_max_concurrent_nodes(1000)] {
        for order in orders() {
            for greed in [Greed::Budget, Greed::Permits] {
                check(&adapter, &order, greed).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn greedy_nodes_do_not_starve_their_siblings_on_worker_threads() {
    for order in orders() {
        let spawned = async move { check(&TokioAdapter::default(), &order, Greed::Budget).await };
        tokio::spawn(spawned).await.unwrap();
    }
}

/// An adapter that does not read the task's budget.
#[derive(Debug)]
struct Plain;

#[async_trait::async_trait]
impl AsyncGraphAdapter for Plain {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("plain").polls_futures()
    }

    async fn run(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        while std::future::poll_fn(|context| run.poll_jobs(context, 32)).await? == Progress::More {}
        Ok(())
    }
}

#[tokio::test]
async fn pending_jobs_are_polled_round_robin_without_a_budget() {
    for order in [&[true, false][..], &[true, true, false, true, false], &[false, true]] {
        check(&Plain, order, Greed::Budget).await;
    }
}
