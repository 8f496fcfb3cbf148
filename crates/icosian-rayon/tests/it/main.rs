//! Sync nodes on all cores: correct values, one execution per node, and no leaks.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread::{self, ThreadId};
use std::time::Duration;

use icosian_adapter::{AbortReason, GraphAdapter, Program, Run, RunAbort};
use icosian_core::{Node, NodeError, Outline, Param};
use icosian_rayon::RayonAdapter;
use rayon::prelude::*;

fn adapter(threads: usize) -> RayonAdapter {
    RayonAdapter::with_threads(NonZeroUsize::new(threads).unwrap()).unwrap()
}

fn run(adapter: &RayonAdapter, program: &Program) -> Result<u64, RunAbort> {
    let mut run = Run::new(program);
    adapter.run(&mut run)?;
    let taken = run.values_mut().take(0).expect("a complete run has its output");
    run.end();
    Ok(taken)
}

#[test]
fn independent_nodes_run_at_the_same_time() {
    // Each node waits for the other, so sequential execution would hang.
    let barrier = Arc::new(Barrier::new(2));
    let node = |name: &'static str| {
        let barrier = Arc::clone(&barrier);
        Node::sync(Outline::new(name), move |_| {
            barrier.wait();
            Ok(std::thread::current().id())
        })
    };
    let both = Outline::new("both")
        .with_param(Param::borrowed::<ThreadId>("left"))
        .with_param(Param::borrowed::<ThreadId>("right"));
    let both =
        Node::sync(both, |args| Ok(u64::from(args.borrow::<ThreadId>(0) != args.borrow::<ThreadId>(1))));
    let program = Program::new([node("left"), node("right"), both], ["both"]).unwrap();
    assert_eq!(run(&adapter(2), &program).unwrap(), 1);
}

#[test]
fn deep_chain_and_wide_fan_complete() {
    const N: usize = 100_000;
    let deep = (0..N).map(|at| {
        let outline = Outline::new(format!("n{at}"));
        match at.checked_sub(1) {
            None => Node::sync(outline, |_| Ok(1_u64)),
            Some(before) => {
                let outline = outline.with_param(Param::borrowed::<u64>(format!("n{before}")));
                Node::sync(outline, |args| Ok(args.borrow::<u64>(0) + 1))
            }
        }
    });
    let program = Program::new(deep, [format!("n{}", N - 1)]).unwrap();
    assert_eq!(run(&adapter(2), &program).unwrap(), N as u64);

    let all =
        (0..N).fold(Outline::new("all"), |all, at| all.with_param(Param::borrowed::<u64>(format!("n{at}"))));
    let all = Node::sync(all, |args| Ok((0..N).map(|at| args.borrow::<u64>(at)).sum::<u64>()));
    let wide = (0..N).map(|at| Node::sync(Outline::new(format!("n{at}")), |_| Ok(1_u64)));
    let program = Program::new(wide.chain([all]), ["all"]).unwrap();
    assert_eq!(run(&adapter(2), &program).unwrap(), N as u64);
}

/// Counts its live instances.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(alive: &Arc<AtomicUsize>) -> Self {
        alive.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(alive))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[test]
fn value_moves_to_its_consumer_after_all_borrowers() {
    let alive = Arc::new(AtomicUsize::new(0));
    let made = Arc::clone(&alive);
    let source = Node::sync(Outline::new("source"), move |_| Ok(Counted::new(&made)));
    let reader = |name: &'static str| {
        let outline = Outline::new(name).with_param(Param::borrowed::<Counted>("source"));
        Node::sync(outline, |args| Ok(args.borrow::<Counted>(0).0.load(Ordering::SeqCst)))
    };
    let taker = Outline::new("taker").with_param(Param::taken::<Counted>("source"));
    let taker = Node::sync(taker, |args| {
        drop(args.take_with::<Counted>(0, None));
        Ok(7_u64)
    });
    let nodes = [source, taker, reader("a"), reader("b"), reader("c")];
    let program = Program::new(nodes, ["taker", "a", "b", "c"]).unwrap();
    for _ in 0..200 {
        let mut run = Run::new(&program);
        adapter(3).run(&mut run).unwrap();
        assert_eq!(run.values_mut().take(0), Some(7_u64));
        assert!(
            (1..=3).all(|reader| run.values_mut().take(reader) == Some(1_usize)),
            "it lived while they read it"
        );
        run.end();
        assert_eq!(alive.load(Ordering::SeqCst), 0);
    }
}

#[test]
fn failure_or_panic_stops_run_and_names_the_step() {
    let started = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&started);
    let first = Node::sync(Outline::new("first"), |_| Ok(1_u64));
    let broken = Outline::new("broken").with_param(Param::borrowed::<u64>("first"));
    let fails = Node::sync(broken.clone(), |_| Err::<u64, _>(NodeError::failed("no luck")));
    let panics = Node::sync(broken, |_| -> Result<u64, NodeError> { panic!("no sense") });
    let after = Outline::new("after").with_param(Param::borrowed::<u64>("broken"));
    let after = Node::sync(after, move |args| {
        count.fetch_add(1, Ordering::SeqCst);
        Ok(*args.borrow::<u64>(0))
    });
    for (node, message) in [(fails, "no luck"), (panics, "no sense")] {
        let program = Program::new([first.clone(), node, after.clone()], ["after"]).unwrap();
        for _ in 0..2 {
            let stop = run(&adapter(2), &program).unwrap_err();
            let AbortReason::Node { step, error } = stop.into_reason() else { panic!("a node failed") };
            assert_eq!(program.outline(step).name(), &"broken");
            assert_eq!(error.to_string(), message);
        }
    }
    assert_eq!(started.load(Ordering::SeqCst), 0, "nothing starts after the failure");
}

#[test]
fn lock_held_over_parallel_call_from_a_plain_thread_does_not_hang() {
    let total = Arc::new(Mutex::new(0));
    let names: Vec<_> = (0..16).map(|at| format!("node{at}")).collect();
    let nodes = names.iter().map(|name| {
        let total = Arc::clone(&total);
        Node::sync(Outline::new(name.clone()), move |_| {
            let mut total = total.lock().unwrap();
            let sum =
                thread::scope(|scope| scope.spawn(|| (0..10_000_u64).into_par_iter().sum::<u64>()).join());
            *total += sum.unwrap();
            Ok(*total)
        })
    });
    let program = Program::new(nodes, names.iter()).unwrap();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(adapter(4).run(&mut Run::new(&program))));
    receiver.recv_timeout(Duration::from_mins(1)).expect("the run hangs").unwrap();
    assert_eq!(*total.lock().unwrap(), 16 * (0..10_000_u64).sum::<u64>());
}
