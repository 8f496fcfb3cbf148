//! The comparisons of a report.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ::icosian::Node;
use tokio::runtime::Runtime;

use super::Row;
use crate::contenders::compiled;
use crate::contenders::expansions::{self, ItemWork};
use crate::contenders::floor::CriticalPath;
use crate::contenders::futures_unordered::Boxed;
use crate::contenders::guest::Guest;
use crate::contenders::icosian::{self, Async, Reads};
use crate::contenders::joined::Joined;
use crate::contenders::levels::Levels;
use crate::contenders::spawn::Tasks;
use crate::contenders::{self, Contender, FLOOR, FUTURES_UNORDERED, Runner, busy, floor};
use crate::graphs::{self, Graph};
use crate::pause::{Pause, Sleep, Yield};
use crate::stopwatch::{Effort, Timing, compare};

/// The number of concurrent runs in [`concurrent`].
pub const RUNS: usize = 1_000;

/// Measures all contenders and guests that support the size of the graph.
#[must_use]
pub fn run(graph: Graph, guests: &[Guest], effort: Effort) -> Vec<Row> {
    let graph = Arc::new(graph);
    let expected = floor::result(&graph);
    let mut entries = contenders::all();
    entries.retain(|entry| graph.len() <= entry.largest);
    let guests = guests.iter().filter(|guest| graph.len() <= guest.largest);
    let is_async =
        entries.iter().map(|entry| entry.is_async).chain(guests.clone().map(|guest| guest.is_async));
    let mut runners: Vec<_> = entries.iter().map(|entry| (entry.name, (entry.prepare)(&graph))).collect();
    runners.extend(guests.clone().map(|guest| (guest.name, guest.runner(&graph))));
    let timings = compare(&mut runners, expected, effort);
    let results: Vec<_> = runners
        .iter()
        .zip(is_async)
        .zip(timings)
        .map(|(((name, _), is_async), timing)| (*name, is_async, timing))
        .collect();
    Row::of_comparison(&format!("run {}", graph.name()), graph.len(), &results)
}

/// Measures nodes of about ten microseconds on one core and on two. The floor is a loop on one core.
///
/// # Panics
/// Panics if the results differ.
///
/// # Examples
/// ```
/// use std::time::Duration;
///
/// use icosian_benches::graphs;
/// use icosian_benches::report::comparisons;
/// use icosian_benches::stopwatch::Effort;
///
/// let rows = comparisons::two_cores(graphs::grid(9), &[], Effort { rounds: 1, min_time: Duration::ZERO });
/// assert_eq!(rows[0].to_floor, Some(1.0));
/// ```
#[must_use]
pub fn two_cores(graph: Graph, guests: &[Guest], effort: Effort) -> Vec<Row> {
    let graph = Arc::new(graph);
    let mut runners = busy::runners(&graph);
    runners.extend(guests.iter().map(|guest| (guest.name, guest.runner(&graph))));
    let expected = runners[0].1(1).sum;
    let timings = compare(&mut runners, expected, effort);
    let results: Vec<_> =
        runners.iter().zip(timings).map(|((name, _), timing)| (*name, false, timing)).collect();
    Row::of_comparison(&format!("busy {}, 2 cores", graph.name()), graph.len(), &results)
}

/// Measures how long icosian takes to create the nodes of a graph, and to check and plan the graph. There is no floor.
///
/// # Panics
/// Panics if `rounds` is 0.
#[must_use]
pub fn build(graph: &Graph, rounds: usize) -> Vec<Row> {
    let measure = |build: &dyn Fn(Vec<Node>) -> Duration| {
        Timing::of((0..rounds).map(|_| crate::stopwatch::nanos(build(icosian::nodes(graph)))).collect())
    };
    let plan = measure(&|nodes| {
        let start = Instant::now();
        let program = icosian::program(graph, nodes);
        let elapsed = start.elapsed();
        drop(program);
        elapsed
    });
    let create = measure(&|nodes| {
        drop(nodes);
        let start = Instant::now();
        let nodes = icosian::nodes(graph);
        let elapsed = start.elapsed();
        drop(nodes);
        elapsed
    });
    let results = [("icosian: check and plan", false, plan), ("icosian: make the nodes", false, create)];
    Row::of_comparison(&format!("build {}", graph.name()), graph.len(), &results)
}

