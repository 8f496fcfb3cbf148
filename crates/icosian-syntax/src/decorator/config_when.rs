use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Ident, Token};

use super::argument::{Dotted, Reading, in_parentheses};
use super::condition::{self, Comparison};
use super::node_name::base_name;
use super::node_name::node_name;
use crate::connection::Connection;
use crate::fault::invalid;
use crate::known_nodes::KnownNodes;
use crate::model::NodeSource;
use crate::model::{Decorates, ExpandContext, ReadResult};
use crate::span;
use crate::written_type::shown;

/// `#[config_when(key = value, .., named(node))]` and its family.
struct ConfigWhenArgs {
    when: When,
    named: Option<Ident>,
}

enum When {
    All(Vec<Comparison>),
    Holds(Expr),
}

pub(super) fn when(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    compared(input, reading, "when")
}

pub(super) fn when_not(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    compared(input, reading, "when_not")
}

pub(super) fn when_in(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    compared(input, reading, "when_in")
}

pub(super) fn when_not_in(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    compared(input, reading, "when_not_in")
}

fn compared(input: ParseStream<'_>, reading: &mut Reading<'_>, kind: &'static str) -> ReadResult {
    let (mut all, mut named) = (Vec::new(), None);
    let was_empty = input.is_empty();
    let decorator = reading.decorator.to_string();
    reading.each(input, |input, reading| {
        if let Some(name) = read_name(input)? {
            named = Some(name);
            return Ok(());
        }
        if let Some((key, value)) = condition::pair(input) {
            input.parse::<syn::Lit>()?;
            input.parse::<Token![,]>()?;
            input.parse::<Expr>()?;
            reading.has_unknown();
            return Err(condition::not_a_pair(&key, &value));
        }
        let key: Dotted = input.parse()?;
        reading.once(&key.name, &key)?;
        all.push(Comparison::read(kind, &decorator, key, input)?);
        Ok(())
    });
    if all.is_empty() && (was_empty || named.is_some()) {
        let value = if kind.ends_with("_in") { "[..]" } else { ".." };
        reading.refuse_missing("has no comparison", &format!("write `key = {value}`"));
    }
    Ok(Box::new(ConfigWhenArgs { when: When::All(all), named }))
}

pub(super) fn config(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    if input.is_empty() {
        let help = "write a function of config, as in `#[config(|config| ..)]`";
        return Err(invalid(reading.decorator, "`#[config]` has no function", help));
    }
    let holds: Expr = input.parse()?;
    let mut named = None;
    if input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
        named = read_name(input)?;
        let _ = input.parse::<Option<Token![,]>>();
    }
    Ok(Box::new(ConfigWhenArgs { when: When::Holds(holds), named }))
}

/// Reads `named(node)`.
fn read_name(input: ParseStream<'_>) -> syn::Result<Option<Ident>> {
    if !(input.peek(Ident) && input.peek2(syn::token::Paren)) {
        return Ok(None);
    }
    let word: Ident = input.parse()?;
    if word != "named" {
        let help = format!("write `named(node)`, or `{word} = ..` for a config key");
        return Err(invalid(&word, format!("`{word}(..)` is not an argument"), help));
    }
    in_parentheses(input, node_name).map(Some)
}

impl Decorates for ConfigWhenArgs {
    fn change(&self, known: &mut KnownNodes) {
        if let Some(node) = &known.variant_of {
            let node = node.clone();
            known.rename(&node);
        }
    }

    fn connections(&self, function: &NodeSource, _: &[String]) -> Vec<Connection<'_>> {
        let node = self.variant_of(function);
        node.map(|node| Connection::Rename(node.unraw().to_string())).into_iter().collect()
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let door = scope.door();
        let condition = match &self.when {
            When::All(all) => condition::written(all, scope).unwrap_or_default(),
            When::Holds(holds) => {
                let (text, span) = (shown(holds), span::own(span::ends(holds).0));
                let door = scope.door_at(span);
                quote_spanned!(span=> #door::Condition::of(#text, #holds))
            }
        };
        let named = self.named.as_ref().map(|named| {
            let named = named.unraw().to_string();
            quote_spanned!(Span::mixed_site()=> .named(#named))
        });
        quote_spanned!(scope.span=> #door::ConfigWhen::new(#condition)#named)
    }

    fn removes(&self, function: &NodeSource) -> bool {
        // For a variant, `build` reports the missing function.
        self.named.is_none() && base_name(&function.ident).is_none()
    }

    fn variant_of(&self, function: &NodeSource) -> Option<Ident> {
        Some(
            self.named
                .clone()
                .or_else(|| base_name(&function.ident))
                .unwrap_or_else(|| function.ident.clone()),
        )
    }
}
