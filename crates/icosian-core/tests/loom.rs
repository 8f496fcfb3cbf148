//! A context that is cancelled while a task starts to wait for it, in every interleaving of two threads.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p icosian-core --test loom --release`
#![cfg(loom)]

use icosian_core::RunContext;
use loom::future::block_on;
use loom::thread;

#[test]
fn who_waits_for_a_cancellation_is_woken_by_it() {
    loom::model(|| {
        let context = RunContext::new();
        let cancelled = context.cancelled();
        let other = context.clone();
        let canceller = thread::spawn(move || other.cancel());
        block_on(cancelled);
        assert!(context.is_cancelled());
        canceller.join().expect("it does not panic");
    });
}

#[test]
fn who_waits_for_a_child_is_woken_by_its_parent() {
    loom::model(|| {
        let parent = RunContext::new();
        let child = parent.child();
        let canceller = thread::spawn(move || parent.cancel());
        block_on(child.cancelled());
        assert!(child.is_cancelled());
        canceller.join().expect("it does not panic");
    });
}

#[test]
fn a_cancellation_wakes_all_who_wait() {
    loom::model(|| {
        let context = RunContext::new();
        let (first, second) = (context.cancelled(), context.cancelled());
        let waits = thread::spawn(move || block_on(first));
        context.cancel();
        block_on(second);
        waits.join().expect("it does not panic");
    });
}
