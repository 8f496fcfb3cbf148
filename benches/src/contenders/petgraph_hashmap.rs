//! A naive implementation: nodes in a petgraph graph, and values as `dyn Any` in a map by name.

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

use petgraph::Direction;
use petgraph::algo::toposort;
use petgraph::graph::DiGraph;

use super::{Measurement, Runner};
use crate::graphs::Graph;

type Values = HashMap<String, Box<dyn Any>>;

type Function = dyn Fn(&[&dyn Any]) -> Box<dyn Any>;

struct Node {
    name: String,
    reads: Vec<String>,
    function: Box<Function>,
}

/// Returns a runner that sorts the graph once and looks up every value by name.
///
/// # Panics
/// Panics if the graph has a cycle.
#[must_use]
pub fn runner(graph: &Arc<Graph>) -> Runner {
    let name = |node: u32| format!("node_{node}");
    let mut nodes = DiGraph::new();
    let mut indices = Vec::with_capacity(graph.len());
    for (number, node) in (0..).zip(0..graph.len()) {
        let function = move |reads: &[&dyn Any]| -> Box<dyn Any> {
            let reads = reads.iter().map(|read| read.downcast_ref::<u64>().expect("every value is a u64"));
            Box::new(reads.fold(node as u64, |sum, read| sum.wrapping_add(*read)))
        };
        let reads = graph.reads(node).iter().map(|&read| name(read)).collect();
        indices.push(nodes.add_node(Node { name: name(number), reads, function: Box::new(function) }));
        for &read in graph.reads(node) {
            nodes.add_edge(indices[read as usize], indices[node], ());
        }
    }
    let order = toposort(&nodes, None).expect("the graph has no cycle");
    Box::new(move |times| {
        Measurement::time(|| {
            let mut sum = 0_u64;
            for _ in 0..times {
                let mut values = Values::new();
                for &index in &order {
                    let node = &nodes[index];
                    let reads: Vec<&dyn Any> = node.reads.iter().map(|read| &*values[read]).collect();
                    let value = (node.function)(&reads);
                    values.insert(node.name.clone(), value);
                }
                for sink in nodes.externals(Direction::Outgoing) {
                    let value =
                        values[&nodes[sink].name].downcast_ref::<u64>().expect("every value is a u64");
                    sum = sum.wrapping_add(*value);
                }
            }
            sum
        })
    })
}
