//! Nodes that compute for a while, on one core and on two.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use icosian_adapter::SyncAdapter;
use icosian_rayon::RayonAdapter;
use rayon::prelude::*;
use rayon::{Scope, ThreadPool, ThreadPoolBuilder};

use super::{FLOOR, Runner, icosian, sync_runner};
use crate::graphs::Graph;

/// The number of times a node mixes its sum, which takes about ten microseconds.
pub const MIXES: u32 = 3_500;

/// Mixes `sum` [`MIXES`] times.
///
/// # Examples
/// ```
/// use icosian_benches::contenders::busy::busy;
///
/// assert_eq!(busy(7), busy(7));
/// assert_ne!(busy(7), busy(8));
/// ```
#[must_use]
pub fn busy(sum: u64) -> u64 {
    mix(sum, MIXES)
}

/// Mixes `sum` with the finalizer of splitmix64, `times` times.
#[must_use]
pub fn mix(sum: u64, times: u32) -> u64 {
    (0..times).fold(sum, |sum, _| {
        let mixed = sum.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    })
}

/// Returns the runners of a graph of busy nodes: a loop and icosian on one core, then icosian and hand-written code on two
/// cores.
///
/// # Panics
/// Panics if the threads cannot be started.
///
/// # Examples
/// ```
/// use std::sync::Arc;
///
/// use icosian_benches::contenders::busy;
/// use icosian_benches::graphs;
///
/// let mut runners = busy::runners(&Arc::new(graphs::grid(4)));
/// let results: Vec<_> = runners.iter_mut().map(|(_, runner)| runner(1).sum).collect();
/// assert!(results.iter().all(|result| *result == results[0]));
/// ```
#[must_use]
pub fn runners(graph: &Arc<Graph>) -> Vec<(&'static str, Runner)> {
    let two = std::num::NonZeroUsize::MIN.saturating_add(1);
    let rayon = RayonAdapter::with_threads(two).expect("the system can start threads");
    let threads =
        || ThreadPoolBuilder::new().num_threads(two.get()).build().expect("the system can start threads");
    vec![
        (FLOOR, floor(graph)),
        ("icosian", icosian::runner_under(graph, busy, SyncAdapter)),
        ("icosian_rayon", icosian::runner_under(graph, busy, rayon)),
        ("rayon_scope", scope(graph, threads())),
        ("rayon_levels", levels(graph, threads())),
    ]
}

/// Returns a loop over all nodes, on one core.
fn floor(graph: &Arc<Graph>) -> Runner {
    let graph = Arc::clone(graph);
    let mut values = vec![0; graph.len()];
    sync_runner(move || {
        for node in 0..graph.len() {
            values[node] = busy(graph.sum(node, &values));
        }
        graph.result(&values)
    })
}

/// Returns a runner that runs the nodes of each level in parallel, level by level.
fn levels(graph: &Arc<Graph>, threads: ThreadPool) -> Runner {
    let graph = Arc::clone(graph);
    sync_runner(move || {
        threads.install(|| {
            let mut values = vec![0; graph.len()];
            for level in graph.levels() {
                let nodes = level.par_iter().with_max_len(1);
                let results: Vec<_> = nodes.map(|&node| busy(graph.sum(node as usize, &values))).collect();
                for (&node, value) in level.iter().zip(results) {
                    values[node as usize] = value;
                }
            }
            graph.result(&values)
        })
    })
}

/// The state that the threads of [`scope`] share.
struct Shared {
    graph: Arc<Graph>,
    values: Vec<AtomicU64>,
    waits: Vec<AtomicU32>,
}

/// Returns a runner that starts each node when its dependencies have finished.
///
/// The thread that finishes the last dependency continues with the first ready node and spawns the others.
fn scope(graph: &Arc<Graph>, threads: ThreadPool) -> Runner {
    let waits = graph.waits();
    let shared = Shared {
        graph: Arc::clone(graph),
        values: waits.iter().map(|_| AtomicU64::new(0)).collect(),
        waits: waits.iter().map(|&waits| AtomicU32::new(waits)).collect(),
    };
    sync_runner(move || {
        // `threads.scope` synchronizes with the spawned threads, so `Relaxed` is enough to reset the counters.
        for (wait, &waits) in shared.waits.iter().zip(&waits) {
            wait.store(waits, Ordering::Relaxed);
        }
        threads.scope(|scope| {
            for node in (0..waits.len()).filter(|&node| waits[node] == 0) {
                let shared = &shared;
                scope.spawn(move |scope| shared.work(scope, node));
            }
        });
        let sinks = shared.graph.sinks().iter();
        sinks.fold(0, |sum, &sink| sum.wrapping_add(shared.value(sink)))
    })
}

impl Shared {
    /// Runs a node, and then ready nodes in sequence until none is left for this thread.
    fn work<'scope>(&'scope self, scope: &Scope<'scope>, mut node: usize) {
        loop {
            let reads = self.graph.reads(node).iter();
            let sum = reads.fold(node as u64, |sum, &read| sum.wrapping_add(self.value(read)));
            self.values[node].store(busy(sum), Ordering::Release);
            let mut next = None;
            for &reader in self.graph.readers(node) {
                let reader = reader as usize;
                if self.waits[reader].fetch_sub(1, Ordering::AcqRel) > 1 {
                    continue;
                }
                if next.is_none() {
                    next = Some(reader);
                } else {
                    scope.spawn(move |scope| self.work(scope, reader));
                }
            }
            let Some(ready) = next else { return };
            node = ready;
        }
    }

    fn value(&self, node: u32) -> u64 {
        self.values[node as usize].load(Ordering::Acquire)
    }
}
