//! The structs with the inputs of the declared outputs.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Ident, Type};

use crate::known_nodes::KnownNodes;
use crate::model::{DataflowSource, NodeSource, WrittenForm};
use crate::outputs::field::{self, Field, fields, struct_name};
use crate::outputs::{Cfg, DeclaredOutput, NeededInput, Nodes, conditions};
use crate::reads::Reader;
use crate::span;
use crate::written_type::ends_with;

/// The code for the declared outputs of a module.
#[derive(Default)]
pub(super) struct Declared {
    /// The structs with their inputs.
    pub(super) structs: TokenStream,
    /// Their names as string literals, each below its `#[cfg(..)]`.
    pub(super) names: Vec<TokenStream>,
}

impl Declared {
    pub(super) fn write(flow: &DataflowSource, known: &[KnownNodes], door: &TokenStream) -> Self {
        if flow.declaration.outputs.is_empty() {
            return Self::default();
        }
        let reads = Nodes::reads(flow, known);
        let nodes = Nodes::of(flow, known, &reads);
        let outputs = nodes.declared();
        let mut checks = TypeChecks { done: HashSet::new(), door };
        let mut declared = Self::default();
        let mut names = HashSet::new();
        for output in &outputs {
            let (fields, _) = fields(output, &flow.declaration);
            let name = struct_name(output.ident);
            let is_free = names.insert(name.to_string()) && flow.items.iter().all(|item| *item != name);
            let written = Struct { output, name, fields, flow, door };
            let (cfg, name) = (written.cfg(), output.ident.unraw().to_string());
            declared.names.push(quote_spanned!(Span::mixed_site()=> #cfg #name));
            if is_free {
                written.written().to_tokens(&mut declared.structs);
            }
            let checks = written.fields.iter().map(|field| checks.written(field));
            declared.structs.extend(checks);
        }
        declared
    }
}

struct Struct<'a> {
    output: &'a DeclaredOutput<'a>,
    name: Ident,
    fields: Vec<Field<'a>>,
    flow: &'a DataflowSource,
    door: &'a TokenStream,
}

/// A field under the condition that decides whether it is optional.
struct Variant<'a> {
    field: &'a Field<'a>,
    cfg: Option<TokenStream>,
    is_optional: bool,
}

