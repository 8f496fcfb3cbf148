//! What stands above a node's function, and what becomes of it when a driver is built.
//!
//! A decorator takes the nodes of a function and gives others: several for one ([`Parameterize`]), none
//! ([`ConfigWhen`]), or the same with something around the body. [`expand`] applies the decorators of whole
//! dataflows by their phases. Config and adapter are known then; no value is, and nothing runs.
//!
//! This crate knows no adapter, no graph and no source code: sync and async nodes meet in `icosian-core`'s `Node`, and the
//! attributes that write these constructors are in `icosian-syntax`. For a decorator of your own, implement
//! [`Decorator`]; it has the same rights as those here.

mod around;
mod backoff;
mod binding;
mod catalogue;
mod condition;
mod error_probe;
mod expand;
mod folded;
mod head;
mod points;
mod sent;
mod step;
mod validator;
mod variants;
mod wrapped;
mod wrong;

mod config_when;
mod exclude;
mod mutate;
mod resolve;

mod does;
mod subdag;

mod pipe_input;

mod guarded;
mod inject;
mod parameterize;

mod check_output;
mod extract_outputs;
mod parts;
mod pipe_output;

mod rate_limit_conflicts;
mod remote;
mod tag;
mod tag_outputs;

mod fallback;
mod limit;
mod offload;
mod retry;
mod spawn;
mod timeout;

pub use binding::{Binding, list, map, sorted_map, source, value};
pub use catalogue::catalogue;
pub use check_output::{CheckOutput, Checked, ChecksFailed};
pub use condition::Condition;
pub use config_when::ConfigWhen;
pub use does::Does;
#[doc(hidden)]
pub use error_probe::{Anything, BoxProbe, ErrorProbe, Exactly, FailsWith, ReportProbe, Reports};
pub use exclude::Exclude;
pub use expand::{expand, expand_all};
pub use extract_outputs::ExtractOutputs;
pub use fallback::Fallback;
/// What a decorator of one's own is made of.
pub use icosian_core::{DecorateError, Decorator, DecoratorSpec, Phase, Scope, Sends, is_own, sinks};
pub use inject::Inject;
pub use limit::Limit;
pub use mutate::{Mutate, MutateTarget};
pub use offload::Offload;
pub use parameterize::{Parameterization, Parameterize};
pub use parts::Keyed;
pub use pipe_input::PipeInput;
pub use pipe_output::PipeOutput;
pub use points::{Number, Points, RangeOf};
pub use remote::Remote;
pub use resolve::Resolve;
pub use retry::Retry;
pub use spawn::Spawn;
pub use step::Step;
pub use subdag::{ParameterizedSubdag, Subdag, SubdagVariant};
pub use tag::Tag;
pub use tag_outputs::TagOutputs;
pub use timeout::Timeout;
pub use validator::{AsyncValidator, Importance, Validation, Validator};

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Binding>();
    shared::<Condition>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
