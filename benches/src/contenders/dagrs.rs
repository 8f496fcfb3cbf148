//! The crate `dagrs`: actors that are all spawned at once and send each other their values over channels.

use std::sync::Arc;
use std::time::Instant;

use ::dagrs::async_trait::async_trait;
use ::dagrs::{
    Action, Content, DefaultNode, EnvVar, Graph as Dag, InChannels, Node, NodeTable, OutChannels, Output,
};

use super::{Lap, Round, one_thread};
use crate::graphs::Graph;

/// A node: its own number, to which it adds what it is sent.
struct Sum(u64);

#[async_trait]
impl Action for Sum {
    async fn run(&self, reads: &mut InChannels, readers: &mut OutChannels, _: Arc<EnvVar>) -> Output {
        let reads = reads.map(|read| read.expect("it is sent").into_inner::<u64>().expect("it is a u64"));
        let sum = reads.await.iter().fold(self.0, |sum, read| sum.wrapping_add(**read));
        readers.broadcast(Content::new(sum)).await;
        Output::new(sum)
    }
}

/// Returns rounds. A graph is used up by its run; neither making the next one is timed nor how its results are collected.
///
/// # Panics
/// When the graph is refused, or its run fails.
///
/// # Examples
/// ```
/// use std::sync::Arc;
///
/// use icosian_benches::contenders::dagrs;
/// use icosian_benches::graphs;
///
/// assert_eq!(dagrs::round(&Arc::new(graphs::chain(4)))(1).sum, 6);
/// ```
#[must_use]
pub fn round(graph: &Arc<Graph>) -> Round {
    let (graph, runtime) = (Arc::clone(graph), one_thread());
    Box::new(move |times| {
        Lap::added(times, || {
            let (mut table, mut dag) = (NodeTable::new(), Dag::new());
            let mut nodes = Vec::with_capacity(graph.len());
            for node in 0..graph.len() {
                let added = DefaultNode::with_action(format!("node_{node}"), Sum(node as u64), &mut table);
                nodes.push(added.id());
                dag.add_node(added).expect("its name is new");
            }
            for node in 0..graph.len() {
                let readers = graph.readers(node).iter().map(|&reader| nodes[reader as usize]);
                dag.add_edge(nodes[node], readers).expect("there is no cycle");
            }
            dag.set_env(EnvVar::new(table));
            let start = Instant::now();
            runtime.block_on(dag.async_start()).expect("no node fails");
            let took = start.elapsed();
            let values = dag.get_results::<u64>();
            let sinks = graph.sinks().iter().map(|&sink| values[&nodes[sink as usize]].as_deref());
            Lap { sum: sinks.fold(0, |sum, value| sum.wrapping_add(*value.expect("it has run"))), took }
        })
    })
}
