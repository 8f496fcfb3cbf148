//! Offloaded and spawned nodes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::{self, ThreadId};
use std::time::Duration;

use icosian_adapter::{AbortReason, AsyncGraphAdapter, AsyncRun, Program};
use icosian_core::node::{Asyncness, Placement};
use icosian_core::{Node, NodeError, Outline, Param, RunContext};
use icosian_tokio::TokioAdapter;

const BOTH: [Asyncness; 2] = [Asyncness::Sync, Asyncness::Async];

fn adapters() -> Vec<TokioAdapter> {
    vec![
        TokioAdapter::default(),
        #[cfg(feature = "rayon")]
        TokioAdapter::default().with_offload_threads(std::num::NonZeroUsize::MIN).unwrap(),
    ]
}

/// A node that returns the id of its thread, after it has read `number`.
fn thread_id_node(asyncness: Asyncness, placement: Placement) -> Node {
    let outline =
        Outline::new("thread_id_node").with_param(Param::borrowed::<u64>("number")).with_placement(placement);
    match asyncness {
        Asyncness::Sync => Node::sync(outline, |args| {
            assert_eq!(*args.borrow::<u64>(0), 7);
            Ok(thread::current().id())
        }),
        Asyncness::Async => Node::future(outline, |args| {
            let number = args.lease::<u64>(0);
            async move {
                tokio::task::yield_now().await;
                assert_eq!(*number, 7);
                Ok(thread::current().id())
            }
        }),
    }
}

async fn thread_of(adapter: &TokioAdapter, node: Node) -> ThreadId {
    let number = Node::sync(Outline::new("number"), |_| Ok(7_u64));
    let program = Program::new([number, node], ["thread_id_node"]).unwrap();
    let mut run = AsyncRun::new(&program);
    adapter.run(&mut run).await.unwrap();
    run.values_mut().take(0).unwrap()
}

