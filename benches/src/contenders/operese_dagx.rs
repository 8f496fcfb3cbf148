//! The crate `operese-dagx`: typed tasks, level by level, in a graph that runs once.

use std::sync::Arc;

use ::operese_dagx::{DagRunner, Task, TaskInput};

use super::{Lap, Round, one_thread};
use crate::graphs::Graph;

/// A node: its own number, to which it adds what it reads.
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

/// Returns rounds. A graph is used up by its run; making the next one is not timed.
///
/// # Panics
/// When a run fails.
#[must_use]
pub fn round(graph: &Arc<Graph>) -> Round {
    let (graph, runtime) = (Arc::clone(graph), one_thread());
    Box::new(move |times| {
        Lap::added(times, || {
            let mut dag = DagRunner::new();
            let mut nodes = Vec::with_capacity(graph.len());
            for node in 0..graph.len() {
                let sum = Sum(node as u64);
                let read = |place: usize| &nodes[graph.reads(node)[place] as usize];
                let added = match graph.reads(node).len() {
                    0 => dag.add_task::<(), _>(sum),
                    1 => dag.add_task::<(u64,), _>(sum).depends_on(read(0)),
                    2 => dag.add_task::<(u64, u64), _>(sum).depends_on((read(0), read(1))),
                    _ => dag.add_task::<(u64, u64, u64), _>(sum).depends_on((read(0), read(1), read(2))),
                };
                nodes.push(added);
            }
            let mut nodes: Vec<_> = nodes.into_iter().map(Some).collect();
            let wanted: Vec<_> = graph
                .sinks()
                .iter()
                .map(|&sink| nodes[sink as usize].take().expect("a sink is one"))
                .collect();
            // Nothing is spawned: on one thread that is the fastest.
            Lap::timed(|| {
                let mut outputs = runtime.block_on(dag.run(|task| task)).expect("no node fails");
                wanted.into_iter().fold(0, |sum, node| sum.wrapping_add(outputs.get(node)))
            })
        })
    })
}
