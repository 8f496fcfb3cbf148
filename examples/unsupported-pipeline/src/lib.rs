//! A pipeline that compiles, but cannot run as `icosian.toml` configures it. It demonstrates the checks of linked crates.
//!
//! - [`quotes`]: an async node under an adapter that runs sync nodes only.
//! - [`stock`]: decorators that the sync adapter does not support.
//! - [`archive`]: decorators that the sync adapter supports in part.
//! - [`rates`]: two variants of a node, of which only one is async.
//! - [`discounts`]: a config value that selects no variant.
//! - [`catalog`] and [`invoice`]: an edge between two dataflows whose types differ.

pub mod archive;
pub mod catalog;
pub mod discounts;
pub mod invoice;
pub mod quotes;
pub mod rates;
pub mod stock;
