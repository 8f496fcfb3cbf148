//! One boxed future per node, started when its dependencies have finished and polled by one `FuturesUnordered`.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use futures::StreamExt;
use futures::stream::FuturesUnordered;

use super::Contender;
use crate::graphs::Graph;
use crate::pause::Pause;

type BoxedNode = Pin<Box<dyn Future<Output = (usize, u64)> + Send>>;

/// A graph of boxed futures.
#[derive(Debug)]
pub struct Boxed<P> {
    graph: Arc<Graph>,
    waits: Vec<u32>,
    pause: P,
}

impl<P: Pause> Boxed<P> {
    /// Returns the contender for a graph.
    #[must_use]
    pub fn new(graph: &Arc<Graph>, pause: P) -> Self {
        Self { graph: Arc::clone(graph), waits: graph.waits(), pause }
    }

    fn future(&self, node: usize, values: &[u64]) -> BoxedNode {
        let (sum, pause) = (self.graph.sum(node, values), self.pause.pause(node));
        Box::pin(async move {
            pause.await;
            (node, sum)
        })
    }
}

impl<P: Pause> Contender for Boxed<P> {
    async fn run(&self) -> u64 {
        let mut values = vec![0; self.graph.len()];
        let mut waits = self.waits.clone();
        let first = (0..values.len()).filter(|&node| waits[node] == 0);
        let mut running: FuturesUnordered<BoxedNode> = first.map(|node| self.future(node, &values)).collect();
        while let Some((node, value)) = running.next().await {
            values[node] = value;
            for &reader in self.graph.readers(node) {
                let reader = reader as usize;
                waits[reader] -= 1;
                if waits[reader] == 0 {
                    running.push(self.future(reader, &values));
                }
            }
        }
        self.graph.result(&values)
    }
}
