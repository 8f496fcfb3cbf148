use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures::future::FutureExt;
use futures::stream::{FuturesUnordered, StreamExt};
use icosian_adapter::{
    AsyncRun, Budget, BudgetTurn, CallerSpan, InOrder, Job, JobHandle, JobResult, JobStart, NodeGate,
    RunAbort, StepResult, StepTicket,
};
use icosian_core::node::{Asyncness, Placement};
use icosian_core::{Name, Outline};
use rustc_hash::FxHashMap;
use tokio::sync::oneshot;
use tokio::task::coop::has_budget_remaining;
use tokio::time::timeout;

use crate::limit::{self, Holder};
use crate::node_limits::NodeLimits;
use crate::offload::{OffloadHandle, Threads};
use crate::permits::{PermitGuard, PermitSlot, Permits};
use crate::start_queue::{Admission, StartGate, StartQueue, StartStage, WaitingJob};
use crate::time_slice::TimeSlice;

/// Runs the jobs of one run within limits, each on the thread or task that its node declares.
///
/// The comment of [`start_queue`](crate::start_queue) describes the order of the limits.
pub(crate) struct RunSchedule<'a> {
    limits: &'a NodeLimits,
    threads: &'a Threads,
    /// The caller's span, for jobs on other threads and tasks.
    span: CallerSpan,
    /// The permits of this run and of the executions around it.
    holder: Option<Arc<Holder>>,
    queues: Vec<StartQueue>,
    /// The queues of rate limits and groups.
    by_name: FxHashMap<(StartStage, Name), usize>,
    /// The queue of all nodes that take time.
    of_all: Option<usize>,
    /// Jobs that have started, and requests for permits, before their first poll.
    new: Vec<JobWait>,
    /// The number of jobs that have begun since the last count of the time slice.
    begun: usize,
}

/// An event that a run waits for.
enum JobWait {
    /// An admission for the first job of a queue.
    Gate(usize, StartGate, Option<Arc<Holder>>),
    /// A future that is polled on the run's task.
    Inline(JobHandle, Permits, Option<Duration>),
    /// A future that is polled on another thread or task.
    Future(OffloadHandle<JobResult>, PermitGuard),
    /// A sync node on another thread or task, and the signal of its start.
    Sync(OffloadHandle<StepResult>, oneshot::Receiver<()>, PermitGuard, StepTicket, Option<Duration>),
}

enum Event {
    Admitted(usize, Result<Admission, RunAbort>),
    Finished(JobResult, Permits),
    FinishedDetached(StepResult),
    Dropped,
}

impl JobWait {
    /// Waits for the event, with a fair share of the task's budget.
    async fn event_in_turn(self, mut turn: BudgetTurn) -> Event {
        let mut event = pin!(self.event());
        poll_fn(|context| turn.poll(event.as_mut(), context)).await
    }

    async fn event(self) -> Event {
        match self {
            Self::Gate(queue, gate, caller) => Event::Admitted(queue, gate.acquire(caller).await),
            Self::Inline(handle, permits, time_limit) => {
                let holder = permits.holder().cloned();
                Event::Finished(limit::scope(holder, within(handle, time_limit)).await, permits)
            }
            Self::Future(handle, _guard) => {
                handle.await.map_or(Event::Dropped, |result| Event::Finished(result, Permits::default()))
            }
            Self::Sync(handle, _, _guard, _, None) => {
                handle.await.map_or(Event::Dropped, Event::FinishedDetached)
            }
            Self::Sync(handle, begun, _guard, ticket, Some(limit)) => {
                // Time spent waiting for a thread is not counted. If the job never starts, `handle` returns `None`.
                begun.await.ok();
                match timeout(limit, handle).await {
                    Ok(result) => result.map_or(Event::Dropped, Event::FinishedDetached),
                    Err(_) => Event::FinishedDetached(ticket.time_out(limit)),
                }
            }
        }
    }
}

/// Returns the outline of a node to which limits apply. The runner of a block holds no permit, because its items need them.
fn limited(outline: Option<&Outline>) -> Option<&Outline> {
    outline.filter(|outline| outline.block_part().is_none())
}

