//! What is wrong with a dataflow though each of its functions is fine.

mod cycle;

use std::collections::HashMap;

use crate::read::Flow;
use crate::refusals::Refusals;

/// Refuses what `flow` cannot be.
pub(crate) fn flow(flow: &Flow, refusals: &mut Refusals) {
    for node in flow.nodes.iter().filter(|node| node.name == "dataflow") {
        let why =
            "`dataflow` is the function that returns the nodes of this module; give the node another name";
        refusals.at(&node.ident, why);
    }
    refuse_cycles(flow, refusals);
}

/// Nodes under a `#[cfg]` are left out: only a build knows which of them there are.
fn refuse_cycles(flow: &Flow, refusals: &mut Refusals) {
    let nodes: Vec<_> = flow.nodes.iter().filter(|node| node.cfgs.is_empty()).collect();
    let positions: HashMap<&str, usize> =
        nodes.iter().enumerate().map(|(position, node)| (node.name.as_str(), position)).collect();
    let edges: Vec<Vec<(usize, usize)>> = nodes
        .iter()
        .map(|node| {
            let reads = node.params.iter().enumerate();
            reads.filter_map(|(at, param)| Some((*positions.get(param.name.as_str())?, at))).collect()
        })
        .collect();
    for cycle in cycle::cycles(&edges) {
        let (last, at) = cycle[cycle.len() - 1];
        let closing = &nodes[last].params[at];
        let names: Vec<_> = cycle.iter().map(|(node, _)| format!("`{}`", nodes[*node].name)).collect();
        let why = format!(
            "nodes read each other in a circle: {} → {}; give one of these parameters a name that is not a node's",
            names.join(" → "),
            names[0],
        );
        refusals.at(&closing.ident, why);
    }
}
