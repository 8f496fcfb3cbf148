//! What stands above a node's function, and what becomes of it when a driver is built.
//!
//! A decorator takes the nodes of a function and gives others: several for one ([`Parameterize`]), none
//! ([`ConfigWhen`]), or the same with something around the body. [`apply`] applies the decorators of whole
//! dataflows by their phases. Config and adapter are known then; no value is, and nothing runs.
//!
//! This crate knows no adapter, no graph and no source code: sync and async nodes meet in `icosian-core`'s `Node`, and the
//! attributes that write these constructors are in `icosian-syntax`. For a decorator of your own, implement
//! [`Decorator`]; it has the same rights as those here.

mod apply;
mod binding;
mod built_in;
mod catalogue;
mod condition;
mod decorate_errors;
mod head_defaults;
mod step;
mod wrap;

pub use apply::{apply, apply_all};
pub use binding::{Binding, list, map, sorted_map, source, value};
pub use built_in::*;
pub use catalogue::catalogue;
pub use condition::Condition;
/// The contract of decorators, for custom ones.
pub use icosian_core::{
    Attachments, DecorateContext, DecorateError, Decorator, DecoratorSpec, Phase, is_own, sinks,
};
pub use step::Step;

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Binding>();
    shared::<Condition>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
