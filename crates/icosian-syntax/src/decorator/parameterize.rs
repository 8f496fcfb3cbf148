use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Expr, Ident, Path, Token};

use super::argument::ParamName;
use super::argument::{Dotted, Reading};
use super::bound_param::{BindingArg, BoundParam};
use super::node_name::node_name;
use crate::code;
use crate::connection::Connection;
use crate::fault::invalid;
use crate::faults::Faults;
use crate::known_nodes::KnownNodes;
use crate::model::{DataflowSource, NodeSource};
use crate::model::{Decorates, ExpandContext, ReadResult};
use crate::read;
use crate::span;
use crate::written_type;

/// `#[parameterize(node(param = source(other), ..), ..)]`
struct ParameterizeArgs(Vec<ParameterizedNode>);

struct ParameterizedNode {
    name: Ident,
    /// The doc comment before the name.
    documentation: String,
    bound: Vec<BoundParam>,
}

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    all(input, reading, "node(param = value(..))", BoundParam::read)
}

pub(super) fn sources(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    all(input, reading, "node(param = other_node)", |input, _| {
        let param = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        if input.peek2(syn::token::Paren) {
            let written: Expr = input.parse()?;
            let message = format!("`{}` is not the name of a node", written_type::shown(&written));
            return Err(invalid(written, message, "write the name of a node, or use `#[parameterize(..)]`"));
        }
        Ok(BoundParam { param, binding: BindingArg::Source(input.parse::<Dotted>()?) })
    })
}

pub(super) fn values(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    all(input, reading, "node(param = 1.0)", |input, _| {
        let param = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        Ok(BoundParam { param, binding: BindingArg::Value(input.parse()?) })
    })
}

fn all(
    input: ParseStream<'_>,
    reading: &mut Reading<'_>,
    example: &str,
    bound: impl Fn(ParseStream<'_>, &mut Reading<'_>) -> syn::Result<BoundParam>,
) -> ReadResult {
    if input.is_empty() {
        reading.refuse("names no node", &format!("write at least one node, as in `{example}`"));
    }
    let mut nodes = Vec::new();
    reading.each(input, |input, reading| {
        let attributes = input.call(Attribute::parse_outer)?;
        let name = node_name(input)?;
        if !input.peek(syn::token::Paren) {
            let message = format!("node `{name}` binds no parameter");
            return Err(invalid(name, message, format!("write `{example}`")));
        }
        let first = nodes.iter().find(|node: &&ParameterizedNode| node.name == name);
        if let Some(first) = first.map(|first| span::ends(&first.name)) {
            let message = format!("`#[{}]` declares node `{}` twice", reading.decorator, name.unraw());
            let code = code::DUPLICATE_PARAMETERIZATION;
            let fault = reading.faults.report(code, &name, message, "rename one of the two nodes");
            fault.labelled("the second").also(first, "the first");
        }
        let content;
        syn::parenthesized!(content in input);
        let mut all = Vec::new();
        reading.each(&content, |content, reading| bound(content, reading)?.add_to(&mut all));
        if nodes.iter().all(|node| node.name != name) {
            nodes.push(ParameterizedNode {
                name,
                documentation: read::documentation(&attributes),
                bound: all,
            });
        }
        Ok(())
    });
    Ok(Box::new(ParameterizeArgs(nodes)))
}

impl Decorates for ParameterizeArgs {
    fn check(&self, function: &NodeSource, _: &DataflowSource, faults: &mut Faults) {
        self.0.iter().for_each(|node| BoundParam::check_all(&node.bound, function, faults));
    }

    fn change(&self, known: &mut KnownNodes) {
        let nodes =
            self.0.iter().map(|node| (&node.name, node.bound.iter().map(BoundParam::rebinding).collect()));
        known.become_several(nodes);
    }

    fn connections(&self, _: &NodeSource, _: &[String]) -> Vec<Connection<'_>> {
        let nodes = self.0.iter().map(|node| (node.name.unraw().to_string(), node.bound.as_slice()));
        vec![Connection::Split(nodes.collect())]
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let door = scope.door();
        let nodes = self.0.iter().map(|node| {
            let (name, span) = (node.name.unraw().to_string(), span::own(node.name.span()));
            let door = scope.door_at(span);
            let bound = node.bound.iter().map(|bound| bound.written(Some(scope.function), scope));
            let text = &node.documentation;
            let documented = (!text.is_empty()).then(|| quote_spanned!(span=> .with_documentation(#text)));
            quote_spanned!(span=> .with(#door::Parameterization::new(#name)#(#bound)*#documented))
        });
        quote_spanned!(scope.span=> #door::Parameterize::new()#(#nodes)*)
    }

    fn params(&mut self) -> Vec<(Option<&Path>, &mut dyn ParamName)> {
        self.0.iter_mut().flat_map(|node| &mut node.bound).map(BoundParam::own_param).collect()
    }
}
