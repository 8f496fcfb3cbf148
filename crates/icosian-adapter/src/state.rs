use std::task::{Context, Poll};

use icosian_core::node::{Args, Asyncness, Body, Port, Task};
use icosian_core::value::{Arena, Cell};
use icosian_core::{NodeError, RunContext};
use icosian_graph::{Plan, Step};

use crate::acceptance::Severity;
use crate::detached::{Detached, Outcome, StepResult};
use crate::executable::Executable;
use crate::hook::NodeOutcome;
use crate::lost_cells::LostCells;
use crate::panic_guard::{catch_panic, clear_guarded, drop_guarded, drop_values};
use crate::run_abort::{InnerAbort, RunAbort};
use crate::step_queue::{StepQueue, StepState};
use crate::watch::{Watch, mark_ready};

mod observed;

/// The state of one run. Later runs of the same executable reuse its memory.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) values: Arena,
    /// The tasks of async steps, kept from run to run, and of future inputs.
    pub(crate) tasks: Vec<Option<Box<dyn Task>>>,
    reads_left: Vec<u32>,
    steps: StepQueue,
    /// Set if the run counts reads and predecessors. A run in the plan's order does not.
    counts: bool,
    /// The number of steps that a run in the plan's order has ended.
    ended: u32,
    /// Set if the run polls futures.
    expects_tasks: bool,
    /// The future inputs whose jobs have not begun.
    later: Vec<usize>,
    /// The cells of the pending jobs whose tasks are in `tasks`.
    pub(crate) pending: Vec<usize>,
    /// Set if the next poll begins with the jobs that have separate wakers.
    pub(crate) polls_many_first: bool,
    /// The cell whose value is being dropped. After a panic it distinguishes a value's destructor from a body.
    dropping: Option<u32>,
    /// The cells that remain empty, if the run continues after a failure.
    pub(crate) lost: LostCells,
    /// The optional work beside the steps. It is last, so that it is dropped after all jobs.
    pub(crate) watch: Option<Box<Watch>>,
}

impl State {
    pub(crate) fn reset(&mut self, executable: &Executable) {
        if self.values.is_empty() {
            self.values = Arena::new(executable.layout());
            for (cell, constant) in executable.plan().constants() {
                self.values.set(cell, constant.cell());
            }
        }
        self.counts = false;
        self.ended = 0;
        self.expects_tasks = false;
        self.later.clear();
        self.pending.clear();
        self.polls_many_first = false;
        self.lost.reset(executable.acceptance());
    }

    /// Returns the work beside the steps, and adds it to a run that has none.
    pub(crate) fn watch(&mut self, executable: &Executable) -> &mut Watch {
        self.watch.get_or_insert_with(|| Box::new(Watch::new(executable, RunContext::new())))
    }

    pub(crate) fn set_context(&mut self, executable: &Executable, context: RunContext) {
        context.claim_id();
        if let Some(cell) = executable.context_cell() {
            self.values.set(cell, Cell::new(context.clone()));
        }
        self.watch(executable).watcher.set_context(context);
    }

    /// Begins to count reads and waits. The steps that the run has executed in order count as ended.
    pub(crate) fn count(&mut self, plan: &Plan) {
        if std::mem::replace(&mut self.counts, true) {
            return;
        }
        self.reads_left.clear();
        self.reads_left.extend_from_slice(plan.reads());
        self.steps.reset(plan);
        if self.expects_tasks {
            self.steps.start_early(plan);
        }
        for step in plan.steps().take(self.ended as usize) {
            for port in plan.ports(step).iter().filter(|port| port.counted) {
                self.reads_left[port.cell as usize] -= 1;
            }
            self.steps.begin(step);
            self.steps.release_followers(plan, step.position());
        }
    }

    /// Takes the next step of a run that executes its steps in the plan's order, because none is pending.
    #[inline]
    pub(crate) fn next_in_order(&self, plan: &Plan) -> Option<Step> {
        let next = Step::new(self.ended);
        (next.position() < plan.steps().len()).then_some(next)
    }

    /// Returns whether the run executes its steps in the plan's order.
    #[inline]
    pub(crate) fn is_in_order(&self) -> bool {
        !self.counts
    }

