//! The table of the built-in decorators: one [`Row`] for each, with its name, phase, arguments and capabilities.
//!
//! Everything that depends on a decorator's name reads this table: the attributes and their argument parsers, the capabilities
//! that adapters are checked for, the linter, and the tests that run every decorator. A new decorator is a row here and a folder
//! in `icosian-decorators`.
//!
//! This crate has no dependencies. It parses nothing and runs nothing: the parsers are in `icosian-syntax`, the decorators in
//! `icosian-decorators`.
//!
//! ```
//! use icosian_spec::{BuiltIn, Phase};
//!
//! let retry = BuiltIn::named("retry").expect("`retry` is a built-in decorator");
//! assert_eq!(retry, BuiltIn::Retry);
//! assert_eq!(retry.row().phase(), Phase::Wrap);
//! assert_eq!(retry.row().arguments()[0].name(), "attempts");
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod argument;
mod caps;
mod decorator_spec;
mod phase;
mod row;
mod table;

pub use argument::{Argument, ArgumentKind, FaultText, OneOf};
pub use caps::Caps;
pub use decorator_spec::DecoratorSpec;
pub use phase::Phase;
pub use row::{Repetition, Row, WorksOn};
pub use table::BuiltIn;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
