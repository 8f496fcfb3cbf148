use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Expr, Ident, Path, Token};

use super::argument::{Dotted, Reading};
use super::binding::{Binding, Bound};
use super::{Decorates, ParamName, Read, Scope, node_name};
use crate::known::Known;
use crate::read::{self, Flow, NodeSource};
use crate::refusals::Refusals;
use crate::span;

/// `#[parameterize(node(param = source(other), ..), ..)]`
struct Parameterize(Vec<Parameterization>);

struct Parameterization {
    name: Ident,
    /// The doc comment before the name.
    documentation: String,
    bound: Vec<Bound>,
}

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> Read {
    all(input, reading, "node(param = value(..))", Bound::read)
}

pub(super) fn sources(input: ParseStream<'_>, reading: &mut Reading<'_>) -> Read {
    all(input, reading, "node(param = other_node)", |input, _| {
        let param = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        if input.peek2(syn::token::Paren) {
            let written: Expr = input.parse()?;
            let why = "all that is bound here is a node; write its name, or `#[parameterize(..)]` above";
            return Err(syn::Error::new_spanned(written, why));
        }
        Ok(Bound { param, binding: Binding::Source(input.parse::<Dotted>()?) })
    })
}

pub(super) fn values(input: ParseStream<'_>, reading: &mut Reading<'_>) -> Read {
    all(input, reading, "node(param = 1.0)", |input, _| {
        let param = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        Ok(Bound { param, binding: Binding::Value(input.parse()?) })
    })
}

fn all(
    input: ParseStream<'_>,
    reading: &mut Reading<'_>,
    example: &str,
    bound: impl Fn(ParseStream<'_>, &mut Reading<'_>) -> syn::Result<Bound>,
) -> Read {
    if input.is_empty() {
        reading.refuse(&format!("makes no nodes; write at least one, `{example}`"));
    }
    let mut nodes = Vec::new();
    reading.each(input, |input, reading| {
        let attributes = input.call(Attribute::parse_outer)?;
        let name = node_name(input)?;
        if !input.peek(syn::token::Paren) {
            let why = format!("`{name}` is bound to nothing; write `{example}`");
            return Err(syn::Error::new(name.span(), why));
        }
        reading.once(&name.unraw().to_string(), &name)?;
        let content;
        syn::parenthesized!(content in input);
        let mut all = Vec::new();
        reading.each(&content, |content, reading| bound(content, reading)?.add_to(&mut all));
        nodes.push(Parameterization { name, documentation: read::documentation(&attributes), bound: all });
        Ok(())
    });
    Ok(Box::new(Parameterize(nodes)))
}

impl Decorates for Parameterize {
    fn check(&self, function: &NodeSource, _: &Flow, refusals: &mut Refusals) {
        let bound = self.0.iter().flat_map(|node| &node.bound);
        bound.for_each(|bound| bound.check(function, refusals));
    }

    fn change(&self, known: &mut Known) {
        let nodes = self.0.iter().map(|node| (&node.name, node.bound.as_slice()));
        known.become_several(nodes);
    }

    fn written(&self, scope: &Scope<'_>) -> TokenStream {
        let door = scope.door();
        let nodes = self.0.iter().map(|node| {
            let (name, span) = (node.name.unraw().to_string(), span::own(node.name.span()));
            let door = scope.door_at(span);
            let bound = node.bound.iter().map(|bound| bound.written(Some(scope.function), scope));
            let text = &node.documentation;
            let documented = (!text.is_empty()).then(|| quote_spanned!(span=> .documented(#text)));
            quote_spanned!(span=> .with(#door::Parameterization::new(#name)#(#bound)*#documented))
        });
        quote_spanned!(scope.span=> #door::Parameterize::new()#(#nodes)*)
    }

    fn params(&mut self) -> Vec<(Option<&Path>, &mut dyn ParamName)> {
        self.0.iter_mut().flat_map(|node| &mut node.bound).map(Bound::own_param).collect()
    }
}
