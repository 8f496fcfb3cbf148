use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

use icosian_core::{Args, Attempts, Body, Cell, Colour, NodeError, Port, RunContext, Task};
use icosian_graph::{Plan, Step};

use crate::detached::Outcome;
use crate::hook::NodeOutcome;
use crate::watch::{Watch, Watcher};
use crate::{Detached, Executed, Program, Stop};

/// The state of one run. Later runs of the same program reuse its memory.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) cells: Vec<Cell>,
    /// The tasks of async steps, kept from run to run, and of inputs that are still to come.
    pub(crate) tasks: Vec<Option<Box<dyn Task>>>,
    reads_left: Vec<u32>,
    waits_left: Vec<u32>,
    /// Whether the reads and waits of this run are counted: a run in the plan's order need not.
    counts: bool,
    /// The inputs that are still to come and have not begun.
    later: Vec<usize>,
    /// The cells of the jobs that are pending and whose tasks are here.
    pub(crate) pending: Vec<usize>,
    /// Whether the next poll begins with the jobs that have wakers of their own.
    pub(crate) polls_many_first: bool,
    /// The steps that start early and are ready, in the order in which they became ready.
    early: VecDeque<Step>,
    /// Whether early steps start before all others.
    starts_early: bool,
    /// The steps that became ready after the sweep had passed them.
    ready: Vec<Step>,
    /// The first step that the sweep has not come to.
    next: u32,
    /// The cell whose value is being dropped, while it is. After a panic it separates a value's drop from a body.
    dropping: Option<u32>,
    /// The cells whose values will never come, when the run goes on after a failure; empty before the first.
    lost: Vec<bool>,
    /// What is done beside the steps, if somebody asked for it. Last, so that it is dropped after all that runs.
    pub(crate) watch: Option<Box<Watch>>,
}

/// Stands for the waits of a step that has begun.
const BEGUN: u32 = u32::MAX;

/// Stands for the waits of a detached step that has come back.
const BACK: u32 = u32::MAX - 1;

/// Stands for the waits of an early step that was taken and has not begun.
const TAKEN: u32 = u32::MAX - 2;

impl State {
    pub(crate) fn reset(&mut self, plan: &Plan) {
        if self.cells.is_empty() {
            self.cells.resize_with(plan.cells(), Cell::default);
            for (cell, constant) in plan.constants() {
                self.cells[cell] = constant.cell();
            }
        }
        self.counts = false;
    }

    /// Returns what is done beside the steps.
    pub(crate) fn watch(&mut self, program: &Program) -> &mut Watch {
        self.watch.get_or_insert_with(|| Box::new(Watch::new(program, RunContext::new())))
    }

    pub(crate) fn set_context(&mut self, program: &Program, context: RunContext) {
        if let Some(cell) = program.context_cell() {
            self.cells[cell] = Cell::new(context.clone());
        }
        self.watch(program).watcher.context = context;
    }

    /// Returns the run's context, if the run is watched.
    pub(crate) fn context(&self) -> Option<RunContext> {
        self.watch.as_ref().map(|watch| watch.watcher.context.clone())
    }

    /// Returns a copy of what watches the run, for a job that is polled elsewhere.
    pub(crate) fn watcher(&self) -> Option<Box<Watcher>> {
        self.watch.as_ref().map(|watch| Box::new(watch.watcher.clone()))
    }

    /// Calls a body, or polls its task, and keeps the reports of the decorators around it if there are hooks.
    #[inline]
    pub(crate) fn record<T>(&mut self, cell: usize, call: impl FnOnce(&mut Self) -> T) -> T {
        if !self.has_hooks() {
            return call(self);
        }
        let (output, attempts) = Attempts::record(|| call(self));
        self.keep_attempts(cell, attempts);
        output
    }

    /// Returns whether any hook observes the run.
    pub(crate) fn has_hooks(&self) -> bool {
        self.watch.as_ref().is_some_and(|watch| watch.watcher.has_hooks())
    }

    /// Keeps the reports of the decorators around a body until hooks see its end.
    pub(crate) fn keep_attempts(&self, cell: usize, attempts: Attempts) {
        if let Some(watch) = &self.watch {
            watch.watcher.record(cell, attempts);
        }
    }

