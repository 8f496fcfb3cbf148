//! Runs all steps on the caller's thread: sync steps in the plan's order, or jobs as their futures allow.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use futures::future::FutureExt;
use futures::stream::{FuturesUnordered, StreamExt};
use icosian_core::NodeError;
use icosian_core::node::Asyncness;
use icosian_core::run::Attempts;
use icosian_graph::{Plan, Step};

use crate::budget::{Budget, BudgetTurn};
use crate::executable::Executable;
use crate::in_place_checks::InPlaceChecks;
use crate::job::{JobHandle, JobResult, Progress};
use crate::panic_guard::catch_panic;
use crate::poll_limits::PollLimits;
use crate::run_abort::RunAbort;
use crate::state::State;

/// Executes all steps of a run of sync steps, in the plan's order.
pub(crate) fn execute_in_order(executable: &Executable, state: &mut State) -> Result<(), RunAbort> {
    if let Some(context) = state.context() {
        return Attempts::under(Some(&context), || state.execute_all(executable));
    }
    // One guard against panics for all steps costs less than one for each.
    let at = Cell::new(Step::new(0));
    let ran = Attempts::under(None, || match executable.in_place_checks() {
        None => catch_panic(|| {
            for (body, (step, ports, ends)) in executable.bodies().iter().zip(executable.plan().sweep()) {
                at.set(step);
                state.sweep(body, step, ports, ends)?;
            }
            Ok(())
        }),
        Some(checks) => catch_panic(|| sweep_with_checks(executable, state, checks, &at)),
    });
    ran.map_err(|error| state.abort(executable.plan(), at.get().position(), error))
}

/// Executes all steps of a run of sync steps, some of which have outputs that are checked in place.
fn sweep_with_checks(
    executable: &Executable,
    state: &mut State,
    checks: &InPlaceChecks,
    at: &Cell<Step>,
) -> Result<(), NodeError> {
    let (plan, mut next) = (executable.plan(), Step::new(0));
    while next.position() < plan.steps().len() {
        let step = next;
        at.set(step);
        let checked = checks.of(step);
        let output = checked.map_or(step, |checked| checked.end);
        state.sweep(executable.body(step), output, plan.ports(step), plan.ends(step))?;
        let bodies = executable.bodies();
        let passed =
            checked.filter(|checked| checked.validate(bodies, &mut state.values, |step| at.set(step)));
        next = Step::new(passed.map_or(step, |checked| checked.end).cell() + 1);
    }
    Ok(())
}

/// The number of pending jobs that are polled whenever the run is. Further jobs have separate wakers.
const FEW: usize = 16;

/// The pending jobs with separate wakers. The tasks of the other pending jobs are in the run's state.
pub(crate) type Many = Option<Woken>;

/// Jobs that are polled only when they are woken.
pub(crate) struct Woken {
    jobs: FuturesUnordered<WokenJob>,
    /// The budget that the jobs share, where the runtime has one.
    budget: Option<Budget>,
}

struct WokenJob {
    running: JobHandle,
    turn: Option<BudgetTurn>,
}

impl Future for WokenJob {
    type Output = JobResult;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<JobResult> {
        let Self { running, turn } = &mut *self;
        match turn {
            Some(turn) => turn.poll(Pin::new(running), context),
            None => running.poll_unpin(context),
        }
    }
}

/// Polls the jobs of a run on the caller's task, and begins the ready ones.
pub(crate) fn poll(
    executable: &Executable,
    state: &mut State,
    many: &mut Many,
    context: &mut Context<'_>,
    limits: &PollLimits,
) -> Poll<Result<Progress, RunAbort>> {
    let at = Cell::new(0);
    let is_watched = state.watch.is_some();
    let run_context = state.context();
    let sweep = Sweep {
        executable,
        plan: executable.plan(),
        state: &mut *state,
        many,
        at: &at,
        limits,
        exhausted_at: None,
        began: None,
    };
    let swept = Attempts::under(run_context.as_ref(), || {
        catch_panic(|| Ok(if is_watched { sweep.run::<true>(context) } else { sweep.run::<false>(context) }))
    });
    match swept {
        Ok(Ok(Poll::Pending)) => Poll::Pending,
        Ok(Ok(Poll::Ready(progress))) => Poll::Ready(Ok(progress)),
        Ok(Err(abort)) => Poll::Ready(Err(abort)),
        Err(panicked) => Poll::Ready(Err(state.abort(executable.plan(), at.get(), panicked))),
    }
}

/// One poll of a run's jobs, with or without the work beside the steps of a watched run.
///
/// All jobs share the budget that the runtime gives the task for one poll. When a job uses it up:
///
/// 1. `exhausted_at` is the position behind that job among the few. No pending job is polled after it.
/// 2. Ready steps still begin, so that sync steps run and futures exist.
/// 3. The few rotate, so that the next poll begins with the jobs that found no budget. If the few used it up, the many come
///    first in the next poll; if the many did, the few do.
/// 4. The poll returns [`Progress::Yield`], because a starved job may have no other waker.
struct Sweep<'run> {
    executable: &'run Executable,
    plan: &'run Plan,
    state: &'run mut State,
    many: &'run mut Many,
    /// The cell of the job that is running, to attribute a panic.
    at: &'run Cell<usize>,
    limits: &'run PollLimits,
    /// The number of the few that come after the starved ones in the next poll, once the budget is used up.
    exhausted_at: Option<usize>,
    /// The start of the first sync step that ran while a job was pending.
    began: Option<Instant>,
}

