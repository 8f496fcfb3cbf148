//! One small graph with other crates, which the book shows.
#![allow(clippy::cast_precision_loss, clippy::float_cmp, reason = "the numbers are small")]

mod dagrs;
mod dagx;
