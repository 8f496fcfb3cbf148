//! The traits that adapters implement, and the state of a run.
//!
//! A [`Program`] is a plan with the bodies of its steps. An adapter decides when each step runs: a [`GraphAdapter`] executes the sync
//! steps of a [`Run`]; an [`AsyncGraphAdapter`] also polls the futures of an [`AsyncRun`]. The state of a run (values, remaining reads,
//! ready steps) is implemented here, once for all adapters. The state refers to steps and values by index, not by name.
//!
//! This crate contains no runtime and no config. [`SyncAdapter`] is in this crate, `TokioAdapter` in `icosian-tokio`, and `RayonAdapter`
//! in `icosian-rayon`. `icosian-driver` builds programs from dataflows.
//!
//! ```
//! use icosian_adapter::{GraphAdapter, Program, Run, SyncAdapter};
//! use icosian_core::{Node, Outline, Param};
//!
//! let double = Node::sync(Outline::new("double").with_param(Param::borrowed::<u64>("single")), |args| {
//!     Ok(args.borrow::<u64>(0) * 2)
//! });
//! let program = Program::new([double], ["double"])?;
//! let mut run = Run::new(&program);
//! run.values_mut().fill(program.plan().inputs()[0].cell(), 21_u64);
//! SyncAdapter.run(&mut run)?;
//! assert_eq!(run.values_mut().take::<u64>(0), Some(42));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod acceptance;
mod async_hook;
mod budget;
mod caller_span;
mod panic_guard;
mod poll_limits;
mod pool;
mod run_abort;
mod run_number;
mod thread_pool_error;

mod body_call;
mod executable;
mod hook;
mod hook_failure;
mod hooked_run;
mod in_order;
mod in_place_checks;
mod lost_cells;
mod step_queue;
mod watch;

mod detached;
mod job;
mod program;
mod state;
mod sweep;
mod values;

mod async_hooks;
mod async_run;
mod contract;
mod run;

/// The attribute of implementations of [`AsyncGraphAdapter`].
pub use async_trait::async_trait;

pub use async_hook::AsyncHook;
pub use async_hooks::AsyncHooks;
pub use async_run::AsyncRun;
pub use body_call::{BodyCall, wrap_body};
pub use budget::{Budget, BudgetTurn};
pub use caller_span::CallerSpan;
pub use contract::{AsyncGraphAdapter, GraphAdapter, ItemQueue, Refusal, SyncAdapter};
pub use detached::{Detached, StepResult, StepTicket};
pub use hook::{Hook, ItemEnd, NodeEnd, NodeInfo, NodeOutcome, RunEnd, RunInfo, RunInput, SpanSource};
pub use hook_failure::HookFailure;
pub use icosian_graph::Step;
pub use in_order::{InOrder, NodeGate};
pub use job::{Job, JobHandle, JobResult, JobStart, Progress};
pub use poll_limits::PollLimits;
pub use program::Program;
pub use run::Run;
#[doc(hidden)]
pub use run_abort::InnerAbort;
pub use run_abort::{AbortReason, RunAbort};
pub use thread_pool_error::ThreadPoolError;
pub use values::Values;
pub use watch::{ErrorPolicy, Hooks};

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    fn sent<T: Send>() {}
    shared::<Program>();
    sent::<Run<'_>>();
    sent::<AsyncRun<'_>>();
    sent::<JobHandle>();
    sent::<Detached>();
    sent::<StepResult>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
