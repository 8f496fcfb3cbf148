//! The arena behaves as the model does, for any types and any order of actions.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::model::{Action, KINDS, Kind, Pair};

const SLOTS: usize = 5;

fn kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(&KINDS[..])
}

/// A seed for a value of the kind: values without content have none.
fn seeded() -> impl Strategy<Value = (Kind, u8)> {
    (kind(), any::<u8>()).prop_map(|(kind, seed)| (kind, if kind == Kind::Unit { 0 } else { seed }))
}

fn action() -> impl Strategy<Value = Action> {
    let slot = || 0..SLOTS;
    prop_oneof![
        6 => (slot(), seeded()).prop_map(|(at, (kind, seed))| Action::Put(at, kind, seed)),
        2 => (slot(), seeded()).prop_map(|(at, (kind, seed))| Action::Set(at, kind, seed)),
        4 => (slot(), kind()).prop_map(|(at, kind)| Action::Take(at, kind)),
        2 => slot().prop_map(Action::TakeCell),
        3 => slot().prop_map(Action::Clear),
        3 => slot().prop_map(Action::Share),
        1 => Just(Action::DropShares),
        3 => (slot(), slot()).prop_map(|(from, to)| Action::Relocate(from, to)),
        2 => (slot(), 0..2_usize).prop_map(|(at, to)| Action::MoveAway(at, to)),
        2 => (0..2_usize, slot()).prop_map(|(from, at)| Action::MoveBack(from, at)),
        1 => (1..=SLOTS).prop_map(Action::Resize),
        4 => (slot(), slot(), slot()).prop_map(|(lessee, a, b)| Action::Lease { lessee, slots: [a, b] }),
        3 => (0..4_usize).prop_map(Action::DropLease),
        3 => slot().prop_map(Action::Settle),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn arena_behaves_as_boxed_values(
        types in vec(prop::option::weighted(0.8, kind()), SLOTS),
        actions in vec(action(), 0..80),
        arenas_first: bool,
    ) {
        let mut pair = Pair::new(&types);
        for action in &actions {
            pair.apply(action);
        }
        let census = pair.census.clone();
        if arenas_first {
            pair.drop_arenas_first();
        } else {
            drop(pair);
        }
        prop_assert_eq!(census.count(), 0, "every value is dropped once");
    }

    #[test]
    fn values_of_slots_do_not_overlap(types in vec(kind(), 1..40), seeds in vec(any::<u8>(), 40)) {
        let mut pair = Pair::new(&types.iter().copied().map(Some).collect::<Vec<_>>());
        for (at, kind) in types.iter().enumerate() {
            let seed = if *kind == Kind::Unit { 0 } else { seeds[at] };
            // Each action compares all slots with the model.
            pair.apply(&Action::Put(at, *kind, seed));
        }
    }
}
