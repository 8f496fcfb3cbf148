//! The meaning of decorators' arguments.

use std::time::Duration;

use icosian_rules::{Bindings, ConfigCondition, Fact, Meaning, SpanId};
use icosian_spec::{Argument, ArgumentKind, BuiltIn, Phase};
use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, Lit, LitInt, LitStr, Meta, Token};

use super::Spans;

/// Returns the meaning of the arguments of `decorator`.
pub(super) fn meaning(decorator: BuiltIn, attribute: &Attribute, spans: &mut Spans<'_>) -> Fact<Meaning> {
    let Meta::List(list) = &attribute.meta else { return Fact::Unknown };
    let tokens = list.tokens.clone();
    let row = decorator.row();
    let kind = row.arguments().first().map(Argument::kind);
    let read = match (decorator, kind) {
        (BuiltIn::Retry, _) => attempts.parse2(tokens),
        (BuiltIn::Timeout, _) => {
            (|input: ParseStream<'_>| time(&input.parse()?).map(Meaning::Within)).parse2(tokens)
        }
        (_, Some(ArgumentKind::Node)) if row.phase() == Phase::Parameterize => {
            (|input: ParseStream<'_>| nodes(input, spans).map(Meaning::Bindings)).parse2(tokens)
        }
        (_, Some(ArgumentKind::Binding)) if row.phase() == Phase::Parameterize => {
            let one = |input: ParseStream<'_>| {
                let params = params(input, spans)?;
                Ok(Meaning::Bindings(vec![Bindings { node: None, params }]))
            };
            one.parse2(tokens)
        }
        (_, Some(ArgumentKind::Condition)) => {
            (|input: ParseStream<'_>| conditions(decorator, input).map(Meaning::Conditions)).parse2(tokens)
        }
        (_, Some(ArgumentKind::Part)) => {
            (|input: ParseStream<'_>| parts(input, spans).map(Meaning::Parts)).parse2(tokens)
        }
        _ => return Fact::Unknown,
    };
    read.ok().into()
}

/// Reads `attempts = 3, backoff = "100ms..2s", ..`; where there is no wait, it is not understood.
fn attempts(input: ParseStream<'_>) -> syn::Result<Meaning> {
    let (mut count, mut waits, mut jitter) = (None, None, false);
    while !input.is_empty() {
        let name = input.call(Ident::parse_any)?;
        if name == "attempts" {
            input.parse::<Token![=]>()?;
            count = Some(input.parse::<LitInt>()?.base10_parse()?);
        } else if name == "backoff" {
            input.parse::<Token![=]>()?;
            let text = input.parse::<LitStr>()?;
            let value = text.value();
            let (shortest, longest) = value.split_once("..").unwrap_or((&value, &value));
            let [shortest, longest] = [shortest, longest].map(|part| time(&LitStr::new(part, text.span())));
            waits = Some((shortest?, longest?));
        } else {
            jitter |= name == "jitter";
            while !input.is_empty() && !input.peek(Token![,]) {
                input.parse::<TokenTree>()?;
            }
        }
        comma(input)?;
    }
    match (count, waits) {
        (Some(count), Some((shortest, longest))) => {
            Ok(Meaning::Attempts { count, shortest, longest, jitter })
        }
        _ => Err(input.error("no wait between attempts")),
    }
}

fn time(text: &LitStr) -> syn::Result<Duration> {
    let time = icosian_syntax::duration(&text.value());
    time.ok_or_else(|| syn::Error::new(text.span(), "another time than the attributes know"))
}

/// Reads `node(param = .., ..), ..`.
fn nodes(input: ParseStream<'_>, spans: &mut Spans<'_>) -> syn::Result<Vec<Bindings>> {
    let mut nodes = Vec::new();
    while !input.is_empty() {
        input.call(Attribute::parse_outer)?;
        let name = input.call(Ident::parse_any)?;
        let inside;
        syn::parenthesized!(inside in input);
        let node = Some((name.unraw().to_string(), spans.of(&name)));
        nodes.push(Bindings { node, params: params(&inside, spans)? });
        comma(input)?;
    }
    Ok(nodes)
}

/// Reads `param = .., ..`.
fn params(input: ParseStream<'_>, spans: &mut Spans<'_>) -> syn::Result<Vec<(String, SpanId)>> {
    let mut params = Vec::new();
    while !input.is_empty() {
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        while !input.is_empty() && !input.peek(Token![,]) {
            input.parse::<TokenTree>()?;
        }
        params.push((name.unraw().to_string(), spans.of(&name)));
        comma(input)?;
    }
    Ok(params)
}

/// Reads `key = literal, ..`, or `key = [literal, ..], ..` where `decorator` compares with several values.
///
/// # Errors
/// Any other syntax.
fn conditions(decorator: BuiltIn, input: ParseStream<'_>) -> syn::Result<Vec<ConfigCondition>> {
    let mut conditions = Vec::new();
    while !input.is_empty() {
        let mut key = input.call(Ident::parse_any)?.unraw().to_string();
        while input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            key = format!("{key}.{}", input.call(Ident::parse_any)?.unraw());
        }
        input.parse::<Token![=]>()?;
        let has_several = matches!(decorator, BuiltIn::ConfigWhenIn | BuiltIn::ConfigWhenNotIn);
        let literals: Vec<Lit> = if has_several {
            let inside;
            syn::bracketed!(inside in input);
            Punctuated::<Lit, Token![,]>::parse_terminated(&inside)?.into_iter().collect()
        } else {
            vec![input.parse()?]
        };
        if literals.is_empty() {
            return Err(input.error("a condition that never holds"));
        }
        let values = literals.iter().map(|it| it.to_token_stream().to_string()).collect();
        conditions.push(ConfigCondition {
            key,
            values,
            is_not: matches!(decorator, BuiltIn::ConfigWhenNot | BuiltIn::ConfigWhenNotIn),
        });
        comma(input)?;
    }
    Ok(conditions)
}

/// Reads `name, name: Type, name: Type = default, _ ..`; anything else is not understood.
fn parts(input: ParseStream<'_>, spans: &mut Spans<'_>) -> syn::Result<Vec<(String, SpanId)>> {
    let mut parts = Vec::new();
    while !input.is_empty() {
        let name = input.call(Ident::parse_any)?;
        if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            input.parse::<syn::Type>()?;
        }
        let has_default = input.peek(Token![=]);
        if has_default {
            input.parse::<Token![=]>()?;
            input.parse::<syn::Expr>()?;
        }
        if !(has_default && name == "fill_with") {
            parts.push((name.unraw().to_string(), spans.of(&name)));
        }
        comma(input)?;
    }
    Ok(parts)
}

fn comma(input: ParseStream<'_>) -> syn::Result<()> {
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok(())
}
