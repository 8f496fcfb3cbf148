//! Faults between the functions of a dataflow.

mod calls;
mod cycle;
mod declaration;

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use syn::ext::IdentExt;

use crate::code;
use crate::compile;
use crate::decorator::{check as check_decorators, check_outputs};
use crate::faults::Faults;
use crate::known::known;
use crate::known_nodes::{KnownNode, KnownNodes, KnownRead};
use crate::model::{DataflowSource, NodeSource};
use crate::read::duplicate_node;
use crate::span;

/// Reports the faults of `flow`, and returns the known nodes of each function.
pub(crate) fn flow(flow: &mut DataflowSource, door: &TokenStream, faults: &mut Faults) -> Vec<KnownNodes> {
    for node in flow.nodes.iter().filter(|node| node.name == "dataflow" && flow.is_module) {
        let message = "node `dataflow` conflicts with the generated function `dataflow`";
        faults.report(code::INVALID_DATAFLOW, &node.ident, message, "rename the node");
    }
    let mut known = known(flow, door);
    let wrong: Vec<bool> = flow
        .nodes
        .iter()
        .zip(&known)
        .map(|(function, known)| {
            let before = faults.count();
            check_decorators(function, flow, faults);
            for (at, source) in function.decorators.iter().enumerate() {
                check_outputs(at, source, known, faults);
            }
            faults.count() > before
        })
        .collect();
    flow.nodes.iter_mut().zip(wrong).for_each(|(function, wrong)| function.undecorated |= wrong);
    calls::refuse(flow, faults);
    if flow.is_module {
        refuse_duplicates(flow, &mut known, faults);
        refuse_unchecked_names(flow, &known, faults);
        refuse_functions_in_macro_calls(flow, &known, faults);
    }
    refuse_cycles(flow, &known, faults);
    compile::refuse(flow, &known, door, faults);
    declaration::refuse(flow, &known, faults);
    known
}

/// Reports nodes that decorators add under an existing name, and removes them. The compiler refuses two functions of one name.
/// Variants, and functions below a `#[cfg]`, may share a name.
fn refuse_duplicates(flow: &DataflowSource, known: &mut [KnownNodes], faults: &mut Faults) {
    let mut there: HashMap<String, usize> = HashMap::new();
    // Functions come first: a node that a decorator adds is always the second of the two.
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
                let other = &flow.nodes[other];
                let message = duplicate_node(&flow.name, &node.name);
                let fault =
                    faults.report(code::DUPLICATE_NODE, &node.ident, message, "rename one of the two nodes");
                fault.labelled("the second").also(span::ends(&other.ident), "the first");
            }
            fits
        });
    }
}

/// Returns whether no other function has the name of a node that a decorator adds to the function at `at`.
fn is_only_name(flow: &DataflowSource, at: usize, node: &KnownNode) -> bool {
    !flow.nodes.iter().enumerate().any(|(other, function)| other != at && function.name == node.name)
}

/// Reports a function in a macro call whose name a node reads: the call is expanded later, so the function is not a node.
fn refuse_functions_in_macro_calls(flow: &DataflowSource, known: &[KnownNodes], faults: &mut Faults) {
    let nodes = || known.iter().flat_map(|known| &known.nodes);
    for function in &flow.in_macro_calls {
        let name = function.unraw().to_string();
        let reader = nodes().find(|node| node.reads.iter().any(|read| read.name == name));
        if let Some(reader) = reader.filter(|_| !nodes().any(|node| node.name == name)) {
            let message = format!(
                "node `{}` reads `{name}`, which is in a macro call that `#[dataflow]` does not expand",
                reader.name
            );
            let help =
                "move the function out of the call, or write `#[node]` above it and list it in `nodes![..]`";
            faults.report(code::FUNCTION_IN_MACRO_CALL, function, message, help);
        }
    }
}

/// Reports a function with the name that a check uses for the unchecked output.
fn refuse_unchecked_names(flow: &DataflowSource, known: &[KnownNodes], faults: &mut Faults) {
    let is_always =
        |function: &NodeSource, known: &KnownNodes| function.cfgs.is_empty() && known.variant_of.is_none();
    let checked = flow.nodes.iter().zip(known).filter(|(function, known)| is_always(function, known));
    for (_, checked) in checked {
        for node in &checked.nodes {
            let Some(unchecked) = &node.unchecked else { continue };
            let mut others = flow.nodes.iter().zip(known);
            let other = others.find(|(function, known)| {
                is_always(function, known) && known.nodes.iter().any(|other| other.name == *unchecked)
            });
            if let Some((other, _)) = other {
                let message = format!(
                    "`{unchecked}` is also the name of the unchecked output of `{}`, which `{CHECK}` adds",
                    node.name
                );
                faults.report(code::DUPLICATE_NODE, &other.ident, message, "rename the function");
            }
        }
    }
}

const CHECK: &str = "#[check_output]";

/// Reports nodes that read each other in a cycle. Nodes that config decides are omitted: only the driver knows which of them exist.
fn refuse_cycles(flow: &DataflowSource, known: &[KnownNodes], faults: &mut Faults) {
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
            reads.filter_map(|(at, read)| Some((*positions.get(read.name.as_str())?, at))).collect()
        })
        .collect();
    for cycle in cycle::cycles(&edges) {
        let through = cycle.iter().find_map(|(reader, at)| {
            let KnownRead { name, tokens, .. } = &nodes[*reader].reads[*at];
            let checked = nodes.iter().find(|node| node.unchecked.as_ref() == Some(name))?;
            Some((name, tokens, checked))
        });
        if let Some((read, tokens, checked)) = through {
            let (reader, name) = (&nodes[cycle[0].0].name, &checked.name);
            let message = if cycle.len() == 1 {
                format!("node `{reader}` reads its own unchecked output `{read}`")
            } else {
                format!("node `{reader}` reads `{read}`, the unchecked output of `{name}`, in a cycle")
            };
            let help = format!("rename the parameter, or bind it with `#[inject({read} = source(..))]`");
            faults.report(code::DEPENDENCY_CYCLE, tokens, message, help);
            continue;
        }
        let (last, at) = cycle[cycle.len() - 1];
        let KnownRead { name, tokens: closing, .. } = &nodes[last].reads[at];
        let names = cycle.iter().map(|(node, _)| nodes[*node].name.as_str());
        let message = match cycle.len() {
            1 => format!("node `{}` reads itself", nodes[last].name),
            _ => format!("nodes read each other in a cycle: {}", cycle::shown_cycle(names)),
        };
        let help = format!("rename `{name}`, so that it reads another node or an input");
        let fault = faults.report(code::DEPENDENCY_CYCLE, closing, message, help);
        fault.labelled(format!("`{}` reads this", nodes[last].name));
        for (node, at) in &cycle[..cycle.len() - 1] {
            let node = nodes[*node];
            fault.also(span::ends(&node.reads[*at].tokens), format!("`{}` reads this", node.name));
        }
    }
}
