//! Functions that run on separate tasks, and the siblings of functions that use up the budget of a task.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::time::{Duration, Instant};

use icosian::decorators::{Fallback, Spawn, Timeout};
use icosian::prelude::*;
use icosian::{Asyncness, Node, NodeError, Outline, RunError};

use crate::behaviour::{ASYNCNESS, flow};

fn node<T: std::any::Any + Send + Sync>(
    asyncness: Asyncness,
    name: &'static str,
    body: impl Fn() -> T + Clone + Send + Sync + 'static,
) -> Node {
    match asyncness {
        Asyncness::Sync => Node::sync(Outline::new(name), move |_| Ok(body())),
        Asyncness::Async => Node::future(Outline::new(name), move |_| {
            let body = body.clone();
            async move { Ok(body()) }
        }),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spawned_functions_compute_in_parallel() {
    for asyncness in ASYNCNESS {
        // Each function passes the barrier only while the other one runs.
        let barrier = Arc::new(Barrier::new(2));
        let passes = move || barrier.wait().is_leader();
        let both = ["a", "b"].map(|name| node(asyncness, name, passes.clone()).with_decorator(Spawn));
        let flow = both.into_iter().fold(flow(), Dataflow::with_node);
        let driver = AsyncDriver::builder().with_dataflow(flow).build().unwrap();
        // The execution awaits on a worker too, so one of the two workers is free to start with.
        let execution = tokio::spawn(async move { driver.execute_named(["a", "b"], inputs! {}).await });
        let leaders = execution.await.unwrap().unwrap();
        let leaders = ["a", "b"].map(|name| *leaders.get::<bool>(name).unwrap());
        assert!(leaders[0] != leaders[1]);
    }
}

#[tokio::test]
async fn spawned_functions_run_on_one_thread() {
    for asyncness in ASYNCNESS {
        let flow = flow().with_node(node(asyncness, "a", || 7_u64).with_decorator(Spawn));
        let driver = AsyncDriver::builder().with_dataflow(flow).build().unwrap();
        let outputs = driver.execute_named(["a"], inputs! {}).await.unwrap();
        assert_eq!(outputs.get::<u64>("a"), Some(&7));
    }
}

#[tokio::test]
async fn panic_of_a_spawned_function_names_its_node() {
    for asyncness in ASYNCNESS {
        let broken = node(asyncness, "broken", || -> u64 { panic!("no luck") }).with_decorator(Spawn);
        let driver = AsyncDriver::builder().with_dataflow(flow().with_node(broken)).build().unwrap();
        let error = driver.execute_named(["broken"], inputs! {}).await.unwrap_err();
        let icosian::ExecuteError::Failed(failures) = &error else { panic!("it ran: {error}") };
        let Some(RunError::NodePanicked { node, message, .. }) = failures.first() else {
            panic!("{error:?}")
        };
        assert_eq!((node.as_str(), message.as_str()), ("broken", "no luck"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spawned_task_is_cancelled_with_its_execution() {
    struct Dropped(mpsc::Sender<()>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.send(()).ok();
        }
    }
    for fails in [false, true] {
        let (dropped, drops) = mpsc::channel();
        let (began, begins) = tokio::sync::watch::channel(false);
        let waits = Node::future(Outline::new("waits"), move |_| {
            let (dropped, began) = (Dropped(dropped.clone()), began.clone());
            async move {
                began.send(true).unwrap();
                std::future::pending::<()>().await;
                drop(dropped);
                Ok(1_u64)
            }
        });
        let mut seen = begins.clone();
        let broken = Node::future(Outline::new("broken"), move |_| {
            let mut begins = begins.clone();
            async move {
                begins.wait_for(|begun| *begun).await?;
                if fails { Err::<u64, _>(NodeError::failed("no luck")) } else { std::future::pending().await }
            }
        });
        let flow = flow().with_node(waits.with_decorator(Spawn)).with_node(broken);
        let driver = AsyncDriver::builder().with_dataflow(flow).build().unwrap();
        let execution = driver.execute_named(["waits", "broken"], inputs! {});
        if fails {
            execution.await.unwrap_err();
        } else {
            tokio::select! {
                _ = execution => unreachable!("it waits for ever"),
                begun = seen.wait_for(|begun| *begun) => drop(begun.unwrap()),
            }
        }
        let cancelled = tokio::task::spawn_blocking(move || drops.recv_timeout(Duration::from_secs(10)));
        cancelled.await.unwrap().expect("the task is dropped");
    }
}

#[tokio::test]
async fn greedy_functions_do_not_delay_timeouts_and_fallbacks_of_others() {
    let is_done = Arc::new(AtomicBool::new(false));
    let done = Arc::clone(&is_done);
    let greedy = Node::future(Outline::new("greedy"), move |_| {
        let done = Arc::clone(&done);
        async move {
            let began = Instant::now();
            while !done.load(Ordering::SeqCst) && began.elapsed() < Duration::from_secs(20) {
                tokio::task::consume_budget().await;
            }
            Ok(done.load(Ordering::SeqCst))
        }
    });
    let late = Node::future(Outline::new("late"), |_| std::future::pending::<Result<u64, NodeError>>());
    let late = late.with_decorator(Timeout::new(Duration::from_millis(5))).with_decorator(Fallback::with(
        move |_| {
            is_done.store(true, Ordering::SeqCst);
            7_u64
        },
    ));
    let flow = flow().with_node(greedy).with_node(late);
    let driver = AsyncDriver::builder().with_dataflow(flow).build().unwrap();
    let outputs = driver.execute_named(["greedy", "late"], inputs! {}).await.unwrap();
    assert_eq!((outputs.get::<bool>("greedy"), outputs.get::<u64>("late")), (Some(&true), Some(&7)));
}
