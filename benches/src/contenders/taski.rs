//! The crate `taski`: closures in a schedule that runs once, under a policy that says which of those ready begins.

use std::sync::Arc;

use ::taski::{PolicyExecutor, Schedule};

use super::{Lap, Round, one_thread};
use crate::graphs::Graph;

/// Returns rounds. A schedule is used up by its run; making the next one is not timed. Nodes that read nothing are inputs.
///
/// # Panics
/// When the schedule is refused, or its run fails.
#[must_use]
pub fn round(graph: &Arc<Graph>) -> Round {
    let (graph, runtime) = (Arc::clone(graph), one_thread());
    Box::new(move |times| {
        Lap::added(times, || {
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
                nodes.push(added.expect("it is of this schedule"));
            }
            let mut executor = PolicyExecutor::fifo(schedule);
            Lap::timed(|| {
                runtime.block_on(executor.run()).expect("no node fails");
                let outputs = executor.execution();
                let values = graph.sinks().iter().map(|&sink| outputs.output_ref(nodes[sink as usize]));
                values.fold(0, |sum, value| sum.wrapping_add(*value.expect("it has run")))
            })
        })
    })
}
