use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use futures::future::FutureExt;
use futures::stream::{FuturesUnordered, StreamExt};
use icosian_adapter::{AsyncRun, Begun, Budget, BudgetTurn, Done, Executed, Job, Receipt, Running, Stop};
use icosian_core::{Colour, Group, Name, Outline, Placement};
use rustc_hash::FxHashMap;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::task::coop::has_budget_remaining;
use tokio::time::timeout;

use crate::away::{Away, Threads};
use crate::bounds::{Bounds, Limit};
use crate::turn::Turn;

/// Runs the jobs of one run within bounds, each where it is to run.
///
/// A job that needs a turn waits in the lane of its limit before it begins. Of each lane only the first asks for a turn: so
/// runs that share a limit take turns, however many jobs each has, and a job that waits keeps no other from beginning.
pub(crate) struct Schedule<'a> {
    bounds: &'a Bounds,
    threads: &'a Threads,
    lanes: Vec<Lane>,
    /// The lanes of groups.
    by_group: FxHashMap<Name, usize>,
    /// The lane of all nodes that take time.
    of_all: Option<usize>,
    /// What has begun, or asked for a turn, and is not polled yet.
    new: Vec<Wait>,
    /// How many jobs have begun since others had their turn.
    begun: usize,
}

/// The jobs of one run that wait for turns of one limit.
struct Lane {
    /// Whether it is a group's, and not that of all nodes that take time.
    is_group: bool,
    limit: Limit,
    waiting: VecDeque<Waiting>,
    /// Whether the first of them has asked for a turn.
    asks: bool,
}

/// A job, and the turns that it has already.
struct Waiting {
    job: Job,
    turns: Turns,
}

/// The turns that a job keeps until it is done: that of its group, and that of all nodes.
#[derive(Default)]
struct Turns([Option<OwnedSemaphorePermit>; 2]);

impl Turns {
    fn and(self, turn: OwnedSemaphorePermit) -> Self {
        let Self([first, _]) = self;
        Self([Some(turn), first])
    }
}

/// Turns that a job elsewhere takes when it begins, unless the run has given it up before.
#[derive(Clone)]
struct Deposit(Arc<Mutex<Turns>>);

impl Deposit {
    fn new(turns: Turns) -> Self {
        Self(Arc::new(Mutex::new(turns)))
    }

