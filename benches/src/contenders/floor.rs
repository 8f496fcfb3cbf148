//! The floor: what no graph needs less than.

use std::sync::Arc;

use super::{Contender, Lap, Round};
use crate::graphs::Graph;
use crate::pause::Pause;

/// Returns rounds of a loop over all nodes in order, with their values in one `Vec`.
#[must_use]
pub fn round(graph: &Arc<Graph>) -> Round {
    let graph = Arc::clone(graph);
    let mut values = vec![0; graph.len()];
    Box::new(move |times| {
        Lap::timed(|| {
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

/// Returns what the graph gives.
#[must_use]
pub fn result(graph: &Arc<Graph>) -> u64 {
    round(graph)(1).sum
}

/// Awaits the pauses of a critical path, one after the other, and computes nothing.
#[derive(Debug)]
pub struct CriticalPath<P> {
    path: Vec<usize>,
    result: u64,
    pause: P,
}

impl<P: Pause> CriticalPath<P> {
    /// Returns the floor of a graph whose nodes pause for `costs`.
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
