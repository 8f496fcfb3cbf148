//! What adapters may do with a run, what they may not, and what becomes of it.

mod diamond;

mod hooks;
mod later;
mod sync;
