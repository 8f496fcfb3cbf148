//! Runs the async nodes of a dataflow concurrently, under tokio.
//!
//! [`TokioAdapter`] polls all nodes of a run on the task that awaits the run: nothing is spawned unless a node is marked, so
//! dropping the run's future cancels all of it. It can be bounded: runs in flight, nodes at a time, nodes of a group, time for a
//! node and for a run. For the contract it keeps, see `icosian-adapter`.
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

mod adapter;
mod away;
mod bounds;
mod limit;
mod limiter;
mod runtime;
mod schedule;
mod turn;

pub use adapter::TokioAdapter;

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<TokioAdapter>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
