//! What is wrong with a dataflow though each of its functions is fine.

mod calls;
mod cycle;

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use syn::ext::IdentExt;

use crate::decorator;
use crate::known::{Known, KnownNode, known};
use crate::read::{Flow, NodeSource};
use crate::refusals::Refusals;

/// Refuses what `flow` cannot be, and returns what is known of the nodes of each function.
pub(crate) fn flow(flow: &mut Flow, door: &TokenStream, refusals: &mut Refusals) -> Vec<Known> {
    for node in flow.nodes.iter().filter(|node| node.name == "dataflow" && flow.is_module) {
        let why =
            "`dataflow` is the function that returns the nodes of this module; give the node another name";
        refusals.at(&node.ident, why);
    }
    let mut known = known(flow, door);
    let wrong: Vec<bool> = flow
        .nodes
        .iter()
        .zip(&known)
        .map(|(function, known)| {
            let before = refusals.count();
            decorator::check(function, flow, refusals);
            for (at, source) in function.decorators.iter().enumerate() {
                decorator::check_outputs(at, source, known, refusals);
            }
            refusals.count() > before
        })
        .collect();
    flow.nodes.iter_mut().zip(wrong).for_each(|(function, wrong)| function.undecorated |= wrong);
    calls::refuse(flow, refusals);
    if flow.is_module {
        refuse_duplicates(flow, &mut known, refusals);
        refuse_unchecked_names(flow, &known, refusals);
        refuse_functions_in_macro_calls(flow, &known, refusals);
    }
    refuse_cycles(flow, &known, refusals);
    known
}

/// Refuses nodes that decorators make a second time, and forgets them. Two functions of one name are the compiler's to refuse;
/// variants and what is under a `#[cfg]` may share a name.
fn refuse_duplicates(flow: &Flow, known: &mut [Known], refusals: &mut Refusals) {
    let mut there: HashMap<String, usize> = HashMap::new();
    // Functions first: a node that a decorator makes is the second of the two, wherever it stands.
    for (at, function) in flow.nodes.iter().enumerate().filter(|(_, function)| function.cfgs.is_empty()) {
        there.entry(function.name.clone()).or_insert(at);
    }
    for (at, function) in flow.nodes.iter().enumerate() {
        let may_share = !function.cfgs.is_empty() || known[at].variant_of.is_some();
        let mut own: HashSet<String> = HashSet::new();
        known[at].nodes.retain(|node| {
            let other = if may_share { at } else { *there.entry(node.name.clone()).or_insert(at) };
            let fits = own.insert(node.name.clone())
                && (may_share
                    || (other == at && (node.name == function.name || is_only_name(flow, at, node))));
            if !fits {
                let other = &flow.nodes[other].name;
                let why = format!(
                    "there is a `{}` already, of function `{other}`; give one of the two another name",
                    node.name
                );
                refusals.at(&node.ident, why);
            }
            fits
        });
    }
}

/// Returns whether no function has the name of a node that a decorator makes of the function at `at`.
fn is_only_name(flow: &Flow, at: usize, node: &KnownNode) -> bool {
    !flow.nodes.iter().enumerate().any(|(other, function)| other != at && function.name == node.name)
}

/// Refuses a function in a macro call whose name a node reads: the call is not expanded yet, so the function is no node.
fn refuse_functions_in_macro_calls(flow: &Flow, known: &[Known], refusals: &mut Refusals) {
    let nodes = || known.iter().flat_map(|known| &known.nodes);
    for function in &flow.in_macro_calls {
        let name = function.unraw().to_string();
        let reader = nodes().find(|node| node.reads.iter().any(|(read, _)| *read == name));
        if let Some(reader) = reader.filter(|_| !nodes().any(|node| node.name == name)) {
            let why = format!(
                "`{name}` is in a macro call, which is expanded after `#[dataflow]`, so it is not the node that `{}` reads; \
                 write it outside of the call, or as a `#[node]` function that `nodes![..]` lists",
                reader.name
            );
            refusals.at(function, why);
        }
    }
}

/// Refuses a function whose name a check takes for the output before the check.
fn refuse_unchecked_names(flow: &Flow, known: &[Known], refusals: &mut Refusals) {
    let is_always =
        |function: &NodeSource, known: &Known| function.cfgs.is_empty() && known.variant_of.is_none();
    let checked = flow.nodes.iter().zip(known).filter(|(function, known)| is_always(function, known));
    for (_, checked) in checked {
        for node in &checked.nodes {
            let Some(unchecked) = &node.unchecked else { continue };
            let mut others = flow.nodes.iter().zip(known);
            let other = others.find(|(function, known)| {
                is_always(function, known) && known.nodes.iter().any(|other| other.name == *unchecked)
            });
            if let Some((other, _)) = other {
                let why = format!(
                    "`{unchecked}` is also the output of `{}` before its check, a name that `{CHECK}` takes; rename \
                     the function",
                    node.name
                );
                refusals.at(&other.ident, why);
            }
        }
    }
}

const CHECK: &str = "#[check_output]";

/// Refuses nodes that read each other in a circle. A node that exists only under some configuration is left out: only the
/// driver knows which of them exist.
fn refuse_cycles(flow: &Flow, known: &[Known], refusals: &mut Refusals) {
    let always = flow
        .nodes
        .iter()
        .zip(known)
        .filter(|(function, known)| function.cfgs.is_empty() && known.variant_of.is_none());
    let nodes: Vec<&KnownNode> = always.flat_map(|(_, known)| &known.nodes).collect();
    let unchecked = nodes.iter().enumerate().filter_map(|(at, node)| Some((node.unchecked.as_deref()?, at)));
    let mut positions: HashMap<&str, usize> = unchecked.collect();
    positions.extend(nodes.iter().enumerate().map(|(position, node)| (node.name.as_str(), position)));
    let edges: Vec<Vec<(usize, usize)>> = nodes
        .iter()
        .map(|node| {
            let reads = node.reads.iter().enumerate();
            reads.filter_map(|(at, (read, _))| Some((*positions.get(read.as_str())?, at))).collect()
        })
        .collect();
    for cycle in cycle::cycles(&edges) {
        let through = cycle.iter().find_map(|(reader, at)| {
            let (read, tokens) = &nodes[*reader].reads[*at];
            let checked = nodes.iter().find(|node| node.unchecked.as_ref() == Some(read))?;
            Some((read, tokens, checked))
        });
        if let Some((read, tokens, checked)) = through {
            let (reader, name) = (&nodes[cycle[0].0].name, &checked.name);
            let circle = if cycle.len() == 1 {
                format!("so `{reader}` would read itself")
            } else {
                let names: Vec<_> =
                    cycle.iter().map(|(node, _)| format!("`{}`", nodes[*node].name)).collect();
                format!("so {} read each other in a circle", names.join(", "))
            };
            let why = format!(
                "`{read}` is the output of `{name}` before its check, a name that `{CHECK}` takes, {circle}; rename the \
                 parameter, or bind it: `#[inject({read} = source(..))]`"
            );
            refusals.at(tokens, why);
            continue;
        }
        let (last, at) = cycle[cycle.len() - 1];
        let (_, closing) = &nodes[last].reads[at];
        // Each node of `cycle` reads the next one; an arrow points from a node to its reader.
        let names = cycle.iter().chain(&cycle[..1]).rev();
        let names: Vec<_> = names.map(|(node, _)| format!("`{}`", nodes[*node].name)).collect();
        let why = format!(
            "nodes read each other in a circle: {}; give one of these parameters a name that is not a node's",
            names.join(" → "),
        );
        refusals.at(closing, why);
    }
}
