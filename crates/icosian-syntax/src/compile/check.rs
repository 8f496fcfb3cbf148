//! The faults of outputs that `compile` does not support.

use std::collections::{BTreeSet, HashSet};

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Ident;
use syn::ext::IdentExt;

use super::graph::{in_order, is_async};
use super::module::{CompiledModule, WrapEffect};
use crate::code;
use crate::faults::Faults;
use crate::inlined::RetryWaits;
use crate::known_nodes::KnownNodes;
use crate::model::{DataflowSource, WrittenForm};
use crate::written_type::is_context;

/// Reports everything in the declared outputs that needs a driver.
pub(crate) fn refuse(flow: &DataflowSource, known: &[KnownNodes], door: &TokenStream, faults: &mut Faults) {
    if flow.declaration.compile.is_none() {
        return;
    }
    refuse_named_run(flow, known, faults);
    if let Some(rest) = flow.declaration.rest {
        let message = "the inputs behind `..` are unknown, but a compiled output needs all of them";
        let at = syn::Ident::new("rest", rest);
        faults.report(code::UNCOMPILABLE_OUTPUT, at, message, format!("remove `..`, or {DRIVER}"));
    }
    let module = CompiledModule::of(flow, known, door);
    let mut refusals = Refusals { module: &module, faults, seen: HashSet::new() };
    for output in &flow.declaration.outputs {
        let name = output.unraw().to_string();
        if let Some(node) = module.node(&name) {
            refusals.refuse_output(&name, &in_order(&module, node.function));
        }
    }
    let needed = refusals.seen.clone();
    let inputs: BTreeSet<&str> = needed
        .iter()
        .flat_map(|&function| module.params(function))
        .map(|(_, param)| param.name.as_str())
        .filter(|name| module.node(name).is_none())
        .collect();
    for provided in flow.declaration.provided.iter().filter(|provided| inputs.contains(&*provided.name)) {
        let message = format!("a driver provides `{}`, but a compiled output has no driver", provided.name);
        let help = format!("remove `{}`, so that it becomes an input, or {DRIVER}", provided.name);
        faults.report(code::UNCOMPILABLE_OUTPUT, provided, message, help);
    }
}

/// Reports items and nodes whose name is that of the generated module.
fn refuse_named_run(flow: &DataflowSource, known: &[KnownNodes], faults: &mut Faults) {
    for ident in named_run(flow, known) {
        let message = "`compile` generates a module `run`, which has the same name as this item";
        faults.report(code::UNCOMPILABLE_OUTPUT, ident, message, "rename the item");
    }
}

/// Returns the names of items and nodes that are the name of the generated module. Nodes have handles, which are types.
pub(super) fn named_run<'a>(
    flow: &'a DataflowSource,
    known: &'a [KnownNodes],
) -> impl Iterator<Item = &'a Ident> {
    let nodes = known.iter().flat_map(|function| &function.nodes).map(|node| &node.ident);
    nodes.chain(&flow.items).filter(|ident| ident.unraw() == "run")
}

const DRIVER: &str = "remove `compile` and execute the dataflow with a driver";

/// An output whose functions are examined.
#[derive(Clone, Copy)]
struct CheckedOutput<'o> {
    name: &'o str,
    is_async: bool,
}

struct Refusals<'r, 'a> {
    module: &'r CompiledModule<'a>,
    faults: &'r mut Faults,
    /// The functions that were examined.
    seen: HashSet<usize>,
}

impl Refusals<'_, '_> {
    fn refuse_output(&mut self, name: &str, functions: &[usize]) {
        let is_async = functions.iter().any(|&function| is_async(self.module, function));
        for &function in functions {
            if self.seen.insert(function) {
                self.refuse_function(CheckedOutput { name, is_async }, function);
            }
        }
    }

    fn report(&mut self, tokens: impl ToTokens, message: String, help: impl Into<String>) {
        self.faults.report(code::UNCOMPILABLE_OUTPUT, tokens, message, help);
    }

