//! The reads of functions that are not nodes: decorators call these functions and may feed their parameters.

use crate::known_nodes::KnownNodes;
use crate::model::{DataflowSource, Feed, Unbound, own_name};

/// Finds for each function that is not a node which of its parameters read the node or input of their name.
///
/// A parameter is left out if every decorator that calls the function feeds it.
pub(super) fn find_reads(all: &mut [KnownNodes], flow: &DataflowSource) {
    let is_node: Vec<bool> = all.iter().map(|known| known.open || !known.nodes.is_empty()).collect();
    for (at, function) in flow.nodes.iter().enumerate().filter(|(at, _)| !is_node[*at]) {
        all[at].reads_own.fill(false);
        let targets = function.decorators.iter().filter_map(|source| source.decorator.targets()).flatten();
        for target in targets {
            for (position, param) in function.params.iter().enumerate().skip(1) {
                all[at].reads_own[position] |= !target.bound.iter().any(|bound| bound.name() == param.name);
            }
        }
    }
    let feeds: Vec<(usize, Feed<'_>)> = flow
        .nodes
        .iter()
        .enumerate()
        .flat_map(|(at, function)| function.decorators.iter().map(move |source| (at, source)))
        .flat_map(|(at, source)| source.decorator.feeds().into_iter().map(move |feed| (at, feed)))
        .collect();
    // A called function may call others, which share its parameters.
    let mut has_changed = true;
    while has_changed {
        has_changed = false;
        for (caller, feed) in &feeds {
            let Some(name) = own_name(feed.function) else { continue };
            // A `#[cfg]` may choose between functions of one name.
            let called =
                flow.nodes.iter().enumerate().filter(|(at, node)| !is_node[*at] && node.name == name);
            for (at, function) in called {
                for (position, param) in function.params.iter().enumerate() {
                    let caller_node = &all[*caller];
                    let unbound =
                        if is_node[*caller] { &caller_node.unbound } else { &caller_node.reads_own };
                    let reads_own = leaves_own(feed, position, &param.name, caller_node, unbound);
                    if reads_own && !all[at].reads_own[position] {
                        all[at].reads_own[position] = true;
                        has_changed = true;
                    }
                }
            }
        }
    }
}

/// Returns whether the parameter `name` of the called function reads the node or input of its name. `unbound` are the parameters
/// of the caller that do.
fn leaves_own(feed: &Feed<'_>, position: usize, name: &str, caller: &KnownNodes, unbound: &[bool]) -> bool {
    if feed.bound.iter().any(|bound| bound == name) {
        return false;
    }
    let at = caller.params.iter().position(|param| param == name);
    let is_unbound = |at: usize| unbound[at];
    match &feed.unbound {
        Unbound::Shared => at.is_none_or(|at| is_unbound(at) && caller.unpiped[at]),
        Unbound::Entered(from) if position == 0 => {
            let enters = |at: &usize| from.contains(&name) || (from.is_empty() && *at == 0);
            at.filter(enters).is_some_and(is_unbound)
        }
        Unbound::Entered(_) | Unbound::Piped => position > 0,
    }
}
