//! Runs the async nodes of a dataflow concurrently, under tokio.
//!
//! [`TokioAdapter`] polls all nodes of a run on the task that awaits the run. Only nodes with `offload` or `spawn` run on other threads
//! or tasks. Dropping the run's future cancels the run. The adapter can limit the number of concurrent runs and nodes, the concurrency of
//! a group of nodes, the rate of starts, and the duration of a node or a run. `icosian-adapter` defines the traits that the adapter
//! implements.
//!
//! ```
//! use icosian_adapter::{AsyncGraphAdapter, AsyncRun, Program};
//! use icosian_core::{Node, Outline};
//! use icosian_tokio::TokioAdapter;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let program = Program::new([Node::future(Outline::new("one"), |_| async { Ok(1_u64) })], ["one"])?;
//! let mut run = AsyncRun::new(&program);
//! TokioAdapter::default().run(&mut run).await?;
//! assert_eq!(run.values_mut().take::<u64>(0), Some(1));
//! # Ok(())
//! # }
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod adapter;
mod attempt_limiter;
mod clock;
mod limit;
mod node_limits;
mod offload;
mod permits;
mod rate_limiter;
mod runtime;
mod schedule;
mod start_queue;
mod time_slice;

pub use adapter::TokioAdapter;
pub use clock::TokioClock;

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<TokioAdapter>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