    fn refuse_function(&mut self, checked: CheckedOutput<'_>, at: usize) {
        let output = checked.name;
        let function = &self.module.functions[at];
        let name = &function.source.name;
        for cfg in &function.source.cfgs {
            let message = format!("compiled output `{output}` needs node `{name}`, which is conditional");
            self.report(cfg, message, format!("remove the condition, or {DRIVER}"));
        }
        let mut seen = Vec::new();
        for decorator in &function.unsupported {
            if !seen.contains(&std::ptr::from_ref(*decorator)) {
                seen.push(std::ptr::from_ref(*decorator));
                let message = format!(
                    "compiled output `{output}` needs node `{name}`, but `#[{}]` requires a driver",
                    decorator.ident
                );
                let help = format!("remove `#[{}]`, or {DRIVER}", decorator.ident);
                self.report(&decorator.ident, message, help);
            }
        }
        self.refuse_params(checked.name, at);
        self.refuse_wraps(checked, at);
        self.refuse_validator_reads(output, at);
    }

    /// Reports parameters that end a block or accept a failure.
    fn refuse_params(&mut self, output: &str, at: usize) {
        for (function, param) in self.module.params(at) {
            let verb = if param.collection.is_some() {
                "collects"
            } else if param.form == WrittenForm::Result {
                "accepts the failure of"
            } else {
                continue;
            };
            let message = format!(
                "compiled output `{output}` needs node `{}`, which {verb} `{}` and needs a driver",
                function.name, param.name
            );
            self.report(&param.ident, message, format!("remove the parameter, or {DRIVER}"));
        }
    }

    /// Reports fallback functions of other modules, and timeouts of sync calls.
    fn refuse_wraps(&mut self, checked: CheckedOutput<'_>, at: usize) {
        let output = checked.name;
        let function = &self.module.functions[at];
        let name = &function.source.name;
        let mut is_async = function.source.is_async;
        for wrap in &function.wraps {
            let ident = &wrap.decorator.ident;
            match &wrap.effect {
                WrapEffect::Retry(waits) => is_async |= checked.is_async && *waits == RetryWaits::Sometimes,
                WrapEffect::FallbackFunction(path) => {
                    if let Some(called) = self.module.called(path) {
                        is_async |= called.is_async;
                    } else {
                        let message = format!(
                            "compiled output `{output}` needs node `{name}`, whose fallback is in another module"
                        );
                        self.report(
                            *path,
                            message,
                            format!("move the function into this module, or {DRIVER}"),
                        );
                    }
                }
                WrapEffect::Timeout if !is_async => {
                    let message = format!("`#[{ident}]` on `{name}` cannot interrupt a sync function");
                    self.report(ident, message, format!("write `async fn {name}`, or remove `#[{ident}]`"));
                }
                WrapEffect::Timeout | WrapEffect::FallbackValue(_) | WrapEffect::FallbackWith(_) => {}
            }
        }
    }

    /// Reports parameters that read the result of a check.
    fn refuse_validator_reads(&mut self, output: &str, at: usize) {
        for (_, param) in self.module.params(at) {
            let is_input = !is_context(&param.written) && self.module.node(&param.name).is_none();
            let checked = self.module.functions.iter().flat_map(|function| &function.outputs);
            let mut checked = checked.filter(|checked| !checked.checks.is_empty());
            let reads = checked.find(|checked| {
                let rest = param.name.strip_prefix(&checked.node.name);
                rest.is_some_and(|rest| rest.starts_with('_') && rest.ends_with("_validator"))
            });
            if let (true, Some(_)) = (is_input, reads) {
                let message =
                    format!("compiled output `{output}` needs `{}`, the result of a check", param.name);
                self.report(&param.ident, message, format!("remove the parameter, or {DRIVER}"));
            }
        }
    }
}
