//! Dynamic fan-out: nodes that run once for each item of a sequence.
//!
//! A node with an [`Expansion`] returns [`Items`], a lazy sequence. The nodes that read it, directly or through other nodes, form a
//! *block*, and run once for each item. A parameter with a [`CollectParam`] ends the block: it receives the results of all items, as a
//! [`Collect`] or as a [`CollectStream`]. [`ItemError`] is the failure of one item.

mod collect;
mod collect_param;
mod collect_stream;
mod collected;
mod collection_form;
mod expansion;
mod item_error;
mod items;

pub use crate::value::Gathering;
pub use collect::Collect;
pub use collect_param::CollectParam;
#[doc(hidden)]
pub use collect_param::CollectsValues;
pub use collect_stream::CollectStream;
#[doc(hidden)]
pub use collect_stream::ItemResults;
pub use collected::Collected;
pub use collection_form::{CollectionForm, CollectionOrder};
pub use expansion::{Expansion, OnError};
pub use item_error::{ItemError, ItemIndex};
pub use items::Items;
#[doc(hidden)]
pub use items::{
    FindLabel, IntoFallibleStreamItems, IntoItems, IntoStreamItems, ItemLabel, ItemSource, LabelOf,
};
