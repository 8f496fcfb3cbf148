//! Values live from their creation to their last use.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use icosian::adapter::{AsyncGraphAdapter, AsyncRun, GraphAdapter, Program, Run, SyncAdapter, TokioAdapter};
use icosian::{ErrorPolicy, Node, Outline, Param};
use icosian_rayon::RayonAdapter;

/// The number of live values, and its maximum.
#[derive(Debug, Default)]
struct Census {
    alive: AtomicUsize,
    most: AtomicUsize,
}

/// A value that counts its live instances.
#[derive(Debug)]
struct Counted(Arc<Census>);

impl Counted {
    fn new(census: &Arc<Census>) -> Self {
        census.most.fetch_max(census.alive.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        Self(Arc::clone(census))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

const LENGTH: usize = 10_000;

/// A chain whose nodes read the output of their predecessor.
fn chain(census: &Arc<Census>, is_async: bool) -> Program {
    let nodes = (0..LENGTH).map(|at| {
        let outline = Outline::new(format!("n{at}"));
        let outline = match at.checked_sub(1) {
            Some(before) => outline.with_param(Param::borrowed::<Counted>(format!("n{before}"))),
            None => outline,
        };
        let census = Arc::clone(census);
        if !is_async {
            return Node::sync(outline, move |_| Ok(Counted::new(&census)));
        }
        Node::future(outline, move |args| {
            let (before, census) = ((at > 0).then(|| args.lease::<Counted>(0)), Arc::clone(&census));
            async move {
                tokio::task::yield_now().await;
                drop(before);
                Ok(Counted::new(&census))
            }
        })
    });
    Program::new(nodes, [format!("n{}", LENGTH - 1)]).unwrap()
}

/// The maximal number of live values: the input and the output of a node.
const MOST: usize = 2;

fn sync(adapter: &impl GraphAdapter, policy: ErrorPolicy) {
    let census = Arc::default();
    let program = chain(&census, false);
    let mut run = Run::new(&program);
    run.values_mut().set_error_policy(policy);
    adapter.run(&mut run).unwrap();
    assert_eq!(census.alive.load(Ordering::SeqCst), 1, "the output");
    run.end();
    assert_eq!((census.alive.load(Ordering::SeqCst), census.most.load(Ordering::SeqCst)), (0, MOST));
}

async fn with_futures(adapter: &TokioAdapter, is_async: bool) {
    let census = Arc::default();
    let program = chain(&census, is_async);
    let mut run = AsyncRun::new(&program);
    adapter.run(&mut run).await.unwrap();
    assert_eq!(census.alive.load(Ordering::SeqCst), 1, "the output");
    run.end();
    assert_eq!((census.alive.load(Ordering::SeqCst), census.most.load(Ordering::SeqCst)), (0, MOST));
}

#[test]
fn long_chain_keeps_at_most_two_values() {
    for policy in [ErrorPolicy::FailFast, ErrorPolicy::CollectAll] {
        sync(&SyncAdapter, policy);
        sync(&RayonAdapter::with_threads(NonZeroUsize::new(2).unwrap()).unwrap(), policy);
    }
}

#[tokio::test]
async fn long_async_chain_keeps_at_most_two_values() {
    for adapter in [TokioAdapter::default(), TokioAdapter::default().with_max_concurrent_nodes(2)] {
        for is_async in [false, true] {
            with_futures(&adapter, is_async).await;
        }
    }
}
