//! The model to code: what is written beside the user's functions.

mod param;
mod place;
mod span;

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Ident, Meta};

use crate::read::{Flow, Gives, NodeSource};

/// Writes the nodes of `flow`, and the function that returns them.
pub(crate) fn flow(flow: &Flow, door: &TokenStream) -> TokenStream {
    let nodes = nodes(flow, door);
    if flow.nodes.iter().any(|node| node.name == "dataflow") {
        return nodes;
    }
    let name = &flow.name;
    let documentation = format!(" Returns the dataflow `{name}`: a node for each `pub fn` of this module.");
    let span = Span::mixed_site();
    let added = flow.nodes.iter().map(|node| {
        let (cfgs, ident) = (&node.cfgs, &node.ident);
        quote_spanned! {span=>
            #(#cfgs)*
            let dataflow = dataflow.with_node(<#ident as #door::NodeFn>::node());
        }
    });
    let dataflow = Ident::new("dataflow", Span::call_site());
    quote_spanned! {span=>
        #nodes
        #[doc = #documentation]
        #[must_use]
        #[allow(dead_code, unreachable_pub, reason = "whoever has the module may ask for its dataflow")]
        pub fn #dataflow() -> #door::Dataflow {
            let dataflow = #door::Dataflow::new(#name);
            #(#added)*
            dataflow
        }
    }
}

/// Writes the nodes of `flow`.
pub(crate) fn nodes(flow: &Flow, door: &TokenStream) -> TokenStream {
    let producers = producers(flow);
    let nodes = flow.nodes.iter().filter(|node| !node.method).map(|node| {
        let handle = handle(node, door);
        let function = function(node, &producers, door);
        quote!(#handle #function)
    });
    quote!(#(#nodes)*)
}

/// A node that others of its module may read.
pub(crate) struct Producer<'a> {
    pub(crate) ident: &'a Ident,
    /// When it is there; `None` when it always is.
    pub(crate) cfg: Option<TokenStream>,
}

fn producers(flow: &Flow) -> HashMap<&str, Producer<'_>> {
    let mut producers: HashMap<&str, Producer<'_>> = HashMap::new();
    for node in flow.nodes.iter().filter(|node| node.gives.is_some()) {
        let cfg = condition(&node.cfgs);
        producers
            .entry(&node.name)
            .and_modify(|other| other.cfg = either(other.cfg.take(), cfg.clone()))
            .or_insert(Producer { ident: &node.ident, cfg });
    }
    producers
}

/// Returns what must hold for all of `cfgs`; `None` when there are none.
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

fn handle(node: &NodeSource, door: &TokenStream) -> TokenStream {
    let NodeSource { ident, name, visibility, cfgs, .. } = node;
    let documentation = format!(" The node `{name}`: its typed handle.");
    let output = node.gives.as_ref().map_or_else(|| quote!(()), |gives| output(gives, door));
    let span = span::mixed(ident);
    let door = &span::at(span, door);
    quote_spanned! {span=>
        #(#cfgs)*
        #[doc = #documentation]
        #[allow(
            non_camel_case_types, dead_code, missing_debug_implementations, missing_copy_implementations,
            reason = "a handle has its function's name and no values"
        )]
        #visibility struct #ident {}

        #(#cfgs)*
        #[automatically_derived]
        impl #door::Handle for #ident {
            const NAME: &'static ::core::primitive::str = #name;
            type Output = #output;
        }
    }
}

/// Writes the type of the node's output.
fn output(gives: &Gives, door: &TokenStream) -> TokenStream {
    if gives.fallible { fallible(gives, "Ok", door) } else { gives.written.to_token_stream() }
}