    fn taken(&self) -> Turns {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A deposit on the run's side: the turns are given back when the run gives the job up.
struct Kept(Deposit);

impl Drop for Kept {
    fn drop(&mut self) {
        drop(self.0.taken());
    }
}

/// What a run waits for.
enum Wait {
    /// A turn in a lane.
    Turn(usize, Limit),
    /// A future that is polled here.
    Here(Running, Turns, Option<Duration>),
    /// A future that is polled elsewhere.
    Future(Away<Done>, Kept),
    /// A sync node on another thread or task, and when it begins.
    Sync(Away<Executed>, oneshot::Receiver<()>, Kept, Receipt, Option<Duration>),
}

enum Event {
    Turn(usize, OwnedSemaphorePermit),
    Done(Done, Turns),
    Executed(Executed),
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
            Self::Turn(lane, limit) => Event::Turn(lane, limit.turn().await),
            Self::Here(running, turns, limit) => Event::Done(in_time(running, limit).await, turns),
            Self::Future(away, _kept) => {
                away.await.map_or(Event::Gone, |done| Event::Done(done, Turns::default()))
            }
            Self::Sync(away, _, _kept, _, None) => away.await.map_or(Event::Gone, Event::Executed),
            Self::Sync(away, begun, _kept, receipt, Some(limit)) => {
                // The time that it waits for a thread is not its own. If it never begins, `away` says so.
                begun.await.ok();
                match timeout(limit, away).await {
                    Ok(executed) => executed.map_or(Event::Gone, Event::Executed),
                    Err(_) => Event::Executed(receipt.timed_out(limit)),
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
async fn in_time(mut running: Running, limit: Option<Duration>) -> Done {
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
            lanes: Vec::new(),
            by_group: FxHashMap::default(),
            of_all: None,
            new: Vec::new(),
            begun: 0,
        }
    }

    pub(crate) async fn run(mut self, run: &mut AsyncRun<'_>) -> Result<(), Stop> {
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
    fn accept(&mut self, run: &mut AsyncRun<'_>, event: Event) -> Result<(), Stop> {
        match event {
            Event::Turn(lane, turn) => {
                self.lanes[lane].asks = false;
                self.has_turn(run, lane, turn)?;
                self.ask(run, lane)
            }
            Event::Done(done, turns) => {
                drop(turns);
                run.finish(done)
            }
            Event::Executed(executed) => run.finish_detached(executed),
            Event::Gone => {
                Err(Stop::adapter("a node that ran elsewhere was dropped: the runtime shuts down"))
            }
        }
    }

    /// Polls what has begun here once, at once; only what is pending then is waited for with a waker of its own.
    async fn poll_new<F>(
        &mut self,
        run: &mut AsyncRun<'_>,
        waits: &mut FuturesUnordered<F>,
        over: impl Fn(Wait) -> F,
    ) -> Result<(), Stop> {
        let mut new = std::mem::take(&mut self.new);
        for wait in new.drain(..) {
            let Wait::Here(mut running, turns, None) = wait else {
                waits.push(over(wait));
                continue;
            };
            match poll_fn(|context| Poll::Ready(running.poll_unpin(context))).await {
                Poll::Ready(done) => {
                    drop(turns);
                    run.finish(done)?;
                }
                Poll::Pending => waits.push(over(Wait::Here(running, turns, None))),
            }
        }
        self.new = new;
        Ok(())
    }

    /// Takes a job that is ready: it begins, or waits in its lane.
    fn take(&mut self, run: &mut AsyncRun<'_>, job: Job) -> Result<(), Stop> {
        let Some(outline) = run.outline(&job) else {
            // The future of an input is not the adapter's to bound.
            return self.begin(run, job, Turns::default());
        };
        let lane = match outline.group() {
            Some(group) => Some(self.lane_of(group)?),
            None => self.lane_of_all(outline),
        };
        match lane {
            Some(lane) => self.wait(run, lane, Waiting { job, turns: Turns::default() }),
            None => self.begin(run, job, Turns::default()),
        }
    }

    /// Returns the lane of the limit of all nodes that take time, if there is one and the node does.
    fn lane_of_all(&mut self, outline: &Outline) -> Option<usize> {
        let takes_time = outline.colour() == Colour::Async || outline.placement() != Placement::Inline;
        // A node with a permit per attempt acquires that of all nodes there too, after that of its group.
        if !takes_time || outline.group_per_attempt().is_some() {
            return None;
        }
        if self.of_all.is_none() {
            let limit = self.bounds.nodes_at_a_time.clone()?;
            self.of_all = Some(self.new_lane(false, limit));
        }
        self.of_all
    }

    /// Returns the lane of a group.
    fn lane_of(&mut self, group: &Group) -> Result<usize, Stop> {
        if let Some(lane) = self.by_group.get(group.name()) {
            return Ok(*lane);
        }
        let limit = self
            .bounds
            .group(group)
            .ok_or_else(|| Stop::adapter(format!("it has no limit for group `{}`", group.name())))?;
        let lane = self.new_lane(true, limit);
        self.by_group.insert(group.name().clone(), lane);
        Ok(lane)
    }

    fn new_lane(&mut self, is_group: bool, limit: Limit) -> usize {
        self.lanes.push(Lane { is_group, limit, waiting: VecDeque::new(), asks: false });
        self.lanes.len() - 1
    }

    fn wait(&mut self, run: &mut AsyncRun<'_>, lane: usize, waiting: Waiting) -> Result<(), Stop> {
        self.lanes[lane].waiting.push_back(waiting);
        self.ask(run, lane)
    }

    /// Gives turns to those that wait in a lane while there are some; then the first asks for one.
    fn ask(&mut self, run: &mut AsyncRun<'_>, lane: usize) -> Result<(), Stop> {
        let mut in_a_row = 0;
        while !self.lanes[lane].asks && !self.lanes[lane].waiting.is_empty() {
            in_a_row += 1;
            // Other runs that have asked come first: a turn that is given back is theirs at once. And after some in a row
            // other tasks of the runtime come first.
            let turn = if in_a_row > Turn::JOBS { None } else { self.lanes[lane].limit.turn_now() };
            if let Some(turn) = turn {
                self.has_turn(run, lane, turn)?;
            } else {
                self.lanes[lane].asks = true;
                self.new.push(Wait::Turn(lane, self.lanes[lane].limit.clone()));
            }
        }
        Ok(())
    }

    /// Goes on with the first of a lane, which has its turn now.
    fn has_turn(
        &mut self,
        run: &mut AsyncRun<'_>,
        lane: usize,
        turn: OwnedSemaphorePermit,
    ) -> Result<(), Stop> {
        let Some(Waiting { job, turns }) = self.lanes[lane].waiting.pop_front() else { return Ok(()) };
        let turns = turns.and(turn);
        let outline = run.outline(&job).filter(|_| self.lanes[lane].is_group);
        match outline.and_then(|outline| self.lane_of_all(outline)) {
            Some(all) => self.wait(run, all, Waiting { job, turns }),
            None => self.begin(run, job, turns),
        }
    }

    /// Begins a job where it is to run.
    fn begin(&mut self, run: &mut AsyncRun<'_>, job: Job, turns: Turns) -> Result<(), Stop> {
        self.begun += 1;
        let outline = run.outline(&job);
        let limits = [outline.and(self.bounds.node_timeout), outline.and_then(Outline::time_limit)];
        let limit = limits.into_iter().flatten().min();
        let placement = outline.map_or(Placement::Inline, Outline::placement);
        if outline.is_some_and(|outline| outline.colour() == Colour::Sync) && placement != Placement::Inline {
            let detached = run.detach(job)?;
            let receipt = detached.receipt();
            let deposit = Deposit::new(turns);
            let kept = Kept(deposit.clone());
            let execute = move || {
                let _turns = deposit.taken();
                detached.execute()
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
            self.new.push(Wait::Sync(away, begun, kept, receipt, limit));
            return Ok(());
        }
        let Begun::Running(running) = run.begin(job)? else { return Ok(()) };
        if placement == Placement::Inline {
            self.new.push(Wait::Here(running, turns, limit));
            return Ok(());
        }
        let deposit = Deposit::new(turns);
        let kept = Kept(deposit.clone());
        let elsewhere = async move {
            let _turns = deposit.taken();
            in_time(running, limit).await
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
