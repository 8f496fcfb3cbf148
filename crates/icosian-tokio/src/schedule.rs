use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use futures::future::FutureExt;
use futures::stream::{FuturesUnordered, StreamExt};
use icosian_adapter::{
    AsyncRun, Budget, BudgetTurn, CallerSpan, Job, JobHandle, JobResult, JobStart, RunAbort, StepResult,
    StepTicket,
};
use icosian_core::{Colour, Group, Name, Outline, Placement};
use rustc_hash::FxHashMap;
use tokio::sync::oneshot;
use tokio::task::coop::has_budget_remaining;
use tokio::time::timeout;

use crate::away::{Away, Threads};
use crate::bounds::Bounds;
use crate::limit::{self, Holder, Limit, Permit};
use crate::turn::Turn;

/// Runs the jobs of one run within bounds, each where it is to run.
///
/// A job that needs a permit waits in the lane of its limit before it starts. Only the first job of a lane requests a
/// permit, so runs that share a limit alternate, whatever the number of their jobs. A waiting job delays no other lane.
pub(crate) struct Schedule<'a> {
    bounds: &'a Bounds,
    threads: &'a Threads,
    /// The caller's span, for jobs that run elsewhere.
    span: CallerSpan,
    /// The permits of this run and of the executions around it.
    holder: Option<Arc<Holder>>,
    lanes: Vec<Lane>,
    /// The lanes of groups.
    by_group: FxHashMap<Name, usize>,
    /// The lane of all nodes that take time.
    of_all: Option<usize>,
    /// Jobs that have started, and requests for permits, before their first poll.
    new: Vec<Wait>,
    /// How many jobs have begun since others had their turn.
    begun: usize,
}

/// The jobs of one run that wait for permits of one limit.
struct Lane {
    /// Whether it is a group's, and not that of all nodes that take time.
    is_group: bool,
    limit: Limit,
    waiting: VecDeque<Waiting>,
    /// Set while the first job has requested a permit.
    asks: bool,
}

/// A job, and the permits that it holds already.
struct Waiting {
    job: Job,
    permits: Permits,
}

/// The permits that a job holds until it ends: that of its group, and that of all nodes.
#[derive(Default)]
struct Permits([Option<Permit>; 2]);

impl Permits {
    fn and(self, permit: Permit) -> Self {
        let Self([first, _]) = self;
        Self([Some(permit), first])
    }

    /// Returns the holder of the permit that was acquired last, whose caller holds the other one.
    fn holder(&self) -> Option<&Arc<Holder>> {
        self.0[0].as_ref().map(Permit::holder)
    }
}

/// The permits of a job that runs elsewhere. The job takes them when it starts, unless the run has dropped it before.
#[derive(Clone)]
struct Deposit(Arc<Mutex<Permits>>);

impl Deposit {
    fn new(permits: Permits) -> Self {
        Self(Arc::new(Mutex::new(permits)))
    }

