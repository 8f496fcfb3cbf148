//! The built-in decorators, and the code that applies decorators when a driver is built.
//!
//! A decorator replaces the node of a function with several nodes ([`Parameterize`]), removes the node ([`ConfigWhen`]), or wraps its
//! body ([`Retry`]). [`apply`] applies the decorators of all functions, phase by phase. It reads the config and the capabilities of the
//! adapter. It reads no inputs and runs no node.
//!
//! This crate depends on no adapter, no graph and no parser. The type `Node` of `icosian-core` represents both sync and async nodes.
//! `icosian-syntax` parses the attributes and generates calls of the constructors in this crate. Custom decorators implement
//! [`Decorator`] and can do everything that built-in decorators can. Each built-in decorator has a folder in `built_in` and a row in the
//! table of `icosian-spec`.

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
/// The contract of custom decorators.
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
