//! The bindings of a parameter: `source(node)`, `value(expr)`, `list[..]` or `map { .. }` replace the node of its name.

use icosian_diagnostics::nearest;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Ident, Lit, Path, Token};

use super::argument::{Dotted, ParamName, Reading, in_parentheses};
use crate::fault::invalid;
use crate::known_nodes::{BoundSource, Rebinding};
use crate::written_type::shown;

/// `param = binding`
pub(crate) struct BoundParam {
    pub(crate) param: Ident,
    pub(crate) binding: BindingArg,
}

pub(crate) enum BindingArg {
    Source(Dotted),
    Value(Expr),
    List(Ident, Vec<BindingArg>),
    Map(Ident, Vec<(Dotted, BindingArg)>),
}

impl BoundParam {
    /// Reads `param = binding`.
    pub(crate) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> syn::Result<Self> {
        let param = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        Ok(Self { param, binding: BindingArg::read(input, reading)? })
    }

    /// Reads all bindings up to the end of `input`. A repeated parameter is a fault.
    pub(crate) fn read_all(input: ParseStream<'_>, reading: &mut Reading<'_>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        reading.each(input, |input, reading| {
            let bound = Self::read(input, reading)?;
            bound.add_to(&mut all)
        });
        all
    }

    pub(crate) fn add_to(self, all: &mut Vec<Self>) -> syn::Result<()> {
        if all.iter().any(|other| other.param == self.param) {
            let message = format!("`{}` is bound twice", self.param.unraw());
            return Err(invalid(self.param, message, "remove one of the two"));
        }
        all.push(self);
        Ok(())
    }

    /// Returns the parameter with its sources.
    pub(crate) fn rebinding(&self) -> Rebinding {
        Rebinding { param: self.name(), sources: self.binding.bound_sources(0) }
    }

    /// Returns the name as that of a parameter of the decorated function.
    pub(crate) fn own_param(&mut self) -> (Option<&Path>, &mut dyn ParamName) {
        (None, &mut self.param)
    }

    pub(crate) fn name(&self) -> String {
        self.param.unraw().to_string()
    }
}

const KINDS: [&str; 4] = ["source", "value", "list", "map"];

impl BindingArg {
    pub(crate) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> syn::Result<Self> {
        if input.peek(Lit) || input.peek(Token![-]) {
            let value: Expr = input.parse()?;
            let help = format!("write `value({})`", shown(&value));
            return Err(invalid(
                value,
                "a binding requires `source(..)` or `value(..)`, but this is a bare value",
                help,
            ));
        }
        let kind = input.call(Ident::parse_any)?;
        let name = kind.to_string();
        let opened = match name.as_str() {
            "source" | "value" => input.peek(syn::token::Paren),
            "list" => input.peek(syn::token::Bracket),
            "map" => input.peek(syn::token::Brace),
            _ => false,
        };
        if !opened {
            return Err(no_binding(&kind));
        }
        match name.as_str() {
            "source" => in_parentheses(input, |content| Ok(Self::Source(content.parse()?))),
            "value" => in_parentheses(input, |content| Ok(Self::Value(content.parse()?))),
            "list" => {
                let content;
                syn::bracketed!(content in input);
                let mut items = Vec::new();
                reading.each(&content, |content, reading| {
                    items.push(Self::read(content, reading)?);
                    Ok(())
                });
                Ok(Self::List(kind, items))
            }
            _ => {
                let content;
                syn::braced!(content in input);
                let mut items: Vec<(Dotted, Self)> = Vec::new();
                let was_empty = content.is_empty();
                reading.each(&content, |content, reading| {
                    let key: Dotted = content.parse()?;
                    content.parse::<Token![=]>()?;
                    let item = Self::read(content, reading)?;
                    if items.iter().any(|(other, _)| other.name == key.name) {
                        let message = format!("key `{}` is repeated", key.name);
                        return Err(invalid(key, message, "remove one of the two"));
                    }
                    items.push((key, item));
                    Ok(())
                });
                if was_empty {
                    return Err(invalid(
                        kind,
                        "`map` is empty",
                        "add at least one key, as in `map { key = source(node) }`",
                    ));
                }
                Ok(Self::Map(kind, items))
            }
        }
    }

    /// Returns the names of the nodes that the binding reads.
    pub(crate) fn sources(&self) -> Vec<&Dotted> {
        match self {
            Self::Source(source) => vec![source],
            Self::Value(_) => Vec::new(),
            Self::List(_, items) => items.iter().flat_map(Self::sources).collect(),
            Self::Map(_, items) => items.iter().flat_map(|(_, item)| item.sources()).collect(),
        }
    }

    /// Returns the nodes that the binding reads, below `depth` lists and maps.
    fn bound_sources(&self, depth: usize) -> Vec<BoundSource> {
        match self {
            Self::Source(source) => {
                vec![BoundSource { name: source.name.clone(), tokens: source.to_token_stream(), depth }]
            }
            Self::Value(_) => Vec::new(),
            Self::List(_, items) => items.iter().flat_map(|item| item.bound_sources(depth + 1)).collect(),
            Self::Map(_, items) => items.iter().flat_map(|(_, item)| item.bound_sources(depth + 1)).collect(),
        }
    }
}

fn no_binding(written: &Ident) -> syn::Error {
    let name = written.to_string();
    let message = format!("`{name}` is not a binding");
    let help = match nearest(&name, KINDS) {
        Some(meant) => format!("write `{meant}`"),
        None if KINDS.contains(&name.as_str()) => {
            "write `source(node)`, `value(expr)`, `list[..]` or `map { key = .. }`".to_owned()
        }
        None => format!("write `source({name})` for a node or `value({name})` for a value"),
    };
    invalid(written, message, help)
}
