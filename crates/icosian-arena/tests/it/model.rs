//! A safe model of an arena: one boxed value per slot.

use std::sync::Arc;

use icosian_arena::{Arena, ArenaLayout, ArenaLease, Cell, Erased, SlotType};

use crate::value::{Aligned, Census, Counted};

/// The types of the values. A slot is declared for one of them, and may store any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    Text,
    Aligned,
    Unit,
    Large,
}

pub(crate) const KINDS: [Kind; 5] = [Kind::Number, Kind::Text, Kind::Aligned, Kind::Unit, Kind::Large];

/// A value above the size of inline slots.
pub(crate) type Large = Counted<[u8; 4096]>;
pub(crate) type Text = Counted<String>;
pub(crate) type AlignedValue = Counted<Aligned>;

impl Kind {
    pub(crate) fn slot_type(self) -> SlotType {
        match self {
            Self::Number => SlotType::of::<u64>(),
            Self::Text => SlotType::of::<Text>(),
            Self::Aligned => SlotType::of::<AlignedValue>(),
            Self::Unit => SlotType::of::<()>(),
            Self::Large => SlotType::of::<Large>(),
        }
    }
}

/// A step of a test.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    Put(usize, Kind, u8),
    Set(usize, Kind, u8),
    Take(usize, Kind),
    TakeCell(usize),
    Clear(usize),
    Share(usize),
    DropShares,
    Relocate(usize, usize),
    MoveAway(usize, usize),
    MoveBack(usize, usize),
    Resize(usize),
    /// Leases two slots.
    Lease {
        lessee: usize,
        slots: [usize; 2],
    },
    DropLease(usize),
    Settle(usize),
}

/// The value that a slot has in the model.
type Held = Option<(Kind, u8)>;

/// An arena, another arena to exchange values with, and the models of both.
pub(crate) struct Pair {
    pub(crate) census: Census,
    arena: Arena,
    other: Arena,
    shares: Vec<(Arc<dyn Erased>, Kind, u8)>,
    /// The leases, with the values that they had when they began.
    leases: Vec<(ArenaLease, [Held; 2])>,
    model: Vec<Held>,
    other_model: Vec<Held>,
    /// Set for slots whose value may be shared or leased, so that it may be impossible to move.
    shared: Vec<bool>,
}

impl Pair {
    pub(crate) fn new(types: &[Option<Kind>]) -> Self {
        let layout = Arc::new(ArenaLayout::new(types.iter().map(|kind| kind.map(Kind::slot_type))));
        Self {
            census: Census::default(),
            arena: Arena::new(&layout),
            other: Arena::with_slots(2),
            shares: Vec::new(),
            leases: Vec::new(),
            model: vec![None; types.len()],
            other_model: vec![None; 2],
            shared: vec![false; types.len()],
        }
    }

    /// Applies an action to the arena and to the model, and compares the results.
    pub(crate) fn apply(&mut self, action: &Action) {
        let len = self.model.len();
        match *action {
            Action::Put(at, kind, seed) if at < len => {
                put(&mut self.arena, at, kind, seed, &self.census);
                self.model[at] = Some((kind, seed));
                self.shared[at] = false;
            }
            Action::Set(at, kind, seed) if at < len => {
                self.arena.set(at, cell(kind, seed, &self.census));
                self.model[at] = Some((kind, seed));
                self.shared[at] = false;
            }
            Action::Take(at, kind) if at < len => {
                let is_held = self.model[at].is_some_and(|held| held.0 == kind);
                let is_shared = self.shared[at];
                let taken = take(&mut self.arena, at, kind);
                if is_held && !is_shared {
                    assert_eq!(taken, self.model[at].map(|held| held.1));
                    self.model[at] = None;
                } else if !is_held {
                    assert_eq!(taken, None);
                } else if taken.is_some() {
                    // All readers of the shared value are gone.
                    self.model[at] = None;
                }
            }
            Action::TakeCell(at) if at < len => {
                let taken = self.arena.take_cell(at);
                assert_eq!(read(taken.value()), self.model[at]);
                self.model[at] = None;
            }
            Action::Clear(at) if at < len => {
                self.arena.clear(at);
                self.model[at] = None;
            }
            Action::Share(at) if at < len => {
                let shared = self.arena.share(at);
                assert_eq!(shared.is_some(), self.model[at].is_some());
                if let (Some(shared), Some((kind, seed))) = (shared, self.model[at]) {
                    self.shares.push((shared, kind, seed));
                    self.shared[at] = true;
                }
            }
            Action::DropShares => self.shares.clear(),
            Action::Relocate(from, to) if from < len && to < len => {
                self.arena.relocate(from, to);
                if from != to {
                    self.model[to] = self.model[from].take();
                    self.shared[to] = std::mem::take(&mut self.shared[from]);
                }
            }
            Action::MoveAway(at, to) if at < len => {
                self.other.move_from(to % 2, &mut self.arena, at);
                self.other_model[to % 2] = self.model[at].take();
            }
            Action::MoveBack(from, at) if at < len => {
                self.arena.move_from(at, &mut self.other, from % 2);
                self.model[at] = self.other_model[from % 2].take();
                // A value that was shared before it moved away may still be.
                self.shared[at] = true;
            }
            Action::Lease { lessee, slots } if lessee < len && slots.iter().all(|slot| *slot < len) => {
                let lease = self.arena.lease(lessee, slots.map(|slot| (slot, 0)));
                for slot in slots {
                    self.shared[slot] = true;
                }
                self.leases.push((lease, slots.map(|slot| self.model[slot])));
            }
            Action::DropLease(at) if at < self.leases.len() => {
                self.leases.swap_remove(at);
            }
            Action::Settle(lessee) if lessee < len => self.arena.settle(lessee),
            Action::Resize(len) => {
                self.arena.resize(len);
                self.model.resize(len, None);
                self.shared.resize(len, false);
            }
            _ => {}
        }
        self.check();
    }

