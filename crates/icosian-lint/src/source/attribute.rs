//! The attributes of functions and modules.

use icosian_core::decorator::BuiltIn;
use icosian_rules::{Allow, DecoratorFacts, Fact, SpanId};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, Token};

use super::Spans;
use super::scope::Scopes;

/// Returns whether `attribute` is icosian's `name`, by the imports of the file.
pub(super) fn is_own(attribute: &Attribute, name: &str, module: usize, scopes: &Scopes<'_>) -> bool {
    if attribute.path().segments.last().is_none_or(|last| last.ident != name) {
        return false;
    }
    match scopes.resolve(module, attribute.path()) {
        Fact::Unknown => true,
        Fact::Known(path) => {
            let is_bare = !path.contains("::");
            is_bare || path.split("::").any(|part| part.starts_with("icosian")) || names_its_facade(attribute)
        }
    }
}

/// `#[dataflow(crate = path)]` is icosian's, wherever it comes from.
fn names_its_facade(attribute: &Attribute) -> bool {
    match &attribute.meta {
        Meta::List(list) => {
            list.tokens.clone().into_iter().next().is_some_and(|it| it.to_string() == "crate")
        }
        _ => false,
    }
}

/// Returns `attribute` as a decorator.
pub(super) fn decorator(
    attribute: &Attribute,
    module: usize,
    scopes: &Scopes<'_>,
    spans: &mut Spans<'_>,
) -> Option<DecoratorFacts> {
    let ident = &attribute.path().segments.last()?.ident;
    let name = ident.unraw().to_string();
    let built_in = BuiltIn::named(&name).filter(|it| it.row().reserved_for().is_none())?;
    if !is_own(attribute, &name, module, scopes) {
        return None;
    }
    let arguments = match &attribute.meta {
        Meta::Path(_) => String::new(),
        Meta::List(list) => list.tokens.to_string(),
        Meta::NameValue(value) => value.value.to_token_stream().to_string(),
    };
    let (name_span, span) = (spans.of(ident), whole(attribute, spans));
    let meaning = super::arguments::meaning(built_in, attribute, spans);
    Some(DecoratorFacts { name, name_span, arguments, meaning, span })
}

/// Returns the span of the whole attribute; `attribute.span()` is only the `#`.
pub(super) fn whole(attribute: &Attribute, spans: &mut Spans<'_>) -> SpanId {
    spans.between(attribute.pound_token.span, attribute.bracket_token.span.close())
}

/// Returns whether the item has a doc comment with text.
pub(super) fn documented(attributes: &[Attribute]) -> Fact<bool> {
    let says = |it: &Attribute| match &it.meta {
        // A macro, such as `include_str!`, counts as text.
        Meta::NameValue(doc) if doc.path.is_ident("doc") => {
            text(&doc.value).is_none_or(|it| !it.value().trim().is_empty())
        }
        _ => false,
    };
    if attributes.iter().any(says) {
        Fact::Known(true)
    } else if attributes.iter().any(|it| it.path().is_ident("cfg_attr")) {
        Fact::Unknown
    } else {
        Fact::Known(false)
    }
}

/// Returns whether the item exists in every build.
pub(super) fn is_there(attributes: &[Attribute]) -> Fact<bool> {
    let sometimes = attributes.iter().any(|it| it.path().is_ident("cfg") || it.path().is_ident("cfg_attr"));
    if sometimes { Fact::Unknown } else { Fact::Known(true) }
}

/// Returns the `name = ".."` of `#[dataflow(..)]`.
pub(super) fn name(attribute: &Attribute) -> Option<String> {
    options(attribute).iter().find_map(|option| match option {
        Meta::NameValue(option) if option.path.is_ident("name") => text(&option.value).map(LitStr::value),
        _ => None,
    })
}

/// The need for an attribute that has an `allow(..)`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AttributeNeed {
    /// The attribute defines a dataflow or a node.
    Needed,
    /// The attribute has no other effect than its `allow(..)`.
    Removable,
}

