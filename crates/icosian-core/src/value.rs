//! Values, the cells that own them, and the ways in which parameters read them.

mod alias;
mod cell;
mod constant;
mod edge;
mod erased;
mod from_text;
mod lend;
mod literal_hint;
mod output;
pub(crate) mod part;
#[doc(hidden)]
pub mod probe;
#[expect(clippy::module_inception, reason = "the file of the type `Value`")]
mod value;
mod value_type;

pub use alias::Alias;
pub use cell::Cell;
pub(crate) use cell::put_in;
pub use constant::Constant;
#[doc(hidden)]
pub use edge::{Edge, EdgeByBorrow};
#[doc(hidden)]
pub use erased::Erased;
pub use from_text::FromText;
#[doc(hidden)]
pub use from_text::from_text;
pub use lend::Lend;
pub use literal_hint::literal_hint;
pub use output::Output;
#[doc(hidden)]
pub use output::Serializer;
pub use part::{Part, Projection};
pub use value::Value;
pub use value_type::ValueType;
