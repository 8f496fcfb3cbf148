//! Cancellation, deadlines and clocks of a run's context.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use icosian_adapter::{AbortReason, AsyncGraphAdapter, AsyncRun, Program};
use icosian_core::{Node, Outline, Param, RunContext};
use icosian_tokio::TokioAdapter;
use tokio::time::{Instant, sleep};

use super::{Census, SECOND, program, sleeper};

#[tokio::test(start_paused = true)]
async fn cancelled_run_ends_at_once() {
    for adapter in [TokioAdapter::default(), TokioAdapter::default().with_max_concurrent_nodes(2)] {
        let census = Arc::<Census>::default();
        let program = program(4, 100, &census);
        let context = RunContext::new();
        let mut run = AsyncRun::new(&program);
        run.set_context(context.clone());
        let started = Instant::now();
        let cancel = async {
            sleep(SECOND).await;
            context.cancel();
        };
        let (ran, ()) = tokio::join!(adapter.run(&mut run), cancel);
        assert!(matches!(ran.unwrap_err().reason(), AbortReason::Cancelled));
        assert_eq!(started.elapsed(), SECOND);
        drop(run);
        assert_eq!((census.now.load(Ordering::SeqCst), census.done.load(Ordering::SeqCst)), (0, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn earlier_deadline_applies() {
    for (own, adapters, limit) in [(2, 9, 2), (9, 2, 2)] {
        let program = program(1, 100, &Arc::default());
        let mut run = AsyncRun::new(&program);
        run.set_context(RunContext::new().with_time_limit(own * SECOND));
        let adapter = TokioAdapter::default().with_deadline(adapters * SECOND);
        let stop = adapter.run(&mut run).await.unwrap_err();
        assert!(matches!(stop.reason(), AbortReason::Deadline(told) if *told == limit * SECOND), "{stop}");
    }
}

#[tokio::test(start_paused = true)]
async fn node_reads_deadline_on_the_clock_of_the_runtime() {
    let outline = Outline::new("left").with_param(Param::borrowed::<RunContext>("whatever"));
    let left = Node::future(outline, |args| {
        let context = args.lease::<RunContext>(0);
        async move {
            context.sleep(3 * SECOND).await;
            let deadline = context.deadline().map(Instant::from_std);
            Ok(deadline.map(|deadline| deadline - Instant::now()))
        }
    });
    let program = Program::new([left], ["left"]).unwrap();
    assert_eq!(program.plan().inputs().len(), 1, "the context, which the adapter provides");
    let mut run = AsyncRun::new(&program);
    TokioAdapter::default().with_deadline(10 * SECOND).run(&mut run).await.unwrap();
    assert_eq!(run.values_mut().take(0), Some(Some(7 * SECOND)));
}

#[tokio::test(start_paused = true)]
async fn cancelled_context_runs_no_node() {
    let census = Arc::<Census>::default();
    let program = Program::new([sleeper("s".to_owned(), 1, &census)], ["s"]).unwrap();
    let context = RunContext::new();
    context.cancel();
    let mut run = AsyncRun::new(&program);
    run.set_context(context);
    assert!(matches!(
        TokioAdapter::default().run(&mut run).await.unwrap_err().reason(),
        AbortReason::Cancelled
    ));
    assert_eq!(census.done.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn deadlines_are_on_the_clock_of_tokio() {
    for adapter in [TokioAdapter::default(), TokioAdapter::default().with_max_concurrent_nodes(2)] {
        let program = program(1, 6, &Arc::default());
        for _ in 0..3 {
            let mut run = AsyncRun::new(&program);
            run.set_context(RunContext::new().with_time_limit(10 * SECOND));
            adapter.run(&mut run).await.unwrap();
            assert_eq!(run.values_mut().take(0), Some(1_u64));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn executions_under_one_context_share_its_deadline() {
    let program = program(1, 6, &Arc::default());
    let context = RunContext::new().with_time_limit(10 * SECOND);
    let mut run = AsyncRun::new(&program);
    run.set_context(context.child());
    TokioAdapter::default().run(&mut run).await.unwrap();
    assert!(!context.is_late());
    let mut run = AsyncRun::new(&program);
    run.set_context(context.child());
    let stop = TokioAdapter::default().run(&mut run).await.unwrap_err();
    assert!(matches!(stop.reason(), AbortReason::Deadline(limit) if *limit == 10 * SECOND), "{stop}");
    assert!(context.is_late(), "the caller's context has the same clock");
}

#[tokio::test(start_paused = true)]
async fn remaining_time_and_deadline_use_one_clock() {
    // The clock of tokio is ahead of the system's.
    sleep(1000 * SECOND).await;
    for asyncness in [icosian_core::node::Asyncness::Sync, icosian_core::node::Asyncness::Async] {
        let outline = Outline::new("left").with_param(Param::borrowed::<RunContext>("context"));
        let left = |context: &RunContext| {
            assert!(!context.is_late() && !context.is_cancelled());
            Ok(context.deadline().map(|deadline| deadline - context.now()))
        };
        let left = match asyncness {
            icosian_core::node::Asyncness::Sync => Node::sync(outline, move |args| left(args.borrow(0))),
            icosian_core::node::Asyncness::Async => Node::future(outline, move |args| {
                let context = args.lease::<RunContext>(0);
                async move {
                    context.sleep(3 * SECOND).await;
                    left(&context)
                }
            }),
        };
        let program = Program::new([left], ["left"]).unwrap();
        let mut run = AsyncRun::new(&program);
        run.set_context(RunContext::new().with_time_limit(10 * SECOND));
        TokioAdapter::default().run(&mut run).await.unwrap();
        let left: std::time::Duration =
            run.values_mut().take::<Option<std::time::Duration>>(0).unwrap().unwrap();
        // The system clock advances between `within` and the start of the run.
        let expect = if asyncness == icosian_core::node::Asyncness::Sync { 10 } else { 7 } * SECOND;
        assert!(left <= expect && left + SECOND > expect, "{left:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn hooks_measure_on_the_clock_of_tokio() {
    #[derive(Debug, Default)]
    struct Times(std::sync::Mutex<Vec<std::time::Duration>>);
    impl icosian_adapter::Hook for Times {
        fn after_node(
            &self,
            _: &icosian_adapter::NodeInfo<'_>,
            end: &icosian_adapter::NodeEnd<'_>,
        ) -> Result<(), icosian_core::BoxError> {
            self.0.lock().unwrap().push(end.time());
            Ok(())
        }
    }
    for adapter in [TokioAdapter::default(), TokioAdapter::default().with_max_concurrent_nodes(2)] {
        let times = Arc::<Times>::default();
        let program = Program::new([sleeper("s".to_owned(), 6, &Arc::default())], ["s"]).unwrap();
        let mut run = AsyncRun::new(&program);
        run.values_mut().observe(&icosian_adapter::Hooks::default().with(Arc::clone(&times))).unwrap();
        adapter.run(&mut run).await.unwrap();
        assert_eq!(*times.0.lock().unwrap(), [6 * SECOND]);
    }
}
