//! What stands above a node's function, and what becomes of it when a driver is built.
//!
//! A decorator takes the nodes of a function and gives others: several for one ([`Parameterize`]), none
//! ([`ConfigWhen`]), or the same with something around the body. [`expand`] applies the decorators of whole
//! dataflows by their phases. Config and adapter are known then; no value is, and nothing runs.
//!
//! This crate knows no adapter, no graph and no source code: sync and async nodes meet in `icosian-core`'s `Node`, and the
//! attributes that write these constructors are in `icosian-syntax`. For a decorator of your own, implement
//! [`Decorator`]; it has the same rights as those here.

mod binding;
mod condition;
mod expand;
mod variants;
mod wrong;

mod config_when;
mod exclude;

mod inject;
mod parameterize;

mod tag;

pub use binding::{Binding, list, map, sorted_map, source, value};
pub use condition::Condition;
pub use config_when::ConfigWhen;
pub use exclude::Exclude;
pub use expand::expand;
/// What a decorator of one's own is made of.
pub use icosian_core::{DecorateError, Decorator, DecoratorSpec, Phase, Scope, is_own, sinks};
pub use inject::Inject;
pub use parameterize::{Parameterization, Parameterize};
pub use tag::Tag;

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Binding>();
    shared::<Condition>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
