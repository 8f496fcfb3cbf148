//! The contract to run a dataflow's plan.
//!
//! A [`Program`] is a plan with the bodies of its steps. An adapter decides when each step runs: a [`GraphAdapter`] gets
//! a [`Run`], on which it executes sync steps; an [`AsyncGraphAdapter`] gets an [`AsyncRun`], which hands it futures to
//! poll as it likes. What a run must remember (values, reads left, what is ready) is kept here, once for all adapters, and
//! without names: by then everything is a number.
//!
//! This crate knows no runtime and no config. [`SyncAdapter`] is here; `TokioAdapter` is in `icosian-tokio`; who builds
//! programs from dataflows is `icosian-driver`.
//!
//! ```
//! use icosian_adapter::{GraphAdapter, Program, Run, Stop, SyncAdapter};
//! use icosian_core::{Node, Outline, Param};
//!
//! let double = Node::sync(Outline::new("double").param(Param::borrowed::<u64>("single")), |args| {
//!     Ok(args.borrow::<u64>(0) * 2)
//! });
//! let program = Program::new([double], ["double"])?;
//! let mut run = program.start();
//! run.fill(program.plan().inputs()[0].cell(), 21_u64);
//! SyncAdapter.run(&mut run)?;
//! assert_eq!(run.take::<u64>(0), Some(42));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod budget;
mod pool;
mod program;
mod state;
mod stop;

mod contract;
mod hook;
mod watch;

mod values;

mod async_run;
mod caller_span;
mod detached;
mod job;
mod poll_limits;
mod run;
mod sweep;

/// What an implementation of [`AsyncGraphAdapter`] is written under.
pub use async_trait::async_trait;

pub use async_run::AsyncRun;
pub use budget::{Budget, BudgetTurn};
pub use caller_span::CallerSpan;
pub use contract::{AsyncGraphAdapter, GraphAdapter, Refusal, SyncAdapter};
pub use detached::{Detached, Executed, Receipt};
pub use hook::{Hook, NodeEnd, NodeInfo, NodeOutcome, RunEnd, RunInfo};
pub use icosian_graph::Step;
pub use job::{Begun, Done, Job, Progress, Running};
pub use poll_limits::PollLimits;
pub use program::Program;
pub use run::Run;
pub use stop::{Cause, Stop};
pub use values::Values;
pub use watch::{ErrorPolicy, Hooks};

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    fn sent<T: Send>() {}
    shared::<Program>();
    sent::<Run<'_>>();
    sent::<AsyncRun<'_>>();
    sent::<Running>();
    sent::<Detached>();
    sent::<Executed>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