    /// Begins to count reads and waits.
    pub(crate) fn count(&mut self, plan: &Plan) {
        if std::mem::replace(&mut self.counts, true) {
            return;
        }
        self.reads_left.clear();
        self.reads_left.extend_from_slice(plan.reads());
        self.waits_left.clear();
        self.waits_left.extend_from_slice(plan.waits());
        self.later.clear();
        self.pending.clear();
        self.polls_many_first = false;
        self.early.clear();
        self.starts_early = false;
        self.ready.clear();
        self.lost.clear();
        self.next = 0;
    }

    /// Prepares the state for a run that polls futures.
    pub(crate) fn expect_tasks(&mut self, plan: &Plan) {
        self.tasks.resize_with(plan.cells(), || None);
        self.early.extend(plan.early_roots());
        self.starts_early = true;
    }

    /// Executes a sync step of a run in the plan's order.
    #[inline]
    pub(crate) fn sweep(&mut self, program: &Program, step: Step) -> Result<(), NodeError> {
        let plan = program.plan();
        let mut task = None;
        let mut args = Args::in_order(&mut self.cells, plan.ports(step), step.cell());
        program.body(step).call(&mut args, &mut task)?;
        if task.is_some() {
            return Err(async_under_sync());
        }
        for cell in plan.ends(step) {
            self.dropping = Some(*cell);
            self.cells[*cell as usize].clear();
        }
        self.dropping = None;
        Ok(())
    }

    /// Returns why a run stopped whose job at `cell` failed, or dropped a value that panicked.
    #[cold]
    pub(crate) fn stop(&mut self, plan: &Plan, cell: usize, error: NodeError) -> Stop {
        match self.dropping.take() {
            None => Stop::at(plan, cell, error),
            Some(dropped) => Stop::drop_panicked(dropped as usize, &error),
        }
    }

    /// Checks that a sync step may start now.
    fn check(&self, program: &Program, step: Step) -> Result<(), Stop> {
        match self.waits_left[step.position()] {
            0 | TAKEN => {}
            BEGUN | BACK => return Err(Stop::adapter(format!("it executed step {} twice", step.position()))),
            _ => {
                let early = format!("it executed step {} before all that it reads", step.position());
                return Err(Stop::adapter(early));
            }
        }
        match program.body(step).colour() {
            Colour::Sync => Ok(()),
            Colour::Async => Err(Stop::node(step, async_under_sync())),
        }
    }

    /// Takes a sync step out of the run, with all that it reads.
    pub(crate) fn detach(&mut self, program: &Program, step: Step, run: u64) -> Result<Detached, Stop> {
        self.check(program, step)?;
        let watch = self.watch.as_ref().map(|watch| watch.watcher.clone());
        let node = program.plan().node(step);
        if self.is_lost(program.plan(), step) {
            self.skip(program, step);
            return Ok(Detached::skipped(run, step, node));
        }
        self.waits_left[step.position()] = BEGUN;
        let read = program.plan().ports(step);
        let mut cells = Vec::with_capacity(read.len() + 1);
        let mut ports = Vec::with_capacity(read.len());
        for (cell, port) in (0..).zip(read) {
            let from = &mut self.cells[port.cell as usize];
            // The only reader left takes the cell itself, so that it may move the value.
            let last = port.counted && self.reads_left[port.cell as usize] == 1;
            cells.push(if last {
                std::mem::take(from)
            } else {
                from.share().map(Cell::shared).unwrap_or_default()
            });
            ports.push(Port { last, ..Port::new(cell, port.way) });
        }
        cells.push(std::mem::take(&mut self.cells[step.position()]));
        Ok(Detached { run, step, node, watch, body: Some(program.body(step).clone()), cells, ports })
    }