/// Returns the `allow(..)`s of `attribute` for `scope`. A `Needed` attribute is never removed as a whole.
pub(super) fn allows(
    attribute: &Attribute,
    need: AttributeNeed,
    scope: SpanId,
    spans: &mut Spans<'_>,
) -> Vec<Allow> {
    let options = options(attribute);
    let mut found = Vec::new();
    for (position, option) in options.iter().enumerate() {
        let Meta::List(list) = option else { continue };
        if !list.path.is_ident("allow") {
            continue;
        }
        let Ok(parts) = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) else {
            continue;
        };
        let reason = parts.iter().find_map(|part| match part {
            Meta::NameValue(part) if part.path.is_ident("reason") => text(&part.value).map(LitStr::value),
            _ => None,
        });
        let reason = reason.filter(|reason| !reason.trim().is_empty());
        let rules: Vec<_> = parts.iter().filter_map(|part| part.require_path_only().ok()).collect();
        for (at, part) in parts.iter().enumerate() {
            let Ok(rule) = part.require_path_only() else { continue };
            let Some(last) = rule.segments.last() else { continue };
            let removal = match &attribute.meta {
                // The other rules of the list stay.
                _ if rules.len() > 1 => element(&parts.iter().collect::<Vec<_>>(), at, spans),
                _ if options.len() > 1 => element(&options.iter().collect::<Vec<_>>(), position, spans),
                Meta::List(list) if need == AttributeNeed::Needed => {
                    let delimiter = list.delimiter.span();
                    Some(spans.between(delimiter.open(), delimiter.close()))
                }
                _ => Some(whole(attribute, spans)),
            };
            found.push(Allow {
                is_of_other: false,
                rule: last.ident.unraw().to_string(),
                rule_span: spans.of(rule),
                reason: reason.clone(),
                scope,
                removal,
                used: Fact::Unknown,
            });
        }
    }
    found
}

/// Returns the range of one element of a list with its comma, or `None` where a neighbour has no position in the file.
///
/// The ranges of the first two elements overlap, so one round of fixes never empties a list.
fn element(list: &[&Meta], at: usize, spans: &mut Spans<'_>) -> Option<SpanId> {
    // `options` replaces `crate = path` by a placeholder.
    let is_written = |meta: &&&Meta| !meta.path().is_ident(PLACEHOLDER);
    let own = list[at].span();
    match at.checked_sub(1) {
        Some(before) => Some(spans.after(list.get(before).filter(is_written)?.span(), own)),
        None => Some(spans.until(own, list.get(1).filter(is_written)?.span())),
    }
}

/// The name of the option that replaces `crate = path`, which is no `Meta`.
const PLACEHOLDER: &str = "facade";

/// Returns the arguments of `#[dataflow(..)]` or `#[node(..)]`, as far as they can be read.
fn options(attribute: &Attribute) -> Vec<Meta> {
    let Meta::List(list) = &attribute.meta else { return Vec::new() };
    let parse = |input: syn::parse::ParseStream<'_>| {
        let mut options = Vec::new();
        while !input.is_empty() {
            if input.peek(Token![crate]) {
                // `crate = path` is not a `Meta`, and does not matter here.
                while !input.is_empty() && !input.peek(Token![,]) {
                    input.parse::<proc_macro2::TokenTree>()?;
                }
                let placeholder = quote::format_ident!("{PLACEHOLDER}");
                options.push(syn::parse_quote!(#placeholder));
            } else {
                options.push(input.parse::<Meta>()?);
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    };
    list.parse_args_with(parse).unwrap_or_default()
}

fn text(value: &Expr) -> Option<&LitStr> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
        _ => None,
    }
}

/// Returns the span of an item from its first attribute to `end`.
pub(super) fn item(
    attributes: &[Attribute],
    head: &impl Spanned,
    end: proc_macro2::Span,
    spans: &mut Spans<'_>,
) -> SpanId {
    let start = attributes.first().map_or_else(|| head.span(), |first| first.pound_token.span);
    spans.between(start, end)
}