    /// Drops the arenas before the readers of their values.
    pub(crate) fn drop_arenas_first(self) {
        let Self { arena, other, leases, shares, .. } = self;
        drop((arena, other));
        for (lease, held) in &leases {
            assert_eq!([read(lease.value(0)), read(lease.value(1))], *held, "a lease outlives its arena");
        }
        drop((leases, shares));
    }

    /// Compares all values with the model.
    fn check(&self) {
        for (at, held) in self.model.iter().enumerate() {
            assert_eq!(read(self.arena.value(at)), *held, "slot {at}");
            assert_eq!(self.arena.is_full(at), held.is_some());
        }
        for (at, held) in self.other_model.iter().enumerate() {
            assert_eq!(read(self.other.value(at)), *held, "slot {at} of the other arena");
        }
        for (lease, held) in &self.leases {
            assert_eq!([read(lease.value(0)), read(lease.value(1))], *held, "a leased value");
        }
        for (shared, kind, seed) in &self.shares {
            assert_eq!(read(shared.value()), Some((*kind, *seed)), "a shared value");
        }
    }
}

fn put(arena: &mut Arena, at: usize, kind: Kind, seed: u8, census: &Census) {
    match kind {
        Kind::Number => arena.put(at, u64::from(seed)),
        Kind::Text => arena.put(at, census.counted(seed.to_string())),
        Kind::Aligned => arena.put(at, census.counted(Aligned(seed))),
        Kind::Unit => arena.put(at, ()),
        Kind::Large => arena.put(at, census.counted([seed; 4096])),
    }
}

fn cell(kind: Kind, seed: u8, census: &Census) -> Cell {
    match kind {
        Kind::Number => Cell::new(u64::from(seed)),
        Kind::Text => Cell::new(census.counted(seed.to_string())),
        Kind::Aligned => Cell::new(census.counted(Aligned(seed))),
        Kind::Unit => Cell::new(()),
        Kind::Large => Cell::new(census.counted([seed; 4096])),
    }
}

fn take(arena: &mut Arena, at: usize, kind: Kind) -> Option<u8> {
    match kind {
        Kind::Number => arena.take::<u64>(at).and_then(|value| value.try_into().ok()),
        Kind::Text => arena.take::<Text>(at).and_then(|value| value.value.parse().ok()),
        Kind::Aligned => arena.take::<AlignedValue>(at).map(|value| value.value.0),
        // The model stores no seed for a value without content.
        Kind::Unit => arena.take::<()>(at).map(|()| 0),
        Kind::Large => arena.take::<Large>(at).map(|value| value.value[4095]),
    }
}

/// Returns the kind and the seed of a value.
fn read(value: Option<icosian_arena::ErasedRef<'_>>) -> Held {
    let value = value?;
    if let Some(number) = value.get::<u64>() {
        return Some((Kind::Number, u8::try_from(*number).expect("a seed")));
    }
    if let Some(text) = value.get::<Text>() {
        return Some((Kind::Text, text.value.parse().expect("a seed")));
    }
    if let Some(aligned) = value.get::<AlignedValue>() {
        let address: *const AlignedValue = aligned;
        assert_eq!(address.addr() % 128, 0, "the value is not aligned");
        return Some((Kind::Aligned, aligned.value.0));
    }
    if value.get::<()>().is_some() {
        return Some((Kind::Unit, 0));
    }
    let large = value.get::<Large>().expect("no other type is stored");
    Some((Kind::Large, large.value[4095]))
}
