//! The nodes of a module in the form in which a compiled dataflow runs them.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use syn::Path;

use crate::inlined::{Accessor, Inlined, RetryWaits};
use crate::known_nodes::{KnownNode, KnownNodes};
use crate::model::{DataflowSource, DecoratorSource, ExpandContext, NodeSource};

/// The functions of a module and the names of their nodes.
pub(crate) struct CompiledModule<'a> {
    pub(crate) flow: &'a DataflowSource,
    pub(crate) functions: Vec<CompiledFunction<'a>>,
    nodes: HashMap<&'a str, NodeAt>,
}

/// The position of a node: its function, and the output that it is.
#[derive(Clone, Copy)]
pub(crate) struct NodeAt {
    pub(crate) function: usize,
    pub(crate) output: usize,
    pub(crate) stage: CheckStage,
}

/// The state of an output: before or after its checks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CheckStage {
    Raw,
    Checked,
}

/// A function with the effects of its decorators.
pub(crate) struct CompiledFunction<'a> {
    pub(crate) source: &'a NodeSource,
    /// Its own output first. Empty if decorators are not supported.
    pub(crate) outputs: Vec<FunctionOutput<'a>>,
    /// Innermost first.
    pub(crate) wraps: Vec<Wrap<'a>>,
    /// The decorators that need a driver, also those of other functions that change this one.
    pub(crate) unsupported: Vec<&'a DecoratorSource>,
}

/// An output of a function: its own, or a part of another one.
pub(crate) struct FunctionOutput<'a> {
    pub(crate) node: &'a KnownNode,
    /// The output that it is a part of.
    pub(crate) whole: Option<(usize, Accessor<'a>)>,
    pub(crate) checks: Vec<Checks>,
}

impl FunctionOutput<'_> {
    /// Returns the name of the node before its checks.
    pub(crate) fn raw_name(&self) -> &str {
        match &self.node.unchecked {
            Some(unchecked) if !self.checks.is_empty() => unchecked,
            _ => &self.node.name,
        }
    }
}

/// The validators of one decorator.
pub(crate) struct Checks {
    pub(crate) validators: Vec<TokenStream>,
    pub(crate) importance: Option<TokenStream>,
}

/// A decorator around a call.
pub(crate) struct Wrap<'a> {
    pub(crate) decorator: &'a DecoratorSource,
    pub(crate) effect: WrapEffect<'a>,
}

pub(crate) enum WrapEffect<'a> {
    Retry(RetryWaits),
    Timeout,
    FallbackValue(&'a syn::Expr),
    FallbackWith(&'a syn::Expr),
    FallbackFunction(&'a Path),
}

impl<'a> CompiledModule<'a> {
    pub(crate) fn of(flow: &'a DataflowSource, known: &'a [KnownNodes], door: &TokenStream) -> Self {
        let mut functions: Vec<CompiledFunction<'a>> = flow
            .nodes
            .iter()
            .zip(known)
            .map(|(source, known)| CompiledFunction::of(source, known, flow, door))
            .collect();
        for mutator in &flow.nodes {
            for decorator in &mutator.decorators {
                for target in decorator.decorator.targets().into_iter().flatten() {
                    let variants = format!("{}__", target.function.name);
                    let is_meant = |function: &&mut CompiledFunction<'_>| {
                        let name = &function.source.name;
                        *name == target.function.name || name.starts_with(&variants)
                    };
                    functions
                        .iter_mut()
                        .filter(is_meant)
                        .for_each(|function| function.unsupported.push(decorator));
                }
            }
        }
        let mut nodes = HashMap::new();
        for (at, (function, known)) in functions.iter().zip(known).enumerate() {
            for node in &known.nodes {
                let output = function.outputs.iter().position(|output| output.node.name == node.name);
                let of = |stage| NodeAt { function: at, output: output.unwrap_or(0), stage };
                nodes.insert(node.name.as_str(), of(CheckStage::Checked));
            }
        }
        for (at, (function, known)) in functions.iter().zip(known).enumerate() {
            for node in &known.nodes {
                let output = function.outputs.iter().position(|output| output.node.name == node.name);
                if let (Some(output), Some(unchecked)) = (output, &node.unchecked) {
                    nodes.entry(unchecked).or_insert(NodeAt { function: at, output, stage: CheckStage::Raw });
                }
            }
        }
        Self { flow, functions, nodes }
    }

    /// Returns the node `name`, if the module has it.
    pub(crate) fn node(&self, name: &str) -> Option<NodeAt> {
        self.nodes.get(name).copied()
    }

    /// Returns the function that a fallback calls, if the module has it.
    pub(crate) fn called(&self, path: &Path) -> Option<&'a NodeSource> {
        self.flow.function(path)
    }

    /// Returns the parameters that a call of `function` reads: its own, and those of its fallback functions.
    pub(crate) fn params(&self, function: usize) -> Vec<(&'a NodeSource, &'a crate::model::ParamSource)> {
        let function = &self.functions[function];
        let fallbacks = function.wraps.iter().filter_map(|wrap| match wrap.effect {
            WrapEffect::FallbackFunction(path) => self.called(path),
            _ => None,
        });
        let functions = std::iter::once(function.source).chain(fallbacks);
        functions.flat_map(|function| function.params.iter().map(move |param| (function, param))).collect()
    }
}

