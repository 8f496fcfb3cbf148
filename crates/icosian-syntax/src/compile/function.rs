//! Writes the functions of compiled outputs and the module that contains them.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::ext::IdentExt;
use syn::{Ident, Visibility, parse_quote};

use super::check::named_run;
use super::consumers::order_last;
use super::graph::CompiledOutput;
use super::inputs::{InputField, fields, struct_name};
use super::module::CompiledModule;
use super::write::body;
use crate::known_nodes::KnownNodes;
use crate::model::DataflowSource;
use crate::span;

/// The state of a module for which functions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Soundness {
    /// The module has no faults.
    Sound,
    /// Only the signatures are written, so that a fault causes no further errors.
    Faulty,
}

/// Writes a function for each declared output of `flow`, and the module `run`.
pub(crate) fn functions(
    flow: &DataflowSource,
    known: &[KnownNodes],
    soundness: Soundness,
    door: &TokenStream,
) -> Option<TokenStream> {
    flow.declaration.compile.as_ref()?;
    let module = CompiledModule::of(flow, known, door);
    let outputs = flow.declaration.outputs.iter();
    let mut outputs: Vec<CompiledOutput<'_>> =
        outputs.filter_map(|ident| CompiledOutput::of(&module, ident, door)).collect();
    if soundness == Soundness::Sound {
        outputs.iter_mut().for_each(order_last);
    }
    let span = Span::mixed_site();
    let visibility = &flow.nodes.first()?.visibility;
    let outer = outer_visibility(visibility);
    let written = outputs.iter().map(|output| function(output, &module, soundness, door));
    let exported = outputs.iter().map(|output| {
        let (hidden, ident) = (hidden_name(output), output.ident);
        quote_spanned!(span=> #[doc(inline)] #outer use super::#hidden as #ident;)
    });
    if named_run(flow, known).next().is_some() {
        // That is reported. A second item of this name would only add errors of the compiler.
        return Some(quote_spanned!(span=> #(#written)*));
    }
    let run = Ident::new("run", Span::call_site());
    let documentation =
        " The compiled outputs: a plain function for each declared output, which needs no driver.";
    Some(quote_spanned! {span=>
        #(#written)*
        #[doc = #documentation]
        #[allow(unreachable_pub, unused_imports, reason = "every declared output has a function, used or not")]
        #visibility mod #run {
            #(#exported)*
        }
    })
}

fn function(
    output: &CompiledOutput<'_>,
    module: &CompiledModule<'_>,
    soundness: Soundness,
    door: &TokenStream,
) -> TokenStream {
    let (hidden, span) = (hidden_name(output), span::mixed(output.ident));
    let door = &span::at(span, door);
    let fields: Vec<InputField> = fields(output);
    let statements = match soundness {
        Soundness::Sound => {
            let locals = fields.iter().map(|field| {
                let (ident, local) = (&field.ident, &field.local);
                quote_spanned!(span=> #ident: #local)
            });
            let inputs = struct_name(output.ident);
            let body = body(output, module, &fields, door);
            quote_spanned!(span=> let #inputs { #(#locals,)* } = inputs; #body)
        }
        Soundness::Faulty => quote_spanned! {span=>
            let _ = inputs;
            ::core::panic!("this code does not compile")
        },
    };
    let node = output.result.node.as_ref().map(|node| &node.node.ident);
    let result = if let Some(node) = node {
        quote_spanned!(span=> <#node as #door::Handle>::Output)
    } else {
        quote_spanned!(span=> ())
    };
    let (inputs, asyncness) =
        (struct_name(output.ident), output.is_async.then(|| quote_spanned!(span=> async)));
    let name = output.ident.unraw();
    let documentation = format!(
        " Runs the node `{name}` and all nodes that it needs.\n\n # Errors\n The error of the first node that fails."
    );
    let visibility = &module.flow.nodes[0].visibility;
    quote_spanned! {span=>
        #[doc = #documentation]
        #[allow(
            dead_code, unreachable_pub, unused_variables, unused_mut, unused_braces, unused_parens, non_snake_case,
            deprecated, clippy::all, clippy::pedantic, clippy::nursery,
            reason = "generated from the nodes"
        )]
        #visibility #asyncness fn #hidden(inputs: #inputs) -> ::core::result::Result<#result, #door::ExecuteError> {
            #statements
        }
    }
}

/// Returns the name of the function beside the nodes, whose names it must not hide.
fn hidden_name(output: &CompiledOutput<'_>) -> Ident {
    format_ident!("__icosian_run_{}", output.ident.unraw(), span = output.ident.span())
}

/// Returns the same visibility, written in a module inside of the module.
fn outer_visibility(visibility: &Visibility) -> Visibility {
    let Visibility::Restricted(restricted) = visibility else { return visibility.clone() };
    match restricted.path.segments.first() {
        Some(first) if first.ident == "super" => {
            let path = &restricted.path;
            parse_quote!(pub(in super::#path))
        }
        _ => visibility.clone(),
    }
}
