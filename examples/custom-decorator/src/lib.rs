//! Custom decorators for sync and async functions, outside of icosian's crates.
//!
//! [`Alias`] adds a node, as `parameterize` does. [`Counted`] wraps the function's body, as `retry` does. Custom decorators
//! can do everything that icosian's own decorators can: read the config and the adapter, and report errors when the driver
//! is built.

mod alias;
mod counted;

pub use alias::Alias;
pub use counted::{Count, Counted};
