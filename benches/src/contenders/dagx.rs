//! The crate `dagx`: typed tasks, level by level, that hand their values over channels, in a graph that runs once.

use std::sync::Arc;

use ::dagx::{DagRunner, Task, TaskHandle, task};

use super::{Lap, Round, one_thread};
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

/// Returns rounds. A graph is used up by its run; making the next one is not timed.
///
/// # Panics
/// When a run fails.
///
/// # Examples
/// ```
/// use std::sync::Arc;
///
/// use icosian_benches::contenders::dagx;
/// use icosian_benches::graphs;
///
/// assert_eq!(dagx::round(&Arc::new(graphs::chain(4)))(1).sum, 6);
/// ```
#[must_use]
pub fn round(graph: &Arc<Graph>) -> Round {
    let (graph, runtime) = (Arc::clone(graph), one_thread());
    Box::new(move |times| {
        Lap::added(times, || {
            let dag = DagRunner::new();
            let mut nodes: Vec<TaskHandle<u64>> = Vec::with_capacity(graph.len());
            for node in 0..graph.len() {
                let own = node as u64;
                let read = |place: usize| &nodes[graph.reads(node)[place] as usize];
                let added = match graph.reads(node).len() {
                    0 => dag.add_task(Sum0(own)).into(),
                    1 => dag.add_task(Sum1(own)).depends_on(read(0)),
                    2 => dag.add_task(Sum2(own)).depends_on((read(0), read(1))),
                    _ => dag.add_task(Sum3(own)).depends_on((read(0), read(1), read(2))),
                };
                nodes.push(added);
            }
            // A spawner must spawn; a level of one node is run where it is, though.
            let run = dag.run(|task| drop(tokio::spawn(task)));
            Lap::timed(|| {
                runtime.block_on(run).expect("no node fails");
                let values = graph.sinks().iter().map(|&sink| dag.get(nodes[sink as usize]));
                values.fold(0, |sum, value| sum.wrapping_add(value.expect("it has run")))
            })
        })
    })
}
