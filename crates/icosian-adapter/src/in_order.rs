//! Runs steps in the plan's order, each after a gate has admitted it.

use std::cell::Cell;
use std::task::{Context, Poll};

use icosian_core::Outline;
use icosian_core::node::Task;
use icosian_core::run::Attempts;

use crate::executable::Executable;
use crate::job::JobHandle;
use crate::panic_guard::catch_panic;
use crate::run_abort::RunAbort;
use crate::state::State;

/// Admits the nodes of a run that executes its steps in the plan's order.
pub trait NodeGate {
    /// The permit of a node, which is dropped when the node ends.
    type Permit;

    /// Returns a permit, or `None` if the node must wait or run elsewhere.
    fn admit(&mut self, node: &Outline) -> Option<Self::Permit>;

    /// Calls a node within the scope of its permit.
    fn enter<T>(&self, permit: &Self::Permit, call: impl FnOnce() -> T) -> T;
}

/// The state of a run after [`AsyncRun::run_in_order`](crate::AsyncRun::run_in_order).
#[derive(Debug)]
pub enum InOrder<P> {
    /// All jobs are done.
    Ended,
    /// More jobs are ready to begin.
    More,
    /// The gate did not admit the next job, or the run cannot execute its jobs in the plan's order.
    Refused,
    /// A job is pending. The others begin by [`AsyncRun::next_ready`](crate::AsyncRun::next_ready).
    Pending(JobHandle, P),
}

/// The state of a run after a sweep.
pub(crate) enum InOrderSweep<P> {
    Ended,
    More,
    Refused,
    /// The cell of a pending job, and its task.
    Pending(usize, Option<Box<dyn Task>>, P),
}

/// Executes at most `limit` steps in the plan's order, until a future is pending or the gate refuses a node.
pub(crate) fn sweep<G: NodeGate>(
    executable: &Executable,
    state: &mut State,
    context: &mut Context<'_>,
    limit: usize,
    gate: &mut G,
) -> Result<InOrderSweep<G::Permit>, RunAbort> {
    if state.watch.is_some() || !state.is_in_order() {
        return Ok(InOrderSweep::Refused);
    }
    let plan = executable.plan();
    let at = Cell::new(0);
    let swept = Attempts::under(None, || {
        catch_panic(|| {
            let mut left = limit;
            while let Some(step) = state.next_in_order(plan) {
                if left == 0 {
                    return Ok(Ok(InOrderSweep::More));
                }
                left -= 1;
                at.set(step.position());
                let Some(permit) = gate.admit(executable.outline(step)) else {
                    return Ok(Ok(InOrderSweep::Refused));
                };
                match gate.enter(&permit, || state.call_in_order(executable, step, step, context)) {
                    Poll::Ready(Ok(())) => {
                        drop(permit);
                        state.finish_in_order(plan, step, step);
                    }
                    Poll::Ready(Err(error)) => return Ok(Err(RunAbort::node(step, error))),
                    Poll::Pending => {
                        let (cell, task) = state.take_pending(plan, step);
                        return Ok(Ok(InOrderSweep::Pending(cell, task, permit)));
                    }
                }
            }
            Ok(Ok(InOrderSweep::Ended))
        })
    });
    swept.unwrap_or_else(|panicked| Err(state.abort(plan, at.get(), panicked)))
}
