//! Nodes, their outlines, parameters and bodies, and the functions and dataflows that contain them.

mod args;
mod asyncness;
mod body;
mod conversion;
mod dataflow;
mod fallible;
mod feeds;
mod fits_input;
mod function;
#[doc(hidden)]
pub mod generated;
mod handle;
mod held_args;
mod held_call;
#[expect(clippy::module_inception, reason = "the file of the type `Node`")]
mod node;
mod node_origin;
mod node_output;
mod outline;
mod outputs;
mod param;
mod param_default;
mod placement;
mod role;
mod running;
mod start_send_future;
mod tags;
mod task;

pub use args::{Args, Lease, LeasedArgs, OptionalLease};
#[doc(hidden)]
pub use args::{Cloner, Port};
pub use asyncness::Asyncness;
pub use body::Body;
#[doc(hidden)]
pub use body::{InPlace, Passes};
pub use dataflow::Dataflow;
pub use fallible::{Failure, Fallible};
#[doc(hidden)]
pub use feeds::{Feeds, FeedsCollection, FeedsOption, FeedsOptionValue, FeedsValue, VariantOf};
#[doc(hidden)]
pub use fits_input::{Borrows, FitsInput, MayBorrow, MayTake, Takes};
pub use function::{Decoration, Function};
#[doc(hidden)]
pub use handle::{AsWritten, Gives};
pub use handle::{Handle, NodeFn};
pub use held_args::HeldArgs;
pub use held_call::{HeldCall, OutputFuture};
pub use node::Node;
pub use node_origin::NodeOrigin;
pub use node_output::NodeOutput;
#[doc(hidden)]
pub use outline::BlockPart;
pub use outline::Outline;
pub use outputs::Outputs;
#[doc(hidden)]
pub use outputs::{InputsOf, ProvidedBy, TakeOutput};
pub use param::{Access, Param};
pub use param_default::ParamDefault;
pub use placement::Placement;
pub use role::Role;
pub use tags::Tags;
pub use task::Task;
