use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use futures::StreamExt;
use futures::channel::mpsc;
use futures::executor::block_on;
use icosian_adapter::{AbortReason, AsyncGraphAdapter, AsyncRun, JobHandle, JobStart, Program, RunAbort};
use icosian_core::node::Task;
use icosian_core::{AdapterSpec, Node, NodeError, Outline};

use crate::diamond::{BOTTOM, Counted, SEED, Works, alive, count, diamond, node, yield_once};

const ASYNC: [Works; 4] = [Works::Async; 4];

fn seeded<'a>(program: &'a Program, alive: &Arc<AtomicUsize>) -> AsyncRun<'a> {
    let mut run = AsyncRun::new(program);
    run.values_mut().fill(program.plan().inputs()[0].cell(), Counted::new(SEED, alive));
    run
}

fn bottom(run: &mut AsyncRun<'_>) -> Option<u64> {
    run.values_mut().take::<Counted>(0).map(|bottom| bottom.number)
}

/// Polls each job on a separate thread.
#[derive(Debug)]
struct Threads;

#[async_trait::async_trait]
impl AsyncGraphAdapter for Threads {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("threads").polls_futures()
    }

    async fn run(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        let (sender, mut receiver) = mpsc::unbounded();
        let mut running = 0;
        loop {
            while let Some(job) = run.next_ready() {
                if let JobStart::Pending(job) = run.begin(job)? {
                    running += 1;
                    let sender = sender.clone();
                    std::thread::spawn(move || sender.unbounded_send(block_on(job)));
                }
            }
            if running == 0 {
                return Ok(());
            }
            let done = receiver.next().await.ok_or_else(|| RunAbort::adapter("a thread is gone"))?;
            running -= 1;
            run.finish(done)?;
        }
    }
}

/// Polls all jobs to completion, then returns them in reverse order.
#[derive(Debug)]
struct LastFirst;

#[async_trait::async_trait]
impl AsyncGraphAdapter for LastFirst {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("last-first").polls_futures()
    }

    async fn run(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        loop {
            let mut running = Vec::new();
            while let Some(job) = run.next_ready() {
                if let JobStart::Pending(job) = run.begin(job)? {
                    running.push(job);
                }
            }
            if running.is_empty() {
                return Ok(());
            }
            let mut done = futures::future::join_all(running).await;
            while let Some(done) = done.pop() {
                run.finish(done)?;
            }
        }
    }
}

/// Drops the futures of nodes with this name.
#[derive(Debug)]
struct Drops(&'static str);

#[async_trait::async_trait]
impl AsyncGraphAdapter for Drops {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("drops").polls_futures()
    }

    async fn run(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        while let Some(job) = run.next_ready() {
            let dropped = run.outline(&job).is_some_and(|outline| *outline.name() == self.0);
            if let JobStart::Pending(running) = run.begin(job)? {
                if dropped {
                    drop(running);
                } else {
                    run.finish(running.await)?;
                }
            }
        }
        Ok(())
    }
}

#[test]
fn jobs_can_be_polled_and_returned_in_any_order() {
    fn check(adapter: &dyn AsyncGraphAdapter) {
        for works in [ASYNC, [Works::Sync; 4], [Works::Async, Works::Sync, Works::Async, Works::Sync]] {
            let alive = alive();
            let program = diamond(works, &alive);
            for _ in 0..20 {
                let mut run = seeded(&program, &alive);
                block_on(adapter.run(&mut run)).expect("nothing fails");
                assert_eq!(run.values().first_missing(), None);
                assert_eq!(count(&alive), 1, "only the output is left under {adapter:?}");
                assert_eq!(bottom(&mut run), Some(BOTTOM));
                run.end();
            }
            assert_eq!(count(&alive), 0);
        }
    }
    check(&Threads);
    check(&LastFirst);
    check(&Drops("nobody"));
}

#[test]
fn dropped_job_is_cancelled() {
    let alive = alive();
    let program = diamond(ASYNC, &alive);
    for _ in 0..2 {
        let mut run = seeded(&program, &alive);
        block_on(Drops("left").run(&mut run)).expect("it says that all is well");
        assert_eq!(run.values().first_missing(), Some(0));
        assert_eq!(bottom(&mut run), None);
        drop(run);
        assert_eq!(count(&alive), 0);
    }
}

#[test]
fn dropped_job_drops_values_of_its_future() {
    let alive = alive();
    let held = Arc::clone(&alive);
    let holds = Node::future(Outline::new("holds"), move |_| {
        let held = Counted::new(0, &held);
        async move {
            std::future::pending::<()>().await;
            Ok(held)
        }
    });
    let program = Program::new([holds], ["holds"]).expect("it is right");
    let mut run = AsyncRun::new(&program);
    let job = run.next_ready().expect("it is ready");
    let JobStart::Pending(mut running) = run.begin(job).expect("it begins") else { panic!("it is async") };
    assert!(futures::FutureExt::now_or_never(&mut running).is_none());
    assert_eq!(count(&alive), 1);
    drop(running);
    assert_eq!(count(&alive), 0);
}

