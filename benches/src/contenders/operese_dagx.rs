//! The crate `operese-dagx`: a single-use graph of typed tasks, run level by level.

use std::sync::Arc;

use ::operese_dagx::{DagRunner, Task, TaskInput};

use super::{Measurement, Runner, one_thread};
use crate::graphs::Graph;

/// A node that adds its number and its inputs.
struct Sum(u64);

impl Task<()> for Sum {
    type Output = u64;

    async fn run(self, _: TaskInput<'_, ()>) -> u64 {
        self.0
    }
}

impl Task<(u64,)> for Sum {
    type Output = u64;

    async fn run(self, input: TaskInput<'_, (u64,)>) -> u64 {
        let (a, _) = input.next();
        self.0.wrapping_add(*a)
    }
}

impl Task<(u64, u64)> for Sum {
    type Output = u64;

    async fn run(self, input: TaskInput<'_, (u64, u64)>) -> u64 {
        let (a, input) = input.next();
        let (b, _) = input.next();
        self.0.wrapping_add(*a).wrapping_add(*b)
    }
}

impl Task<(u64, u64, u64)> for Sum {
    type Output = u64;

    async fn run(self, input: TaskInput<'_, (u64, u64, u64)>) -> u64 {
        let (a, input) = input.next();
        let (b, input) = input.next();
        let (c, _) = input.next();
        self.0.wrapping_add(*a).wrapping_add(*b).wrapping_add(*c)
    }
}

/// Returns a runner. Each run consumes a graph; the time to create it is not measured.
///
/// # Panics
/// The runner panics if a run fails.
#[must_use]
pub fn runner(graph: &Arc<Graph>) -> Runner {
    let (graph, runtime) = (Arc::clone(graph), one_thread());
    Box::new(move |times| {
        Measurement::sum_of(times, || {
            let mut dag = DagRunner::new();
            let mut nodes = Vec::with_capacity(graph.len());
            for node in 0..graph.len() {
                let sum = Sum(node as u64);
                let read = |index: usize| &nodes[graph.reads(node)[index] as usize];
                let added = match graph.reads(node).len() {
                    0 => dag.add_task::<(), _>(sum),
                    1 => dag.add_task::<(u64,), _>(sum).depends_on(read(0)),
                    2 => dag.add_task::<(u64, u64), _>(sum).depends_on((read(0), read(1))),
                    _ => dag.add_task::<(u64, u64, u64), _>(sum).depends_on((read(0), read(1), read(2))),
                };
                nodes.push(added);
            }
            let mut nodes: Vec<_> = nodes.into_iter().map(Some).collect();
            let sinks: Vec<_> = graph
                .sinks()
                .iter()
                .map(|&sink| nodes[sink as usize].take().expect("sinks are distinct"))
                .collect();
            // Awaits tasks without spawning them, which is fastest on one thread.
            Measurement::time(|| {
                let mut outputs = runtime.block_on(dag.run(|task| task)).expect("no node fails");
                sinks.into_iter().fold(0, |sum, node| sum.wrapping_add(outputs.get(node)))
            })
        })
    })
}
