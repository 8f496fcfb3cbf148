//! The allocations of a run that reuses the memory of earlier runs.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::task::{Context, Waker};

use allocation_counter::measure;
use icosian::adapter::{AsyncGraphAdapter, AsyncRun, GraphAdapter, Program, Run, SyncAdapter, TokioAdapter};
use icosian::prelude::*;
use icosian::{Node, Outline, Param};

/// A chain of sync or async nodes, each of which adds one to its input. Async nodes yield once.
fn chain(length: usize, is_async: bool) -> Program {
    let nodes = (0..length).map(|at| {
        let outline =
            Outline::new(format!("n{at}")).with_param(Param::borrowed::<u64>(match at.checked_sub(1) {
                Some(before) => format!("n{before}"),
                None => "start".to_owned(),
            }));
        if is_async {
            Node::future(outline, |args| {
                let before = args.lease::<u64>(0);
                async move {
                    tokio::task::yield_now().await;
                    Ok(*before + 1)
                }
            })
        } else {
            Node::sync(outline, |args| Ok(args.borrow::<u64>(0) + 1))
        }
    });
    Program::new(nodes, [format!("n{}", length - 1)]).unwrap()
}

fn run_sync(program: &Program) {
    let mut run = Run::new(program);
    run.values_mut().fill(program.plan().input("start").unwrap().cell(), 0_u64);
    SyncAdapter.run(&mut run).unwrap();
    assert_eq!(run.values_mut().take::<u64>(0), Some(1_000));
    run.end();
}

fn run_async(adapter: &TokioAdapter, program: &Program) {
    let mut run = AsyncRun::new(program);
    run.values_mut().fill(program.plan().input("start").unwrap().cell(), 0_u64);
    {
        let mut running = adapter.run(&mut run);
        let mut context = Context::from_waker(Waker::noop());
        while running.as_mut().poll(&mut context).is_pending() {}
    }
    assert_eq!(run.values_mut().take::<u64>(0), Some(1_000));
    run.end();
}

#[test]
fn sync_run_allocates_only_the_cells_of_its_inputs() {
    let program = chain(1_000, false);
    run_sync(&program);
    assert_eq!(measure(|| run_sync(&program)).count_total, 1, "the input's value");
    let hundred = measure(|| (0..100).for_each(|_| run_sync(&program)));
    assert_eq!((hundred.count_total, hundred.count_current), (100, 0));
}

#[test]
fn async_run_allocates_its_future_and_the_cells_of_its_inputs() {
    let program = chain(1_000, true);
    let adapter = TokioAdapter::default();
    run_async(&adapter, &program);
    run_async(&adapter, &program);
    assert_eq!(
        measure(|| run_async(&adapter, &program)).count_total,
        2,
        "the adapter's future and the input's value"
    );
}

#[dataflow]
pub(crate) mod numbers {
    pub fn double(single: u64) -> u64 {
        single * 2
    }

    pub fn sum(double: u64, #[default(1)] more: u64) -> u64 {
        double + more
    }
}

#[test]
fn execution_allocates_only_for_its_inputs() {
    let driver = Driver::builder().with_dataflow(numbers::dataflow()).build().unwrap();
    let ready = driver.prepare::<numbers::sum>().unwrap();
    let execute = || assert_eq!(ready.execute(inputs! { single: 2_u64 }).unwrap(), 5);
    execute();
    // The value's cell, the list of inputs, the list of unbound inputs, the list of bound inputs.
    let one = measure(execute);
    assert!(one.count_total <= 4, "{one:?}");
    assert_eq!(measure(|| (0..1_000).for_each(|_| execute())).count_current, 0, "nothing stays");
}