/// Admits the nodes that need no wait, no other thread and no timer.
struct InOrderGate<'g, 'a>(&'g mut RunSchedule<'a>);

impl NodeGate for InOrderGate<'_, '_> {
    type Permit = Permits;

    fn admit(&mut self, node: &Outline) -> Option<Permits> {
        let Self(schedule) = self;
        let is_timed = schedule.limits.node_timeout.is_some() || node.time_limit().is_some();
        // A start that a rate limit allows cannot be returned when a later limit has no permit.
        if node.placement() != Placement::Inline || is_timed || node.rate_limit().is_some() {
            return None;
        }
        limited(Some(node))?;
        let mut permits = Permits::default();
        let mut passed = None;
        while let Some(stage) = StartStage::next(node, passed) {
            passed = Some(stage);
            // The schedule reports a limit that does not exist.
            let Some(queue) = schedule.queue_of(node, stage).ok()? else { continue };
            let caller = permits.holder().or(schedule.holder.as_ref());
            if let Admission::Permit(permit) = schedule.queues[queue].gate.try_acquire(caller)? {
                permits = permits.with(permit);
            }
        }
        Some(permits)
    }

    fn enter<T>(&self, permits: &Permits, call: impl FnOnce() -> T) -> T {
        limit::enter(permits.holder().or(self.0.holder.as_ref()), call)
    }
}

/// Returns whether a node runs on the run's own thread until it ends.
fn occupies_thread(outline: &Outline) -> bool {
    outline.asyncness() == Asyncness::Sync && outline.placement() == Placement::Inline
}

/// Polls a job until it ends or the time limit expires.
async fn within(mut running: JobHandle, limit: Option<Duration>) -> JobResult {
    let Some(limit) = limit else { return running.await };
    match timeout(limit, &mut running).await {
        Ok(result) => result,
        Err(_) => running.time_out(limit),
    }
}

impl<'a> RunSchedule<'a> {
    pub(crate) fn new(limits: &'a NodeLimits, threads: &'a Threads) -> Self {
        Self {
            limits,
            threads,
            span: CallerSpan::capture(),
            holder: limit::current(),
            queues: Vec::new(),
            by_name: FxHashMap::default(),
            of_all: None,
            new: Vec::new(),
            begun: 0,
        }
    }

    pub(crate) async fn run(mut self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        let mut waits = FuturesUnordered::new();
        let budget = Budget::new(has_budget_remaining);
        let poll_wait = |wait: JobWait| wait.event_in_turn(budget.turn());
        let mut slice = TimeSlice::default();
        loop {
            let swept = poll_fn(|context| {
                Poll::Ready(run.run_in_order(context, TimeSlice::JOBS, &mut InOrderGate(&mut self)))
            });
            match swept.await? {
                InOrder::Ended => return Ok(()),
                InOrder::More => slice.count(TimeSlice::JOBS).await,
                InOrder::Refused => break,
                InOrder::Pending(handle, permits) => {
                    waits.push(poll_wait(JobWait::Inline(handle, permits, None)));
                    break;
                }
            }
        }
        loop {
            while let Some(job) = run.next_ready() {
                let delays_others = !waits.is_empty() && run.outline(&job).is_some_and(occupies_thread);
                if delays_others {
                    slice.measure();
                }
                self.start(run, job)?;
                self.poll_new(run, &mut waits, poll_wait).await?;
                slice.count(1 + std::mem::take(&mut self.begun)).await;
                if !delays_others || !slice.is_over() {
                    continue;
                }
                slice.end().await;
                // What ended meanwhile may have made async nodes ready. They begin before the next sync node.
                while let Poll::Ready(Some(event)) =
                    poll_fn(|context| Poll::Ready(waits.poll_next_unpin(context))).await
                {
                    self.accept(run, event)?;
                    self.poll_new(run, &mut waits, poll_wait).await?;
                }
            }
            let Some(event) = waits.next().await else { return Ok(()) };
            self.accept(run, event)?;
            self.poll_new(run, &mut waits, poll_wait).await?;
            slice.count(1 + std::mem::take(&mut self.begun)).await;
        }
    }

