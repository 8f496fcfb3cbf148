//! The execution of blocks: nodes that run once for each item of an expansion.
//!
//! [`lower`](lower::lower) replaces each block of a graph by nodes that run it. Each item is a run of the block's own
//! program under the driver's adapter, so limits, cancellation and panics are those of every run.

mod async_items;
mod block;
mod gathered;
mod item_failure;
mod item_stream;
mod lower;
mod sync_items;

pub(crate) use block::ItemAdapter;
pub(crate) use lower::lower;