impl Sweep<'_> {
    fn run<const WATCHED: bool>(mut self, context: &mut Context<'_>) -> Result<Poll<Progress>, RunAbort> {
        let mut left = self.limits.jobs;
        // A watched run counts, so it leaves the plan's order.
        if self.state.is_in_order() && !WATCHED {
            if let Some(progress) = self.run_in_order(context, &mut left)? {
                return Ok(Poll::Ready(progress));
            }
            // The only pending job was polled just now.
        } else {
            self.state.count(self.plan);
            self.poll_pending::<WATCHED>(context, &mut left)?;
        }
        loop {
            while left > 0 {
                let next =
                    if WATCHED { self.state.next_step(self.executable) } else { self.state.next_ready() };
                let Some(step) = next else { break };
                left -= 1;
                if self.delays_pending(step) {
                    self.began.get_or_insert_with(Instant::now);
                    self.begin::<WATCHED>(context, step)?;
                    if self.is_over_time() {
                        return Ok(Poll::Ready(self.starve(Progress::Yield)));
                    }
                } else {
                    self.begin::<WATCHED>(context, step)?;
                }
            }
            if left == 0 {
                self.keep_few();
                return Ok(Poll::Ready(self.starve(Progress::More)));
            }
            if !self.poll_many(context)? {
                break;
            }
            left -= 1;
        }
        if self.exhausted_at.is_some() && self.has_pending() {
            return Ok(Poll::Ready(self.starve(Progress::Yield)));
        }
        Ok(if self.has_pending() { Poll::Pending } else { Poll::Ready(Progress::Ended) })
    }

    /// Executes steps in the plan's order, until a future is pending. Returns the progress if none is.
    ///
    /// While no step is pending, all earlier steps have ended, so nothing has to be counted.
    fn run_in_order(
        &mut self,
        context: &mut Context<'_>,
        left: &mut usize,
    ) -> Result<Option<Progress>, RunAbort> {
        while let Some(step) = self.state.next_in_order(self.plan) {
            if *left == 0 {
                return Ok(Some(Progress::More));
            }
            *left -= 1;
            let cell = step.position();
            self.at.set(cell);
            let checked = self.executable.in_place_checks().and_then(|checks| checks.of(step));
            let output = checked.map_or(step, |checked| checked.end);
            match self.state.call_in_order(self.executable, step, output, context) {
                Poll::Ready(outcome) => outcome.map_err(|error| RunAbort::node(step, error))?,
                Poll::Pending => {
                    self.state.leave_order(self.plan, step);
                    self.note_budget(1);
                    return Ok(None);
                }
            }
            self.state.finish_in_order(self.plan, step, output);
            let (bodies, values) = (self.executable.bodies(), &mut self.state.values);
            if let Some(checked) = checked
                && checked.validate(bodies, values, |check| self.at.set(check.position()))
            {
                self.state.skip_to(checked.end);
            }
        }
        Ok(Some(Progress::Ended))
    }

    /// Polls the pending jobs.
    fn poll_pending<const WATCHED: bool>(
        &mut self,
        context: &mut Context<'_>,
        left: &mut usize,
    ) -> Result<(), RunAbort> {
        self.state.begin_later();
        if std::mem::take(&mut self.state.polls_many_first) {
            self.poll_all_many(context, left)?;
            self.poll_few::<WATCHED>(context)
        } else {
            self.poll_few::<WATCHED>(context)?;
            self.poll_all_many(context, left)
        }
    }

    fn has_many(&self) -> bool {
        self.many.as_ref().is_some_and(|many| !many.jobs.is_empty())
    }

    fn has_pending(&self) -> bool {
        !self.state.pending.is_empty() || self.has_many()
    }

    /// Returns whether pending jobs wait while a step runs.
    fn delays_pending(&self, step: Step) -> bool {
        self.limits.time.is_some()
            && self.has_pending()
            && self.executable.body(step).asyncness() == Asyncness::Sync
    }

    fn is_over_time(&self) -> bool {
        let began = self.began.zip(self.limits.time);
        began.is_some_and(|(began, time)| began.elapsed() > time)
    }

    /// Orders the pending jobs so that the next poll begins with the starved ones.
    fn starve(&mut self, progress: Progress) -> Progress {
        let Some(polled) = self.exhausted_at else { return progress };
        let few = &mut self.state.pending;
        let polled = polled.min(few.len());
        few.rotate_left(polled);
        Progress::Yield
    }

    /// Ends the polls of pending jobs when the budget is used up, after `polled` of the few.
    fn note_budget(&mut self, polled: usize) -> bool {
        if self.exhausted_at.is_none() && self.limits.is_exhausted() {
            self.exhausted_at = Some(polled);
            self.state.polls_many_first = self.has_many();
        }
        self.exhausted_at.is_some()
    }

    #[inline]
    fn begin<const WATCHED: bool>(&mut self, context: &mut Context<'_>, step: Step) -> Result<(), RunAbort> {
        let cell = step.position();
        self.at.set(cell);
        let body = self.executable.body(step);
        if WATCHED {
            self.state.before(self.executable, step)?;
        }
        let called =
            self.guard::<WATCHED, _>(|sweep| Ok(sweep.state.call_and_poll(body, sweep.plan, step, context)));
        match called.unwrap_or_else(|panicked| Poll::Ready(Err(panicked))) {
            Poll::Ready(outcome) => self.end_step::<WATCHED>(step, outcome),
            Poll::Pending => {
                self.state.pending.push(cell);
                self.note_budget(self.state.pending.len());
                Ok(())
            }
        }
    }

    /// Polls the few pending jobs once each, while there is budget.
    fn poll_few<const WATCHED: bool>(&mut self, context: &mut Context<'_>) -> Result<(), RunAbort> {
        if self.exhausted_at.is_some() {
            return Ok(());
        }
        if self.limits.has_budget.is_none() && self.state.pending.len() > 1 {
            // Without a view of the budget, each job comes first in turn.
            self.state.pending.rotate_left(1);
        }
        let mut next = 0;
        while let Some(cell) = self.state.pending.get(next).copied() {
            self.at.set(cell);
            match self.poll_task::<WATCHED>(context, cell) {
                Poll::Ready(outcome) => {
                    self.state.pending.swap_remove(next);
                    match self.plan.step(cell) {
                        Some(step) => self.end_step::<WATCHED>(step, outcome)?,
                        None => self.state.accept(self.plan, cell, outcome)?,
                    }
                }
                Poll::Pending => {
                    next += 1;
                    if self.note_budget(next) {
                        break;
                    }
                }
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
        let polled = self.guard::<WATCHED, _>(|sweep| {
            let task = sweep.state.tasks[cell].as_mut().expect("a job that has begun has its task here");
            Ok(task.poll_into(context, sweep.state.values.slot(cell)))
        });
        polled.unwrap_or_else(|panicked| Poll::Ready(Err(panicked)))
    }

    /// Calls a function under a panic guard. If the run ends with the first failure, the guard around the poll is enough.
    #[inline]
    fn guard<const WATCHED: bool, T>(
        &mut self,
        call: impl FnOnce(&mut Self) -> Result<T, NodeError>,
    ) -> Result<T, NodeError> {
        if !WATCHED {
            return call(self);
        }
        if !self.state.has_hooks() {
            return catch_panic(|| call(self));
        }
        let span = self.state.span(self.at.get());
        let (outcome, attempts) = Attempts::record(|| catch_panic(|| span.in_scope(|| call(self))));
        self.state.keep_attempts(self.at.get(), attempts);
        outcome
    }

    #[inline]
    fn end_step<const WATCHED: bool>(
        &mut self,
        step: Step,
        outcome: Result<(), NodeError>,
    ) -> Result<(), RunAbort> {
        if WATCHED {
            return self.state.end_step(self.plan, step, outcome);
        }
        if let Err(error) = outcome {
            return Err(RunAbort::node(step, error));
        }
        self.state.finish(self.plan, step);
        Ok(())
    }

    /// Gives separate wakers to all but a few of the pending jobs.
    fn keep_few(&mut self) {
        while self.state.pending.len() > FEW {
            let cell = self.state.pending.pop().expect("there are more than a few");
            let task = self.state.tasks[cell].take();
            let running = JobHandle { run: 0, cell, task, watcher: self.state.watcher() };
            let has_budget = self.limits.has_budget;
            let many = self.many.get_or_insert_with(|| Woken {
                jobs: FuturesUnordered::new(),
                budget: has_budget.map(Budget::new),
            });
            let turn = many.budget.as_ref().map(Budget::turn);
            many.jobs.push(WokenJob { running, turn });
        }
    }

    /// Polls the woken ones of the many pending jobs, until none is done or `left` are.
    fn poll_all_many(&mut self, context: &mut Context<'_>, left: &mut usize) -> Result<(), RunAbort> {
        while *left > 0 && self.poll_many(context)? {
            *left -= 1;
        }
        Ok(())
    }

    /// Polls the woken ones of the many pending jobs until one is done; returns whether one is.
    fn poll_many(&mut self, context: &mut Context<'_>) -> Result<bool, RunAbort> {
        if self.exhausted_at.is_some() {
            return Ok(false);
        }
        self.keep_few();
        let Some(many) = self.many.as_mut() else { return Ok(false) };
        let Poll::Ready(Some(done)) = many.jobs.poll_next_unpin(context) else {
            if self.note_budget(0) {
                self.state.polls_many_first = false;
            }
            return Ok(false);
        };
        self.at.set(done.cell);
        let JobResult { cell, mut task, outcome, .. } = done;
        if outcome.is_ok() {
            task.deliver(self.state.values.slot(cell));
            self.state.tasks[cell] = Some(task);
        }
        self.state.accept(self.plan, cell, outcome)?;
        Ok(true)
    }
}
