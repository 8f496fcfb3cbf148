//! What a run's context does: cancel, end in time, tell nodes.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use icosian_adapter::{AsyncGraphAdapter, Cause, Program};
use icosian_core::{Node, Outline, Param, RunContext};
use icosian_tokio::TokioAdapter;
use tokio::time::{Instant, sleep};

use super::{Census, SECOND, program, sleeper};

#[tokio::test(start_paused = true)]
async fn a_run_that_is_cancelled_from_elsewhere_ends_at_once() {
    for adapter in [TokioAdapter::default(), TokioAdapter::default().with_nodes_at_a_time(2)] {
        let census = Arc::<Census>::default();
        let program = program(4, 100, &census);
        let context = RunContext::new();
        let mut run = program.start_async();
        run.set_context(context.clone());
        let started = Instant::now();
        let cancel = async {
            sleep(SECOND).await;
            context.cancel();
        };
        let (ran, ()) = tokio::join!(adapter.run(&mut run), cancel);
        assert!(matches!(ran.unwrap_err().cause(), Cause::Cancelled));
        assert_eq!(started.elapsed(), SECOND);
        drop(run);
        assert_eq!((census.now.load(Ordering::SeqCst), census.done.load(Ordering::SeqCst)), (0, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn the_earlier_of_two_deadlines_holds() {
    for (own, adapters, limit) in [(2, 9, 2), (9, 2, 2)] {
        let program = program(1, 100, &Arc::default());
        let mut run = program.start_async();
        run.set_context(RunContext::new().within(own * SECOND));
        let adapter = TokioAdapter::default().with_deadline(adapters * SECOND);
        let stop = adapter.run(&mut run).await.unwrap_err();
        assert!(matches!(stop.cause(), Cause::Deadline(told) if *told == limit * SECOND), "{stop}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_node_sees_its_deadline_and_sleeps_by_the_clock_of_the_runtime() {
    let outline = Outline::new("left").param(Param::borrowed::<RunContext>("whatever"));
    let left = Node::future(outline, |args| {
        let context = args.lease::<RunContext>(0);
        async move {
            context.sleep(3 * SECOND).await;
            let deadline = context.deadline().map(Instant::from_std);
            Ok(deadline.map(|deadline| deadline - Instant::now()))
        }
    });
    let program = Program::new([left], ["left"]).unwrap();
    assert_eq!(program.plan().inputs().len(), 1, "the context, which nobody has to give");
    let mut run = program.start_async();
    TokioAdapter::default().with_deadline(10 * SECOND).run(&mut run).await.unwrap();
    assert_eq!(run.take(0), Some(Some(7 * SECOND)));
}

#[tokio::test(start_paused = true)]
async fn a_context_that_was_used_up_does_not_run_anything() {
    let census = Arc::<Census>::default();
    let program = Program::new([sleeper("s".to_owned(), 1, &census)], ["s"]).unwrap();
    let context = RunContext::new();
    context.cancel();
    let mut run = program.start_async();
    run.set_context(context);
    assert!(matches!(TokioAdapter::default().run(&mut run).await.unwrap_err().cause(), Cause::Cancelled));
    assert_eq!(census.done.load(Ordering::SeqCst), 0);
}