    /// Calls the body of the next step of a run in the plan's order, and polls its future once. An output that is ready is in the
    /// slot of `output`.
    #[inline]
    pub(crate) fn call_in_order(
        &mut self,
        executable: &Executable,
        step: Step,
        output: Step,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), NodeError>> {
        let mut args = Args::in_order(&mut self.values, executable.plan().ports(step), output.cell());
        executable.body(step).call_and_poll(&mut args, &mut self.tasks[step.position()], context)
    }

    /// Drops the values that end with a step of a run in the plan's order, whose output is in the slot of `output`.
    #[inline]
    pub(crate) fn finish_in_order(&mut self, plan: &Plan, step: Step, output: Step) {
        self.values.settle(output.position());
        for cell in plan.ends(step) {
            self.dropping = Some(*cell);
            self.values.clear(*cell as usize);
        }
        self.dropping = None;
        self.ended += 1;
    }

    /// Continues a run in the plan's order behind `step`, whose output exists.
    #[inline]
    pub(crate) fn skip_to(&mut self, step: Step) {
        self.ended = step.cell() + 1;
    }

    /// Continues with counts after the next step of a run in the plan's order became pending.
    #[cold]
    pub(crate) fn leave_order(&mut self, plan: &Plan, step: Step) {
        self.count(plan);
        self.steps.begin(step);
        self.pending.push(step.position());
    }

    /// Continues with counts as [`leave_order`](Self::leave_order) does, and returns the cell and the task of the step.
    #[cold]
    pub(crate) fn take_pending(&mut self, plan: &Plan, step: Step) -> (usize, Option<Box<dyn Task>>) {
        self.count(plan);
        self.steps.begin(step);
        (step.position(), self.tasks[step.position()].take())
    }

    /// Prepares the state for a run that polls futures.
    pub(crate) fn expect_tasks(&mut self, plan: &Plan) {
        self.tasks.resize_with(plan.cells(), || None);
        self.expects_tasks = true;
    }