    /// Applies the outcome of a detached step. Its hooks were called on the thread that ran it.
    pub(crate) fn attach(&mut self, plan: &Plan, mut executed: Executed) -> Result<(), Stop> {
        let step = executed.step;
        match std::mem::replace(&mut executed.outcome, Outcome::Skipped) {
            Outcome::Skipped => return self.watch.as_mut().map_or(Ok(()), |watch| watch.broken()),
            Outcome::Stopped(stop) => return Err(stop),
            _ if self.waits_left[step.position()] != BEGUN => {
                return Err(Stop::adapter(format!("it handed back step {} twice", step.position())));
            }
            Outcome::Failed { error, hook } => {
                self.waits_left[step.position()] = BACK;
                // The step's arguments may panic when they are dropped. Only the step's own failure is reported.
                executed.let_go();
                return self.lost_by(plan, step, error, hook);
            }
            Outcome::TimedOut(limit) => {
                self.waits_left[step.position()] = BACK;
                let hook = self.told(step, &Err(NodeError::TimedOut(limit))).err();
                return self.lost_by(plan, step, NodeError::TimedOut(limit), hook);
            }
            Outcome::Done => {}
        }
        self.waits_left[step.position()] = BACK;
        let mut cells = std::mem::take(&mut executed.cells);
        if let Some(output) = cells.pop() {
            self.cells[step.position()] = output;
        }
        let mut ended = Ok(());
        for (cell, port) in cells.into_iter().zip(plan.ports(step)) {
            // Taken cells come back for their memory. Shared values end here.
            let to = &mut self.cells[port.cell as usize];
            if port.counted && self.reads_left[port.cell as usize] == 1 {
                *to = cell;
            } else {
                let dropped = dropped(cell);
                ended = ended.and(dropped.map_err(|error| Stop::drop_panicked(port.cell as usize, &error)));
            }
        }
        self.ended_well(plan, step, ended)
    }

    /// Continues after a step has failed and, perhaps, the hook that was called about it.
    fn lost_by(&mut self, plan: &Plan, step: Step, error: NodeError, hook: Option<Stop>) -> Result<(), Stop> {
        let Some(hook) = hook else { return self.failed(plan, step.position(), error) };
        if let Some(watch) = &mut self.watch {
            // Both are reported, the node's failure first.
            watch.failures.push(Stop::node(step, error));
        }
        Err(hook)
    }

    /// Runs a sync step of a run whose adapter has an order of its own.
    pub(crate) fn execute(&mut self, program: &Program, step: Step) -> Result<(), Stop> {
        self.check(program, step)?;
        if self.is_lost(program.plan(), step) {
            self.skip(program, step);
            return Ok(());
        }
        self.before(program, step)?;
        let called = self
            .record(step.position(), |state| caught(|| state.call(program.body(step), program.plan(), step)));
        self.ended(program.plan(), step, called)
    }

    /// Runs all steps, which are sync, in the plan's order, and does beside them what somebody asked for.
    pub(crate) fn execute_all(&mut self, program: &Program) -> Result<(), Stop> {
        self.count(program.plan());
        while let Some(step) = self.next_step(program) {
            self.execute(program, step)?;
        }
        Ok(())
    }

    /// Begins a step: a sync one is done then, the task of an async one is returned.
    pub(crate) fn begin(&mut self, program: &Program, step: Step) -> Result<Option<Box<dyn Task>>, Stop> {
        self.before(program, step)?;
        let body = program.body(step);
        let called = self.record(step.position(), |state| caught(|| state.call(body, program.plan(), step)));
        if body.colour() == Colour::Sync || called.is_err() {
            self.ended(program.plan(), step, called)?;
        }
        Ok(self.tasks[step.position()].take())
    }

    /// Says whether a step may begin, and tells hooks that it does.
    #[inline]
    pub(crate) fn before(&mut self, program: &Program, step: Step) -> Result<(), Stop> {
        match &mut self.watch {
            Some(watch) => watch.before(program, step),
            None => Ok(()),
        }
    }

    /// Goes on after a step has ended, well or not.
    #[inline]
    pub(crate) fn ended(
        &mut self,
        plan: &Plan,
        step: Step,
        outcome: Result<(), NodeError>,
    ) -> Result<(), Stop> {
        if self.watch.is_some()
            && let Err(hook) = self.told(step, &outcome)
        {
            return match outcome {
                Ok(()) => Err(hook),
                Err(error) => self.lost_by(plan, step, error, Some(hook)),
            };
        }
        match outcome {
            Ok(()) => self.ended_well(plan, step, Ok(())),
            Err(error) => self.failed(plan, step.position(), error),
        }
    }

    /// Continues after a step whose output is stored. `dropped` is the panic of an argument that was dropped.
    fn ended_well(&mut self, plan: &Plan, step: Step, dropped: Result<(), Stop>) -> Result<(), Stop> {
        let dropped = dropped.and(self.finished_guarded(plan, step));
        let Err(stop) = dropped else { return Ok(()) };
        match &mut self.watch {
            Some(watch) => watch.failed(stop),
            None => Err(stop),
        }
    }

