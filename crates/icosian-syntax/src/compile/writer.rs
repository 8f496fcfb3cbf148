//! The data with which a compiled output is written, and its names.

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;

use super::graph::{CompiledOutput, Root};
use super::inputs::InputField;
use super::module::CompiledModule;
use super::ownership::Ownership;
use crate::span;
use crate::write::place;

/// The content of the local variable of a call's output.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LocalKind {
    Value,
    Reference,
}

/// The local variables in a piece of code.
#[derive(Clone, Default)]
pub(super) struct Locals(HashMap<usize, LocalKind>);

impl Locals {
    pub(super) fn insert(&mut self, call: usize, kind: LocalKind) {
        self.0.insert(call, kind);
    }

    pub(super) fn kind(&self, call: usize) -> LocalKind {
        self.0.get(&call).copied().unwrap_or(LocalKind::Value)
    }
}

pub(super) struct OutputWriter<'w, 'a> {
    pub(super) output: &'w CompiledOutput<'a>,
    pub(super) module: &'w CompiledModule<'a>,
    pub(super) fields: &'w [InputField],
    pub(super) ownership: &'w Ownership,
    pub(super) door: &'w TokenStream,
}

/// Returns an identifier of generated code, which no written code can name.
pub(super) fn local(name: &str, number: usize) -> Ident {
    format_ident!("{name}_{number}", span = Span::mixed_site())
}

impl OutputWriter<'_, '_> {
    /// Writes a static for each node, which describes it in errors.
    pub(super) fn nodes(&self) -> TokenStream {
        let (span, door) = (Span::mixed_site(), self.door);
        let nodes = self.output.nodes.iter().map(|(name, next)| {
            let ident = self.node(name);
            let next = if let Some(next) = next {
                let next = self.node(next);
                quote_spanned!(span=> ::core::option::Option::Some(&#next))
            } else { quote_spanned!(span=> ::core::option::Option::None) };
            let function = self.module.node(name).map(|at| self.module.functions[at.function].source);
            let place = function.and_then(|function| place::of(&function.ident)).map(|place| {
                quote_spanned!(span=> .at(#place).in_package(::core::env!("CARGO_MANIFEST_DIR")))
            });
            quote_spanned! {span=>
                static #ident: #door::compiled::FailingNode = #door::compiled::FailingNode::new(#name, #next)#place;
            }
        });
        nodes.collect()
    }

    /// Returns the static of the node `name`.
    pub(super) fn node(&self, name: &str) -> Ident {
        let at = self.output.nodes.iter().position(|(node, _)| node == name);
        format_ident!("NODE_{}", at.unwrap_or_default(), span = Span::mixed_site())
    }

    pub(super) fn door(&self) -> TokenStream {
        span::at(Span::mixed_site(), self.door)
    }

    pub(super) fn field(&self, input: usize) -> &InputField {
        let name = &self.output.inputs[input];
        let field = self.fields.iter().find(|field| field.name == *name);
        field.expect("there is a field for each input")
    }

    pub(super) fn root(&self, root: Root) -> TokenStream {
        match root {
            Root::Call(call) => {
                let node = local("node", call);
                quote!(#node)
            }
            Root::Input(input) => {
                let local = &self.field(input).local;
                quote!(#local)
            }
        }
    }
}
