//! The calls that a compiled output needs, and the values that they read.

use std::collections::{BTreeSet, HashMap, VecDeque};

use proc_macro2::TokenStream;
use syn::Ident;
use syn::ext::IdentExt;

use super::module::{CompiledModule, NodeAt, WrapEffect};
use super::schedule::NodeTask;
use crate::inlined::{Accessor, RetryWaits};
use crate::known::output_of;
use crate::known_nodes::KnownNode;
use crate::model::{NodeSource, ParamSource};
use crate::written_type::is_context;

/// An output with all that it needs.
pub(crate) struct CompiledOutput<'a> {
    pub(crate) ident: &'a Ident,
    /// Each call follows the calls whose values it reads.
    pub(crate) calls: Vec<FunctionCall<'a>>,
    /// The names of the inputs.
    pub(crate) inputs: Vec<String>,
    pub(crate) result: SourceValue<'a>,
    pub(crate) is_async: bool,
    /// The nodes, the output first. Each has the next node on its path to the output.
    pub(crate) nodes: Vec<(String, Option<String>)>,
}

/// A call of a function.
pub(crate) struct FunctionCall<'a> {
    /// The position of the function in the module.
    pub(crate) function: usize,
    pub(crate) source: &'a NodeSource,
    /// The arguments of the function, then those of its fallback functions.
    pub(crate) arguments: Vec<CallArgument<'a>>,
    /// The outputs whose checks run after the call.
    pub(crate) checked: Vec<usize>,
    pub(crate) is_async: bool,
}

/// An argument of a call.
pub(crate) struct CallArgument<'a> {
    /// The function that has the parameter.
    pub(crate) function: &'a NodeSource,
    pub(crate) param: &'a ParamSource,
    /// `None` for the context of the run.
    pub(crate) value: Option<SourceValue<'a>>,
}

/// A value: an input, the output of a call, or a part of it.
#[derive(Clone)]
pub(crate) struct SourceValue<'a> {
    pub(crate) root: Root,
    /// The way from the output of the call to the part.
    pub(crate) parts: Vec<ValuePart<'a>>,
    /// The node; `None` for an input.
    pub(crate) node: Option<ValueNode<'a>>,
}

#[derive(Clone)]
pub(crate) struct ValueNode<'a> {
    pub(crate) node: &'a KnownNode,
    /// The type of the value.
    pub(crate) gives: TokenStream,
}

#[derive(Clone)]
pub(crate) struct ValuePart<'a> {
    pub(crate) accessor: Accessor<'a>,
    /// The node that fails if the part is missing.
    pub(crate) node: String,
    /// The type of the part.
    pub(crate) gives: TokenStream,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Root {
    Call(usize),
    Input(usize),
}

impl<'a> CompiledOutput<'a> {
    /// Returns the calls and values of the output `ident`; `None` if no node has this name.
    pub(crate) fn of(module: &CompiledModule<'a>, ident: &'a Ident, door: &TokenStream) -> Option<Self> {
        let output = module.node(&ident.unraw().to_string())?;
        let order = in_order(module, output.function);
        let mut calls_of: HashMap<usize, usize> = HashMap::new();
        order.iter().enumerate().for_each(|(call, function)| _ = calls_of.insert(*function, call));
        let mut values = SourceValues {
            module,
            door,
            calls_of,
            inputs: Vec::new(),
            checked: vec![BTreeSet::new(); order.len()],
        };
        let result = values.of_node(output);
        let mut calls: Vec<FunctionCall<'a>> = order
            .iter()
            .map(|&function| {
                let arguments = module.params(function).into_iter().map(|(owner, param)| {
                    let value = (!is_context(&param.written)).then(|| values.named(&param.name));
                    CallArgument { function: owner, param, value }
                });
                let arguments = arguments.collect();
                let source = module.functions[function].source;
                FunctionCall { function, source, arguments, checked: Vec::new(), is_async: false }
            })
            .collect();
        let is_async = order.iter().any(|&function| is_async(module, function));
        for (call, checked) in calls.iter_mut().zip(values.checked) {
            call.checked = checked.into_iter().collect();
            let waits = module.functions[call.function].wraps.iter();
            let mut waits =
                waits.filter(|wrap| matches!(wrap.effect, WrapEffect::Retry(RetryWaits::Sometimes)));
            call.is_async = is_async && (self::is_async(module, call.function) || waits.next().is_some());
        }
        let inputs = values.inputs;
        let nodes = next_nodes(module, &order, &ident.unraw().to_string());
        Some(Self { ident, calls, inputs, result, is_async, nodes })
    }

    /// Returns the calls as the scheduler sees them.
    pub(crate) fn tasks(&self) -> Vec<NodeTask> {
        let task = |call: &FunctionCall<'_>| {
            let mut reads: Vec<usize> = call.reads().collect();
            reads.sort_unstable();
            reads.dedup();
            NodeTask { is_async: call.is_async, reads }
        };
        self.calls.iter().map(task).collect()
    }
}

