//! Values, the cells that own them, and the ways in which parameters read them.

mod alias;
mod constant;
mod edge;
mod failed_output;
mod from_text;
mod lend;
mod literal_hint;
mod output;
pub(crate) mod part;
#[doc(hidden)]
pub mod probe;
mod put_in;
#[expect(clippy::module_inception, reason = "the file of the type `Value`")]
mod value;
mod value_type;

pub use alias::Alias;
pub use constant::Constant;
#[doc(hidden)]
pub use edge::{Edge, EdgeByBorrow};
#[doc(hidden)]
pub use failed_output::FailedOutput;
pub use from_text::FromText;
#[doc(hidden)]
pub use from_text::from_text;
#[doc(hidden)]
pub use icosian_arena::ArenaLease;
#[doc(hidden)]
pub use icosian_arena::Erased;
pub use icosian_arena::{Arena, ArenaLayout, Cell, ErasedRef, Slot, SlotType};
pub use lend::Lend;
pub use literal_hint::literal_hint;
#[doc(hidden)]
pub use output::Serializer;
pub use output::{Gathering, Output};
pub use part::{Part, Projection};
pub(crate) use put_in::put_in;
pub use value::Value;
pub use value_type::ValueType;