/// Writes `<Result<..> as Fallible>::item`, at the return type.
fn fallible(gives: &Gives, item: &str, door: &TokenStream) -> TokenStream {
    let (first, last) = span::ends(&gives.written);
    let (written, door, item) = (&gives.written, span::at(first, door), Ident::new(item, last));
    quote_spanned!(first=> <#written as #door::Fallible>::#item)
}

fn function(node: &NodeSource, producers: &HashMap<&str, Producer<'_>>, door: &TokenStream) -> TokenStream {
    let NodeSource { ident, cfgs, documentation, .. } = node;
    let span = span::mixed(ident);
    let door = &span::at(span, door);
    let body = if node.refused {
        quote_spanned!(span=> ::core::panic!("this code does not compile"))
    } else {
        let params: Vec<_> = node
            .params
            .iter()
            .enumerate()
            .map(|(position, param)| {
                let producer = producers.get(param.name.as_str());
                param::Writer { node, param, position, producer, door }
            })
            .collect();
        let edges = params.iter().map(param::Writer::edge);
        let declared = params.iter().map(param::Writer::declared);
        let call = call(node, &params, door);
        let place = place::of(ident).map(|place| quote_spanned!(span=> .at(at(#place))));
        let documented =
            (!documentation.is_empty()).then(|| quote_spanned!(span=> .documented(#documentation)));
        let has_place = |ident| place::of(ident).is_some();
        let has_places = has_place(ident) || node.params.iter().any(|param| has_place(&param.ident));
        let at = has_places.then(|| {
            quote_spanned! {span=>
                let at = |file, line, column, width| {
                    let place = #door::Place::new(file, line, column, width);
                    place.in_package(::core::env!("CARGO_MANIFEST_DIR"))
                };
            }
        });
        quote_spanned! {span=>
            #[allow(unused_imports, reason = "used where a type is not `Clone`")]
            use #door::probe::NotClone as _;
            #(#edges)*
            #at
            let outline = #door::Outline::new(<#ident as #door::Handle>::NAME)
                #documented
                .output(#door::output_of!(<#ident as #door::Handle>::Output))
                #place;
            #(#declared)*
            #call
        }
    };
    quote_spanned! {span=>
        #(#cfgs)*
        #[automatically_derived]
        #[allow(deprecated, reason = "who made the node deprecated meant those who read it")]
        impl #door::NodeFn for #ident {
            fn node() -> #door::Node {
                #body
            }
        }
    }
}

fn call(node: &NodeSource, params: &[param::Writer<'_>], door: &TokenStream) -> TokenStream {
    let ident = &node.ident;
    let span = span::mixed(ident);
    // Taking needs the arguments mutably, so that it comes before borrowing.
    let taken = params.iter().map(param::Writer::taken);
    let read = params.iter().map(param::Writer::read);
    let unwrapped = params.iter().map(param::Writer::unwrapped);
    let arguments = params.iter().map(param::Writer::argument);
    let gives = node.gives.as_ref().filter(|gives| gives.fallible);
    let into_outcome = gives.map(|gives| fallible(gives, "into_outcome", door));
    let outcome = |value: TokenStream| {
        into_outcome.as_ref().map_or_else(
            || quote_spanned!(span=> ::core::result::Result::Ok(#value)),
            |into_outcome| quote_spanned!(span=> let into_outcome = #into_outcome; into_outcome(#value)),
        )
    };
    let args = if params.is_empty() { quote_spanned!(span=> _) } else { quote_spanned!(span=> args) };
    if node.is_async {
        let outcome = outcome(quote_spanned!(span=> #ident(#(#arguments),*).await));
        quote_spanned! {span=>
            #door::Node::future_of::<#ident, _, _>(outline, |#args| {
                #(#taken)*
                #(#read)*
                async move {
                    #(#unwrapped)*
                    #outcome
                }
            })
        }
    } else {
        let outcome = outcome(quote_spanned!(span=> #ident(#(#arguments),*)));
        quote_spanned! {span=>
            #door::Node::sync_of::<#ident, _>(outline, |#args| {
                #(#taken)*
                #(#read)*
                #(#unwrapped)*
                #outcome
            })
        }
    }
}
