//! The races that a report is made of.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ::icosian::Node;
use tokio::runtime::Runtime;

use super::Row;
use crate::contenders::floor::CriticalPath;
use crate::contenders::futures_unordered::Boxed;
use crate::contenders::guest::Guest;
use crate::contenders::icosian::{self, Async, Reads};
use crate::contenders::joined::Joined;
use crate::contenders::levels::Levels;
use crate::contenders::spawn::Tasks;
use crate::contenders::{self, Contender, FLOOR, FUTURES_UNORDERED, Round, busy, floor};
use crate::graphs::{self, Graph};
use crate::pause::{Pause, Sleep, Yield};
use crate::stopwatch::{Effort, Timing, race};

/// How many runs at a time [`concurrent`] has.
pub const RUNS: usize = 1_000;

/// Races all contenders that can run a graph, and those of the guests.
#[must_use]
pub fn run(graph: Graph, guests: &[Guest], effort: Effort) -> Vec<Row> {
    let graph = Arc::new(graph);
    let expected = floor::result(&graph);
    let mut entries = contenders::all();
    entries.retain(|entry| graph.len() <= entry.largest);
    let guests = guests.iter().filter(|guest| graph.len() <= guest.largest);
    let kinds = entries.iter().map(|entry| entry.is_async).chain(guests.clone().map(|guest| guest.is_async));
    let mut rounds: Vec<_> = entries.iter().map(|entry| (entry.name, (entry.ready)(&graph))).collect();
    rounds.extend(guests.clone().map(|guest| (guest.name, guest.round(&graph))));
    let timings = race(&mut rounds, expected, effort);
    let results: Vec<_> = rounds
        .iter()
        .zip(kinds)
        .zip(timings)
        .map(|(((name, _), is_async), timing)| (*name, is_async, timing))
        .collect();
    Row::of_race(&format!("run {}", graph.name()), graph.len(), &results)
}

/// Races nodes of some ten microseconds, on one core and on two; the floor is a loop on one.
///
/// # Panics
/// When results differ.
///
/// # Examples
/// ```
/// use std::time::Duration;
///
/// use icosian_benches::graphs;
/// use icosian_benches::report::races;
/// use icosian_benches::stopwatch::Effort;
///
/// let rows = races::two_cores(graphs::grid(9), &[], Effort { turns: 1, turn: Duration::ZERO });
/// assert_eq!(rows[0].to_floor, Some(1.0));
/// ```
#[must_use]
pub fn two_cores(graph: Graph, guests: &[Guest], effort: Effort) -> Vec<Row> {
    let graph = Arc::new(graph);
    let mut rounds = busy::rounds(&graph);
    rounds.extend(guests.iter().map(|guest| (guest.name, guest.round(&graph))));
    let expected = rounds[0].1(1).sum;
    let timings = race(&mut rounds, expected, effort);
    let results: Vec<_> =
        rounds.iter().zip(timings).map(|((name, _), timing)| (*name, false, timing)).collect();
    Row::of_race(&format!("busy {}, 2 cores", graph.name()), graph.len(), &results)
}

/// Times how icosian builds a graph and plans all of it. There is no floor.
///
/// # Panics
/// When there are no turns.
#[must_use]
pub fn build(graph: &Graph, turns: usize) -> Vec<Row> {
    let took = |build: &dyn Fn(Vec<Node>) -> Duration| {
        Timing::of((0..turns).map(|_| crate::stopwatch::nanos(build(icosian::nodes(graph)))).collect())
    };
    let planned = took(&|nodes| {
        let start = Instant::now();
        let program = icosian::program(graph, nodes);
        let took = start.elapsed();
        drop(program);
        took
    });
    let made = took(&|nodes| {
        drop(nodes);
        let start = Instant::now();
        let nodes = icosian::nodes(graph);
        let took = start.elapsed();
        drop(nodes);
        took
    });
    let results = [("icosian: check and plan", false, planned), ("icosian: make the nodes", false, made)];
    Row::of_race(&format!("build {}", graph.name()), graph.len(), &results)
}

