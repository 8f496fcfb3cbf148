//! The handles of functions and nodes.

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Ident, Meta, Visibility};

use crate::known::{Producer, gives_of, output_of};
use crate::known_nodes::{KnownNode, KnownNodes};
use crate::model::{DataflowSource, NodeSource};
use crate::span;

/// The nodes of a module that have variants, each with the functions that are its variants.
pub(super) struct VariantFeeds<'a>(Vec<(&'a KnownNode, Vec<(&'a NodeSource, &'a KnownNode)>)>);

impl<'a> VariantFeeds<'a> {
    pub(super) fn of(flow: &'a DataflowSource, known: &'a [KnownNodes]) -> Self {
        let mut found: Vec<(&KnownNode, Vec<_>)> = Vec::new();
        let functions = flow.nodes.iter().zip(known).filter(|_| flow.is_module);
        for (function, known) in functions.filter(|(_, known)| known.variant_of.is_some()) {
            for node in &known.nodes {
                match found.iter_mut().find(|(other, _)| other.name == node.name) {
                    Some((_, variants)) => variants.push((function, node)),
                    None => found.push((node, vec![(function, node)])),
                }
            }
        }
        Self(found)
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(node, _)| node.name == name)
    }

    /// Writes one handle for each node, and the checks that its variants have the same output type.
    pub(super) fn written(&self, door: &TokenStream) -> TokenStream {
        let written = self.0.iter().map(|(node, variants)| {
            let (function, _) = variants[0];
            let any = cfg_of(variants.iter().map(|(function, _)| condition(&function.cfgs)));
            let cfg = any.as_ref().map(|any| quote!(#[cfg(#any)]));
            let shape = shape(&node.ident, &handle_doc(&node.name), &function.visibility, &cfg);
            let mut before: Vec<TokenStream> = Vec::new();
            let mut is_sure = false;
            let impls = variants.iter().map(|(function, node)| {
                let own = condition(&function.cfgs);
                let earlier = (!before.is_empty()).then(|| quote!(not(any(#(#before),*))));
                let parts = own.iter().chain(&earlier);
                let cfg = quote!(#[cfg(all(#(#parts),*))]);
                let cfg = (own.is_some() || earlier.is_some()).then_some(cfg);
                let implemented = (!is_sure).then(|| implemented(node, function, &cfg, door));
                let check = (function.ident != node.ident || earlier.is_some()).then(|| {
                    let cfgs = &function.cfgs;
                    let check = check(node, function, door);
                    quote!(#(#cfgs)* #check)
                });
                is_sure |= own.is_none();
                before.extend(own);
                quote!(#implemented #check)
            });
            let impls: TokenStream = impls.collect();
            quote!(#shape #impls)
        });
        written.collect()
    }
}

/// Writes the check that a variant has the output type of the node's handle.
fn check(node: &KnownNode, function: &NodeSource, door: &TokenStream) -> TokenStream {
    let (first, last) = match &function.gives {
        Some(gives) => span::ends(&gives.written),
        None => return TokenStream::new(),
    };
    let at = span::own(first);
    let (door, ident, variant) = (span::at(at, door), &node.ident, &function.ident);
    let at_type = |ident: &Ident| {
        let mut ident = ident.clone();
        ident.set_span(first);
        ident
    };
    let (ident, variant) = (at_type(ident), at_type(variant));
    let fits = Ident::new("FITS", last);
    let own = || quote_spanned!(at=> <#variant as #door::Gives>::Output);
    let given = node.gives.clone().unwrap_or_else(own);
    quote_spanned! {at=>
        const _: () = <#given as #door::VariantOf<#variant, #ident, <#ident as #door::Handle>::Output>>::#fits;
    }
}

/// Returns the nodes that other nodes of the module can read, by name.
pub(super) fn producers<'a>(
    flow: &'a DataflowSource,
    known: &'a [KnownNodes],
    variants: &VariantFeeds<'a>,
) -> HashMap<&'a str, Producer<'a>> {
    let mut producers: HashMap<&str, Producer<'_>> = HashMap::new();
    let mut variant_names = HashSet::new();
    for (node, functions) in &variants.0 {
        if functions.iter().all(|(function, _)| function.gives.is_some()) {
            let cfg = cfg_of(functions.iter().map(|(function, _)| condition(&function.cfgs)));
            producers.insert(&node.name, Producer { ident: &node.ident, cfg });
        }
        variant_names.insert(node.name.as_str());
    }
    for (function, known) in flow.nodes.iter().zip(known).filter(|(function, _)| function.gives.is_some()) {
        let cfg = condition(&function.cfgs);
        for node in known.nodes.iter().filter(|node| !variant_names.contains(node.name.as_str())) {
            producers
                .entry(&node.name)
                .and_modify(|other| other.cfg = either(other.cfg.take(), cfg.clone()))
                .or_insert(Producer { ident: &node.ident, cfg: cfg.clone() });
        }
    }
    producers
}

/// Returns the conjunction of `cfgs`, or `None` if there are none.
fn condition(cfgs: &[Attribute]) -> Option<TokenStream> {
    let conditions = cfgs.iter().filter_map(|cfg| match &cfg.meta {
        Meta::List(list) => Some(&list.tokens),
        _ => None,
    });
    (!cfgs.is_empty()).then(|| quote!(all(#(#conditions),*)))
}

fn either(left: Option<TokenStream>, right: Option<TokenStream>) -> Option<TokenStream> {
    let (left, right) = (left?, right?);
    Some(quote!(any(#left, #right)))
}

/// Returns the disjunction of `conditions`, or `None` if one of them always holds.
fn cfg_of(conditions: impl Iterator<Item = Option<TokenStream>>) -> Option<TokenStream> {
    let all: Option<Vec<_>> = conditions.collect();
    all.map(|all| quote!(any(#(#all),*)))
}

/// Writes the type with the function's name, its output type and the handles of its nodes.
pub(super) fn written(
    function: &NodeSource,
    known: &KnownNodes,
    variants: &VariantFeeds<'_>,
    door: &TokenStream,
) -> TokenStream {
    let NodeSource { ident, name, visibility, cfgs, .. } = function;
    let cfg = quote!(#(#cfgs)*);
    let span = span::mixed(ident);
    let at = span::at(span, door);
    let own = known.nodes.iter().find(|node| node.name == *name && known.variant_of.is_none());
    let of_node = own.or_else(|| known.nodes.iter().find(|node| node.name == *name));
    let own_shape = (!variants.has(name)).then(|| {
        let documentation = match of_node {
            Some(_) => handle_doc(name),
            None => format!(" The function `{name}`, for which no node has the same name."),
        };
        shape(ident, &documentation, visibility, &cfg)
    });
    let is_handle = own.is_some_and(|node| node.gives.is_none());
    let gives = if is_handle {
        quote_spanned!(span=> impl #at::AsWritten for #ident {})
    } else {
        let gives = gives_of(function, door);
        quote_spanned!(span=> impl #at::Gives for #ident { type Output = #gives; })
    };
    let handles = known.nodes.iter().filter(|node| !variants.has(&node.name)).filter_map(|node| {
        // The node may have variants in other modules, so this function does not define its handle.
        if known.variant_of.is_some() && node.name != *name {
            return None;
        }
        let shape =
            (node.name != *name).then(|| shape(&node.ident, &handle_doc(&node.name), visibility, &cfg));
        let implemented = implemented(node, function, &cfg, door);
        Some(quote!(#shape #implemented))
    });
    let handles: TokenStream = handles.collect();
    quote_spanned! {span=>
        #own_shape
        #handles
        #cfg
        #[automatically_derived]
        #gives
    }
}

fn handle_doc(name: &str) -> String {
    format!(" The node `{name}`: its typed handle.")
}

fn shape(ident: &Ident, documentation: &str, visibility: &Visibility, cfg: &impl ToTokens) -> TokenStream {
    quote_spanned! {span::mixed(ident)=>
        #cfg
        #[doc = #documentation]
        #[allow(
            non_camel_case_types, dead_code, missing_debug_implementations, missing_copy_implementations,
            clippy::exhaustive_structs,
            reason = "a handle has its function's name and no values"
        )]
        #visibility struct #ident {}
    }
}

fn implemented(
    node: &KnownNode,
    function: &NodeSource,
    cfg: &impl ToTokens,
    door: &TokenStream,
) -> TokenStream {
    let (ident, name, output) = (&node.ident, &node.name, output_of(node, function, door));
    let span = span::mixed(ident);
    let door = span::at(span, door);
    quote_spanned! {span=>
        #cfg
        #[automatically_derived]
        impl #door::Handle for #ident {
            const NAME: &'static ::core::primitive::str = #name;
            type Output = #output;
        }
    }
}
