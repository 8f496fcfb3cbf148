//! The floor: the baseline that computes the result without a graph.

use std::sync::Arc;

use super::{Contender, Measurement, Runner};
use crate::graphs::Graph;
use crate::pause::Pause;

/// Returns a loop over all nodes in topological order that stores the values in a `Vec`.
#[must_use]
pub fn runner(graph: &Arc<Graph>) -> Runner {
    let graph = Arc::clone(graph);
    let mut values = vec![0; graph.len()];
    Box::new(move |times| {
        Measurement::time(|| {
            let mut sum = 0_u64;
            for _ in 0..times {
                for node in 0..graph.len() {
                    values[node] = graph.sum(node, &values);
                }
                sum = sum.wrapping_add(std::hint::black_box(graph.result(&values)));
            }
            sum
        })
    })
}

/// Returns the result of the graph.
#[must_use]
pub fn result(graph: &Arc<Graph>) -> u64 {
    runner(graph)(1).sum
}

/// Awaits the pauses of the critical path in sequence. Computes nothing.
#[derive(Debug)]
pub struct CriticalPath<P> {
    path: Vec<usize>,
    result: u64,
    pause: P,
}

impl<P: Pause> CriticalPath<P> {
    /// Returns the floor of a graph with the pause durations `costs`.
    #[must_use]
    pub fn new(graph: &Arc<Graph>, pause: P, costs: &[u64]) -> Self {
        Self { path: graph.critical_path(costs), result: result(graph), pause }
    }
}

impl<P: Pause> Contender for CriticalPath<P> {
    async fn run(&self) -> u64 {
        for &node in &self.path {
            self.pause.pause(node).await;
        }
        self.result
    }
}