#[tokio::test]
async fn only_offloaded_nodes_run_on_other_threads() {
    for adapter in adapters() {
        for asyncness in BOTH {
            let here = thread::current().id();
            assert_ne!(thread_of(&adapter, thread_id_node(asyncness, Placement::Offload)).await, here);
            assert_eq!(thread_of(&adapter, thread_id_node(asyncness, Placement::Inline)).await, here);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spawned_nodes_run_while_the_run_blocks_its_thread() {
    for asyncness in BOTH {
        let (sender, receiver) = mpsc::channel();
        let outline = Outline::new("spawned").with_placement(Placement::Spawn);
        let spawned = match asyncness {
            Asyncness::Sync => Node::sync(outline, move |_| Ok(sender.send(()).is_ok())),
            Asyncness::Async => Node::future(outline, move |_| {
                let sender = sender.clone();
                async move { Ok(sender.send(()).is_ok()) }
            }),
        };
        let receiver = std::sync::Mutex::new(receiver);
        // Blocks the run until the spawned node has run on another thread.
        let blocking = Node::sync(Outline::new("blocking"), move |_| {
            Ok(receiver.lock().unwrap().recv_timeout(Duration::from_secs(10)).is_ok())
        });
        let program = Program::new([spawned, blocking], ["blocking", "spawned"]).unwrap();
        let mut run = AsyncRun::new(&program);
        TokioAdapter::default().run(&mut run).await.unwrap();
        assert_eq!((run.values_mut().take(0), run.values_mut().take(1)), (Some(true), Some(true)));
    }
}

#[tokio::test]
async fn offloaded_and_spawned_failures_are_reported() {
    for adapter in adapters() {
        for placement in [Placement::Offload, Placement::Spawn] {
            for asyncness in BOTH {
                for panics in [false, true] {
                    let broken = move || {
                        assert!(!panics, "no luck");
                        Err::<u64, _>(NodeError::failed("no luck"))
                    };
                    let outline = Outline::new("broken").with_placement(placement);
                    let broken = match asyncness {
                        Asyncness::Sync => Node::sync(outline, move |_| broken()),
                        Asyncness::Async => Node::future(outline, move |_| async move { broken() }),
                    };
                    let program = Program::new([broken], ["broken"]).unwrap();
                    let stop = adapter.run(&mut AsyncRun::new(&program)).await.unwrap_err();
                    let AbortReason::Node { error, .. } = stop.reason() else { panic!("{stop}") };
                    assert_eq!(matches!(error, NodeError::Panicked(_)), panics, "{error:?}");
                    assert!(error.to_string().contains("no luck"), "{error}");
                }
            }
        }
    }
}

/// Sets the flag when it is dropped.
struct Dropped(Arc<AtomicBool>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn dropped_run_cancels_offloaded_and_spawned_nodes() {
    for adapter in adapters() {
        for placement in [Placement::Offload, Placement::Spawn] {
            let dropped = Arc::new(AtomicBool::new(false));
            let seen = Arc::clone(&dropped);
            let (began, begins) = tokio::sync::oneshot::channel();
            let began = std::sync::Mutex::new(Some(began));
            let waits = Node::future(Outline::new("waits").with_placement(placement), move |_| {
                let (guard, began) = (Dropped(Arc::clone(&seen)), began.lock().unwrap().take());
                async move {
                    began.unwrap().send(()).unwrap();
                    std::future::pending::<()>().await;
                    drop(guard);
                    Ok(1_u64)
                }
            });
            let program = Program::new([waits], ["waits"]).unwrap();
            let mut run = AsyncRun::new(&program);
            tokio::select! {
                _ = adapter.run(&mut run) => unreachable!("it waits for ever"),
                begun = begins => begun.unwrap(),
            }
            while !dropped.load(Ordering::SeqCst) {
                tokio::task::yield_now().await;
            }
        }
    }
}

#[tokio::test]
async fn blocking_node_observes_cancellation_in_its_context() {
    let (began, begins) = mpsc::channel();
    let (ended, ends) = mpsc::channel();
    let outline = Outline::new("blocking").with_placement(Placement::Offload);
    let blocking = Node::sync(outline.with_param(Param::borrowed::<RunContext>("context")), move |args| {
        let context = args.borrow::<RunContext>(0);
        began.send(()).unwrap();
        while !context.is_cancelled() {
            thread::yield_now();
        }
        ended.send(()).unwrap();
        context.check()?;
        Ok(1_u64)
    });
    // A node that fails while the other node blocks.
    let begins = std::sync::Mutex::new(begins);
    let broken = Node::sync(Outline::new("broken").with_placement(Placement::Offload), move |_| {
        begins.lock().unwrap().recv().unwrap();
        Err::<u64, _>(NodeError::failed("no luck"))
    });
    let program = Program::new([blocking, broken], ["blocking", "broken"]).unwrap();
    let mut run = AsyncRun::new(&program);
    let stop = TokioAdapter::default().run(&mut run).await.unwrap_err();
    assert_eq!(stop.to_string(), "step 1 failed: no luck");
    ends.recv_timeout(Duration::from_secs(10)).expect("the blocking node has ended early");
}

#[tokio::test(start_paused = true)]
async fn offload_timeout_does_not_wait_for_the_thread() {
    for asyncness in BOTH {
        let (release, released) = mpsc::channel::<()>();
        let released = std::sync::Mutex::new(released);
        let outline = Outline::new("slow").with_placement(Placement::Offload);
        let slow = match asyncness {
            Asyncness::Sync => Node::sync(outline, move |_| {
                released.lock().unwrap().recv().ok();
                Ok(1_u64)
            }),
            Asyncness::Async => Node::future(outline, |_| std::future::pending::<Result<u64, NodeError>>()),
        };
        let program = Program::new([slow], ["slow"]).unwrap();
        let adapter = TokioAdapter::default().with_node_timeout(Duration::from_millis(50));
        // The paused clock does not advance while another thread works.
        tokio::time::resume();
        let stop = adapter.run(&mut AsyncRun::new(&program)).await.unwrap_err();
        tokio::time::pause();
        assert_eq!(stop.to_string(), "step 0 failed: timed out after 50ms");
        drop(release);
    }
}

fn refusal(runtime: Option<&tokio::runtime::Runtime>, adapter: &TokioAdapter, node: Node) -> Option<String> {
    let began = Arc::new(AtomicBool::new(false));
    let begins = Arc::clone(&began);
    let first = Node::sync(Outline::new("first"), move |_| {
        begins.store(true, Ordering::SeqCst);
        Ok(1_u64)
    });
    let program = Program::new([first, node], ["first", "thread_id_node"]).unwrap();
    let mut run = AsyncRun::new(&program);
    run.values_mut().fill(program.plan().inputs()[0].cell(), 7_u64);
    let ran = match runtime {
        Some(runtime) => runtime.block_on(adapter.run(&mut run)),
        None => futures::executor::block_on(adapter.run(&mut run)),
    };
    let stop = ran.err()?;
    assert!(!began.load(Ordering::SeqCst), "a node ran before the refusal: {stop}");
    let AbortReason::Runtime { problem, help } = stop.into_reason() else {
        panic!("the runtime is unsuitable")
    };
    Some(format!("{problem}; {help}"))
}

#[test]
fn missing_runtime_is_reported_before_a_node_runs() {
    let plain = TokioAdapter::default();
    for (placement, asyncness, needs) in [
        (Placement::Offload, Asyncness::Sync, "threads for blocking nodes"),
        (Placement::Spawn, Asyncness::Sync, "runtime tasks"),
        (Placement::Spawn, Asyncness::Async, "runtime tasks"),
    ] {
        let refused = refusal(None, &plain, thread_id_node(asyncness, placement));
        let expect = format!(
            "there is no tokio runtime, but the dataflow requires {needs}; await the execution within a runtime: in \
             `#[tokio::main]`, `#[tokio::test]` or `Runtime::block_on`"
        );
        assert_eq!(refused, Some(expect));
    }
    let deadline = plain.clone().with_deadline(Duration::from_secs(1));
    let refused = refusal(None, &deadline, thread_id_node(Asyncness::Sync, Placement::Inline));
    assert!(refused.unwrap().starts_with("there is no tokio runtime, but the dataflow requires a timer"));
    assert_eq!(refusal(None, &plain, thread_id_node(Asyncness::Sync, Placement::Inline)), None);
}

#[test]
fn missing_timer_is_reported_before_a_node_runs() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let second = Duration::from_secs(1);
    let inline = || thread_id_node(Asyncness::Async, Placement::Inline);
    let timed = |placement| {
        let (outline, body) = thread_id_node(Asyncness::Sync, placement).into_parts();
        Node::from_parts(outline.with_time_limit(second), body)
    };
    let waiting = || {
        let (outline, body) = inline().into_parts();
        Node::from_parts(outline.with_needs(icosian_core::Caps::TIMER), body)
    };
    let plain = TokioAdapter::default();
    for (adapter, node) in [
        (plain.clone().with_deadline(second), inline()),
        (plain.clone().with_node_timeout(second), inline()),
        (plain.clone(), timed(Placement::Offload)),
        (plain.clone(), waiting()),
    ] {
        let refused = refusal(Some(&runtime), &adapter, node);
        let expect = "the tokio runtime has no timer, but the dataflow requires one; build the runtime with \
                      `Builder::enable_time` or `Builder::enable_all`";
        assert_eq!(refused.as_deref(), Some(expect));
    }
    assert_eq!(refusal(Some(&runtime), &plain, inline()), None);
    assert_eq!(refusal(Some(&runtime), &plain, thread_id_node(Asyncness::Sync, Placement::Offload)), None);
}
