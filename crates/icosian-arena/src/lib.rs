//! Type-erased values of a dataflow run, stored inline in one allocation.
//!
//! An [`Arena`] holds the values of one run. Its [`ArenaLayout`] is computed once per plan. A [`Cell`] holds one value on the heap, for
//! inputs, constants and values that leave their run.
//!
//! This is the only crate of Icosian with unsafe code. It is independent of nodes, plans and futures. Every access compares the type of
//! the value with the requested type, so the API is safe. The comparison of two 128-bit constants takes less than a nanosecond.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod arena;
mod block;
mod cell;
mod layout;
mod lease;
mod slot;
mod sync;

pub use arena::{Arena, HeapMemory};
pub use cell::{Cell, Erased, ErasedRef, SlotType};
pub use layout::ArenaLayout;
pub use lease::ArenaLease;
pub use slot::Slot;
