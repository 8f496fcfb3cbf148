//! The crate `dagrs`: actors that are all spawned at once and exchange values over channels.

use std::sync::Arc;
use std::time::Instant;

use ::dagrs::async_trait::async_trait;
use ::dagrs::{
    Action, Content, DefaultNode, EnvVar, Graph as Dag, InChannels, Node, NodeTable, OutChannels, Output,
};

use super::{Measurement, Runner, one_thread};
use crate::graphs::Graph;

/// A node that adds its number and the received values.
struct Sum(u64);

#[async_trait]
impl Action for Sum {
    async fn run(&self, reads: &mut InChannels, readers: &mut OutChannels, _: Arc<EnvVar>) -> Output {
        let reads = reads.map(|read| {
            read.expect("every dependency sends a value").into_inner::<u64>().expect("every value is a u64")
        });
        let sum = reads.await.iter().fold(self.0, |sum, read| sum.wrapping_add(**read));
        readers.broadcast(Content::new(sum)).await;
        Output::new(sum)
    }
}

/// Returns a runner. Each run consumes a graph; the time to create it and to collect its results is not measured.
///
/// # Panics
/// Panics if the crate rejects the graph. The runner panics if a run fails.
///
/// # Examples
/// ```
/// use std::sync::Arc;
///
/// use icosian_benches::contenders::dagrs;
/// use icosian_benches::graphs;
///
/// assert_eq!(dagrs::runner(&Arc::new(graphs::chain(4)))(1).sum, 6);
/// ```
#[must_use]
pub fn runner(graph: &Arc<Graph>) -> Runner {
    let (graph, runtime) = (Arc::clone(graph), one_thread());
    Box::new(move |times| {
        Measurement::sum_of(times, || {
            let (mut table, mut dag) = (NodeTable::new(), Dag::new());
            let mut nodes = Vec::with_capacity(graph.len());
            for node in 0..graph.len() {
                let added = DefaultNode::with_action(format!("node_{node}"), Sum(node as u64), &mut table);
                nodes.push(added.id());
                dag.add_node(added).expect("node names are unique");
            }
            for node in 0..graph.len() {
                let readers = graph.readers(node).iter().map(|&reader| nodes[reader as usize]);
                dag.add_edge(nodes[node], readers).expect("the graph has no cycle");
            }
            dag.set_env(EnvVar::new(table));
            let start = Instant::now();
            runtime.block_on(dag.async_start()).expect("no node fails");
            let elapsed = start.elapsed();
            let values = dag.get_results::<u64>();
            let sinks = graph.sinks().iter().map(|&sink| values[&nodes[sink as usize]].as_deref());
            Measurement {
                sum: sinks.fold(0, |sum, value| sum.wrapping_add(*value.expect("every node has run"))),
                elapsed,
            }
        })
    })
}
