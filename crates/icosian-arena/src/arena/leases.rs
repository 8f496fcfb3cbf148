//! Leases of values of an arena: the arena's side of [`ArenaLease`].

use std::sync::Arc;

use super::{Arena, EXTERNAL, NONE, Never};
use crate::ArenaLease;
use crate::block::Block;
use crate::cell::Kind;
use crate::lease::{Evicted, Lent, Orphan};

impl Arena {
    /// Leases the values of slots, each with a tag. `lessee` is the slot whose value is computed from them.
    ///
    /// Call [`settle`](Self::settle) with the lessee when the lease is dropped. Until then, or until the next access finds out, the values
    /// count as leased.
    ///
    /// # Panics
    /// Panics if a slot is out of range.
    #[must_use]
    pub fn lease(&mut self, lessee: usize, slots: impl IntoIterator<Item = (usize, u8)>) -> ArenaLease {
        let id = self.free.pop().unwrap_or_else(|| {
            self.lent.push(Lent::new());
            u32::try_from(self.lent.len() - 1).expect("an arena has fewer than 2^32 leases")
        });
        let lent = &mut self.lent[id as usize];
        let raw = &mut self.slots;
        lent.next = std::mem::replace(&mut raw[lessee].taken, id);
        lent.begin(|values, leased| {
            for (at, tag) in slots {
                let slot = &mut raw[at];
                values.push((slot.value, slot.kind, tag));
                if slot.value.is_some() {
                    slot.guard += 1;
                    leased.push(u32::try_from(at).expect("an arena has fewer than 2^32 slots"));
                }
            }
        })
    }

    /// Ends the leases of a lessee that were dropped.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn settle(&mut self, lessee: usize) {
        if self.slots[lessee].taken != NONE {
            self.settle_list(lessee);
        }
    }

    fn settle_list(&mut self, lessee: usize) {
        let mut next = std::mem::replace(&mut self.slots[lessee].taken, NONE);
        while next != NONE {
            let id = next;
            next = self.lent[id as usize].next;
            if self.lent[id as usize].is_released() {
                self.end_lease(id);
            } else {
                self.lent[id as usize].next = std::mem::replace(&mut self.slots[lessee].taken, id);
            }
        }
    }

    /// Ends a lease that was released. It is in no list any more.
    fn end_lease(&mut self, id: u32) {
        let lent = &mut self.lent[id as usize];
        lent.is_active = false;
        for at in lent.slots.drain(..) {
            self.slots[at as usize].guard -= 1;
        }
        for (_, leases) in &mut self.evicted {
            leases.retain(|lease| *lease != id);
        }
        self.free.push(id);
    }

    /// Returns whether a lease of the value still exists.
    #[inline]
    pub(super) fn is_leased(&mut self, at: usize) -> bool {
        self.slots[at].leases() > 0 && self.is_leased_slowly(at)
    }

    #[cold]
    fn is_leased_slowly(&mut self, at: usize) -> bool {
        let position = u32::try_from(at).expect("an arena has fewer than 2^32 slots");
        let refers = |lent: &Lent| lent.is_active && lent.is_released() && lent.slots.contains(&position);
        for id in 0..self.lent.len() {
            if refers(&self.lent[id]) {
                // The lease stays in the list of its lessee, without slots, until that is settled.
                let slots = std::mem::take(&mut self.lent[id].slots);
                for at in slots {
                    self.slots[at as usize].guard -= 1;
                }
            }
        }
        self.slots[at].leases() > 0
    }

    pub(super) fn evict_if_leased(&mut self, at: usize) {
        if self.is_leased(at) {
            self.evict(at);
        }
    }

    /// Makes the slot of a leased value vacant. The value stays where it is until the arena is dropped.
    #[cold]
    pub(super) fn evict(&mut self, at: usize) {
        let position = u32::try_from(at).expect("an arena has fewer than 2^32 slots");
        let mut leases = Vec::new();
        for (id, lent) in (0..).zip(&mut self.lent) {
            if lent.slots.contains(&position) {
                lent.slots.retain(|slot| *slot != position);
                leases.push(id);
            }
        }
        let slot = &mut self.slots[at];
        let is_external = slot.is_external();
        slot.guard = EXTERNAL;
        let Some(value) = slot.value.take() else { return };
        let evicted = if is_external {
            Evicted::Cell { owner: std::mem::take(&mut self.cells[at]) }
        } else {
            // The memory is in use until the arena is dropped, so further values of the slot live on the heap.
            slot.inline = None;
            Evicted::Inline(value, slot.kind)
        };
        slot.kind = Kind::of::<Never>();
        self.evicted.push((evicted, leases));
    }

    /// Lets the leases that still exist keep their values. Returns the memory and the values that are dropped last.
    pub(super) fn orphan_leases(&mut self) -> (Arc<Block>, Vec<Arc<Orphan>>) {
        let mut orphans = vec![Vec::new(); self.lent.len()];
        for at in 0..self.slots.len() {
            if self.slots[at].leases() > 0 {
                self.evict(at);
            }
        }
        let block = Arc::new(std::mem::take(&mut self.block));
        let mut all = Vec::new();
        for (value, leases) in self.evicted.drain(..) {
            // SAFETY: an evicted inline value is valid and in this block, and its slot does not refer to it any more.
            let orphan = Arc::new(unsafe { Orphan::new(Arc::clone(&block), value) });
            for lease in leases {
                orphans[lease as usize].push(Arc::clone(&orphan));
            }
            all.push(orphan);
        }
        for (lent, orphans) in self.lent.drain(..).zip(orphans) {
            lent.orphan(orphans);
        }
        (block, all)
    }

    /// Forgets the leases of a slot that is removed.
    pub(super) fn release_leases_of(&mut self, lessee: usize) {
        self.settle(lessee);
        let mut next = std::mem::replace(&mut self.slots[lessee].taken, NONE);
        while next != NONE {
            // The lease ends when the arena is dropped.
            next = std::mem::replace(&mut self.lent[next as usize].next, NONE);
        }
    }
}