    /// Tells hooks that a step has ended.
    fn told(&mut self, step: Step, outcome: &Result<(), NodeError>) -> Result<(), Stop> {
        let Some(watch) = &self.watch else { return Ok(()) };
        match outcome {
            Ok(()) => watch.watcher.after(step, NodeOutcome::Succeeded, Some(&self.cells[step.position()])),
            Err(error) => watch.watcher.after(step, NodeOutcome::Failed(error), None),
        }
    }

    /// Handles the failure of a step or of a future input: the run ends, or continues without its dependents.
    #[cold]
    pub(crate) fn failed(&mut self, plan: &Plan, cell: usize, error: NodeError) -> Result<(), Stop> {
        let stop = Stop::at(plan, cell, error);
        let Some(watch) = &mut self.watch else { return Err(stop) };
        watch.failed(stop)?;
        self.lose(plan, cell);
        Ok(())
    }

    /// Marks the value of `cell` as lost, and drops the values whose last consumer was its step.
    fn lose(&mut self, plan: &Plan, cell: usize) {
        self.lost.resize(plan.cells(), false);
        self.lost[cell] = true;
        // The failure is reported already. A second panic, of what the failed node left behind, adds nothing.
        dropped(std::mem::take(&mut self.cells[cell])).ok();
        dropped(self.tasks.get_mut(cell).and_then(Option::take)).ok();
        let Some(step) = plan.step(cell) else { return self.filled(plan, cell) };
        let read = self.finished_guarded(plan, step);
        if let (Err(stop), Some(watch)) = (read, &mut self.watch) {
            watch.failures.push(stop);
        }
    }

    fn is_lost(&self, plan: &Plan, step: Step) -> bool {
        !self.lost.is_empty() && plan.ports(step).iter().any(|port| self.lost[port.cell as usize])
    }

    /// Skips a step that needs a lost value.
    #[cold]
    fn skip(&mut self, program: &Program, step: Step) {
        self.waits_left[step.position()] = BEGUN;
        self.lose(program.plan(), step.position());
        if let Some(watch) = &mut self.watch {
            watch.skipped(program, step);
        }
    }

    /// Calls a body; the future of an async one is then in its task.
    #[inline]
    pub(crate) fn call(&mut self, body: &Body, plan: &Plan, step: Step) -> Result<(), NodeError> {
        self.waits_left[step.position()] = BEGUN;
        let mut args = Args::new(&mut self.cells, plan.ports(step), &self.reads_left, step.cell());
        match self.tasks.get_mut(step.position()) {
            Some(task) => body.call(&mut args, task),
            None => body.call(&mut args, &mut None),
        }
    }

    /// Takes in what became of a task, and keeps its memory.
    pub(crate) fn deliver(
        &mut self,
        plan: &Plan,
        cell: usize,
        mut task: Box<dyn Task>,
        outcome: Result<(), NodeError>,
    ) -> Result<(), Stop> {
        let is_free = self.tasks.get(cell).is_some_and(Option::is_none);
        if !is_free || self.waits_left.get(cell).is_some_and(|waits| *waits != BEGUN) {
            return Err(Stop::adapter("it handed back a job that this run had not begun"));
        }
        if outcome.is_ok() {
            task.deliver(&mut self.cells[cell]);
            self.tasks[cell] = Some(task);
        } else {
            dropped(task).ok();
        }
        self.delivered(plan, cell, outcome)
    }

    /// Goes on after the value of a step or an input that was still to come is there, or has failed to come.
    #[inline]
    pub(crate) fn delivered(
        &mut self,
        plan: &Plan,
        cell: usize,
        outcome: Result<(), NodeError>,
    ) -> Result<(), Stop> {
        if let Some(step) = plan.step(cell) {
            return self.ended(plan, step, outcome);
        }
        self.tasks[cell] = None;
        match outcome {
            Ok(()) => {
                self.filled(plan, cell);
                Ok(())
            }
            Err(error) => self.failed(plan, cell, error),
        }
    }

    /// Counts the reads of a finished step, drops values after their last read, and finds the steps that are ready now.
    #[inline]
    pub(crate) fn finished(&mut self, plan: &Plan, step: Step) {
        for port in plan.ports(step).iter().filter(|port| port.counted) {
            let cell = port.cell as usize;
            self.reads_left[cell] -= 1;
            if self.reads_left[cell] == 0 {
                self.dropping = Some(port.cell);
                self.cells[cell].clear();
                self.dropping = None;
            }
        }
        self.filled(plan, step.position());
    }

