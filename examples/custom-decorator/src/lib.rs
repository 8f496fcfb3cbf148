//! Decorators of one's own, for sync and async functions, outside of icosian's crates.
//!
//! [`Alias`] adds a node, as `parameterize` does; [`Counted`] wraps the function's body, as `retry` does. Both have the same
//! rights as the decorators of the house: they know config and adapter, and refuse what cannot work before anything runs.

mod alias;
mod counted;

pub use alias::Alias;
pub use counted::{Count, Counted};
