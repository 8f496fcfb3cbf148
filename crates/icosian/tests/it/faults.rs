//! Panics and errors during drops, in hooks, after the run, and on other threads.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use icosian::adapter::TokioAdapter;
use icosian::prelude::*;
use icosian::{
    BoxError, ErrorPolicy, Group, Hook, Node, NodeEnd, NodeError, NodeInfo, NodeOutcome, Outline, Param,
    Placement, RunEnd, RunError, RunInfo,
};
use icosian_rayon::RayonAdapter;

/// Panics when it is dropped, unless the thread is already panicking.
#[derive(Debug)]
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(thread::panicking(), "it went off");
    }
}

fn flow(nodes: impl IntoIterator<Item = Node>) -> Dataflow {
    nodes.into_iter().fold(Dataflow::new("faults"), Dataflow::with_node)
}

fn four_threads() -> RayonAdapter {
    RayonAdapter::with_threads(NonZeroUsize::new(4).unwrap()).unwrap()
}

/// Runs `work` with a time limit.
fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(work()));
    receiver.recv_timeout(Duration::from_mins(1)).expect("it hangs, or has panicked")
}

/// A node that ends only when its run is cancelled.
fn long() -> Node {
    Node::sync(Outline::new("long").with_param(Param::borrowed::<RunContext>("context")), |args| {
        let context = args.borrow::<RunContext>(0);
        while !context.is_cancelled() {
            thread::yield_now();
        }
        Ok(1_u64)
    })
}

fn quick() -> Node {
    Node::sync(Outline::new("quick"), |_| Ok(1_u64))
}

/// A hook that fails before or after the given node.
#[derive(Debug)]
struct FailsAt {
    node: &'static str,
    before: bool,
}

impl FailsAt {
    fn fail(&self, node: &NodeInfo<'_>, before: bool) -> Result<(), BoxError> {
        let here = *node.outline().name() == *self.node && before == self.before;
        if here { Err("no ink".into()) } else { Ok(()) }
    }
}

impl Hook for FailsAt {
    fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
        self.fail(node, true)
    }

    fn after_node(&self, node: &NodeInfo<'_>, _: &NodeEnd<'_>) -> Result<(), BoxError> {
        self.fail(node, false)
    }
}

#[test]
fn failure_on_one_thread_cancels_nodes_on_others() {
    for before in [true, false] {
        let driver = Driver::builder().with_dataflow(flow([long(), quick()])).with_adapter(four_threads());
        let driver = driver.with_hook(FailsAt { node: "quick", before }).build().unwrap();
        let error = in_time(move || driver.execute_named(["long", "quick"], inputs! {}).map(drop));
        let Err(ExecuteError::Failed(failed)) = error else { panic!("{error:?}") };
        assert!(matches!(failed.first(), Some(RunError::HookFailed { .. })), "{failed:?}");
    }
    let bomb = Node::sync(Outline::new("bomb"), |_| Ok(Bomb));
    let last = Node::sync(Outline::new("last").with_param(Param::borrowed::<Bomb>("bomb")), |_| Ok(1_u64));
    let driver = Driver::builder().with_dataflow(flow([long(), bomb, last])).with_adapter(four_threads());
    let driver = driver.build().unwrap();
    let error = in_time(move || driver.execute_named(["long", "last"], inputs! {}).map(drop));
    assert!(error.is_err_and(|error| error.node().is_some_and(|node| *node == "bomb")));
}

static NESTED: OnceLock<Driver> = OnceLock::new();

/// A value whose drop executes a dataflow on the same threads.
#[derive(Debug)]
struct Busy;

impl Drop for Busy {
    fn drop(&mut self) {
        let driver = NESTED.get().expect("it was made");
        driver.execute_named(["all"], inputs! {}).unwrap();
    }
}

