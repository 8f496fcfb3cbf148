//! One tokio task per node, spawned by the last of its dependencies to finish.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

use tokio::sync::Notify;

use super::Contender;
use crate::graphs::Graph;
use crate::pause::Pause;

/// A graph of tasks.
#[derive(Debug)]
pub struct Tasks<P> {
    graph: Arc<Graph>,
    waits: Vec<u32>,
    pause: P,
}

impl<P: Pause> Tasks<P> {
    /// Returns the contender for a graph.
    #[must_use]
    pub fn new(graph: &Arc<Graph>, pause: P) -> Self {
        Self { graph: Arc::clone(graph), waits: graph.waits(), pause }
    }
}

/// The state that the tasks of a run share.
struct Shared<P> {
    graph: Arc<Graph>,
    pause: P,
    values: Vec<AtomicU64>,
    waits: Vec<AtomicU32>,
    unfinished: AtomicUsize,
    done: Notify,
}

impl<P: Pause> Shared<P> {
    /// Stores the value of a node and spawns the nodes that become ready.
    fn finish(self: &Arc<Self>, node: usize, value: u64) {
        self.values[node].store(value, Ordering::Release);
        for &reader in self.graph.readers(node) {
            if self.waits[reader as usize].fetch_sub(1, Ordering::AcqRel) == 1 {
                spawn(Arc::clone(self), reader as usize);
            }
        }
        if self.unfinished.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.done.notify_one();
        }
    }

    fn value(&self, node: u32) -> u64 {
        self.values[node as usize].load(Ordering::Acquire)
    }
}

fn spawn<P: Pause>(shared: Arc<Shared<P>>, node: usize) {
    tokio::spawn(async move {
        let reads = shared.graph.reads(node).iter();
        let sum = reads.fold(node as u64, |sum, &read| sum.wrapping_add(shared.value(read)));
        shared.pause.pause(node).await;
        shared.finish(node, sum);
    });
}

impl<P: Pause> Contender for Tasks<P> {
    async fn run(&self) -> u64 {
        let shared = Arc::new(Shared {
            graph: Arc::clone(&self.graph),
            pause: self.pause.clone(),
            values: self.waits.iter().map(|_| AtomicU64::new(0)).collect(),
            waits: self.waits.iter().map(|&waits| AtomicU32::new(waits)).collect(),
            unfinished: AtomicUsize::new(self.waits.len()),
            done: Notify::new(),
        });
        for node in (0..self.waits.len()).filter(|&node| self.waits[node] == 0) {
            spawn(Arc::clone(&shared), node);
        }
        shared.done.notified().await;
        let sinks = self.graph.sinks().iter();
        sinks.fold(0, |sum, &sink| sum.wrapping_add(shared.value(sink)))
    }
}
