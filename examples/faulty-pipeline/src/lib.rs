//! A pipeline that breaks rules on purpose. Nobody compiles it: it is what the linter is shown with.
//!
//! - [`orders`]: nodes whose heads or names are wrong, and a circle.
//! - [`rates`]: async nodes that block, wait badly, or start what they do not end.
//! - [`report`]: decorators that stand where they cannot work, and what is allowed without need.

pub mod orders;
pub mod rates;
pub mod report;
