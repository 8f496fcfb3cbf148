//! The built-in decorators, and the code that applies decorators when a driver is built.
//!
//! A decorator replaces the nodes of a function by others: by several nodes ([`Parameterize`]), by none ([`ConfigWhen`]), or by the
//! same node with a wrapped body. [`apply`] applies the decorators of whole dataflows in the order of their phases. Config and
//! adapter are known at this time. There are no values yet, and nothing runs.
//!
//! This crate knows no adapter, no graph and no source code: sync and async nodes meet in `icosian-core`'s `Node`, and the
//! attributes that write these constructors are in `icosian-syntax`. Custom decorators implement [`Decorator`], and have the same
//! rights as the built-in ones. Each built-in decorator is a folder below `built_in`, and a row of the table in `icosian-spec`.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod apply;
mod binding;
mod built_in;
mod catalogue;
#[doc(hidden)]
pub mod compiled;
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
pub use icosian_core::Decorator;
pub use icosian_core::decorator::{
    Attachments, DecorateContext, DecorateError, DecoratorSpec, Phase, is_own, sinks,
};
pub use step::PipeStep;

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Binding>();
    shared::<Condition>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