    /// Executes a sync step of a run in the plan's order. Its output is in the slot of `output` afterwards.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn sweep(
        &mut self,
        body: &Body,
        output: Step,
        ports: &[Port],
        ends: &[u32],
    ) -> Result<(), NodeError> {
        let mut args = Args::in_order(&mut self.values, ports, output.cell());
        body.call_sync(&mut args).unwrap_or_else(|| Err(async_under_sync()))?;
        for cell in ends {
            self.dropping = Some(*cell);
            self.values.clear(*cell as usize);
        }
        self.dropping = None;
        Ok(())
    }

    /// Returns the abort of a run after a job failed at `cell`, or after a value panicked while it was dropped.
    #[cold]
    pub(crate) fn abort(&mut self, plan: &Plan, cell: usize, error: NodeError) -> RunAbort {
        match self.dropping.take() {
            None => RunAbort::at(plan, cell, error),
            Some(dropped) => RunAbort::drop_panicked(dropped as usize, &error),
        }
    }

    /// Checks that a sync step may start now.
    fn check(&self, executable: &Executable, step: Step) -> Result<(), RunAbort> {
        self.steps.check(step)?;
        match executable.body(step).asyncness() {
            Asyncness::Sync => Ok(()),
            Asyncness::Async => Err(RunAbort::node(step, async_under_sync())),
        }
    }

    /// Detaches a sync step and its arguments from the run.
    pub(crate) fn detach(
        &mut self,
        executable: &Executable,
        step: Step,
        run: u64,
    ) -> Result<Detached, RunAbort> {
        self.check(executable, step)?;
        let watch = self.watch.as_ref().map(|watch| watch.watcher.clone());
        let node = executable.plan().node(step);
        if let Some(missing) = self.lost.missing_source(executable.plan(), step) {
            self.skip(executable, step, missing);
            return Ok(Detached::skipped(run, step, node));
        }
        self.steps.begin(step);
        let read = executable.plan().ports(step);
        let mut values = Arena::with_slots(read.len() + 1);
        let mut ports = Vec::with_capacity(read.len());
        for (at, port) in read.iter().enumerate() {
            let from = port.cell as usize;
            // The value moves to its only reader left, which may move it further.
            let last = port.counted && self.reads_left[from] == 1;
            if last {
                values.move_from(at, &mut self.values, from);
            } else if let Some(shared) = self.values.share(from) {
                values.set(at, Cell::shared(shared));
            }
            ports.push(Port { last, ..Port::new(u32::try_from(at).unwrap_or(u32::MAX), port.way) });
        }
        Ok(Detached { run, step, node, watch, body: Some(executable.body(step).clone()), values, ports })
    }

    /// Applies the outcome of a detached step. Its hooks were called on the thread that ran it.
    pub(crate) fn attach(&mut self, plan: &Plan, mut result: StepResult) -> Result<(), RunAbort> {
        let step = result.step;
        match std::mem::replace(&mut result.outcome, Outcome::Skipped) {
            Outcome::Skipped => return self.watch.as_mut().map_or(Ok(()), |watch| watch.check_hooks()),
            Outcome::Aborted(abort) => return Err(abort),
            Outcome::Failed { error, hook } => {
                self.steps.finish_detached(step)?;
                // The step's arguments may panic when they are dropped. Only the step's own failure is reported.
                result.drop_values();
                return self.fail_step(plan, step, error, hook);
            }
            Outcome::TimedOut(limit) => {
                self.steps.finish_detached(step)?;
                let hook = self.call_hooks_after(step, &Err(NodeError::TimedOut(limit))).err();
                return self.fail_step(plan, step, NodeError::TimedOut(limit), hook);
            }
            Outcome::Succeeded => self.steps.finish_detached(step)?,
        }
        let mut ended = Ok(());
        let ports = plan.ports(step);
        for (at, port) in ports.iter().enumerate().take(result.values.len()) {
            let dropped = clear_guarded(&mut result.values, at);
            ended = ended.and(dropped.map_err(|error| RunAbort::drop_panicked(port.cell as usize, &error)));
        }
        if ports.len() < result.values.len() {
            self.values.move_from(step.position(), &mut result.values, ports.len());
        }
        self.succeed(plan, step, ended)
    }

    /// Continues after a step has failed and, perhaps, the hook that was called about it.
    fn fail_step(
        &mut self,
        plan: &Plan,
        step: Step,
        error: NodeError,
        hook: Option<RunAbort>,
    ) -> Result<(), RunAbort> {
        let Some(hook) = hook else { return self.fail(plan, step.position(), error) };
        if let Some(watch) = &mut self.watch {
            // Both are reported, the node's failure first.
            watch.failures.push(RunAbort::node(step, error));
        }
        Err(hook)
    }

    /// Executes a sync step of a run whose adapter decides the order.
    pub(crate) fn execute(&mut self, executable: &Executable, step: Step) -> Result<(), RunAbort> {
        self.check(executable, step)?;
        if let Some(missing) = self.lost.missing_source(executable.plan(), step) {
            self.skip(executable, step, missing);
            return Ok(());
        }
        self.before(executable, step)?;
        let called = self.record(step.position(), |state| {
            catch_panic(|| state.call(executable.body(step), executable.plan(), step))
        });
        self.end_step(executable.plan(), step, called)
    }

    /// Executes all steps of a watched run of sync steps, in the plan's order.
    pub(crate) fn execute_all(&mut self, executable: &Executable) -> Result<(), RunAbort> {
        self.count(executable.plan());
        while let Some(step) = self.next_step(executable) {
            self.execute(executable, step)?;
        }
        Ok(())
    }

    /// Begins a step: executes a sync step, or returns the task of an async step.
    pub(crate) fn begin(
        &mut self,
        executable: &Executable,
        step: Step,
    ) -> Result<Option<Box<dyn Task>>, RunAbort> {
        self.before(executable, step)?;
        let body = executable.body(step);
        let called =
            self.record(step.position(), |state| catch_panic(|| state.call(body, executable.plan(), step)));
        if body.asyncness() == Asyncness::Sync || called.is_err() {
            self.end_step(executable.plan(), step, called)?;
        }
        Ok(self.tasks[step.position()].take())
    }

    /// Calls the hooks before a step.
    ///
    /// # Errors
    /// A hook failed, or the run was cancelled.
    #[inline]
    pub(crate) fn before(&mut self, executable: &Executable, step: Step) -> Result<(), RunAbort> {
        match &mut self.watch {
            Some(watch) => watch.before(executable, step),
            None => Ok(()),
        }
    }

    /// Applies the outcome of a step, and calls the hooks after it.
    #[inline]
    pub(crate) fn end_step(
        &mut self,
        plan: &Plan,
        step: Step,
        outcome: Result<(), NodeError>,
    ) -> Result<(), RunAbort> {
        let (outcome, inner) = InnerAbort::split(outcome);
        let hook = if self.watch.is_some() { self.call_hooks_after(step, &outcome).err() } else { None };
        match (outcome, hook.or(inner)) {
            (Ok(()), None) => self.succeed(plan, step, Ok(())),
            (Ok(()), Some(hook)) => Err(hook),
            (Err(error), hook) => self.fail_step(plan, step, error, hook),
        }
    }

    /// Continues after a step whose output is stored. `dropped` is the panic of an argument that was dropped.
    fn succeed(&mut self, plan: &Plan, step: Step, dropped: Result<(), RunAbort>) -> Result<(), RunAbort> {
        let dropped = dropped.and(self.finish_guarded(plan, step));
        mark_ready(self.watch.as_deref(), plan, step.position());
        let Err(abort) = dropped else { return Ok(()) };
        match &mut self.watch {
            Some(watch) => watch.fail(abort, Severity::Fatal),
            None => Err(abort),
        }
    }

    /// Calls the hooks after a step.
    fn call_hooks_after(&mut self, step: Step, outcome: &Result<(), NodeError>) -> Result<(), RunAbort> {
        let Some(watch) = &self.watch else { return Ok(()) };
        match outcome {
            Ok(()) => watch.watcher.after(step, NodeOutcome::Succeeded, self.values.value(step.position())),
            Err(error) => watch.watcher.after(step, NodeOutcome::Failed(error), None),
        }
    }

    /// Handles the failure of a step or of a future input: the run ends, or continues without its dependents.
    #[cold]
    pub(crate) fn fail(&mut self, plan: &Plan, cell: usize, error: NodeError) -> Result<(), RunAbort> {
        let (error, accepted) = if self.lost.accepts_failures() {
            let (error, accepted) = error.share();
            (error, Some(accepted))
        } else {
            (error, None)
        };
        let abort = RunAbort::at(plan, cell, error);
        let Some(watch) = &mut self.watch else { return Err(abort) };
        let accepted = accepted.filter(|_| abort.is_acceptable());
        let severity = accepted.as_ref().map_or(Severity::Fatal, |_| self.lost.severity(cell));
        watch.fail(abort, severity)?;
        let failed = self.lost.fail(plan, cell, accepted);
        self.lose(plan, cell, failed);
        Ok(())
    }

    /// Drops the output and the task of a lost step or input, and the values whose last consumer was its step. `failed` is the value for the
    /// parameters that accept the failure.
    fn lose(&mut self, plan: &Plan, cell: usize, failed: Option<Cell>) {
        // The failure is reported already. A second panic, of a value that the failed node left behind, adds nothing.
        drop_guarded(self.values.take_cell(cell)).ok();
        drop_guarded(self.tasks.get_mut(cell).and_then(Option::take)).ok();
        if let Some(failed) = failed {
            self.values.set(cell, failed);
        }
        mark_ready(self.watch.as_deref(), plan, cell);
        let Some(step) = plan.step(cell) else { return self.steps.release_followers(plan, cell) };
        let read = self.finish_guarded(plan, step);
        if let (Err(abort), Some(watch)) = (read, &mut self.watch) {
            watch.fail_later(abort);
        }
    }

    /// Skips a step that needs the lost value of the cell `missing`.
    #[cold]
    fn skip(&mut self, executable: &Executable, step: Step, missing: usize) {
        self.steps.begin(step);
        let failed = self.lost.skip(executable.plan(), step, missing);
        self.lose(executable.plan(), step.position(), failed);
        if let Some(watch) = &mut self.watch {
            watch.skip(executable, step);
        }
    }

    /// Calls a body; the future of an async one is then in its task.
    #[inline]
    pub(crate) fn call(&mut self, body: &Body, plan: &Plan, step: Step) -> Result<(), NodeError> {
        self.steps.begin(step);
        let mut args = Args::new(&mut self.values, plan.ports(step), &self.reads_left, step.cell());
        match self.tasks.get_mut(step.position()) {
            Some(task) => body.call(&mut args, task),
            None => body.call(&mut args, &mut None),
        }
    }

    /// Calls a body, and polls the future of an async one once.
    #[inline]
    pub(crate) fn call_and_poll(
        &mut self,
        body: &Body,
        plan: &Plan,
        step: Step,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), NodeError>> {
        self.steps.begin(step);
        let mut args = Args::new(&mut self.values, plan.ports(step), &self.reads_left, step.cell());
        body.call_and_poll(&mut args, &mut self.tasks[step.position()], context)
    }

    /// Applies the outcome of a task, and keeps its memory.
    pub(crate) fn deliver(
        &mut self,
        plan: &Plan,
        cell: usize,
        mut task: Box<dyn Task>,
        outcome: Result<(), NodeError>,
    ) -> Result<(), RunAbort> {
        let is_free = self.tasks.get(cell).is_some_and(Option::is_none);
        if !is_free || self.steps.state(cell).is_some_and(|state| state != StepState::Begun) {
            return Err(RunAbort::adapter("it returned a job that this run had not started"));
        }
        if outcome.is_ok() {
            task.deliver(self.values.slot(cell));
            self.tasks[cell] = Some(task);
        } else {
            drop_guarded(task).ok();
        }
        self.accept(plan, cell, outcome)
    }

    /// Applies the outcome of a step or of a future input.
    #[inline]
    pub(crate) fn accept(
        &mut self,
        plan: &Plan,
        cell: usize,
        outcome: Result<(), NodeError>,
    ) -> Result<(), RunAbort> {
        if let Some(step) = plan.step(cell) {
            return self.end_step(plan, step, outcome);
        }
        self.tasks[cell] = None;
        match outcome {
            Ok(()) => {
                self.steps.release_followers(plan, cell);
                mark_ready(self.watch.as_deref(), plan, cell);
                Ok(())
            }
            Err(error) => self.fail(plan, cell, error),
        }
    }

    /// Counts the reads of a finish step, drops values after their last read, and finds the steps that are ready now.
    #[inline]
    pub(crate) fn finish(&mut self, plan: &Plan, step: Step) {
        self.values.settle(step.position());
        for port in plan.ports(step).iter().filter(|port| port.counted) {
            let cell = port.cell as usize;
            self.reads_left[cell] -= 1;
            if self.reads_left[cell] == 0 {
                self.dropping = Some(port.cell);
                self.values.clear(cell);
                self.dropping = None;
            }
        }
        self.steps.release_followers(plan, step.position());
    }

    /// Does what [`finish`](Self::finish) does, and continues after a value that panics while it is dropped.
    fn finish_guarded(&mut self, plan: &Plan, step: Step) -> Result<(), RunAbort> {
        self.values.settle(step.position());
        let mut ended = Ok(());
        for port in plan.ports(step).iter().filter(|port| port.counted) {
            let cell = port.cell as usize;
            self.reads_left[cell] -= 1;
            if self.reads_left[cell] == 0 {
                let cleared = clear_guarded(&mut self.values, cell);
                ended = ended.and(cleared.map_err(|error| RunAbort::drop_panicked(cell, &error)));
            }
        }
        self.steps.release_followers(plan, step.position());
        ended
    }

    /// Registers an input that is a future.
    pub(crate) fn fill_later(&mut self, plan: &Plan, cell: usize, task: Box<dyn Task>) {
        self.steps.add_wait(plan, cell);
        self.tasks[cell] = Some(task);
        self.later.push(cell);
    }

    /// Takes a future input whose job has not begun.
    pub(crate) fn next_input(&mut self) -> Option<(usize, Box<dyn Task>)> {
        let cell = self.later.pop()?;
        self.tasks[cell].take().map(|task| (cell, task))
    }

    /// Makes the jobs of all future inputs pending.
    pub(crate) fn begin_later(&mut self) {
        self.pending.append(&mut self.later);
    }

    /// Takes a step that can begin now.
    #[inline]
    pub(crate) fn next_step(&mut self, executable: &Executable) -> Option<Step> {
        loop {
            let step = self.next_ready()?;
            let Some(missing) = self.lost.missing_source(executable.plan(), step) else { return Some(step) };
            self.skip(executable, step, missing);
        }
    }

    /// Takes a step that can begin now, even if it reads a lost cell.
    #[inline]
    pub(crate) fn next_ready(&mut self) -> Option<Step> {
        self.steps.next()
    }
}

fn async_under_sync() -> NodeError {
    NodeError::failed("it is async, but the adapter runs only sync nodes")
}

/// Drops the values and futures of an abandoned run. Their panics are ignored.
impl Drop for State {
    fn drop(&mut self) {
        for task in self.tasks.drain(..) {
            drop_guarded(task).ok();
        }
        drop_values(&mut self.values);
    }
}
