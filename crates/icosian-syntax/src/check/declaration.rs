//! The declared outputs and the options beside them.

use std::collections::{BTreeSet, HashMap, HashSet};

use quote::ToTokens;
use syn::Ident;
use syn::ext::IdentExt;

use crate::code;
use crate::decorator::argument::unknown;
use crate::faults::Faults;
use crate::known_nodes::KnownNodes;
use crate::model::DataflowSource;
use crate::outputs::field::{Unfit, fields, struct_name};
use crate::outputs::{DeclaredOutput, Nodes};
use crate::span;

/// Reports unknown outputs and inputs in the declaration of `flow`, and outputs whose inputs cannot be a struct.
pub(super) fn refuse(flow: &DataflowSource, known: &[KnownNodes], faults: &mut Faults) {
    let declaration = &flow.declaration;
    if declaration.outputs.is_empty() {
        return;
    }
    let reads = Nodes::reads(flow, known);
    let nodes = Nodes::of(flow, known, &reads);
    let outputs = nodes.declared();
    refuse_unknown_outputs(flow, known, &outputs, faults);
    refuse_names_of_structs(flow, &outputs, faults);
    // Inputs that the source code does not show may have any name.
    if outputs.len() == declaration.outputs.len() && declaration.rest.is_none() {
        refuse_unknown_inputs(flow, &outputs, faults);
    }
    if outputs.len() == declaration.outputs.len() {
        report_unused_nodes(known, &outputs, faults);
    }
    for output in &outputs {
        refuse_hidden_reads(flow, output, faults);
        refuse_unfit_inputs(flow, output, faults);
    }
}

/// Reports nodes that no declared output needs, whatever the config and the features, to the linter. Reads that the source code does
/// not show may need any node.
fn report_unused_nodes(known: &[KnownNodes], outputs: &[DeclaredOutput<'_>], faults: &mut Faults) {
    if outputs.iter().any(|output| !output.hidden.is_empty()) {
        return;
    }
    let needed: HashSet<&str> =
        outputs.iter().flat_map(|output| &output.nodes).map(|needed| needed.name).collect();
    for node in known.iter().flat_map(|known| &known.nodes) {
        // A part costs nothing.
        if node.is_part || needed.contains(node.name.as_str()) {
            continue;
        }
        let message = format!("no declared or requested output needs node `{}`", node.name);
        let help = "remove it, or declare or request an output that reads it";
        faults.report(code::UNUSED_NODE, &node.ident, message, help).lint().labelled("never runs");
    }
}

fn refuse_unknown_outputs(
    flow: &DataflowSource,
    known: &[KnownNodes],
    outputs: &[DeclaredOutput<'_>],
    faults: &mut Faults,
) {
    let is_known = |ident: &Ident| outputs.iter().any(|output| output.ident == ident);
    let names = known.iter().flat_map(|known| &known.nodes).map(|node| node.name.as_str());
    for output in flow.declaration.outputs.iter().filter(|output| !is_known(output)) {
        let name = output.unraw().to_string();
        let (mut message, mut help) =
            unknown(&format!("dataflow `{}`", flow.name), "node", &name, names.clone());
        if flow.private.contains(&name) {
            help = format!("write `pub fn {name}`: a private function is not a node");
        } else if let Some((function, _)) =
            flow.nodes.iter().zip(known).find(|(function, known)| known.open && function.name == name)
        {
            let decorator = function.decorators.iter().find(|source| source.row.is_deferred());
            let decorator = decorator.map(|source| source.ident.to_string()).unwrap_or_default();
            message = format!("only the driver knows the nodes of `{name}`, which has `#[{decorator}]`");
            help = format!("remove `{name}`, and pass `inputs!` when you request it");
        }
        faults.report(code::INVALID_OPTION, output, message, help);
    }
}

/// Reports structs whose names the module has already.
fn refuse_names_of_structs(flow: &DataflowSource, outputs: &[DeclaredOutput<'_>], faults: &mut Faults) {
    let mut first: HashMap<String, &Ident> = HashMap::new();
    for output in outputs {
        let name = struct_name(output.ident);
        if let Some(item) = flow.items.iter().find(|item| **item == name) {
            let message =
                format!("`{name}` conflicts with the struct that is generated for output `{}`", output.ident);
            let fault = faults.report(code::INVALID_OPTION, item, message, "rename this item");
            fault.also(span::ends(output.ident), "generates the struct");
        }
        if let Some(other) = first.get(&name.to_string()) {
            let message =
                format!("outputs `{other}` and `{}` generate the same struct `{name}`", output.ident);
            let fault = faults.report(code::INVALID_OPTION, output.ident, message, "rename one of the two");
            fault.also(span::ends(*other), "the first");
        }
        first.entry(name.to_string()).or_insert(output.ident);
    }
}

/// Reports inputs in the declaration that no declared output reads.
fn refuse_unknown_inputs(flow: &DataflowSource, outputs: &[DeclaredOutput<'_>], faults: &mut Faults) {
    let inputs: BTreeSet<&str> =
        outputs.iter().flat_map(|output| &output.inputs).map(|input| input.name).collect();
    let mut refuse = |name: &str, tokens: &dyn ToTokens| {
        if !inputs.contains(name) {
            let (_, help) = unknown("", "input", name, inputs.iter().copied());
            let message = format!("no declared output needs input `{name}`");
            faults.report(code::INVALID_OPTION, tokens, message, help);
        }
    };
    for input in &flow.declaration.inputs {
        refuse(&input.ident.unraw().to_string(), &input.ident);
    }
    for provided in &flow.declaration.provided {
        refuse(&provided.name, provided);
    }
}

/// Reports decorators that may read inputs which the struct would lack.
fn refuse_hidden_reads(flow: &DataflowSource, output: &DeclaredOutput<'_>, faults: &mut Faults) {
    let Some(hidden) = output.hidden.first().filter(|_| flow.declaration.rest.is_none()) else { return };
    let message = format!(
        "`#[{}]` of `{}`, which output `{}` needs, may read inputs that the macro cannot see",
        hidden.decorator, hidden.function.name, output.ident
    );
    let help = format!(
        "list these inputs in `inputs(name: Type, ..)`, ending with `..`; or remove `{}` from `outputs(..)` and pass `inputs!`",
        output.ident
    );
    let fault = faults.report(code::INVALID_OPTION, output.ident, message, help);
    fault.also(span::ends(hidden.decorator), "may read further inputs");
}

/// Reports inputs that can be no fields.
fn refuse_unfit_inputs(flow: &DataflowSource, output: &DeclaredOutput<'_>, faults: &mut Faults) {
    for unfit in fields(output, &flow.declaration).1 {
        let (message, help) = match unfit {
            Unfit::Name(input) => {
                let name = input.name;
                let message = format!(
                    "input `{name}` of output `{}` cannot be a field: it is not an identifier",
                    output.ident
                );
                (message, format!("write `provided(\"{name}\")`, and add it with `.into_inputs().with(..)`"))
            }
            Unfit::Type(input) => {
                let name = input.name;
                let message = format!("the type of input `{name}` of output `{}` is unknown", output.ident);
                (
                    message,
                    format!("write `inputs({name}: Type)`, or `provided({name})` if the driver provides it"),
                )
            }
        };
        faults.report(code::INVALID_OPTION, output.ident, message, help);
    }
}
