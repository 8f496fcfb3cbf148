//! Hand-written code that runs the graph level by level, with `join_all` for the nodes of a level.

use std::sync::Arc;

use futures::future::join_all;

use super::Contender;
use crate::graphs::Graph;
use crate::pause::Pause;

/// A graph that runs level by level.
#[derive(Debug)]
pub struct Levels<P> {
    graph: Arc<Graph>,
    pause: P,
}

impl<P: Pause> Levels<P> {
    /// Returns the contender for a graph.
    #[must_use]
    pub fn new(graph: &Arc<Graph>, pause: P) -> Self {
        Self { graph: Arc::clone(graph), pause }
    }
}

impl<P: Pause> Contender for Levels<P> {
    async fn run(&self) -> u64 {
        let mut values = vec![0; self.graph.len()];
        for level in self.graph.levels() {
            let nodes = level.iter().map(|&node| {
                let node = node as usize;
                let (sum, pause) = (self.graph.sum(node, &values), self.pause.pause(node));
                async move {
                    pause.await;
                    sum
                }
            });
            let results = join_all(nodes).await;
            for (&node, value) in level.iter().zip(results) {
                values[node as usize] = value;
            }
        }
        self.graph.result(&values)
    }
}