impl<'a> CompiledFunction<'a> {
    fn of(
        source: &'a NodeSource,
        known: &'a KnownNodes,
        flow: &'a DataflowSource,
        door: &TokenStream,
    ) -> Self {
        let mut function = Self { source, outputs: Vec::new(), wraps: Vec::new(), unsupported: Vec::new() };
        let node = |name: &str| known.nodes.iter().find(|node| node.name == name);
        if let Some(node) = node(&source.name) {
            function.outputs.push(FunctionOutput { node, whole: None, checks: Vec::new() });
        }
        let mut order: Vec<usize> = (0..source.decorators.len()).collect();
        order.sort_by_key(|&position| source.decorators[position].row.phase());
        for position in order {
            let decorator = &source.decorators[position];
            let scope = ExpandContext::new(door, source, flow, &known.wholes[position], &decorator.ident);
            let wrap = |effect| Wrap { decorator, effect };
            match decorator.decorator.inlined(&scope) {
                None => function.unsupported.push(decorator),
                Some(Inlined::Nothing) => {}
                Some(Inlined::Parts(parts)) => {
                    let Some(&whole) = function.targets(decorator).first() else { continue };
                    for (name, accessor) in parts {
                        let whole = Some((whole, accessor));
                        function.outputs.extend(node(&name).map(|node| FunctionOutput {
                            node,
                            whole,
                            checks: Vec::new(),
                        }));
                    }
                }
                Some(Inlined::Checks { validators, importance }) => {
                    for target in function.targets(decorator) {
                        let (validators, importance) = (validators.clone(), importance.clone());
                        function.outputs[target].checks.push(Checks { validators, importance });
                    }
                }
                Some(Inlined::Retry { waits }) => function.wraps.push(wrap(WrapEffect::Retry(waits))),
                Some(Inlined::Timeout) => function.wraps.push(wrap(WrapEffect::Timeout)),
                Some(Inlined::FallbackValue(value)) => {
                    function.wraps.push(wrap(WrapEffect::FallbackValue(value)));
                }
                Some(Inlined::FallbackWith(closure)) => {
                    function.wraps.push(wrap(WrapEffect::FallbackWith(closure)));
                }
                Some(Inlined::FallbackFunction(path)) => {
                    function.wraps.push(wrap(WrapEffect::FallbackFunction(path)));
                }
            }
        }
        function
    }

    /// Returns the outputs that a decorator names, or else those of which no other one is a part.
    fn targets(&self, decorator: &DecoratorSource) -> Vec<usize> {
        let named = decorator.decorator.outputs();
        let is_whole = |at: usize| {
            self.outputs.iter().any(|output| output.whole.as_ref().is_some_and(|(of, _)| *of == at))
        };
        (0..self.outputs.len())
            .filter(|&at| {
                let name = &self.outputs[at].node.name;
                if named.is_empty() { !is_whole(at) } else { named.iter().any(|named| named.name == *name) }
            })
            .collect()
    }

    /// Returns the outputs whose checks a reader of `output` at `stage` needs: those of its wholes, and its own.
    pub(crate) fn checked(&self, output: usize, stage: CheckStage) -> Vec<usize> {
        let whole = |at: &usize| self.outputs[*at].whole.as_ref().map(|(whole, _)| *whole);
        let skipped = usize::from(stage == CheckStage::Raw);
        let first = (output < self.outputs.len()).then_some(output);
        let mut checked: Vec<usize> = std::iter::successors(first, whole).skip(skipped).collect();
        checked.retain(|&at| !self.outputs[at].checks.is_empty());
        checked
    }
}
