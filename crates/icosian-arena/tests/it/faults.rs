//! Values that panic when they are dropped, and wrong uses.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use icosian_arena::{Arena, ArenaLayout, ArenaLease, Cell, SlotType};

use crate::value::{Census, Counted, Unit};

/// Panics when it is dropped, if it is armed.
struct Bomb {
    is_armed: bool,
    _counted: Counted<()>,
}

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(!self.is_armed, "the bomb");
    }
}

fn bomb(census: &Census, is_armed: bool) -> Bomb {
    Bomb { is_armed, _counted: census.counted(()) }
}

fn arena() -> Arena {
    Arena::new(&Arc::new(ArenaLayout::new([Some(SlotType::of::<Bomb>()); 3])))
}

fn panics(call: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(call)).is_err()
}

#[test]
fn panic_in_a_drop_leaves_the_slot_vacant() {
    let census = Census::default();
    let mut arena = arena();
    arena.put(0, bomb(&census, true));
    assert!(panics(|| arena.clear(0)));
    assert!(!arena.is_full(0));
    assert_eq!(census.count(), 0, "the fields of the value were dropped, once");
    arena.put(0, bomb(&census, false));
    assert_eq!(census.count(), 1);
}

#[test]
fn panic_of_the_old_value_drops_the_new_one() {
    let census = Census::default();
    let mut arena = arena();
    arena.put(0, bomb(&census, true));
    assert!(panics(|| arena.put(0, bomb(&census, false))));
    assert_eq!(census.count(), 0);
    assert!(!arena.is_full(0));
}

#[test]
fn panic_in_a_drop_does_not_keep_the_other_values() {
    let census = Census::default();
    for at in 0..3 {
        let mut arena = arena();
        for slot in 0..3 {
            arena.put(slot, bomb(&census, slot == at));
        }
        assert!(panics(|| drop(arena)));
        assert_eq!(census.count(), 0, "slot {at} panicked");
    }
}

#[test]
fn panic_of_the_replaced_value_keeps_the_moved_one() {
    let census = Census::default();
    let mut arena = arena();
    arena.put(0, bomb(&census, false));
    arena.put(1, bomb(&census, true));
    assert!(panics(|| arena.relocate(0, 1)));
    assert!(arena.is_full(0), "the value has not moved");
    assert!(!arena.is_full(1));
    assert_eq!(census.count(), 1);
}

#[test]
fn panic_in_the_drop_of_an_external_value_leaves_the_slot_vacant() {
    let census = Census::default();
    let mut arena = arena();
    arena.set(0, Cell::new(bomb(&census, true)));
    assert!(panics(|| arena.clear(0)));
    assert!(!arena.is_full(0));
    arena.set(1, Cell::new(bomb(&census, true)));
    assert!(panics(|| arena.set(1, Cell::new(bomb(&census, false)))));
    assert!(arena.is_full(1), "the new value is in the slot");
    drop(arena);
    assert_eq!(census.count(), 0);
}

#[test]
fn shared_value_outlives_its_arena() {
    let census = Census::default();
    let mut arena = Arena::new(&Arc::new(ArenaLayout::new([Some(SlotType::of::<Counted<u8>>())])));
    arena.put(0, census.counted(7_u8));
    let shared = arena.share(0).expect("the slot is full");
    assert!(arena.take::<Counted<u8>>(0).is_none(), "a shared value cannot move");
    drop(arena);
    assert_eq!(census.count(), 1);
    assert_eq!(shared.value().and_then(|value| value.get::<Counted<u8>>()).map(|value| value.value), Some(7));
    drop(shared);
    assert_eq!(census.count(), 0);
}

#[test]
fn value_moves_to_another_thread_and_back() {
    let census = Census::default();
    let mut arena = Arena::new(&Arc::new(ArenaLayout::new([Some(SlotType::of::<Counted<String>>())])));
    arena.put(0, census.counted("text".to_owned()));
    let mut away = Arena::with_slots(1);
    away.move_from(0, &mut arena, 0);
    let mut away = std::thread::spawn(move || {
        let text = away.take::<Counted<String>>(0).expect("it was moved");
        away.put(0, text);
        away
    })
    .join()
    .expect("the thread does not panic");
    arena.move_from(0, &mut away, 0);
    assert_eq!(arena.get::<Counted<String>>(0).map(|text| text.value.as_str()), Some("text"));
    drop((arena, away));
    assert_eq!(census.count(), 0);
}

#[test]
fn values_without_a_size_are_stored() {
    let mut arena = Arena::new(&Arc::new(ArenaLayout::new([Some(SlotType::of::<Unit>()); 4])));
    for at in 0..4 {
        arena.put(at, Unit);
    }
    arena.clear(1);
    assert_eq!((0..4).filter(|at| arena.is_full(*at)).count(), 3);
    assert_eq!(arena.take::<Unit>(3), Some(Unit));
    assert_eq!(arena.take::<Unit>(3), None);
}

#[test]
fn slot_out_of_range_is_refused() {
    let mut arena = arena();
    assert!(panics(|| {
        let _ = arena.slot(3);
    }));
    assert!(panics(|| arena.put(3, 1_u8)));
}

/// Returns an arena with a counted text in slot 0, and a vacant slot 1.
fn with_text(census: &Census) -> Arena {
    let layout = ArenaLayout::new([Some(SlotType::of::<Counted<String>>()), None]);
    let mut arena = Arena::new(&Arc::new(layout));
    arena.put(0, census.counted("text".to_owned()));
    arena
}

fn text(lease: &ArenaLease) -> Option<&str> {
    lease.value(0)?.get::<Counted<String>>().map(|text| text.value.as_str())
}

#[test]
fn leased_value_neither_moves_nor_drops() {
    let census = Census::default();
    let mut arena = with_text(&census);
    let lease = arena.lease(1, [(0, 0)]);
    assert!(arena.take::<Counted<String>>(0).is_none());
    assert!(!arena.is_unshared(0));
    arena.clear(0);
    assert!(!arena.is_full(0));
    arena.put(0, census.counted("next".to_owned()));
    assert_eq!(text(&lease), Some("text"));
    assert_eq!(census.count(), 2);
    drop(lease);
    drop(arena);
    assert_eq!(census.count(), 0);
}

#[test]
fn settled_value_moves_again() {
    let census = Census::default();
    let mut arena = with_text(&census);
    let lease = arena.lease(1, [(0, 7)]);
    assert_eq!(lease.tag(0), 7);
    drop(lease);
    arena.settle(1);
    assert_eq!(arena.take::<Counted<String>>(0).map(|text| text.value.clone()), Some("text".to_owned()));
    assert_eq!(census.count(), 0);
}

#[test]
fn lease_outlives_its_arena_on_another_thread() {
    let census = Census::default();
    for _ in 0..200 {
        let mut arena = with_text(&census);
        let lease = arena.lease(1, [(0, 0)]);
        let reader = std::thread::spawn(move || {
            assert_eq!(text(&lease), Some("text"));
        });
        drop(arena);
        reader.join().expect("the reader does not panic");
        assert_eq!(census.count(), 0, "the last side drops the value");
    }
}

#[test]
fn panic_of_a_value_that_outlived_its_arena_frees_everything() {
    let census = Census::default();
    let mut arena = arena();
    arena.put(0, bomb(&census, true));
    arena.put(1, bomb(&census, false));
    let lease = arena.lease(2, [(0, 0), (1, 0)]);
    drop(arena);
    assert_eq!(census.count(), 2);
    assert!(panics(|| drop(lease)));
    assert_eq!(census.count(), 0);
}