    /// Continues the run after an event.
    fn accept(&mut self, run: &mut AsyncRun<'_>, event: Event) -> Result<(), RunAbort> {
        match event {
            Event::Admitted(queue, admission) => {
                self.queues[queue].has_request = false;
                self.admit(run, queue, admission?)?;
                self.request(run, queue)
            }
            Event::Finished(result, permits) => {
                drop(permits);
                run.finish(result)
            }
            Event::FinishedDetached(result) => run.finish_detached(result),
            Event::Dropped => {
                Err(RunAbort::adapter("an offloaded node was dropped, because the runtime shuts down"))
            }
        }
    }

    /// Polls new jobs once. Only jobs that are pending then get their own waker.
    async fn poll_new<F>(
        &mut self,
        run: &mut AsyncRun<'_>,
        waits: &mut FuturesUnordered<F>,
        poll_wait: impl Fn(JobWait) -> F,
    ) -> Result<(), RunAbort> {
        let mut new = std::mem::take(&mut self.new);
        for wait in new.drain(..) {
            let JobWait::Inline(mut running, permits, None) = wait else {
                waits.push(poll_wait(wait));
                continue;
            };
            let holder = permits.holder();
            let polled = poll_fn(|context| Poll::Ready(limit::enter(holder, || running.poll_unpin(context))));
            match polled.await {
                Poll::Ready(result) => {
                    drop(permits);
                    run.finish(result)?;
                }
                Poll::Pending => waits.push(poll_wait(JobWait::Inline(running, permits, None))),
            }
        }
        self.new = new;
        Ok(())
    }

    /// Starts a ready job, or adds it to the queue of its first limit.
    fn start(&mut self, run: &mut AsyncRun<'_>, job: Job) -> Result<(), RunAbort> {
        self.pass(run, WaitingJob { job, permits: Permits::default() }, None)
    }

    /// Adds a job to the queue of the stage after `passed`, or begins it if no stage is left.
    fn pass(
        &mut self,
        run: &mut AsyncRun<'_>,
        waiting: WaitingJob,
        passed: Option<StartStage>,
    ) -> Result<(), RunAbort> {
        // A future input has no outline, and no limits.
        let outline = limited(run.outline(&waiting.job));
        let queue = match outline.and_then(|outline| Some((outline, StartStage::next(outline, passed)?))) {
            Some((outline, stage)) => self.queue_of(outline, stage)?,
            None => None,
        };
        let Some(queue) = queue else { return self.begin(run, waiting) };
        self.queues[queue].jobs.push_back(waiting);
        self.request(run, queue)
    }

    /// Returns the queue of a stage; `None` if no limit on all nodes applies.
    fn queue_of(&mut self, outline: &Outline, stage: StartStage) -> Result<Option<usize>, RunAbort> {
        let unlimited = |kind, name: &Name| RunAbort::adapter(format!("it has no limit for {kind} `{name}`"));
        let (name, gate) = match (stage, outline.group(), outline.rate_limit()) {
            (StartStage::Rate, _, Some(rate_limit)) => {
                let name = rate_limit.name();
                if let Some(queue) = self.by_name.get(&(stage, name.clone())) {
                    return Ok(Some(*queue));
                }
                let limiter = self.limits.rate(rate_limit).ok_or_else(|| unlimited("rate limit", name))?;
                (name, StartGate::Rate(limiter))
            }
            (StartStage::Group, Some(group), _) => {
                let name = group.name();
                if let Some(queue) = self.by_name.get(&(stage, name.clone())) {
                    return Ok(Some(*queue));
                }
                let limit = self.limits.group(group).ok_or_else(|| unlimited("group", name))?;
                (name, StartGate::Limit(limit))
            }
            // The node holds its permit until its items have one.
            _ if outline.streams_items() => return Ok(None),
            _ => {
                if self.of_all.is_none() {
                    let limit = self.limits.max_concurrent_nodes.clone();
                    self.of_all = limit.map(|limit| self.new_queue(StartStage::All, StartGate::Limit(limit)));
                }
                return Ok(self.of_all);
            }
        };
        let queue = self.new_queue(stage, gate);
        self.by_name.insert((stage, name.clone()), queue);
        Ok(Some(queue))
    }

