//! The crate `dagx`: a single-use graph of typed tasks, run level by level, that exchange values over channels.

use std::sync::Arc;

use ::dagx::{DagRunner, Task, TaskHandle, task};

use super::{Measurement, Runner, one_thread};
use crate::graphs::Graph;

struct Sum0(u64);

#[task]
impl Sum0 {
    async fn run(&self) -> u64 {
        self.0
    }
}

struct Sum1(u64);

#[task]
impl Sum1 {
    async fn run(&self, a: &u64) -> u64 {
        self.0.wrapping_add(*a)
    }
}

struct Sum2(u64);

#[task]
impl Sum2 {
    async fn run(&self, a: &u64, b: &u64) -> u64 {
        self.0.wrapping_add(*a).wrapping_add(*b)
    }
}

struct Sum3(u64);

#[task]
impl Sum3 {
    async fn run(&self, a: &u64, b: &u64, c: &u64) -> u64 {
        self.0.wrapping_add(*a).wrapping_add(*b).wrapping_add(*c)
    }
}

/// Returns a runner. Each run consumes a graph; the time to create it is not measured.
///
/// # Panics
/// The runner panics if a run fails.
///
/// # Examples
/// ```
/// use std::sync::Arc;
///
/// use icosian_benches::contenders::dagx;
/// use icosian_benches::graphs;
///
/// assert_eq!(dagx::runner(&Arc::new(graphs::chain(4)))(1).sum, 6);
/// ```
#[must_use]
pub fn runner(graph: &Arc<Graph>) -> Runner {
    let (graph, runtime) = (Arc::clone(graph), one_thread());
    Box::new(move |times| {
        Measurement::sum_of(times, || {
            let dag = DagRunner::new();
            let mut nodes: Vec<TaskHandle<u64>> = Vec::with_capacity(graph.len());
            for node in 0..graph.len() {
                let own = node as u64;
                let read = |index: usize| &nodes[graph.reads(node)[index] as usize];
                let added = match graph.reads(node).len() {
                    0 => dag.add_task(Sum0(own)).into(),
                    1 => dag.add_task(Sum1(own)).depends_on(read(0)),
                    2 => dag.add_task(Sum2(own)).depends_on((read(0), read(1))),
                    _ => dag.add_task(Sum3(own)).depends_on((read(0), read(1), read(2))),
                };
                nodes.push(added);
            }
            // The crate requires a function that spawns tasks. It does not use it for levels of one node.
            let run = dag.run(|task| drop(tokio::spawn(task)));
            Measurement::time(|| {
                runtime.block_on(run).expect("no node fails");
                let values = graph.sinks().iter().map(|&sink| dag.get(nodes[sink as usize]));
                values.fold(0, |sum, value| sum.wrapping_add(value.expect("every node has run")))
            })
        })
    })
}
