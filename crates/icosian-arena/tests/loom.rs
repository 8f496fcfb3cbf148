//! Ends a lease while its arena is dropped or reused, in every interleaving of two threads.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p icosian-arena --test loom --release`
#![cfg(loom)]

use std::sync::Arc;

use icosian_arena::{Arena, ArenaLayout, ArenaLease, SlotType};
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;

/// Counts the drops of its clones.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Returns an arena with a value in slot 0, and its lease by slot 1.
fn leased(drops: &Arc<AtomicUsize>) -> (Arena, ArenaLease) {
    let layout = Arc::new(ArenaLayout::new([Some(SlotType::of::<Counted>()), None]));
    let mut arena = Arena::new(&layout);
    arena.put(0, Counted(Arc::clone(drops)));
    let lease = arena.lease(1, [(0, 0)]);
    (arena, lease)
}

fn read_and_drop(lease: ArenaLease, drops: &Arc<AtomicUsize>) {
    let value = lease.value(0).and_then(|value| value.get::<Counted>()).expect("the value is leased");
    assert!(Arc::ptr_eq(&value.0, drops));
    drop(lease);
}

#[test]
fn last_of_lease_and_arena_drops_the_value() {
    loom::model(|| {
        let drops = Arc::new(AtomicUsize::new(0));
        let (arena, lease) = leased(&drops);
        let reader = thread::spawn({
            let drops = Arc::clone(&drops);
            move || read_and_drop(lease, &drops)
        });
        drop(arena);
        reader.join().expect("the reader does not panic");
        assert_eq!(drops.load(Ordering::Relaxed), 1);
    });
}

#[test]
fn cleared_value_lives_until_its_lease_ends() {
    loom::model(|| {
        let drops = Arc::new(AtomicUsize::new(0));
        let (mut arena, lease) = leased(&drops);
        let reader = thread::spawn({
            let drops = Arc::clone(&drops);
            move || read_and_drop(lease, &drops)
        });
        arena.clear(0);
        arena.put(0, Counted(Arc::clone(&drops)));
        arena.settle(1);
        reader.join().expect("the reader does not panic");
        drop(arena);
        assert_eq!(drops.load(Ordering::Relaxed), 2);
    });
}

#[test]
fn two_leases_of_a_value_end_on_two_threads() {
    loom::model(|| {
        let drops = Arc::new(AtomicUsize::new(0));
        let (mut arena, first) = leased(&drops);
        let second = arena.lease(1, [(0, 0)]);
        let reader = thread::spawn({
            let drops = Arc::clone(&drops);
            move || read_and_drop(first, &drops)
        });
        drop(arena);
        read_and_drop(second, &drops);
        reader.join().expect("the reader does not panic");
        assert_eq!(drops.load(Ordering::Relaxed), 1);
    });
}