    fn new_queue(&mut self, stage: StartStage, gate: StartGate) -> usize {
        self.queues.push(StartQueue { stage, gate, jobs: VecDeque::new(), has_request: false });
        self.queues.len() - 1
    }

    /// Admits the jobs of a queue while its gate is open, and sends a request for the next job.
    fn request(&mut self, run: &mut AsyncRun<'_>, queue: usize) -> Result<(), RunAbort> {
        let mut in_a_row = 0;
        while !self.queues[queue].has_request
            && let Some(first) = self.queues[queue].jobs.front()
        {
            in_a_row += 1;
            let caller = first.permits.holder().or(self.holder.as_ref());
            let gate = &self.queues[queue].gate;
            // A gate serves the first request first, so other runs come first. After some jobs in a row, other tasks of the
            // runtime come first.
            let admission = if in_a_row > TimeSlice::JOBS { None } else { gate.try_acquire(caller) };
            if let Some(admission) = admission {
                self.admit(run, queue, admission)?;
            } else {
                self.new.push(JobWait::Gate(queue, gate.clone(), caller.cloned()));
                self.queues[queue].has_request = true;
            }
        }
        Ok(())
    }

    /// Continues with the first job of a queue after the gate has admitted it.
    fn admit(&mut self, run: &mut AsyncRun<'_>, queue: usize, admission: Admission) -> Result<(), RunAbort> {
        let StartQueue { stage, jobs, .. } = &mut self.queues[queue];
        let stage = *stage;
        let Some(WaitingJob { job, permits }) = jobs.pop_front() else { return Ok(()) };
        let permits = match admission {
            Admission::Permit(permit) => permits.with(permit),
            Admission::Start => permits,
        };
        self.pass(run, WaitingJob { job, permits }, Some(stage))
    }

    /// Starts a job in place, on a thread or on a task, as its node declares.
    fn begin(&mut self, run: &mut AsyncRun<'_>, waiting: WaitingJob) -> Result<(), RunAbort> {
        let WaitingJob { job, permits } = waiting;
        self.begun += 1;
        let outline = run.outline(&job);
        let limits = [limited(outline).and(self.limits.node_timeout), outline.and_then(Outline::time_limit)];
        let time_limit = limits.into_iter().flatten().min();
        let placement = outline.map_or(Placement::Inline, Outline::placement);
        let holder = permits.holder().or(self.holder.as_ref()).cloned();
        if outline.is_some_and(|outline| outline.asyncness() == Asyncness::Sync)
            && placement != Placement::Inline
        {
            let detached = run.detach(job)?;
            let ticket = detached.ticket();
            let slot = PermitSlot::new(permits);
            let guard = slot.guard();
            let span = self.span.clone();
            let execute = move || {
                let _permits = slot.take();
                limit::enter(holder.as_ref(), || span.in_scope(|| detached.execute()))
            };
            let (handle, begun) = if placement == Placement::Offload {
                self.threads.execute(execute)?
            } else {
                let (begins, begun) = oneshot::channel();
                let execute = async move {
                    begins.send(()).ok();
                    execute()
                };
                (OffloadHandle::spawn(execute)?, begun)
            };
            self.new.push(JobWait::Sync(handle, begun, guard, ticket, time_limit));
            return Ok(());
        }
        let start = limit::enter(holder.as_ref(), || run.begin(job));
        let JobStart::Pending(running) = start? else { return Ok(()) };
        if placement == Placement::Inline {
            self.new.push(JobWait::Inline(running, permits, time_limit));
            return Ok(());
        }
        let slot = PermitSlot::new(permits);
        let guard = slot.guard();
        let span = self.span.clone();
        let future = async move {
            let _permits = slot.take();
            limit::scope(holder, span.instrument(within(running, time_limit))).await
        };
        let handle = if placement == Placement::Offload {
            self.threads.poll(future)?
        } else {
            OffloadHandle::spawn(future)?
        };
        self.new.push(JobWait::Future(handle, guard));
        Ok(())
    }
}
