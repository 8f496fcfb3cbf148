//! Generates the code beside the user's functions from the model.

mod declared_output;
pub(crate) mod default;
mod handle;
pub(crate) mod kept_error;
mod param;
pub(crate) mod place;

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;

use declared_output::Declared;
use kept_error::{keep, result};

use crate::compile::{self, Soundness};
use crate::items::ItemsSource;
use crate::known::{Producer, fallible, gives_of};
use crate::known_nodes::KnownNodes;
use crate::model::{DataflowSource, NodeSource};
use crate::model::{ExpandContext, OutputSource};
use crate::span;

/// Writes the nodes of `flow` and the function that returns them; `module` is the name of the module.
pub(crate) fn flow(
    module: &Ident,
    flow: &DataflowSource,
    known: &[KnownNodes],
    soundness: Soundness,
    door: &TokenStream,
) -> TokenStream {
    let nodes = nodes(flow, known, door);
    let Declared { structs, names } = Declared::write(flow, known, door);
    let nodes = quote!(#nodes #structs);
    let compiled = compile::functions(flow, known, soundness, door);
    if flow.nodes.iter().any(|node| node.name == "dataflow") {
        return nodes;
    }
    let (name, private) = (&flow.name, &flow.private);
    let documentation = format!(" Returns the dataflow `{name}`: a node for each `pub fn` of this module.");
    let span = Span::mixed_site();
    let functions = flow.nodes.iter().filter(|node| node.listed).map(|node| {
        let (cfgs, ident) = (&node.cfgs, &node.ident);
        if is_decorated(node) {
            quote_spanned!(span=> #(#cfgs)* #door::generated::StaticFunction::Decorated(<#ident as #door::NodeFn>::function))
        } else {
            quote_spanned!(span=> #(#cfgs)* #door::generated::StaticFunction::Plain(<#ident as #door::NodeFn>::node))
        }
    });
    let outputs = (!names.is_empty()).then(|| quote_spanned!(span=> .with_declared_outputs(&[#(#names),*])));
    let dataflow = Ident::new("dataflow", Span::call_site());
    // Registration expands to nothing outside the linter. A module without a file has no findings.
    let registered =
        place::of(module).map(|place| quote_spanned!(span=> #door::register! { #place, #dataflow }));
    quote_spanned! {span=>
        #nodes
        #compiled
        #[doc = #documentation]
        #[must_use]
        #[allow(dead_code, unreachable_pub, reason = "every module has the function, used or not")]
        pub fn #dataflow() -> #door::Dataflow {
            #door::Dataflow::from_static(#name, &[#(#private),*], const { &[#(#functions),*] })#outputs
        }
        #registered
    }
}

fn is_decorated(node: &NodeSource) -> bool {
    !node.decorators.is_empty() && !node.undecorated
}

/// Writes the nodes of `flow`.
pub(crate) fn nodes(flow: &DataflowSource, known: &[KnownNodes], door: &TokenStream) -> TokenStream {
    let variants = handle::VariantFeeds::of(flow, known);
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
    known: &KnownNodes,
    flow: &DataflowSource,
    producers: &HashMap<&str, Producer<'_>>,
    door: &TokenStream,
) -> TokenStream {
    let NodeSource { ident, cfgs, .. } = node;
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
                param::ParamWriter { node, param, position, producer, door }
            })
            .collect();
        let GeneratedBody { function, constructor } = GeneratedBody::write(node, &params, door);
        let description = description(node);
        let declared = params.iter().map(param::ParamWriter::declared);
        let no_future = no_future(node, door);
        let collects = node.params.iter().any(|param| param.collection.is_some()).then(|| {
            quote_spanned! {span=>
                #[allow(unused_imports, reason = "used where the parameter collects values")]
                use #door::expand::CollectsValues as _;
            }
        });
        quote_spanned! {span=>
            #[allow(unused_imports, reason = "each is used where a type lacks an implementation")]
            use #door::probe::{IsSettled as _, NotClone as _, NotSerialize as _, OutputWithoutClone as _};
            #collects
            #function
            #door::Node::from_static(const {
                #no_future
                (&#constructor #description, &[#(#declared),*])
            })
        }
    };
    let decorated = is_decorated(node).then(|| decorated(node, known, flow, door));
    quote_spanned! {span=>
        #(#cfgs)*
        #[automatically_derived]
        #[allow(deprecated, reason = "only the uses of a deprecated node deserve a warning")]
        impl #door::NodeFn for #ident {
            fn node() -> #door::Node {
                #body
            }
            #decorated
        }
    }
}

/// Writes the builder calls that add the documentation and the positions to a node.
fn description(node: &NodeSource) -> TokenStream {
    let span = span::mixed(&node.ident);
    let documentation = &node.documentation;
    let documented =
        (!documentation.is_empty()).then(|| quote_spanned!(span=> .with_documentation(#documentation)));
    let place = place::of(&node.ident).map(|place| quote_spanned!(span=> .at(#place)));
    let items = node.gives.as_ref().is_some_and(|gives| gives.items.is_some());
    let items = items.then(|| quote_spanned!(span=> .returning_items()));
    let has_places = place.is_some() || node.params.iter().any(|param| place::of(&param.ident).is_some());
    let package = has_places.then(|| package(span));
    quote_spanned!(span=> #documented #package #place #items)
}

/// Writes the builder call that sets the package of all positions.
fn package(span: Span) -> TokenStream {
    quote_spanned!(span=> .in_package(::core::env!("CARGO_MANIFEST_DIR")))
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
    let constant = |name| Ident::new(name, last);
    let (itself, held) = (constant("FUTURE"), constant("HELD_FUTURE"));
    let of = |constant| quote_spanned!(first=> #door::probe::Probe::<#output>::#constant);
    let (itself, held) = (of(itself), of(held));
    quote_spanned! {first=>
        {
            #[allow(unused_imports, reason = "used when the output is no future")]
            use #door::probe::IsSettled as _;
            #door::probe::require_no_future::<#handle, #output, _, _>(#itself, #held);
        }
    }
}

/// Writes the function with its decorators.
fn decorated(
    node: &NodeSource,
    known: &KnownNodes,
    flow: &DataflowSource,
    door: &TokenStream,
) -> TokenStream {
    let span = span::mixed(&node.ident);
    let names = |at: usize| format_ident!("__icosian_decorator_{}", at, span = span);
    let makers = node.decorators.iter().zip(&known.wholes).enumerate().map(|(at, (source, whole))| {
        let scope = ExpandContext::new(door, node, flow, whole, &source.ident);
        let (name, written, door) = (names(at), source.decorator.written(&scope), scope.door());
        quote_spanned! {scope.span=>
            fn #name() -> #door::generated::ErasedDecorator {
                #door::generated::erase_decorator(#written)
            }
        }
    });
    let mut has_places = false;
    let decorators: Vec<_> = node
        .decorators
        .iter()
        .enumerate()
        .map(|(at, source)| {
            let (make, name) = (names(at), source.ident.to_string());
            let place = place::of(&source.ident);
            has_places |= place.is_some();
            let place = place.map(|place| quote_spanned!(span=> .at(#place)));
            quote_spanned!(span=> #door::generated::StaticDecorator::new(#name, #make)#place)
        })
        .collect();
    let package = if has_places {
        quote_spanned!(span=> ::core::env!("CARGO_MANIFEST_DIR"))
    } else {
        quote_spanned!(span=> "")
    };
    quote_spanned! {span=>
        fn function() -> #door::Function {
            #(#makers)*
            #door::generated::decorated_function(
                #door::ValueType::of::<Self>(),
                <Self as #door::NodeFn>::node,
                #package,
                const { &[#(#decorators),*] },
            )
        }
    }
}

/// The function that a run calls, and the call that builds a node with it.
struct GeneratedBody {
    function: TokenStream,
    constructor: TokenStream,
}

impl GeneratedBody {
    fn write(node: &NodeSource, params: &[param::ParamWriter<'_>], door: &TokenStream) -> Self {
        let (ident, span) = (&node.ident, span::mixed(&node.ident));
        let collects = params.iter().filter_map(param::ParamWriter::collects);
        // Consuming needs the arguments mutably, so it comes before borrowing.
        let taken = params.iter().map(param::ParamWriter::taken);
        let taken = quote_spanned!(span=> #(#collects)* #(#taken)*);
        let read = params.iter().map(param::ParamWriter::read);
        let unwrapped: Vec<_> = params.iter().filter_map(param::ParamWriter::unwrapped).collect();
        let arguments = params.iter().map(param::ParamWriter::argument);
        let call = quote_spanned!(span=> #ident(#(#arguments),*));
        let items = node.gives.as_ref().and_then(|gives| Some((gives, gives.items.as_ref()?)));
        if node.is_async {
            let is_leased = params.iter().any(param::ParamWriter::is_borrowed);
            let lease = is_leased.then(|| quote_spanned!(span=> let leased = args.lease_all();));
            if let Some((gives, items)) = items {
                let items = expanded(node, gives, items, &quote_spanned!(span=> #call.await), door);
                let future = quote_spanned!(span=> async move { #(#read)* #(#unwrapped)* #items });
                return Self::start(node, &quote_spanned!(span=> #taken #lease), &future, door);
            }
            let future = if is_leased || !unwrapped.is_empty() {
                quote_spanned!(span=> async move { #(#read)* #(#unwrapped)* #call.await })
            } else {
                call
            };
            Self::start(node, &quote_spanned!(span=> #taken #lease), &future, door)
        } else {
            let call = match items {
                Some((gives, items)) => expanded(node, gives, items, &call, door),
                None => call,
            };
            Self::call(node, &quote_spanned!(span=> #taken #(#read)* #(#unwrapped)*), &call, door)
        }
    }

    /// Writes the body of a sync function: `prepare` reads the arguments.
    fn call(node: &NodeSource, prepare: &TokenStream, call: &TokenStream, door: &TokenStream) -> Self {
        let NodeSource { ident, name, .. } = node;
        let span = span::mixed(ident);
        let give = quote_spanned!(span=> <#ident as #door::Gives>::GIVE);
        let store = if node.expands() {
            quote_spanned!(span=> args.give::<#door::expand::Items>(#call?); ::core::result::Result::Ok(()))
        } else if let Some(gives) = result(node) {
            let (keep, path) = (keep(gives, span, door), fallible(gives, "give", door));
            quote_spanned!(span=> #keep let give = #path; give(#call, args, keep, #give))
        } else {
            quote_spanned!(span=> let output = #call; (#give)(args, output); ::core::result::Result::Ok(()))
        };
        let function = quote_spanned! {span=>
            fn __icosian_body(
                args: &mut #door::Args<'_>,
            ) -> ::core::result::Result<(), #door::NodeError> {
                #prepare
                #store
            }
        };
        let output = output(node, door);
        let constructor =
            quote_spanned!(span=> #door::generated::StaticNode::sync(#name, #output, __icosian_body));
        Self { function, constructor }
    }

    /// Writes the body of an async function: `prepare` reads the arguments, `future` is an expression.
    fn start(node: &NodeSource, prepare: &TokenStream, future: &TokenStream, door: &TokenStream) -> Self {
        let NodeSource { ident, name, params, .. } = node;
        let span = span::mixed(ident);
        let (keep, conversion) = if node.expands() {
            (None, None)
        } else if let Some(gives) = result(node) {
            let path = fallible(gives, "conversion", door);
            let keep = keep(gives, span, door);
            (
                Some(quote_spanned!(span=> #keep let conversion = #path;)),
                Some(quote_spanned!(span=> conversion(keep))),
            )
        } else {
            (None, Some(quote_spanned!(span=> #door::generated::AsValue)))
        };
        let start = if let Some(conversion) = conversion {
            quote_spanned! {span=>
                #door::generated::start_send_future::<#ident, _, _>(task, #future, #conversion);
            }
        } else {
            quote_spanned!(span=> #door::generated::start_send_items::<#ident, _>(task, #future);)
        };
        let args = Ident::new(if params.is_empty() { "_args" } else { "args" }, span);
        let function = quote_spanned! {span=>
            fn __icosian_start(#args: &mut #door::Args<'_>, task: &mut #door::generated::TaskSlot) {
                #prepare
                #keep
                #start
            }
        };
        let never = params.iter().map(|_| quote_spanned!(span=> #door::generated::never_called()));
        let size = quote_spanned!(span=> #door::generated::future_size(&|| #ident(#(#never),*)));
        let output = output(node, door);
        let constructor = quote_spanned! {span=>
            #door::generated::StaticNode::future(#name, #output, __icosian_start, #size)
        };
        Self { function, constructor }
    }
}

/// Writes the items that `call` returns, as a `Result<Items, NodeError>`.
fn expanded(
    node: &NodeSource,
    gives: &OutputSource,
    items: &ItemsSource,
    call: &TokenStream,
    door: &TokenStream,
) -> TokenStream {
    let span = span::mixed(&node.ident);
    let (first, last) = span::ends(&gives.written);
    let own = span::own(first);
    let item = items.written(door);
    let sequence = if gives.fallible {
        let keep = keep(gives, span, door);
        quote_spanned!(span=> { #keep #door::generated::outcome(#call, keep)? })
    } else {
        call.clone()
    };
    let door_at = span::at(own, door);
    let method = if items.fallible { "into_fallible_items" } else { "into_items" };
    let method = Ident::new(method, span::own(last));
    let items = quote_spanned!(own=> #door_at::expand::IntoItems(sequence).#method());
    quote_spanned! {span=>
        {
            #[allow(unused_imports, reason = "a function returns an iterator or a stream, whose items have labels or none")]
            use #door::expand::{FindLabel as _, IntoFallibleStreamItems as _, IntoStreamItems as _};
            let sequence = #sequence;
            let items: #door::expand::Items = #items;
            let label = (&&&#door::expand::LabelOf::<#item>::new()).find();
            ::core::result::Result::<_, #door::NodeError>::Ok(items.with_label(label))
        }
    }
}

/// Writes the description of the output.
fn output(node: &NodeSource, door: &TokenStream) -> TokenStream {
    let (span, of) = (span::mixed(&node.ident), gives_of(node, door));
    quote_spanned! {span=>
        #door::probe::Probe::<#of>::OUTPUT.with_serializer(#door::probe::Probe::<#of>::SERIALIZER)
    }
}