    fn taken(&self) -> Permits {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The run's side of a deposit: dropping it releases the permits of a job that the run has dropped.
struct Kept(Deposit);

impl Drop for Kept {
    fn drop(&mut self) {
        drop(self.0.taken());
    }
}

/// An event that a run waits for.
enum Wait {
    /// A permit for the first job of a lane.
    Permit(usize, Limit, Option<Arc<Holder>>),
    /// A future that is polled here.
    Here(JobHandle, Permits, Option<Duration>),
    /// A future that is polled elsewhere.
    Future(Away<JobResult>, Kept),
    /// A sync node on another thread or task, and when it begins.
    Sync(Away<StepResult>, oneshot::Receiver<()>, Kept, StepTicket, Option<Duration>),
}

enum Event {
    Permit(usize, Result<Permit, RunAbort>),
    Finished(JobResult, Permits),
    FinishedDetached(StepResult),
    Gone,
}

impl Wait {
    /// Waits for the event, with a fair share of the task's budget.
    async fn over_in_turn(self, mut turn: BudgetTurn) -> Event {
        let mut over = pin!(self.over());
        poll_fn(|context| turn.poll(over.as_mut(), context)).await
    }

    async fn over(self) -> Event {
        match self {
            Self::Permit(lane, limit, caller) => Event::Permit(lane, limit.acquire(caller).await),
            Self::Here(running, permits, time_limit) => {
                let holder = permits.holder().cloned();
                Event::Finished(limit::scope(holder, in_time(running, time_limit)).await, permits)
            }
            Self::Future(away, _kept) => {
                away.await.map_or(Event::Gone, |done| Event::Finished(done, Permits::default()))
            }
            Self::Sync(away, _, _kept, _, None) => away.await.map_or(Event::Gone, Event::FinishedDetached),
            Self::Sync(away, begun, _kept, receipt, Some(limit)) => {
                // Time spent waiting for a thread is not counted. If the job never starts, `away` returns `None`.
                begun.await.ok();
                match timeout(limit, away).await {
                    Ok(executed) => executed.map_or(Event::Gone, Event::FinishedDetached),
                    Err(_) => Event::FinishedDetached(receipt.timed_out(limit)),
                }
            }
        }
    }
}

/// Returns whether a node runs on the run's own thread until it ends.
fn occupies_thread(outline: &Outline) -> bool {
    outline.colour() == Colour::Sync && outline.placement() == Placement::Inline
}

/// Polls a job for so long.
async fn in_time(mut running: JobHandle, limit: Option<Duration>) -> JobResult {
    let Some(limit) = limit else { return running.await };
    match timeout(limit, &mut running).await {
        Ok(done) => done,
        Err(_) => running.timed_out(limit),
    }
}

impl<'a> Schedule<'a> {
    pub(crate) fn new(bounds: &'a Bounds, threads: &'a Threads) -> Self {
        Self {
            bounds,
            threads,
            span: CallerSpan::capture(),
            holder: limit::current(),
            lanes: Vec::new(),
            by_group: FxHashMap::default(),
            of_all: None,
            new: Vec::new(),
            begun: 0,
        }
    }

    pub(crate) async fn run(mut self, run: &mut AsyncRun<'_>) -> Result<(), RunAbort> {
        let mut waits = FuturesUnordered::new();
        let budget = Budget::new(has_budget_remaining);
        let over = |wait: Wait| wait.over_in_turn(budget.turn());
        let mut turn = Turn::default();
        loop {
            while let Some(job) = run.next_ready() {
                let delays_others = !waits.is_empty() && run.outline(&job).is_some_and(occupies_thread);
                if delays_others {
                    turn.measure();
                }
                self.take(run, job)?;
                self.poll_new(run, &mut waits, over).await?;
                turn.count(1 + std::mem::take(&mut self.begun)).await;
                if !delays_others || !turn.is_over() {
                    continue;
                }
                turn.end().await;
                // What ended meanwhile may have made async nodes ready. They begin before the next sync node.
                while let Poll::Ready(Some(event)) =
                    poll_fn(|context| Poll::Ready(waits.poll_next_unpin(context))).await
                {
                    self.accept(run, event)?;
                    self.poll_new(run, &mut waits, over).await?;
                }
            }
            let Some(event) = waits.next().await else { return Ok(()) };
            self.accept(run, event)?;
            self.poll_new(run, &mut waits, over).await?;
            turn.count(1 + std::mem::take(&mut self.begun)).await;
        }
    }

    /// Continues the run after an event.
    fn accept(&mut self, run: &mut AsyncRun<'_>, event: Event) -> Result<(), RunAbort> {
        match event {
            Event::Permit(lane, permit) => {
                self.lanes[lane].asks = false;
                self.has_permit(run, lane, permit?)?;
                self.ask(run, lane)
            }
            Event::Finished(done, permits) => {
                drop(permits);
                run.finish(done)
            }
            Event::FinishedDetached(executed) => run.finish_detached(executed),
            Event::Gone => {
                Err(RunAbort::adapter("a node that ran elsewhere was dropped: the runtime shuts down"))
            }
        }
    }

    /// Polls new jobs once. Only jobs that are pending then get their own waker.
    async fn poll_new<F>(
        &mut self,
        run: &mut AsyncRun<'_>,
        waits: &mut FuturesUnordered<F>,
        over: impl Fn(Wait) -> F,
    ) -> Result<(), RunAbort> {
        let mut new = std::mem::take(&mut self.new);
        for wait in new.drain(..) {
            let Wait::Here(mut running, permits, None) = wait else {
                waits.push(over(wait));
                continue;
            };
            let holder = permits.holder();
            let polled = poll_fn(|context| Poll::Ready(limit::enter(holder, || running.poll_unpin(context))));
            match polled.await {
                Poll::Ready(done) => {
                    drop(permits);
                    run.finish(done)?;
                }
                Poll::Pending => waits.push(over(Wait::Here(running, permits, None))),
            }
        }
        self.new = new;
        Ok(())
    }

    /// Starts a ready job, or adds it to its lane.
    fn take(&mut self, run: &mut AsyncRun<'_>, job: Job) -> Result<(), RunAbort> {
        let Some(outline) = run.outline(&job) else {
            // The future of an input is not the adapter's to bound.
            return self.begin(run, job, Permits::default());
        };
        let lane = match outline.group() {
            Some(group) => Some(self.lane_of(group)?),
            None => self.lane_of_all(outline),
        };
        match lane {
            Some(lane) => self.wait(run, lane, Waiting { job, permits: Permits::default() }),
            None => self.begin(run, job, Permits::default()),
        }
    }

    /// Returns the lane of the limit on all nodes, if the adapter has one and the node counts towards it.
    fn lane_of_all(&mut self, outline: &Outline) -> Option<usize> {
        let takes_time = outline.colour() == Colour::Async || outline.placement() != Placement::Inline;
        // A node with a permit per attempt acquires that of all nodes there too, after that of its group.
        if !takes_time || outline.attempt_limits().is_some() {
            return None;
        }
        if self.of_all.is_none() {
            let limit = self.bounds.nodes_at_a_time.clone()?;
            self.of_all = Some(self.new_lane(false, limit));
        }
        self.of_all
    }

    /// Returns the lane of a group.
    fn lane_of(&mut self, group: &Group) -> Result<usize, RunAbort> {
        if let Some(lane) = self.by_group.get(group.name()) {
            return Ok(*lane);
        }
        let limit = self
            .bounds
            .group(group)
            .ok_or_else(|| RunAbort::adapter(format!("it has no limit for group `{}`", group.name())))?;
        let lane = self.new_lane(true, limit);
        self.by_group.insert(group.name().clone(), lane);
        Ok(lane)
    }

    fn new_lane(&mut self, is_group: bool, limit: Limit) -> usize {
        self.lanes.push(Lane { is_group, limit, waiting: VecDeque::new(), asks: false });
        self.lanes.len() - 1
    }

    fn wait(&mut self, run: &mut AsyncRun<'_>, lane: usize, waiting: Waiting) -> Result<(), RunAbort> {
        self.lanes[lane].waiting.push_back(waiting);
        self.ask(run, lane)
    }

    /// Starts the waiting jobs of a lane while permits are free, and requests one for the next job.
    fn ask(&mut self, run: &mut AsyncRun<'_>, lane: usize) -> Result<(), RunAbort> {
        let mut in_a_row = 0;
        while !self.lanes[lane].asks
            && let Some(first) = self.lanes[lane].waiting.front()
        {
            in_a_row += 1;
            let caller = first.permits.holder().or(self.holder.as_ref());
            let limit = &self.lanes[lane].limit;
            // The semaphore assigns a released permit to the first request, so other runs come first. After some jobs in a
            // row, other tasks of the runtime come first.
            let permit = if in_a_row > Turn::JOBS { None } else { limit.try_acquire(caller) };
            if let Some(permit) = permit {
                self.has_permit(run, lane, permit)?;
            } else {
                self.new.push(Wait::Permit(lane, limit.clone(), caller.cloned()));
                self.lanes[lane].asks = true;
            }
        }
        Ok(())
    }

    /// Continues with the first job of a lane after it has acquired its permit.
    fn has_permit(&mut self, run: &mut AsyncRun<'_>, lane: usize, permit: Permit) -> Result<(), RunAbort> {
        let Some(Waiting { job, permits }) = self.lanes[lane].waiting.pop_front() else { return Ok(()) };
        let permits = permits.and(permit);
        let outline = run.outline(&job).filter(|_| self.lanes[lane].is_group);
        match outline.and_then(|outline| self.lane_of_all(outline)) {
            Some(all) => self.wait(run, all, Waiting { job, permits }),
            None => self.begin(run, job, permits),
        }
    }

    /// Starts a job in place, on a thread or on a task, as its node declares.
    fn begin(&mut self, run: &mut AsyncRun<'_>, job: Job, permits: Permits) -> Result<(), RunAbort> {
        self.begun += 1;
        let outline = run.outline(&job);
        let limits = [outline.and(self.bounds.node_timeout), outline.and_then(Outline::time_limit)];
        let time_limit = limits.into_iter().flatten().min();
        let placement = outline.map_or(Placement::Inline, Outline::placement);
        let holder = permits.holder().or(self.holder.as_ref()).cloned();
        if outline.is_some_and(|outline| outline.colour() == Colour::Sync) && placement != Placement::Inline {
            let detached = run.detach(job)?;
            let receipt = detached.ticket();
            let deposit = Deposit::new(permits);
            let kept = Kept(deposit.clone());
            let span = self.span.clone();
            let execute = move || {
                let _permits = deposit.taken();
                limit::enter(holder.as_ref(), || span.in_scope(|| detached.execute()))
            };
            let (away, begun) = if placement == Placement::Offload {
                self.threads.execute(execute)?
            } else {
                let (begins, begun) = oneshot::channel();
                let execute = async move {
                    begins.send(()).ok();
                    execute()
                };
                (Away::spawned(execute)?, begun)
            };
            self.new.push(Wait::Sync(away, begun, kept, receipt, time_limit));
            return Ok(());
        }
        let begun = limit::enter(holder.as_ref(), || run.begin(job));
        let JobStart::Pending(running) = begun? else { return Ok(()) };
        if placement == Placement::Inline {
            self.new.push(Wait::Here(running, permits, time_limit));
            return Ok(());
        }
        let deposit = Deposit::new(permits);
        let kept = Kept(deposit.clone());
        let span = self.span.clone();
        let elsewhere = async move {
            let _permits = deposit.taken();
            limit::scope(holder, span.instrument(in_time(running, time_limit))).await
        };
        let away = if placement == Placement::Offload {
            self.threads.poll(elsewhere)?
        } else {
            Away::spawned(elsewhere)?
        };
        self.new.push(Wait::Future(away, kept));
        Ok(())
    }
}
