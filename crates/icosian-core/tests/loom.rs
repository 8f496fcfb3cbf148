//! Cancels a context while a task starts to wait for it, in every interleaving of two threads.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p icosian-core --test loom --release`
#![cfg(loom)]

use icosian_core::RunContext;
use loom::future::block_on;
use loom::thread;

#[test]
fn cancellation_wakes_its_waiter() {
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
fn cancelled_parent_wakes_waiters_of_its_child() {
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
fn cancellation_wakes_all_waiters() {
    loom::model(|| {
        let context = RunContext::new();
        let (first, second) = (context.cancelled(), context.cancelled());
        let waits = thread::spawn(move || block_on(first));
        context.cancel();
        block_on(second);
        waits.join().expect("it does not panic");
    });
}