/// Measures [`RUNS`] concurrent runs of ten nodes that each yield once.
///
/// The floor only yields, once for each node of the critical path.
#[must_use]
pub fn concurrent(workers: Workers, effort: Effort) -> Vec<Row> {
    let graph = Arc::new(graphs::ten());
    let (mut runners, bench) = concurrent_runners(&graph, workers);
    let expected = floor::result(&graph).wrapping_mul(RUNS as u64);
    let timings = compare(&mut runners, expected, effort);
    let results: Vec<_> =
        runners.iter().zip(timings).map(|((name, _), timing)| (*name, true, timing.split(RUNS))).collect();
    Row::of_comparison(bench, graph.len(), &results)
}

/// The threads of a runtime.
#[derive(Debug, Clone, Copy)]
pub enum Workers {
    /// A current-thread runtime.
    One,
    /// A multi-thread runtime with two workers.
    Two,
}

/// Returns a runner of [`RUNS`] concurrent runs for each contender, and the name of the comparison.
#[must_use]
pub fn concurrent_runners(
    graph: &Arc<Graph>,
    workers: Workers,
) -> (Vec<(&'static str, Runner)>, &'static str) {
    let (runtime, bench) = match workers {
        Workers::One => (contenders::one_thread(), "1,000 at a time, 1 thread"),
        Workers::Two => (contenders::two_workers(), "1,000 at a time, 2 workers"),
    };
    let runtime = Arc::new(runtime);
    let mut runners = pausing_runners(graph, &Yield, &vec![1; graph.len()], &Concurrent(&runtime));
    runners.push(("joined", contenders::concurrent_runner(Joined(Yield), runtime, RUNS)));
    (runners, bench)
}

/// Measures compiled outputs of ten nodes. The floor calls the same nodes in hand-written code.
///
/// Async nodes yield once, in [`RUNS`] concurrent runs on one thread.
///
/// # Panics
/// Panics if the results differ.
#[must_use]
pub fn compiled(effort: Effort) -> Vec<Row> {
    const NODES: usize = 10;
    let mut rows = Vec::new();
    let mut compare = |bench: &str, mut runners: Vec<(&'static str, Runner)>, runs: usize, is_async: bool| {
        let expected = runners[0].1(1).sum;
        let timings = compare(&mut runners, expected, effort);
        let results: Vec<_> = runners
            .iter()
            .zip(timings)
            .map(|((name, _), timing)| (*name, is_async, timing.split(runs)))
            .collect();
        rows.extend(Row::of_comparison(bench, NODES, &results));
    };
    compare("compiled: sync chain", compiled::chain_runners(), 1, false);
    compare("compiled: sync fan", compiled::fan_runners(), 1, false);
    let runtime = Arc::new(contenders::one_thread());
    let concurrent = |contender| contenders::concurrent_runner(contender, Arc::clone(&runtime), RUNS);
    let series_parallel = vec![
        (FLOOR, contenders::concurrent_runner(compiled::SeriesParallelByHand, Arc::clone(&runtime), RUNS)),
        (
            compiled::COMPILED,
            contenders::concurrent_runner(compiled::SeriesParallel, Arc::clone(&runtime), RUNS),
        ),
        ("driver", concurrent(compiled::Driven::new(compiled::series_parallel::dataflow()))),
    ];
    compare("compiled: async series-parallel", series_parallel, RUNS, true);
    let other = vec![
        (FLOOR, contenders::concurrent_runner(compiled::TenByHand, Arc::clone(&runtime), RUNS)),
        (compiled::COMPILED, contenders::concurrent_runner(compiled::Ten, Arc::clone(&runtime), RUNS)),
        ("driver", concurrent(compiled::Driven::new(compiled::ten::dataflow()))),
    ];
    compare("compiled: async other", other, RUNS, true);
    rows
}

/// The number of items in [`fan_out`].
pub const ITEMS: u64 = 20_000;

/// The number of items in a comparison with guests, which are slower.
const GUEST_ITEMS: u64 = 200;

/// Measures expansions on one thread, on two threads and with async functions, and guests on fewer items.
///
/// The floors are a loop, a parallel iterator and a buffered stream.
///
/// # Panics
/// Panics if the results differ.
///
/// # Examples
/// ```
/// use std::time::Duration;
///
/// use icosian_benches::contenders::expansions::ItemWork;
/// use icosian_benches::report::comparisons;
/// use icosian_benches::stopwatch::Effort;
///
/// let effort = Effort { rounds: 1, min_time: Duration::ZERO };
/// let rows = comparisons::fan_out("fan-out, trivial", ItemWork::trivial(9), effort);
/// assert_eq!(rows[0].bench, "fan-out, trivial: one thread");
/// assert_eq!(rows[8].contender, "icosian_async_stream");
/// ```
#[must_use]
pub fn fan_out(name: &str, items: ItemWork, effort: Effort) -> Vec<Row> {
    let measure = |kind: &str, runners| measure_items(&format!("{name}: {kind}"), items, runners, effort);
    let mut rows = measure("one thread", expansions::sync_runners(items));
    rows.extend(measure("two threads", expansions::rayon_runners(items)));
    rows.extend(measure("async", expansions::async_runners(items)));
    rows
}

/// Measures guests that fan out, beside a parallel iterator as the floor.
///
/// # Panics
/// Panics if the results differ.
#[must_use]
pub fn fan_out_of_guests(guests: &[Guest], effort: Effort) -> Vec<Row> {
    let items = ItemWork::trivial(GUEST_ITEMS);
    let mut runners = expansions::rayon_runners(items);
    runners.extend(guests.iter().map(|guest| (guest.name, guest.item_runner(items.count))));
    measure_items("fan-out, trivial: guests", items, runners, effort)
}

fn measure_items(
    bench: &str,
    items: ItemWork,
    mut runners: Vec<(&'static str, Runner)>,
    effort: Effort,
) -> Vec<Row> {
    let expected = runners[0].1(1).sum;
    let timings = compare(&mut runners, expected, effort);
    let results: Vec<_> =
        runners.iter().zip(timings).map(|((name, _), timing)| (*name, false, timing)).collect();
    let count = usize::try_from(items.count).expect("the items fit into memory");
    Row::of_comparison(bench, count, &results)
}

/// Measures 20 sleeping nodes. The floor sleeps for the critical path.
#[must_use]
pub fn sleeping(rounds: usize) -> Vec<Row> {
    let (graph, mut runners) = sleepers();
    let effort = Effort { rounds, min_time: Duration::ZERO };
    let timings = compare(&mut runners, floor::result(&graph), effort);
    let results: Vec<_> =
        runners.iter().zip(timings).map(|((name, _), timing)| (*name, true, timing)).collect();
    Row::of_comparison("sleeping", graph.len(), &results)
}

/// Returns the graph of sleeping nodes, and a runner for each contender.
#[must_use]
pub fn sleepers() -> (Arc<Graph>, Vec<(&'static str, Runner)>) {
    let (graph, millis) = graphs::sleepers();
    let graph = Arc::new(graph);
    let runners = pausing_runners(&graph, &Sleep(millis.clone().into()), &millis, &Sequential);
    (graph, runners)
}

/// A way to schedule the runs of an async contender.
trait Schedule {
    fn runner(&self, contender: impl Contender) -> Runner;
}

/// One run after the other.
struct Sequential;

impl Schedule for Sequential {
    fn runner(&self, contender: impl Contender) -> Runner {
        contenders::async_runner(contender)
    }
}

/// [`RUNS`] concurrent runs.
struct Concurrent<'runtime>(&'runtime Arc<Runtime>);

impl Schedule for Concurrent<'_> {
    fn runner(&self, contender: impl Contender) -> Runner {
        contenders::concurrent_runner(contender, Arc::clone(self.0), RUNS)
    }
}

/// Returns the runners of all contenders that support pauses.
fn pausing_runners<P: Pause>(
    graph: &Arc<Graph>,
    pause: &P,
    costs: &[u64],
    schedule: &impl Schedule,
) -> Vec<(&'static str, Runner)> {
    let pause_copy = || pause.clone();
    vec![
        (FLOOR, schedule.runner(CriticalPath::new(graph, pause_copy(), costs))),
        ("icosian_async", schedule.runner(Async::new(graph, pause, Reads::ByValue))),
        ("icosian_async_borrowed", schedule.runner(Async::new(graph, pause, Reads::ByReference))),
        (FUTURES_UNORDERED, schedule.runner(Boxed::new(graph, pause_copy()))),
        ("spawn", schedule.runner(Tasks::new(graph, pause_copy()))),
        ("levels", schedule.runner(Levels::new(graph, pause_copy()))),
    ]
}