    /// Does what [`finished`](Self::finished) does, and continues after a value that panics while it is dropped.
    fn finished_guarded(&mut self, plan: &Plan, step: Step) -> Result<(), Stop> {
        let mut ended = Ok(());
        for port in plan.ports(step).iter().filter(|port| port.counted) {
            let cell = port.cell as usize;
            self.reads_left[cell] -= 1;
            if self.reads_left[cell] == 0 {
                let cleared = caught(|| {
                    self.cells[cell].clear();
                    Ok(())
                });
                ended = ended.and(cleared.map_err(|error| Stop::drop_panicked(cell, &error)));
            }
        }
        self.filled(plan, step.position());
        ended
    }

    #[inline]
    fn filled(&mut self, plan: &Plan, cell: usize) {
        for follower in plan.followers(cell) {
            let waits = &mut self.waits_left[follower.position()];
            *waits -= 1;
            if *waits > 0 {
                continue;
            }
            if self.starts_early && plan.starts_early(*follower) {
                self.early.push_back(*follower);
            } else if follower.cell() < self.next {
                self.ready.push(*follower);
            }
        }
    }

    /// Says that the value of an input is still to come.
    pub(crate) fn fill_later(&mut self, plan: &Plan, cell: usize, task: Box<dyn Task>) {
        for follower in plan.followers(cell) {
            self.waits_left[follower.position()] += 1;
        }
        self.tasks[cell] = Some(task);
        self.later.push(cell);
    }

    /// Takes an input that is still to come and has not begun.
    pub(crate) fn next_input(&mut self) -> Option<(usize, Box<dyn Task>)> {
        let cell = self.later.pop()?;
        self.tasks[cell].take().map(|task| (cell, task))
    }

    /// Makes the inputs that are still to come pending.
    pub(crate) fn begin_later(&mut self) {
        self.pending.append(&mut self.later);
    }

    /// Takes a step that can begin now.
    #[inline]
    pub(crate) fn next_step(&mut self, program: &Program) -> Option<Step> {
        loop {
            let step = self.next_in_order()?;
            if !self.is_lost(program.plan(), step) {
                return Some(step);
            }
            self.skip(program, step);
        }
    }

    /// Takes a step that can begin now, even if it reads a lost cell: an early step first.
    #[inline]
    pub(crate) fn next_in_order(&mut self) -> Option<Step> {
        while let Some(step) = self.early.pop_front() {
            // A root that reads a future input waits for it; `filled` adds the root again when the input arrives.
            let waits = &mut self.waits_left[step.position()];
            if *waits == 0 {
                *waits = TAKEN;
                return Some(step);
            }
        }
        if let Some(step) = self.ready.pop() {
            return Some(step);
        }
        let mut next = self.next;
        while let Some(waits) = self.waits_left.get(next as usize) {
            next += 1;
            if *waits == 0 {
                self.next = next;
                return Some(Step::new(next - 1));
            }
        }
        self.next = next;
        None
    }
}

fn async_under_sync() -> NodeError {
    NodeError::failed("it is async, and the adapter runs sync nodes only")
}

/// Drops the values and futures of an abandoned run. Their panics are ignored.
impl Drop for State {
    fn drop(&mut self) {
        for task in self.tasks.drain(..) {
            dropped(task).ok();
        }
        for cell in self.cells.drain(..) {
            dropped(cell).ok();
        }
    }
}

/// Drops what may panic then.
pub(crate) fn dropped<T>(value: T) -> Result<(), NodeError> {
    caught(|| {
        drop(value);
        Ok(())
    })
}

/// Turns a panic into the node's error.
#[inline]
pub(crate) fn caught<T>(call: impl FnOnce() -> Result<T, NodeError>) -> Result<T, NodeError> {
    // After a panic the run ends and its state is dropped, so no code sees a value that is half changed.
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|payload| {
        let error = NodeError::panicked(&*payload);
        // A payload may panic again when it is dropped. It is leaked then.
        let dropped = catch_unwind(AssertUnwindSafe(|| drop(payload)));
        dropped.map_err(std::mem::forget).ok();
        Err(error)
    })
}