#[test]
fn executions_can_nest_on_the_same_threads_during_drops() {
    in_time(|| {
        let adapter = four_threads();
        let parts = (0..8).map(|at| Node::sync(Outline::new(format!("part{at}")), |_| Ok(1_u64)));
        let all = (0..8)
            .fold(Outline::new("all"), |all, at| all.with_param(Param::borrowed::<u64>(format!("part{at}"))));
        let nested = flow(parts.chain([Node::sync(all, |_| Ok(8_u64))]));
        let nested = Driver::builder().with_dataflow(nested).with_adapter(adapter.clone());
        assert!(NESTED.set(nested.build().unwrap()).is_ok());
        let nodes = (0..40).flat_map(|at| {
            let busy = Node::sync(Outline::new(format!("busy{at}")), |_| Ok(Busy));
            let after =
                Outline::new(format!("after{at}")).with_param(Param::borrowed::<Busy>(format!("busy{at}")));
            [busy, Node::sync(after, |_| Ok(1_u64))]
        });
        let driver = Driver::builder().with_dataflow(flow(nodes)).with_adapter(adapter).build().unwrap();
        for _ in 0..50 {
            driver.execute_named((0..40).map(|at| format!("after{at}")), inputs! {}).unwrap();
        }
    });
}

/// Nodes whose futures hold bombs and permits, and a node that fails.
fn bombs(count: usize) -> Dataflow {
    let group = || Group::new("few").with_max_concurrency(count + 1);
    let waits = (0..count).map(|at| {
        Node::future(Outline::new(format!("waits{at}")).with_group(group()), |_| async {
            let bomb = Bomb;
            std::future::pending::<()>().await;
            drop(bomb);
            Ok(1_u64)
        })
    });
    let bad = Node::future(Outline::new("bad"), |_| async {
        tokio::task::yield_now().await;
        Err::<u64, _>(NodeError::failed("no luck"))
    });
    let good = Node::future(Outline::new("good").with_group(group()), |_| async { Ok(7_u64) });
    flow(waits.chain([bad, good]))
}

#[tokio::test]
async fn panic_in_drop_of_a_future_keeps_no_permit_and_hides_no_error() {
    for count in [2, 40] {
        for adapter in [TokioAdapter::default(), TokioAdapter::default().with_max_concurrent_nodes(count + 1)]
        {
            let driver = AsyncDriver::under(adapter).with_dataflow(bombs(count)).build().unwrap();
            let names = (0..count).map(|at| format!("waits{at}")).chain(["bad".to_owned()]);
            let names: Vec<_> = names.collect();
            for _ in 0..3 {
                let error = driver.execute_named(&names, inputs! {}).await.unwrap_err();
                assert!(error.node().is_some_and(|node| *node == "bad"), "{error:?}");
            }
            let good = driver.execute_named(["good"], inputs! {}).await.unwrap();
            assert_eq!(good.get::<u64>("good"), Some(&7));
        }
    }
}

#[tokio::test]
async fn late_output_can_panic_in_drop() {
    let (release, released) = mpsc::channel::<()>();
    let released = Mutex::new(released);
    let slow = Node::sync(Outline::new("slow").with_placement(Placement::Offload), move |_| {
        released.lock().unwrap().recv().ok();
        Ok(Bomb)
    });
    let adapter = TokioAdapter::default().with_node_timeout(Duration::from_millis(20));
    #[cfg(feature = "rayon")]
    let adapter = adapter.with_offload_threads(NonZeroUsize::MIN).unwrap();
    let driver = AsyncDriver::under(adapter).with_dataflow(flow([slow, quick()])).build().unwrap();
    let error = driver.execute_named(["slow"], inputs! {}).await.unwrap_err();
    let ExecuteError::Failed(failed) = error else { panic!("it ran") };
    assert!(matches!(failed.first(), Some(RunError::NodeTimedOut { .. })), "{failed:?}");
    drop(release);
    driver.execute_named(["quick"], inputs! {}).await.unwrap();
}

/// Records the ends of nodes and runs.
#[derive(Debug, Default)]
struct Ends(Mutex<Vec<String>>);

impl Hook for Ends {
    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let what = match end.outcome() {
            NodeOutcome::Succeeded => "succeeded",
            NodeOutcome::Failed(_) => "failed",
            NodeOutcome::Cancelled => "cancelled",
            NodeOutcome::Skipped => "skipped",
        };
        self.0.lock().unwrap().push(format!("{} {what}", node.outline().name()));
        Ok(())
    }

    fn after_run(&self, _: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        self.0.lock().unwrap().push(format!("run {end:?}"));
        Ok(())
    }
}

