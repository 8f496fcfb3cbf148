//! The crate `async_dag`: a single-use graph of closures, polled by one `FuturesUnordered`.

use std::sync::Arc;

use ::async_dag::Graph as Dag;

use super::{Measurement, Runner, one_thread};
use crate::graphs::Graph;

/// Returns a runner. Each run consumes a graph; the time to create it is not measured.
///
/// # Panics
/// Panics if the crate rejects the graph.
#[must_use]
pub fn runner(graph: &Arc<Graph>) -> Runner {
    let (graph, runtime) = (Arc::clone(graph), one_thread());
    Box::new(move |times| {
        Measurement::sum_of(times, || {
            let mut dag = Dag::new();
            let mut nodes = Vec::with_capacity(graph.len());
            for node in 0..graph.len() {
                let own = node as u64;
                let reads: Vec<_> = graph.reads(node).iter().map(|&read| nodes[read as usize]).collect();
                let added = match *reads {
                    [] => Ok(dag.add_task(move || async move { own })),
                    [a] => dag
                        .add_child_task(a, move |a: u64| async move { own.wrapping_add(a) }, 0)
                        .map_err(|_| ()),
                    [a, _] => {
                        let sum = move |a: u64, b: u64| async move { own.wrapping_add(a).wrapping_add(b) };
                        dag.add_child_task(a, sum, 0).map_err(|_| ())
                    }
                    _ => {
                        let sum = move |a: u64, b: u64, c: u64| async move {
                            own.wrapping_add(a).wrapping_add(b).wrapping_add(c)
                        };
                        dag.add_child_task(reads[0], sum, 0).map_err(|_| ())
                    }
                };
                let added = added.expect("all types are u64");
                for (position, read) in (0..).zip(reads).skip(1) {
                    dag.update_dependency(read, added, position).expect("all types are u64");
                }
                nodes.push(added);
            }
            Measurement::time(|| {
                runtime.block_on(dag.run());
                let values = graph.sinks().iter().map(|&sink| dag.get_value::<u64>(nodes[sink as usize]));
                values.fold(0, |sum, value| sum.wrapping_add(value.expect("every node has run")))
            })
        })
    })
}
