//! The model to code: what is written beside the user's functions.

mod handle;
mod param;
mod place;

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;

use crate::decorator::Scope;
use crate::known::{Known, Producer, fallible, gives_of};
use crate::read::{Flow, NodeSource};
use crate::span;

/// Writes the nodes of `flow`, and the function that returns them; `module` is the name of what they stand in.
pub(crate) fn flow(module: &Ident, flow: &Flow, known: &[Known], door: &TokenStream) -> TokenStream {
    let nodes = nodes(flow, known, door);
    if flow.nodes.iter().any(|node| node.name == "dataflow") {
        return nodes;
    }
    let name = &flow.name;
    let documentation = format!(" Returns the dataflow `{name}`: a node for each `pub fn` of this module.");
    let span = Span::mixed_site();
    let added = flow.nodes.iter().filter(|node| node.listed).map(|node| {
        let (cfgs, ident) = (&node.cfgs, &node.ident);
        quote_spanned! {span=>
            #(#cfgs)*
            let dataflow = dataflow.with_node(<#ident as #door::NodeFn>::function());
        }
    });
    let private = &flow.private;
    let private = (!private.is_empty()).then(|| quote_spanned!(span=> .with_private(&[#(#private),*])));
    let dataflow = Ident::new("dataflow", Span::call_site());
    // Without the linter it is nothing. A module that stands in no file has nothing that could be told of it.
    let registered =
        place::of(module).map(|place| quote_spanned!(span=> #door::register! { #place, #dataflow }));
    quote_spanned! {span=>
        #nodes
        #[doc = #documentation]
        #[must_use]
        #[allow(dead_code, unreachable_pub, reason = "whoever has the module may ask for its dataflow")]
        pub fn #dataflow() -> #door::Dataflow {
            let dataflow = #door::Dataflow::new(#name)#private;
            #(#added)*
            dataflow
        }
        #registered
    }
}

/// Writes the nodes of `flow`.
pub(crate) fn nodes(flow: &Flow, known: &[Known], door: &TokenStream) -> TokenStream {
    let variants = handle::Variants::of(flow, known);
    let producers = handle::producers(flow, known, &variants);
    let functions = flow.nodes.iter().zip(known).filter(|(node, _)| !node.method);
    let nodes = functions.map(|(node, known)| {
        let handles = handle::written(node, known, &variants, door);
        let function = function(node, known, flow, &producers, door);
        quote!(#handles #function)
    });
    let variants = variants.written(door);
    quote!(#(#nodes)* #variants)
}

fn function(
    node: &NodeSource,
    known: &Known,
    flow: &Flow,
    producers: &HashMap<&str, Producer<'_>>,
    door: &TokenStream,
) -> TokenStream {
    let NodeSource { ident, name, cfgs, documentation, .. } = node;
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
                let producer = producers.get(param.name.as_str()).filter(|_| known.reads_own[position]);
                param::Writer { node, param, position, producer, door }
            })
            .collect();
        let edges = params.iter().map(param::Writer::edge);
        let declared = params.iter().map(param::Writer::declared);
        let call = call(node, &params, door);
        let place = place::of(ident).map(|place| quote_spanned!(span=> .at(at(#place))));
        let documented =
            (!documentation.is_empty()).then(|| quote_spanned!(span=> .documented(#documentation)));
        let no_future = no_future(node, door);
        let has_place = |ident| place::of(ident).is_some();
        let has_places = has_place(ident) || node.params.iter().any(|param| has_place(&param.ident));
        let at = has_places.then(|| at(span, door));
        quote_spanned! {span=>
            #[allow(unused_imports, reason = "used where a type is not `Clone`")]
            use #door::probe::NotClone as _;
            #(#edges)*
            #no_future
            #at
            let outline = #door::Outline::new(#name)
                #documented
                .output(#door::output_of!(<#ident as #door::Gives>::Output))
                #place;
            #(#declared)*
            #call
        }
    };
    let decorated =
        (!node.decorators.is_empty() && !node.undecorated).then(|| decorated(node, known, flow, door));
    quote_spanned! {span=>
        #(#cfgs)*
        #[automatically_derived]
        #[allow(deprecated, reason = "who made the node deprecated meant those who read it")]
        impl #door::NodeFn for #ident {
            fn node() -> #door::Node {
                #body
            }
            #decorated
        }
    }
}

/// Writes a check that the function's output is no future, at the return type.
fn no_future(node: &NodeSource, door: &TokenStream) -> Option<TokenStream> {
    // An excluded function is no node: its caller awaits the future.
    let gives = node.gives.as_ref().filter(|_| !node.is_excluded())?;
    let output = gives_of(node, door);
    let (first, last) = span::ends(&gives.written);
    let mut ident = node.ident.clone();
    ident.set_span(ident.span().located_at(first));
    Some(require_no_future(&ident, &output, span::own(first), span::own(last), door))
}

/// Writes a check that the type `output` of the node `handle` is no future. An error underlines `first` to `last`.
pub(crate) fn require_no_future(
    handle: &Ident,
    output: &TokenStream,
    first: Span,
    last: Span,
    door: &TokenStream,
) -> TokenStream {
    let (door, output) = (span::at(first, door), span::at(first, output));
    let settled = Ident::new("settled", last);
    let asked = quote_spanned!(last=> .#settled());
    quote_spanned! {first=>
        {
            #[allow(unused_imports, reason = "used when the output is no future")]
            use #door::probe::{HoldsFuture as _, IsSettled as _};
            #door::probe::require_no_future::<#handle, #output, _>(#door::probe::Probe::<#output>::BORROWED #asked);
        }
    }
}

/// Writes what makes a place of its numbers.
fn at(span: Span, door: &TokenStream) -> TokenStream {
    quote_spanned! {span=>
        let at = |file, line, column, width| {
            let place = #door::Location::new(file, line, column, width);
            place.in_package(::core::env!("CARGO_MANIFEST_DIR"))
        };
    }
}

/// Writes the function with its decorators.
fn decorated(node: &NodeSource, known: &Known, flow: &Flow, door: &TokenStream) -> TokenStream {
    let span = span::mixed(&node.ident);
    let mut has_places = false;
    let decorators: Vec<_> = node
        .decorators
        .iter()
        .zip(&known.wholes)
        .map(|(source, whole)| {
            let scope = Scope::new(door, node, flow, whole, &source.ident);
            let written = source.decorator.written(&scope);
            if let Some(place) = place::of(&source.ident) {
                has_places = true;
                let name = source.ident.to_string();
                quote_spanned!(scope.span=> .decorated_with(#name, || #written, ::core::option::Option::Some(at(#place))))
            } else {
                let name = source.ident.to_string();
                quote_spanned!(scope.span=> .decorated_with(#name, || #written, ::core::option::Option::None))
            }
        })
        .collect();
    let at = has_places.then(|| at(span, door));
    quote_spanned! {span=>
        fn function() -> #door::Function {
            #at
            #door::construct::<Self>(|| #door::Function::new(<Self as #door::NodeFn>::node())#(#decorators)*)
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
    let into_outcome = gives.map(|gives| {
        let (error, into_outcome) =
            (fallible(gives, "Error", door), fallible(gives, "into_outcome_by", door));
        // An `anyhow::Error` and its kin are kept as they are: in a box, the error inside could not be downcast.
        quote_spanned! {span=>
            #[allow(unused_imports, reason = "used where the error is a report")]
            use #door::KeepReport as _;
            let keep = #door::ErrorReport::<#error>::new().keep();
            let into_outcome = #into_outcome;
        }
    });
    let outcome = |value: TokenStream| {
        into_outcome.as_ref().map_or_else(
            || quote_spanned!(span=> ::core::result::Result::Ok(#value)),
            |prepare| quote_spanned!(span=> #prepare into_outcome(#value, keep)),
        )
    };
    let args = if params.is_empty() { quote_spanned!(span=> _) } else { quote_spanned!(span=> args) };
    if node.is_async {
        let outcome = outcome(quote_spanned!(span=> #ident(#(#arguments),*).await));
        quote_spanned! {span=>
            #door::Node::with_send_future::<#ident, _, _>(outline, |#args| {
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
