use std::collections::VecDeque;
use std::time::Duration;

use futures::stream::{FuturesUnordered, StreamExt};
use icosian_adapter::{AsyncRun, Begun, Done, Executed, Job, Receipt, Running, Stop};
use icosian_core::{Colour, Name, Outline, Placement};
use tokio::sync::OwnedSemaphorePermit;
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
    /// What has begun, or asked for a turn, and is not polled yet.
    new: Vec<Wait>,
}

/// The jobs of one run that wait for turns of one limit.
struct Lane {
    /// The limit's group; none for all nodes that take time.
    group: Option<Name>,
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

/// What a run waits for.
enum Wait {
    /// A turn in a lane.
    Turn(usize, Limit),
    /// A future that is polled here.
    Here(Running, Turns, Option<Duration>),
    /// A future that is polled elsewhere.
    Future(Away<Done>),
    /// A sync node on another thread or task.
    Sync(Away<Executed>, Receipt, Option<Duration>),
}

enum Event {
    Turn(usize, OwnedSemaphorePermit),
    Done(Done, Turns),
    Executed(Executed),
    Gone,
}

impl Wait {
    async fn over(self) -> Event {
        match self {
            Self::Turn(lane, limit) => Event::Turn(lane, limit.turn().await),
            Self::Here(running, turns, limit) => Event::Done(in_time(running, limit).await, turns),
            Self::Future(away) => away.await.map_or(Event::Gone, |done| Event::Done(done, Turns::default())),
            Self::Sync(away, _, None) => away.await.map_or(Event::Gone, Event::Executed),
            Self::Sync(away, receipt, Some(limit)) => match timeout(limit, away).await {
                Ok(executed) => executed.map_or(Event::Gone, Event::Executed),
                Err(_) => Event::Executed(receipt.timed_out(limit)),
            },
        }
    }
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
        Self { bounds, threads, lanes: Vec::new(), new: Vec::new() }
    }

    pub(crate) async fn run(mut self, run: &mut AsyncRun<'_>) -> Result<(), Stop> {
        let mut waits = FuturesUnordered::new();
        let mut turn = Turn::default();
        loop {
            while let Some(job) = run.next_ready() {
                self.take(run, job)?;
                waits.extend(self.new.drain(..).map(Wait::over));
                turn.count(1).await;
            }
            match waits.next().await {
                None => return Ok(()),
                Some(Event::Turn(lane, turn)) => {
                    self.lanes[lane].asks = false;
                    self.has_turn(run, lane, turn)?;
                    self.ask(run, lane)?;
                }
                Some(Event::Done(done, turns)) => {
                    drop(turns);
                    run.finish(done)?;
                }
                Some(Event::Executed(executed)) => run.finish_detached(executed)?,
                Some(Event::Gone) => {
                    return Err(Stop::adapter(
                        "tokio's runtime has dropped a node, as it does when it shuts down",
                    ));
                }
            }
            waits.extend(self.new.drain(..).map(Wait::over));
            turn.count(1).await;
        }
    }

    /// Takes a job that is ready: it begins, or waits in its lane.
    fn take(&mut self, run: &mut AsyncRun<'_>, job: Job) -> Result<(), Stop> {
        let Some(outline) = run.outline(&job) else {
            // The future of an input is not the adapter's to bound.
            return self.begin(run, job, Turns::default());
        };
        let lane = match outline.group() {
            Some(group) => {
                let limit = self
                    .bounds
                    .group(group)
                    .ok_or_else(|| Stop::adapter(format!("it has no limit for group `{}`", group.name())))?;
                Some(self.lane(Some(group.name()), limit))
            }
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
        let limit = self.bounds.nodes_at_a_time.clone().filter(|_| takes_time)?;
        Some(self.lane(None, limit))
    }

    fn lane(&mut self, group: Option<&Name>, limit: Limit) -> usize {
        let found = self.lanes.iter().position(|lane| lane.group.as_ref() == group);
        found.unwrap_or_else(|| {
            self.lanes.push(Lane { group: group.cloned(), limit, waiting: VecDeque::new(), asks: false });
            self.lanes.len() - 1
        })
    }

    fn wait(&mut self, run: &mut AsyncRun<'_>, lane: usize, waiting: Waiting) -> Result<(), Stop> {
        self.lanes[lane].waiting.push_back(waiting);
        self.ask(run, lane)
    }

    /// Gives turns to those that wait in a lane while there are some; then the first asks for one.
    fn ask(&mut self, run: &mut AsyncRun<'_>, lane: usize) -> Result<(), Stop> {
        while !self.lanes[lane].asks && !self.lanes[lane].waiting.is_empty() {
            // Other runs that have asked come first: a turn that is given back is theirs at once.
            if let Some(turn) = self.lanes[lane].limit.turn_now() {
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
        let outline = run.outline(&job).filter(|_| self.lanes[lane].group.is_some());
        match outline.and_then(|outline| self.lane_of_all(outline)) {
            Some(all) => self.wait(run, all, Waiting { job, turns }),
            None => self.begin(run, job, turns),
        }
    }

    /// Begins a job where it is to run.
    fn begin(&mut self, run: &mut AsyncRun<'_>, job: Job, turns: Turns) -> Result<(), Stop> {
        let outline = run.outline(&job);
        let limits = [outline.and(self.bounds.node_timeout), outline.and_then(Outline::time_limit)];
        let limit = limits.into_iter().flatten().min();
        let placement = outline.map_or(Placement::Inline, Outline::placement);
        if outline.is_some_and(|outline| outline.colour() == Colour::Sync) && placement != Placement::Inline {
            let detached = run.detach(job)?;
            let receipt = detached.receipt();
            let execute = move || {
                let executed = detached.execute();
                drop(turns);
                executed
            };
            let away = if placement == Placement::Offload {
                self.threads.execute(execute)?
            } else {
                Away::spawned(async move { execute() })?
            };
            self.new.push(Wait::Sync(away, receipt, limit));
            return Ok(());
        }
        let Begun::Running(running) = run.begin(job)? else { return Ok(()) };
        if placement == Placement::Inline {
            self.new.push(Wait::Here(running, turns, limit));
            return Ok(());
        }
        let elsewhere = async move {
            let done = in_time(running, limit).await;
            drop(turns);
            done
        };
        let away = if placement == Placement::Offload {
            self.threads.poll(elsewhere)?
        } else {
            Away::spawned(elsewhere)?
        };
        self.new.push(Wait::Future(away));
        Ok(())
    }
}
