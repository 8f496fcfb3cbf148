//! The context of a run, its limits, and the errors of nodes.

mod adapter_spec;
mod attempts;
mod box_error;
mod cancellation;
mod clock;
mod context;
mod error_report;
mod group;
mod limiter;
mod node_error;
mod offloader;
mod rate_limit;
mod start_limits;

pub use adapter_spec::AdapterSpec;
pub use attempts::Attempts;
pub use box_error::BoxError;
pub use clock::Clock;
#[doc(hidden)]
pub use clock::Untimed;
pub use context::{Cancelled, RunContext, RunId, Timer};
#[doc(hidden)]
pub use error_report::{ErrorReport, KeepReport, NoReport};
pub use group::Group;
pub use icosian_spec::Caps;
pub use limiter::{Limiter, Permit};
pub(crate) use node_error::ArgumentDropPanic;
pub use node_error::{
    AsReport, Downcast, FailedSource, FallbackFailed, InChain, NodeError, ReturnedError, UpstreamError,
};
pub use offloader::{OffloadFuture, Offloader};
pub use rate_limit::{Quota, RateLimit};
pub use start_limits::StartLimits;
