use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use icosian_adapter::{AbortReason, GraphAdapter, Program, Run, RunAbort, Step, SyncAdapter};
use icosian_core::{AdapterSpec, Node, Outline, Param};

use crate::diamond::{BOTTOM, Counted, SEED, Works, alive, count, diamond};

/// Executes the steps in the given order.
#[derive(Debug)]
struct InThisOrder(&'static [usize]);

impl GraphAdapter for InThisOrder {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("in-this-order")
    }

    fn run(&self, run: &mut Run<'_>) -> Result<(), RunAbort> {
        let steps: Vec<Step> = run.steps().collect();
        self.0.iter().try_for_each(|position| run.execute(steps[*position]))
    }
}

/// Fails after its first step.
#[derive(Debug)]
struct Lost;

impl GraphAdapter for Lost {
    fn spec(&self) -> AdapterSpec {
        AdapterSpec::new("lost")
    }

    fn run(&self, run: &mut Run<'_>) -> Result<(), RunAbort> {
        run.steps().next().map_or(Ok(()), |step| run.execute(step))?;
        Err(RunAbort::adapter("the cluster is gone"))
    }
}

fn seeded<'a>(program: &'a Program, alive: &Arc<AtomicUsize>) -> Run<'a> {
    let mut run = Run::new(program);
    run.values_mut().fill(program.plan().inputs()[0].cell(), Counted::new(SEED, alive));
    run
}

const SYNC: [Works; 4] = [Works::Sync; 4];

fn names(program: &Program) -> Vec<&str> {
    program.plan().steps().map(|step| program.outline(step).name().as_str()).collect()
}

#[test]
fn every_topological_order_returns_the_same_output() {
    let alive = alive();
    let program = diamond(SYNC, &alive);
    let names = names(&program);
    assert_eq!((names[0], names[3]), ("top", "bottom"));
    for order in [&[0, 1, 2, 3], &[0, 2, 1, 3]] {
        let mut run = seeded(&program, &alive);
        InThisOrder(order).run(&mut run).expect("nothing fails");
        assert_eq!(run.values().first_missing(), None);
        assert_eq!(count(&alive), 1, "only the output is left");
        assert_eq!(run.values_mut().take::<Counted>(0).map(|bottom| bottom.number), Some(BOTTOM));
        run.end();
    }
    assert_eq!(count(&alive), 0);
}

#[test]
fn value_is_dropped_after_its_last_reader() {
    let alive = alive();
    let program = diamond(SYNC, &alive);
    let mut run = seeded(&program, &alive);
    let counts: Vec<_> = run
        .steps()
        .map(|step| {
            run.execute(step).expect("nothing fails");
            count(&alive)
        })
        .collect();
    // `top`; `top` and one side; both sides; `bottom`.
    assert_eq!(counts, [1, 2, 2, 1]);
}

#[test]
fn skipped_steps_are_an_error() {
    let alive = alive();
    let program = diamond(SYNC, &alive);
    let mut run = seeded(&program, &alive);
    InThisOrder(&[0, 1, 2]).run(&mut run).expect("it says that all is well");
    assert_eq!(run.values().first_missing(), Some(0));
    assert!(run.values_mut().take::<Counted>(0).is_none());
    drop(run);
    assert_eq!(count(&alive), 0);
}

#[test]
fn error_of_the_adapter_is_returned() {
    let alive = alive();
    let program = diamond(SYNC, &alive);
    let mut run = seeded(&program, &alive);
    let stop = Lost.run(&mut run).expect_err("it is lost");
    assert_eq!(stop.to_string(), "the adapter failed: the cluster is gone");
    assert!(
        matches!(stop.into_reason(), AbortReason::Adapter(error) if error.to_string() == "the cluster is gone")
    );
    drop(run);
    assert_eq!(count(&alive), 0, "what its first step gave is dropped with the run");
}

#[test]
fn failed_step_aborts_run_and_drops_values() {
    for (works, message) in [(Works::Fails, "no luck"), (Works::Panics, "no sense")] {
        let alive = alive();
        let program = diamond([Works::Sync, works, Works::Sync, Works::Sync], &alive);
        for _ in 0..2 {
            let mut run = seeded(&program, &alive);
            let stop = SyncAdapter.run(&mut run).expect_err("`left` fails");
            let AbortReason::Node { step, error } = stop.into_reason() else { panic!("a node failed") };
            assert_eq!(
                (program.outline(step).name().as_str(), error.to_string().as_str()),
                ("left", message)
            );
            drop(run);
            assert_eq!(count(&alive), 0);
        }
    }
}

#[test]
fn async_step_is_refused() {
    let alive = alive();
    let program = diamond([Works::Async, Works::Sync, Works::Sync, Works::Sync], &alive);
    let stop = SyncAdapter.run(&mut seeded(&program, &alive)).expect_err("`top` is async");
    assert_eq!(stop.to_string(), "step 0 failed: it is async, but the adapter runs only sync nodes");
}

#[test]
fn runs_share_no_state() {
    let shown = Outline::new("shown").with_param(Param::optional_taken::<u64>("number"));
    let shown = Node::sync(shown, |args| Ok(args.take_optional::<u64>(0)));
    let program = Program::new([shown], ["shown"]).expect("it is right");
    let cell = program.plan().inputs()[0].cell();
    for given in [Some(3_u64), None, Some(4), None] {
        let mut run = Run::new(&program);
        if let Some(given) = given {
            run.values_mut().fill(cell, given);
        }
        SyncAdapter.run(&mut run).expect("nothing fails");
        assert_eq!(run.values_mut().take::<Option<u64>>(0), Some(given));
        run.end();
    }
}

#[test]
fn threads_can_share_a_program() {
    let alive = alive();
    let program = diamond(SYNC, &alive);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for seed in 0..100 {
                    let mut run = Run::new(&program);
                    run.values_mut().fill(program.plan().inputs()[0].cell(), Counted::new(seed, &alive));
                    SyncAdapter.run(&mut run).expect("nothing fails");
                    assert_eq!(
                        run.values_mut().take::<Counted>(0).map(|bottom| bottom.number),
                        Some(2 * seed + 5)
                    );
                    run.end();
                }
            });
        }
    });
    assert_eq!(count(&alive), 0);
}