/// Races [`RUNS`] runs at a time of ten nodes that yield once each; the floor only yields, as often as the critical path.
#[must_use]
pub fn concurrent(workers: Workers, effort: Effort) -> Vec<Row> {
    let graph = Arc::new(graphs::ten());
    let (mut rounds, bench) = crowds(&graph, workers);
    let expected = floor::result(&graph).wrapping_mul(RUNS as u64);
    let timings = race(&mut rounds, expected, effort);
    let results: Vec<_> =
        rounds.iter().zip(timings).map(|((name, _), timing)| (*name, true, timing.split(RUNS))).collect();
    Row::of_race(bench, graph.len(), &results)
}

/// How many threads the runtime has.
#[derive(Debug, Clone, Copy)]
pub enum Workers {
    /// The thread that blocks on it
    One,
    /// Two, which steal from each other
    Two,
}

/// Returns [`RUNS`] runs at a time of each contender, and what to call them.
#[must_use]
pub fn crowds(graph: &Arc<Graph>, workers: Workers) -> (Vec<(&'static str, Round)>, &'static str) {
    let (runtime, bench) = match workers {
        Workers::One => (contenders::one_thread(), "1,000 at a time, 1 thread"),
        Workers::Two => (contenders::two_workers(), "1,000 at a time, 2 workers"),
    };
    let runtime = Arc::new(runtime);
    let mut rounds = pausing(graph, &Yield, &vec![1; graph.len()], &Crowd(&runtime));
    rounds.push(("joined", contenders::crowds(Joined(Yield), runtime, RUNS)));
    (rounds, bench)
}

/// Races twenty sleeping nodes; the floor sleeps only as long as the critical path.
#[must_use]
pub fn sleeping(turns: usize) -> Vec<Row> {
    let (graph, mut rounds) = sleepers();
    let effort = Effort { turns, turn: Duration::ZERO };
    let timings = race(&mut rounds, floor::result(&graph), effort);
    let results: Vec<_> =
        rounds.iter().zip(timings).map(|((name, _), timing)| (*name, true, timing)).collect();
    Row::of_race("sleeping", graph.len(), &results)
}

/// Returns the sleeping graph and rounds of each contender.
#[must_use]
pub fn sleepers() -> (Arc<Graph>, Vec<(&'static str, Round)>) {
    let (graph, millis) = graphs::sleepers();
    let graph = Arc::new(graph);
    let rounds = pausing(&graph, &Sleep(millis.clone().into()), &millis, &Alone);
    (graph, rounds)
}

/// How a contender becomes rounds.
trait Rounds {
    fn of(&self, contender: impl Contender) -> Round;
}

struct Alone;

impl Rounds for Alone {
    fn of(&self, contender: impl Contender) -> Round {
        contenders::rounds(contender)
    }
}

struct Crowd<'runtime>(&'runtime Arc<Runtime>);

impl Rounds for Crowd<'_> {
    fn of(&self, contender: impl Contender) -> Round {
        contenders::crowds(contender, Arc::clone(self.0), RUNS)
    }
}

fn pausing<P: Pause>(
    graph: &Arc<Graph>,
    pause: &P,
    costs: &[u64],
    rounds: &impl Rounds,
) -> Vec<(&'static str, Round)> {
    let own = || pause.clone();
    vec![
        (FLOOR, rounds.of(CriticalPath::new(graph, own(), costs))),
        ("icosian_async", rounds.of(Async::new(graph, pause, Reads::Taken))),
        ("icosian_async_borrowed", rounds.of(Async::new(graph, pause, Reads::Borrowed))),
        (FUTURES_UNORDERED, rounds.of(Boxed::new(graph, own()))),
        ("spawn", rounds.of(Tasks::new(graph, own()))),
        ("levels", rounds.of(Levels::new(graph, own()))),
    ]
}