#[tokio::test]
async fn hooks_observe_the_outcome_of_abandoned_nodes() {
    for (timeout, ends) in
        [(true, ["slow failed", "run Failed"]), (false, ["slow cancelled", "run Cancelled"])]
    {
        let (began, begins) = tokio::sync::oneshot::channel();
        let (began, done) = (Mutex::new(Some(began)), Arc::new(AtomicBool::new(false)));
        let (release, released) = mpsc::channel::<()>();
        let (released, is_done) = (Mutex::new(released), Arc::clone(&done));
        let slow = Node::sync(Outline::new("slow").with_placement(Placement::Offload), move |_| {
            let began = began.lock().unwrap().take();
            began.map(|began| began.send(()));
            released.lock().unwrap().recv().ok();
            is_done.store(true, Ordering::SeqCst);
            Ok(1_u64)
        });
        let limit = if timeout { Duration::from_millis(20) } else { Duration::from_mins(1) };
        let ended = Arc::<Ends>::default();
        let driver = AsyncDriver::under(TokioAdapter::default().with_node_timeout(limit));
        let driver = driver.with_dataflow(flow([slow])).with_hook(Arc::clone(&ended)).build().unwrap();
        let given_up = async {
            begins.await.unwrap();
            if timeout {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            ran = driver.execute_named(["slow"], inputs! {}) => assert!(ran.is_err()),
            () = given_up => {}
        }
        drop(release);
        while !done.load(Ordering::SeqCst) {
            thread::yield_now();
        }
        assert_eq!(*ended.0.lock().unwrap(), ends);
    }
}

#[tokio::test]
async fn failed_execution_does_not_cancel_its_siblings() {
    let bad = Node::future(Outline::new("bad"), |_| async { Err::<u64, _>(NodeError::failed("no luck")) });
    let slow = Node::future(Outline::new("slow"), |_| async {
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        Ok(1_u64)
    });
    let driver = AsyncDriver::builder().with_dataflow(flow([bad, slow])).build().unwrap();
    let context = RunContext::new();
    let execute = |name: &'static str| driver.execute_named([name], inputs! {}.with_context(context.clone()));
    let (slow, bad) = tokio::join!(execute("slow"), execute("bad"));
    assert!(slow.is_ok() && bad.is_err());
    context.cancel();
    assert!(execute("slow").await.is_err());
}

#[test]
fn collected_failures_take_linear_time() {
    // Each failure has a path through the rest of the chain. To store all these paths would need gigabytes.
    const N: usize = 8_000;
    let bad = |at: usize| {
        Node::sync(Outline::new(format!("bad{at}")), |_| Err::<u64, _>(NodeError::failed("no luck")))
    };
    let step = |at: usize| {
        let outline = Outline::new(format!("c{at}")).with_param(Param::borrowed::<u64>(format!("bad{at}")));
        let before = at.checked_sub(1).map(|before| Param::borrowed::<u64>(format!("c{before}")));
        Node::sync(before.into_iter().fold(outline, Outline::with_param), |_| Ok(1_u64))
    };
    let driver = Driver::builder()
        .with_dataflow(flow((0..N).flat_map(|at| [bad(at), step(at)])))
        .with_error_policy(ErrorPolicy::CollectAll)
        .build()
        .unwrap();
    let error = driver.execute_named([format!("c{}", N - 1)], inputs! {}).unwrap_err();
    let ExecuteError::Failed(failed) = error else { panic!("it ran") };
    assert_eq!(failed.iter().len(), N);
}

#[test]
fn parameter_of_the_context_type_cannot_read_a_node() {
    let own = Node::sync(Outline::new("own"), |_| Ok(RunContext::new()));
    let reads =
        Node::sync(Outline::new("reads").with_param(Param::borrowed::<RunContext>("own")), |_| Ok(1_u64));
    let error = Driver::builder().with_dataflow(flow([own, reads])).build().unwrap_err();
    let expect = "parameter `own` of node `reads` reads the run context, not node or config value `own`";
    assert_eq!(error.to_string(), expect);
    let driver = Driver::builder().with_dataflow(flow([long()])).build().unwrap();
    let error = driver.execute_named([RunContext::INPUT], inputs! {}).unwrap_err();
    assert_eq!(error.to_string(), "unknown node `<run context>`");
}
