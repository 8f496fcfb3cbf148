//! Finds the nodes of functions that are known while compiling.

mod called;

use std::borrow::Cow;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::visit_mut::{self, VisitMut};
use syn::{Ident, Type};

use crate::known_nodes::{KnownNode, KnownNodes, KnownRead};
use crate::model::{DataflowSource, NodeSource, OutputSource, ParamSource};
use crate::span;
use crate::written_type::{is_context, opaque};

/// A node that others of its module may read.
pub(crate) struct Producer<'a> {
    pub(crate) ident: &'a Ident,
    /// The condition under which it exists; `None` for a node that always exists.
    pub(crate) cfg: Option<TokenStream>,
}

/// Returns the known nodes of each function of `flow`.
pub(crate) fn known(flow: &DataflowSource, door: &TokenStream) -> Vec<KnownNodes> {
    let mut all: Vec<_> = flow.nodes.iter().map(|function| known_nodes_of(function, flow, door)).collect();
    for mutator in &flow.nodes {
        let sent = mutator.decorators.iter().filter_map(|source| source.decorator.targets()).flatten();
        for sent in sent {
            let variants = format!("{}__", sent.function.name);
            let is_meant = |known: &&mut KnownNodes| {
                known.function == sent.function.name || known.function.starts_with(&variants)
            };
            for target in all.iter_mut().filter(is_meant) {
                let outputs: Vec<_> = sent.outputs.iter().map(|output| output.name.as_str()).collect();
                target.pipe(&outputs, &gives_of(mutator, door));
            }
        }
    }
    called::find_reads(&mut all, flow);
    all
}

/// Writes the type of the output of `function` itself, without its error.
pub(crate) fn gives_of(function: &NodeSource, door: &TokenStream) -> TokenStream {
    function.gives.as_ref().map_or_else(|| quote!(()), |gives| output(gives, door))
}

/// Writes the type of the node's output.
pub(crate) fn output(gives: &OutputSource, door: &TokenStream) -> TokenStream {
    match &gives.items {
        Some(items) => items.written(door),
        None if gives.fallible => fallible(gives, "Ok", door),
        None => gives.written.to_token_stream(),
    }
}

/// Writes `<Result<..> as Fallible>::item`, at the return type.
pub(crate) fn fallible(gives: &OutputSource, item: &str, door: &TokenStream) -> TokenStream {
    let (first, last) = span::ends(&gives.written);
    let (written, door, item) = (with_name(&gives.written), span::at(first, door), Ident::new(item, last));
    quote_spanned!(first=> <#written as #door::Fallible>::#item)
}

/// Returns the `Result` type `written`, with `()` in place of an `impl Trait`: only an expanding function returns one, and its error has
/// the same name.
fn with_name(written: &Type) -> Cow<'_, Type> {
    struct Replace;
    impl VisitMut for Replace {
        fn visit_type_mut(&mut self, found: &mut Type) {
            match found {
                Type::ImplTrait(_) => *found = syn::parse_quote!(()),
                other => visit_mut::visit_type_mut(self, other),
            }
        }
    }
    if opaque(written).is_none() {
        return Cow::Borrowed(written);
    }
    let mut written = written.clone();
    Replace.visit_type_mut(&mut written);
    Cow::Owned(written)
}

/// Returns the known nodes of `function`: its decorators apply in the order of their phases.
fn known_nodes_of(function: &NodeSource, flow: &DataflowSource, door: &TokenStream) -> KnownNodes {
    let ident = &function.ident;
    let own = span::mixed(ident);
    let at = span::at(own, door);
    // A function that expands and collects itself has been reported.
    let collects_itself =
        |param: &ParamSource| param.collection.is_some() && param.name == function.name && function.expands();
    let is_read = |param: &&ParamSource| !is_context(&param.written) && !collects_itself(param);
    let reads = function.params.iter().filter(is_read);
    let reads =
        reads.map(|param| KnownRead { name: param.name.clone(), tokens: param.ident.to_token_stream() });
    let node = KnownNode {
        ident: ident.clone(),
        name: function.name.clone(),
        gives: None,
        reads: reads.collect(),
        unchecked: None,
        is_part: false,
    };
    let mut known = KnownNodes {
        function: function.name.clone(),
        nodes: vec![node],
        open: false,
        variant_of: function.decorators.iter().find_map(|source| source.decorator.variant_of(function)),
        reads_own: vec![true; function.params.len()],
        unbound: vec![true; function.params.len()],
        unpiped: vec![true; function.params.len()],
        wholes: vec![TokenStream::new(); function.decorators.len()],
        sinks_at: vec![Vec::new(); function.decorators.len()],
        names_at: vec![Vec::new(); function.decorators.len()],
        makers: Vec::new(),
        shaped: function.shaped().cloned(),
        params: function.params.iter().map(|param| param.name.clone()).collect(),
        given: quote_spanned!(own=> <#ident as #at::Gives>::Output),
    };
    let mut order: Vec<usize> = (0..function.decorators.len()).collect();
    order.sort_by_key(|position| function.decorators[*position].row.phase());
    let mut is_node = function.listed;
    for position in order {
        let decorator = &function.decorators[position].decorator;
        known.wholes[position] = known.whole(&decorator.outputs());
        known.sinks_at[position] = known.sinks().into_iter().map(|at| known.nodes[at].name.clone()).collect();
        let before: Vec<String> = known.nodes.iter().map(|node| node.name.clone()).collect();
        decorator.change(&mut known);
        let maker = &function.decorators[position].ident;
        let added = known.nodes.iter().filter(|node| !before.contains(&node.name));
        known.makers.extend(added.map(|node| (node.name.clone(), maker.clone())));
        known.names_at[position] = before;
        // A function that a decorator excludes stays excluded.
        is_node &= !known.nodes.is_empty();
        decorator.change_outputs(&mut known, flow, door);
    }
    if !is_node {
        known.nodes.clear();
    }
    known
}

/// Writes the type of the output of `node`.
pub(crate) fn output_of(node: &KnownNode, function: &NodeSource, door: &TokenStream) -> TokenStream {
    match &node.gives {
        Some(gives) => gives.clone(),
        None if node.name == function.name => gives_of(function, door),
        None => {
            let ident = &function.ident;
            let at = span::at(span::mixed(ident), door);
            quote_spanned!(ident.span().resolved_at(Span::mixed_site())=> <#ident as #at::Gives>::Output)
        }
    }
}