impl FunctionCall<'_> {
    /// Returns the calls whose outputs it reads.
    pub(crate) fn reads(&self) -> impl Iterator<Item = usize> {
        self.arguments.iter().filter_map(|argument| match argument.value.as_ref()?.root {
            Root::Call(call) => Some(call),
            Root::Input(_) => None,
        })
    }
}

/// Returns whether a call of the function is async whatever else the output needs.
pub(crate) fn is_async(module: &CompiledModule<'_>, function: usize) -> bool {
    let function = &module.functions[function];
    let called = |effect: &WrapEffect<'_>| match effect {
        WrapEffect::FallbackFunction(path) => module.called(path).is_some_and(|called| called.is_async),
        _ => false,
    };
    function.source.is_async || function.wraps.iter().any(|wrap| called(&wrap.effect))
}

/// Returns the functions that `output` needs. Each follows the functions that it reads. Depth first without recursion.
pub(crate) fn in_order(module: &CompiledModule<'_>, output: usize) -> Vec<usize> {
    let reads = |function: usize| -> Vec<usize> {
        let params = module.params(function).into_iter();
        let nodes = params
            .filter(|(_, param)| !is_context(&param.written))
            .filter_map(|(_, param)| module.node(&param.name));
        nodes.map(|node| node.function).collect()
    };
    let mut order = Vec::new();
    let mut is_seen = vec![false; module.functions.len()];
    is_seen[output] = true;
    let mut path = vec![(output, reads(output).into_iter())];
    while let Some((function, rest)) = path.last_mut() {
        match rest.next() {
            Some(next) if std::mem::replace(&mut is_seen[next], true) => {}
            Some(next) => path.push((next, reads(next).into_iter())),
            None => {
                order.push(*function);
                path.pop();
            }
        }
    }
    order
}

/// The values of an output's nodes.
struct SourceValues<'m, 'a> {
    module: &'m CompiledModule<'a>,
    door: &'m TokenStream,
    /// The call of each function.
    calls_of: HashMap<usize, usize>,
    inputs: Vec<String>,
    /// The outputs of each call whose checks are needed.
    checked: Vec<BTreeSet<usize>>,
}

impl<'a> SourceValues<'_, 'a> {
    /// Returns the value of the node or the input `name`.
    fn named(&mut self, name: &str) -> SourceValue<'a> {
        if let Some(node) = self.module.node(name) {
            return self.of_node(node);
        }
        let known = self.inputs.iter().position(|input| input == name);
        let input = known.unwrap_or_else(|| {
            self.inputs.push(name.to_owned());
            self.inputs.len() - 1
        });
        SourceValue { root: Root::Input(input), parts: Vec::new(), node: None }
    }

    fn of_node(&mut self, at: NodeAt) -> SourceValue<'a> {
        let function = &self.module.functions[at.function];
        let call = self.calls_of[&at.function];
        self.checked[call].extend(function.checked(at.output, at.stage));
        let mut parts = Vec::new();
        let mut output = function.outputs.get(at.output);
        while let Some((of, accessor)) = output.and_then(|output| output.whole.as_ref()) {
            let part = output.expect("it has a whole");
            let gives = output_of(part.node, function.source, self.door);
            parts.push(ValuePart { accessor: accessor.clone(), node: part.raw_name().to_owned(), gives });
            output = function.outputs.get(*of);
        }
        parts.reverse();
        let node = function.outputs.get(at.output).map(|output| ValueNode {
            node: output.node,
            gives: output_of(output.node, function.source, self.door),
        });
        SourceValue { root: Root::Call(call), parts, node }
    }
}

/// Returns for each node the next one on a shortest path to `output`, as a driver finds it: breadth first, in the order of the
/// parameters. The output comes first, and has no next node.
fn next_nodes(
    module: &CompiledModule<'_>,
    functions: &[usize],
    output: &str,
) -> Vec<(String, Option<String>)> {
    let mut reads: HashMap<&str, Vec<&str>> = HashMap::new();
    for &function in functions {
        let function_params = module.params(function).into_iter().map(|(_, param)| param.name.as_str());
        let mut params: Vec<&str> = function_params.collect();
        for output in &module.functions[function].outputs {
            let own = match &output.whole {
                Some((whole, _)) => vec![module.functions[function].outputs[*whole].node.name.as_str()],
                None => std::mem::take(&mut params),
            };
            reads.insert(output.raw_name(), own);
            if output.raw_name() != output.node.name {
                reads.insert(&output.node.name, vec![output.raw_name()]);
            }
        }
    }
    let mut found: Vec<(String, Option<String>)> = vec![(output.to_owned(), None)];
    let mut is_seen: BTreeSet<&str> = BTreeSet::from([output]);
    let mut front = VecDeque::from([output]);
    while let Some(name) = front.pop_front() {
        for &read in reads.get(name).into_iter().flatten() {
            if module.node(read).is_some() && is_seen.insert(read) {
                found.push((read.to_owned(), Some(name.to_owned())));
                front.push_back(read);
            }
        }
    }
    found
}