#[test]
fn step_is_ready_after_all_its_inputs() {
    let alive = alive();
    let program = diamond(ASYNC, &alive);
    let mut run = seeded(&program, &alive);
    let begin = |run: &mut AsyncRun<'_>| -> (String, JobHandle) {
        let job = run.next_ready().expect("a job is ready");
        let name = run.outline(&job).expect("it is a node").name().to_string();
        match run.begin(job).expect("it begins") {
            JobStart::Pending(running) => (name, running),
            JobStart::Finished => panic!("`{name}` is async"),
        }
    };
    let (name, top) = begin(&mut run);
    assert_eq!(name, "top");
    assert!(run.next_ready().is_none());
    run.finish(block_on(top)).expect("it does not fail");
    let (first, one) = begin(&mut run);
    let (second, other) = begin(&mut run);
    assert_eq!([first.as_str(), second.as_str()].map(str::len).iter().sum::<usize>(), "leftright".len());
    assert!(run.next_ready().is_none());
    run.finish(block_on(other)).expect("it does not fail");
    assert!(run.next_ready().is_none(), "`bottom` waits for both");
    run.finish(block_on(one)).expect("it does not fail");
    let (name, bottom_job) = begin(&mut run);
    assert_eq!(name, "bottom");
    run.finish(block_on(bottom_job)).expect("it does not fail");
    assert!(run.next_ready().is_none());
    assert_eq!(bottom(&mut run), Some(BOTTOM));
}

#[test]
fn failed_job_aborts_run_and_drops_values() {
    for (works, message) in [(Works::Fails, "no luck"), (Works::Panics, "no sense")] {
        let alive = alive();
        let program = diamond([Works::Async, Works::Async, works, Works::Async], &alive);
        for _ in 0..2 {
            let mut run = seeded(&program, &alive);
            let stop = block_on(Threads.run(&mut run)).expect_err("`right` fails");
            let AbortReason::Node { step, error } = stop.into_reason() else { panic!("a node failed") };
            assert_eq!(
                (program.outline(step).name().as_str(), error.to_string().as_str()),
                ("right", message)
            );
        }
    }
}

fn later<T, F>(future: F) -> Box<dyn Task>
where
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, NodeError>> + Send + 'static,
{
    <dyn Task>::new(future)
}

#[test]
fn future_input_is_a_job_and_delays_only_its_readers() {
    let alive = alive();
    let nodes = [
        node("reads", &["input"], Works::Async, &alive),
        node("reads_too", &["input"], Works::Sync, &alive),
        node("other", &[], Works::Sync, &alive),
    ];
    let program = Program::new(nodes, ["reads", "reads_too", "other"]).expect("it is right");
    let mut run = AsyncRun::new(&program);
    let counted = Arc::clone(&alive);
    let input = later(async move {
        yield_once().await;
        Ok(Counted::new(5, &counted))
    });
    run.fill_later(program.plan().inputs()[0].cell(), input);

    let job = run.next_ready().expect("the input is ready to begin");
    assert!(run.outline(&job).is_none(), "it is no node");
    let JobStart::Pending(input) = run.begin(job).expect("it begins") else { panic!("it is async") };
    let job = run.next_ready().expect("`other` does not wait");
    assert_eq!(run.outline(&job).map(|outline| outline.name().as_str()), Some("other"));
    assert!(matches!(run.begin(job), Ok(JobStart::Finished)));
    assert!(run.next_ready().is_none(), "the others wait");

    run.finish(block_on(input)).expect("it does not fail");
    block_on(LastFirst.run(&mut run)).expect("nothing fails");
    let numbers = (0..3).map(|at| run.values_mut().take::<Counted>(at).map(|value| value.number));
    assert_eq!(numbers.collect::<Vec<_>>(), [Some(6), Some(6), Some(1)]);
    assert_eq!(count(&alive), 0, "the input is dropped after its last reader");
}

#[test]
fn failed_future_input_aborts_run() {
    type Later = fn() -> Box<dyn Task>;
    let alive = alive();
    let program = diamond(ASYNC, &alive);
    let cell = program.plan().inputs()[0].cell();
    let inputs: [(_, Later); 2] = [
        ("no luck", || later(async { Err::<Counted, _>(NodeError::failed("no luck")) })),
        ("no sense", || later(async { panic!("no sense") as Result<Counted, _> })),
    ];
    for (message, input) in inputs {
        let mut run = AsyncRun::new(&program);
        run.fill_later(cell, input());
        let stop = block_on(LastFirst.run(&mut run)).expect_err("the input fails");
        let AbortReason::Input { cell: failed, error } = stop.into_reason() else {
            panic!("an input failed")
        };
        assert_eq!((failed, error.to_string().as_str()), (cell, message));
    }
}

#[test]
fn error_of_the_adapter_is_returned() {
    #[derive(Debug)]
    struct Lost;

    #[async_trait::async_trait]
    impl AsyncGraphAdapter for Lost {
        fn spec(&self) -> AdapterSpec {
            AdapterSpec::new("lost").polls_futures()
        }

        async fn run(&self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
            let _job = run.next_ready();
            Err(RunAbort::adapter("the cluster is gone"))
        }
    }

    let alive = alive();
    let program = diamond(ASYNC, &alive);
    let mut run = seeded(&program, &alive);
    let stop = block_on(Lost.run(&mut run)).expect_err("it is lost");
    assert!(
        matches!(stop.reason(), AbortReason::Adapter(error) if error.to_string() == "the cluster is gone")
    );
    assert_eq!(run.values().first_missing(), Some(0));
    drop(run);
    assert_eq!(count(&alive), 0);
}