impl Struct<'_> {
    fn written(&self) -> TokenStream {
        let (span, name) = (self.span(), &self.name);
        let door = &span::at(span, self.door);
        let visibility = &self.flow.nodes[0].visibility;
        let visibility = self.output.nodes.last().map_or(visibility, |needed| &needed.function.visibility);
        let cfg = self.cfg();
        let documentation = self.documentation();
        let variants: Vec<Variant<'_>> = self.fields.iter().flat_map(|field| self.variants(field)).collect();
        let fields = variants.iter().map(|variant| {
            let Variant { field: Field { ident, value, .. }, .. } = variant;
            let (cfg, text) = (variant.cfg(), self.field_documentation(variant));
            let written = if variant.is_optional {
                quote_spanned!(span=> ::core::option::Option<#value>)
            } else {
                value.to_token_stream()
            };
            quote_spanned!(span=> #cfg #[doc = #text] #visibility #ident: #written)
        });
        let statements = variants.iter().map(|variant| {
            let (cfg, ident) = (variant.cfg(), &variant.field.ident);
            let input = ident.unraw().to_string();
            if variant.is_optional {
                quote_spanned! {span=>
                    #cfg
                    if let ::core::option::Option::Some(value) = self.#ident {
                        inputs = inputs.with_input(#input, #door::__input!(value));
                    }
                }
            } else {
                quote_spanned!(span=> #cfg { inputs = inputs.with_input(#input, #door::__input!(self.#ident)); })
            }
        });
        let shown = name.to_string();
        let names = variants.iter().map(|variant| {
            let (cfg, input) = (variant.cfg(), variant.field.ident.unraw().to_string());
            quote_spanned!(span=> #cfg #input)
        });
        let constructor = self.constructor(&variants, visibility, cfg.as_ref());
        let nodes = self.nodes();
        quote_spanned! {span=>
            #cfg
            #[doc = #documentation]
            #[allow(
                dead_code, unreachable_pub, clippy::exhaustive_structs,
                reason = "a caller names each input of the output"
            )]
            #visibility struct #name { #(#fields),* }

            #cfg
            #[automatically_derived]
            impl #name {
                /// Converts the struct to `Inputs`, which also take futures, overrides and a context.
                #[must_use]
                #[allow(dead_code, unused_mut, unreachable_pub, reason = "a struct may have no fields or no users")]
                #visibility fn into_inputs(self) -> #door::Inputs {
                    let mut inputs = #door::Inputs::new();
                    #(#statements)*
                    inputs
                }
            }

            #cfg
            #[automatically_derived]
            impl #door::DeclaredInputs for #name {
                fn into_inputs(self) -> #door::Inputs {
                    #name::into_inputs(self)
                }
            }

            #cfg
            #[automatically_derived]
            impl ::core::fmt::Debug for #name {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    #door::fmt_declared_inputs(f, #shown, &[#(#names),*])
                }
            }

            #constructor
            #nodes
        }
    }

    /// Writes `Default` if all fields are optional, and `new` if some are.
    fn constructor(
        &self,
        variants: &[Variant<'_>],
        visibility: &syn::Visibility,
        cfg: Option<&TokenStream>,
    ) -> Option<TokenStream> {
        let (span, name) = (self.span(), &self.name);
        let values = variants.iter().map(|variant| {
            let (cfg, ident) = (variant.cfg(), &variant.field.ident);
            let none = variant.is_optional.then(|| quote_spanned!(span=> : ::core::option::Option::None));
            quote_spanned!(span=> #cfg #ident #none)
        });
        let required: Vec<_> = variants.iter().filter(|variant| !variant.is_optional).collect();
        if required.is_empty() {
            return Some(quote_spanned! {span=>
                #cfg
                #[automatically_derived]
                impl ::core::default::Default for #name {
                    fn default() -> Self {
                        Self { #(#values),* }
                    }
                }
            });
        }
        if required.len() == variants.len() {
            return None;
        }
        let params = required.iter().map(|variant| {
            let (cfg, Field { ident, value, .. }) = (variant.cfg(), variant.field);
            quote_spanned!(span=> #cfg #ident: #value)
        });
        Some(quote_spanned! {span=>
            #cfg
            #[automatically_derived]
            impl #name {
                /// Returns the inputs without the optional ones.
                #[must_use]
                #[allow(dead_code, unreachable_pub, clippy::too_many_arguments, reason = "one for each required input")]
                #visibility fn new(#(#params),*) -> Self {
                    Self { #(#values),* }
                }
            }
        })
    }

    /// Writes that the struct has the inputs of each node that the output needs.
    fn nodes(&self) -> TokenStream {
        let (span, name) = (self.span(), &self.name);
        let door = span::at(span, self.door);
        let mut found: Vec<(&Ident, Cfg)> = Vec::new();
        for needed in &self.output.nodes {
            let Some(node) = needed.node else { continue };
            match found.iter_mut().find(|(ident, _)| **ident == node.ident) {
                Some((_, exists)) => _ = exists.or(&needed.exists),
                None => found.push((&node.ident, needed.exists.clone())),
            }
        }
        let nodes = found.into_iter().map(|(ident, exists)| {
            let cfg = attribute(exists.written(&self.flow.nodes));
            quote_spanned!(span=> #cfg impl #door::InputsOf<#ident> for #name {})
        });
        nodes.collect()
    }

    /// Returns the field as it is written: required, optional, or one of the two by a `#[cfg(..)]`.
    fn variants<'a>(&self, field: &'a Field<'a>) -> Vec<Variant<'a>> {
        let Some(input) = field.input else { return vec![Variant { field, cfg: None, is_optional: false }] };
        let functions = &self.flow.nodes;
        let absent = absent(&input.providers);
        let (exists, required) = (input.exists.written(functions), input.required.written(functions));
        let under = |conditions: &[&Option<TokenStream>]| {
            let all: Vec<_> = conditions.iter().copied().flatten().chain(&absent).collect();
            (!all.is_empty()).then(|| quote!(all(#(#all),*)))
        };
        if input.required.is_never() {
            return vec![Variant { field, cfg: under(&[&exists]), is_optional: true }];
        }
        let sure = Variant { field, cfg: under(&[&required]), is_optional: false };
        if input.required.is_always() || input.required == input.exists {
            return vec![sure];
        }
        let not_required = required.map(|required| quote!(not(#required)));
        vec![sure, Variant { field, cfg: under(&[&exists, &not_required]), is_optional: true }]
    }

    fn cfg(&self) -> Option<TokenStream> {
        let name = self.output.ident.unraw().to_string();
        let mut exists = Cfg::default();
        let roots = self.output.nodes.iter().filter(|needed| needed.name == name);
        roots.for_each(|needed| _ = exists.or(&needed.exists));
        attribute(exists.written(&self.flow.nodes))
    }

    fn documentation(&self) -> String {
        let output = self.output.ident.unraw();
        let mut text = format!(" The inputs of the output `{output}`.");
        let provided = self.flow.declaration.provided.iter().map(|provided| provided.name.as_str());
        let provided: Vec<_> =
            provided.filter(|name| self.output.inputs.iter().any(|input| input.name == *name)).collect();
        if !provided.is_empty() {
            text.extend(["\n\n The driver provides ", &listed(&provided), "."]);
        }
        let mut hidden: Vec<String> = Vec::new();
        for it in &self.output.hidden {
            let decorator = format!("#[{}]` of `{}", it.decorator, it.function.name);
            if !hidden.contains(&decorator) {
                hidden.push(decorator);
            }
        }
        if !hidden.is_empty() {
            let hidden: Vec<_> = hidden.iter().map(String::as_str).collect();
            let hidden = listed(&hidden);
            text.extend([
                "\n\n The struct may lack inputs that ",
                &hidden,
                " reads. Add them with `.into_inputs().with(..)`.",
            ]);
        }
        text
    }

    fn field_documentation(&self, variant: &Variant<'_>) -> String {
        let Some(input) = variant.field.input else {
            return " Declared by `inputs(..)`.".to_owned();
        };
        let mut nodes: Vec<&str> = Vec::new();
        for reader in &input.readers {
            let name = self.output.nodes[reader.node].name;
            if !nodes.contains(&name) {
                nodes.push(name);
            }
        }
        let nodes = listed(&nodes);
        if !variant.is_optional {
            return format!(" Read by {nodes}.");
        }
        if input.is_replacement {
            return format!(" Optional. Read by {nodes} where config removes the node of this name.");
        }
        let has_default =
            input.readers.iter().any(|it| it.reader.is_some_and(|it| it.param.default.is_some()));
        let is_by_config = input.readers.iter().any(|it| it.reader.is_none_or(|it| !it.is_optional));
        match (is_by_config, has_default) {
            (true, _) => format!(" Optional: config decides whether it is required. Read by {nodes}."),
            (false, true) => format!(" Optional, with a default. Read by {nodes}."),
            (false, false) => format!(" Optional. Read by {nodes}."),
        }
    }

    fn span(&self) -> Span {
        span::own(self.output.ident.span())
    }
}

impl Variant<'_> {
    fn cfg(&self) -> Option<TokenStream> {
        attribute(self.cfg.clone())
    }
}

/// Writes `#[cfg(..)]`, if there is a condition.
fn attribute(cfg: Option<TokenStream>) -> Option<TokenStream> {
    cfg.map(|cfg| quote!(#[cfg(#cfg)]))
}

/// Writes the condition that none of `providers` exists, if there are any.
fn absent(providers: &[&NodeSource]) -> Option<TokenStream> {
    let each = providers.iter().map(|provider| {
        let all = conditions(provider);
        quote!(all(#(#all),*))
    });
    (!providers.is_empty()).then(|| quote!(not(any(#(#each),*))))
}

/// Returns names in backticks: all of a few, the first ones of many.
fn listed(names: &[&str]) -> String {
    const LISTED: usize = 6;
    let quoted: Vec<_> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        all if names.len() > LISTED => format!("{} and {} more", all.join(", "), names.len() - LISTED),
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        all => all.concat(),
    }
}

/// Checks by the compiler that each reader of an input can read the type of its field.
struct TypeChecks<'a> {
    /// The checks that were written, so that two outputs do not report a fault twice.
    done: HashSet<(usize, String)>,
    door: &'a TokenStream,
}

impl TypeChecks<'_> {
    fn written(&mut self, field: &Field<'_>) -> TokenStream {
        // The driver compares the type of a value that is only known at run time.
        if ["Input", "Value"].iter().any(|name| ends_with(&field.value, name)) {
            return TokenStream::new();
        }
        let readers = field.input.into_iter().flat_map(|input: &NeededInput<'_>| &input.readers);
        let readers = readers.filter_map(|it| it.reader);
        let unclear: Vec<_> = readers.filter(|reader| !field::fits(&field.value, reader)).collect();
        let checks = unclear.into_iter().filter_map(|reader| {
            let key = (std::ptr::from_ref(reader.param) as usize, field.value.to_token_stream().to_string());
            self.done.insert(key).then(|| self.check(&field.value, &reader))
        });
        checks.collect()
    }

    fn check(&self, value: &Type, reader: &Reader<'_>) -> TokenStream {
        let (first, last) = span::ends(&reader.param.written);
        let at = span::own(first);
        let (door, cfgs, wanted) = (span::at(at, self.door), &reader.function.cfgs, reader.wanted);
        let mut consumer = reader.function.ident.clone();
        consumer.set_span(consumer.span().located_at(first));
        let form = Ident::new(
            match reader.form {
                WrittenForm::Borrowed | WrittenForm::Result => "Borrows",
                WrittenForm::Taken => "Takes",
                WrittenForm::OptionalBorrowed => "MayBorrow",
                WrittenForm::OptionalTaken => "MayTake",
            },
            at,
        );
        let value = span::at(first, &value.to_token_stream());
        let fits = Ident::new("FITS", last);
        quote_spanned! {at=>
            #(#cfgs)*
            const _: () = <#value as #door::FitsInput<#consumer, #door::#form<#wanted>>>::#fits;
        }
    }
}
