//! The declared outputs and the options beside them.

use std::collections::BTreeSet;

use syn::ext::IdentExt;

use crate::code;
use crate::decorator::argument::unknown;
use crate::faults::Faults;
use crate::known_nodes::KnownNodes;
use crate::model::DataflowSource;
use crate::outputs;

/// Reports names in the declaration of `flow` that are no nodes or no inputs, and options without effect.
pub(super) fn refuse(flow: &DataflowSource, known: &[KnownNodes], faults: &mut Faults) {
    let declaration = &flow.declaration;
    if let Some(compile) = &declaration.compile {
        faults.report(code::INVALID_OPTION, compile, "`compile` is not supported yet", "remove it");
    }
    if declaration.outputs.is_empty() {
        return;
    }
    let nodes: Vec<&str> =
        known.iter().flat_map(|known| &known.nodes).map(|node| node.name.as_str()).collect();
    for output in &declaration.outputs {
        let name = output.unraw().to_string();
        if !nodes.contains(&name.as_str()) {
            let owner = format!("dataflow `{}`", flow.name);
            let (message, mut help) = unknown(&owner, "node", &name, nodes.iter().copied());
            if flow.private.contains(&name) {
                help = format!("write `pub fn {name}`: a private function is not a node");
            }
            faults.report(code::INVALID_OPTION, output, message, help);
        }
    }
    refuse_unknown_inputs(flow, known, faults);
}

/// Reports inputs in the declaration that no declared output reads.
fn refuse_unknown_inputs(flow: &DataflowSource, known: &[KnownNodes], faults: &mut Faults) {
    let declaration = &flow.declaration;
    // Inputs that the source does not show may have any name.
    if declaration.rest.is_some() {
        return;
    }
    let outputs = outputs::declared(flow, known);
    if outputs.len() < declaration.outputs.len() {
        return;
    }
    let inputs: BTreeSet<&str> =
        outputs.iter().flat_map(|output| &output.inputs).map(|input| input.name.as_str()).collect();
    let mut refuse = |name: &str, tokens: &dyn quote::ToTokens| {
        if !inputs.contains(name) {
            let (_, help) = unknown("", "input", name, inputs.iter().copied());
            let message = format!("no declared output needs an input `{name}`");
            faults.report(code::INVALID_OPTION, tokens, message, help);
        }
    };
    for input in &declaration.inputs {
        refuse(&input.ident.unraw().to_string(), &input.ident);
    }
    for provided in &declaration.provided {
        refuse(&provided.name, provided);
    }
}
