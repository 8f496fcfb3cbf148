//! The two ways to run everything on the caller's thread: in the plan's order, and as futures allow.

use std::cell::Cell as Place;
use std::task::{Context, Poll};

use futures::stream::{FuturesUnordered, StreamExt};
use icosian_core::{Colour, NodeError};
use icosian_graph::{Plan, Step};

use crate::state::{State, caught};
use crate::{Done, Program, Progress, Running, Stop};

/// Runs all steps, which are sync, in the plan's order.
pub(crate) fn in_order(program: &Program, state: &mut State) -> Result<(), Stop> {
    if state.watch.is_some() {
        return state.execute_all(program);
    }
    // One guard against panics for all steps costs less than one for each.
    let at = Place::new(Step::new(0));
    let steps = || {
        program.plan().steps().try_for_each(|step| {
            at.set(step);
            state.sweep(program, step)
        })
    };
    caught(steps).map_err(|error| Stop::node(at.get(), error))
}

/// As many pending jobs are polled whenever the run is; more have wakers of their own.
const FEW: usize = 16;

/// The jobs of a run that are pending and have wakers of their own; the few others are in the run's state.
pub(crate) type Many = Option<FuturesUnordered<Running>>;

/// Runs at most `limit` jobs as they become ready, on the caller's task.
pub(crate) fn poll(
    program: &Program,
    state: &mut State,
    many: &mut Many,
    context: &mut Context<'_>,
    limit: usize,
) -> Poll<Result<Progress, Stop>> {
    let at = Place::new(0);
    let is_watched = state.watch.is_some();
    let sweep = Sweep { program, plan: program.plan(), state, many, at: &at };
    let swept = caught(|| {
        Ok(if is_watched { sweep.run::<true>(context, limit) } else { sweep.run::<false>(context, limit) })
    });
    match swept {
        Ok(Ok(Poll::Pending)) => Poll::Pending,
        Ok(Ok(Poll::Ready(progress))) => Poll::Ready(Ok(progress)),
        Ok(Err(stop)) => Poll::Ready(Err(stop)),
        Err(panicked) => Poll::Ready(Err(Stop::at(program.plan(), at.get(), panicked))),
    }
}

/// A sweep of a run, with or without all that is done when a run is watched.
struct Sweep<'run> {
    program: &'run Program,
    plan: &'run Plan,
    state: &'run mut State,
    many: &'run mut Many,
    /// The cell whose job is at work, for who asks after a panic.
    at: &'run Place<usize>,
}

impl Sweep<'_> {
    fn run<const WATCHED: bool>(
        mut self,
        context: &mut Context<'_>,
        limit: usize,
    ) -> Result<Poll<Progress>, Stop> {
        self.state.begin_later();
        self.poll_few::<WATCHED>(context)?;
        let mut left = limit;
        while left > 0 && self.poll_many(context)? {
            left -= 1;
        }
        loop {
            while left > 0 {
                let next =
                    if WATCHED { self.state.next_step(self.program) } else { self.state.next_in_order() };
                let Some(step) = next else { break };
                self.begin::<WATCHED>(context, step)?;
                left -= 1;
            }
            if left == 0 {
                self.keep_few();
                return Ok(Poll::Ready(Progress::More));
            }
            if !self.poll_many(context)? {
                break;
            }
            left -= 1;
        }
        let is_idle =
            self.state.pending.is_empty() && self.many.as_ref().is_none_or(FuturesUnordered::is_empty);
        Ok(if is_idle { Poll::Ready(Progress::Ended) } else { Poll::Pending })
    }

    #[inline]
    fn begin<const WATCHED: bool>(&mut self, context: &mut Context<'_>, step: Step) -> Result<(), Stop> {
        let cell = step.position();
        self.at.set(cell);
        let body = self.program.body(step);
        if WATCHED {
            self.state.before(self.program, step)?;
        }
        let called = self.guarded::<WATCHED, _>(|sweep| sweep.state.call(body, sweep.plan, step));
        if called.is_err() || body.colour() == Colour::Sync {
            return self.ended::<WATCHED>(step, called);
        }
        match self.poll_task::<WATCHED>(context, cell) {
            Poll::Ready(outcome) => self.ended::<WATCHED>(step, outcome),
            Poll::Pending => {
                self.state.pending.push(cell);
                Ok(())
            }
        }
    }

    /// Polls the few pending jobs, once each.
    fn poll_few<const WATCHED: bool>(&mut self, context: &mut Context<'_>) -> Result<(), Stop> {
        let mut next = 0;
        while let Some(cell) = self.state.pending.get(next).copied() {
            self.at.set(cell);
            match self.poll_task::<WATCHED>(context, cell) {
                Poll::Ready(outcome) => {
                    self.state.pending.swap_remove(next);
                    match self.plan.step(cell) {
                        Some(step) => self.ended::<WATCHED>(step, outcome)?,
                        None => self.state.delivered(self.plan, cell, outcome)?,
                    }
                }
                Poll::Pending => next += 1,
            }
        }
        Ok(())
    }

    #[inline]
    fn poll_task<const WATCHED: bool>(
        &mut self,
        context: &mut Context<'_>,
        cell: usize,
    ) -> Poll<Result<(), NodeError>> {
        let polled = self.guarded::<WATCHED, _>(|sweep| {
            let task = sweep.state.tasks[cell].as_mut().expect("a job that has begun has its task here");
            Ok(task.poll_into(context, &mut sweep.state.cells[cell]))
        });
        polled.unwrap_or_else(|panicked| Poll::Ready(Err(panicked)))
    }

    /// Calls what may panic. Where the run ends with the first failure, the one guard around all is enough.
    #[inline]
    fn guarded<const WATCHED: bool, T>(
        &mut self,
        call: impl FnOnce(&mut Self) -> Result<T, NodeError>,
    ) -> Result<T, NodeError> {
        if WATCHED { caught(|| call(self)) } else { call(self) }
    }

    #[inline]
    fn ended<const WATCHED: bool>(&mut self, step: Step, outcome: Result<(), NodeError>) -> Result<(), Stop> {
        if WATCHED {
            return self.state.ended(self.plan, step, outcome);
        }
        if let Err(error) = outcome {
            return Err(Stop::node(step, error));
        }
        self.state.finished(self.plan, step);
        Ok(())
    }

    /// Gives wakers of their own to all but a few of the pending jobs, so that they are polled only when woken.
    fn keep_few(&mut self) {
        while self.state.pending.len() > FEW {
            let cell = self.state.pending.pop().expect("there are more than a few");
            let running = Running { run: 0, cell, task: self.state.tasks[cell].take() };
            self.many.get_or_insert_default().push(running);
        }
    }

    /// Polls the many pending jobs that were woken, until one is done; says whether one was.
    fn poll_many(&mut self, context: &mut Context<'_>) -> Result<bool, Stop> {
        self.keep_few();
        let Some(many) = self.many.as_mut() else { return Ok(false) };
        let Poll::Ready(Some(done)) = many.poll_next_unpin(context) else { return Ok(false) };
        self.at.set(done.cell);
        let Done { cell, mut task, outcome, .. } = done;
        if outcome.is_ok() {
            task.deliver(&mut self.state.cells[cell]);
            self.state.tasks[cell] = Some(task);
        }
        self.state.delivered(self.plan, cell, outcome)?;
        Ok(true)
    }
}
