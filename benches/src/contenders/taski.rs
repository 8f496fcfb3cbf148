//! The crate `taski`: a single-use schedule of closures. A policy selects the next ready node.

use std::sync::Arc;

use ::taski::{PolicyExecutor, Schedule};

use super::{Measurement, Runner, one_thread};
use crate::graphs::Graph;

/// Returns a runner. Each run consumes a schedule; the time to create it is not measured. Nodes without dependencies are
/// inputs.
///
/// # Panics
/// The runner panics if the crate rejects the schedule or a run fails.
#[must_use]
pub fn runner(graph: &Arc<Graph>) -> Runner {
    let (graph, runtime) = (Arc::clone(graph), one_thread());
    Box::new(move |times| {
        Measurement::sum_of(times, || {
            ::taski::make_guard!(guard);
            let mut schedule: Schedule<'_, ()> = Schedule::new(guard);
            let mut nodes = Vec::with_capacity(graph.len());
            for node in 0..graph.len() {
                let own = node as u64;
                let reads: Vec<_> = graph.reads(node).iter().map(|&read| nodes[read as usize]).collect();
                let added = match *reads {
                    [] => Ok(schedule.add_input(own)),
                    [a] => schedule.add_closure(move |a: u64| async move { Ok(own.wrapping_add(a)) }, (a,)),
                    [a, b] => {
                        let sum =
                            move |a: u64, b: u64| async move { Ok(own.wrapping_add(a).wrapping_add(b)) };
                        schedule.add_closure(sum, (a, b))
                    }
                    _ => {
                        let sum = move |a: u64, b: u64, c: u64| async move {
                            Ok(own.wrapping_add(a).wrapping_add(b).wrapping_add(c))
                        };
                        schedule.add_closure(sum, (reads[0], reads[1], reads[2]))
                    }
                };
                nodes.push(added.expect("all nodes belong to this schedule"));
            }
            let mut executor = PolicyExecutor::fifo(schedule);
            Measurement::time(|| {
                runtime.block_on(executor.run()).expect("no node fails");
                let outputs = executor.execution();
                let values = graph.sinks().iter().map(|&sink| outputs.output_ref(nodes[sink as usize]));
                values.fold(0, |sum, value| sum.wrapping_add(*value.expect("every node has run")))
            })
        })
    })
}
