//! `extract_outputs`, `extract_fields` and `unpack_fields`: a node for each part of what a function gives.

use icosian_spec::BuiltIn;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Ident, Index, Token, Type};

use super::argument::{Dotted, Reading, equals, in_parentheses};
use super::binding::values;
use super::{Decorates, Read, Scope, node_name};
use crate::known::Known;
use crate::read::{self, Flow, NodeSource, bare, shown};
use crate::refusals::Refusals;
use crate::span;
use crate::text;
use crate::write::require_no_future;

/// `#[extract_outputs(mean: f64, ..)]`
struct Extract {
    kind: BuiltIn,
    parts: Vec<Part>,
    on: Option<Dotted>,
    /// What stands for every key that a map has not.
    fill_with: Option<(Ident, Expr)>,
}

/// `name: Type = what stands for a missing key`
struct Part {
    /// `None` for `_`, a position that becomes no node.
    name: Option<Ident>,
    written: Option<Type>,
    missing: Option<Expr>,
}

/// What is taken apart, as far as its type tells.
enum Shape<'a> {
    Tuple(Vec<&'a Type>),
    Map(&'a Type),
    Other,
}

impl<'a> Shape<'a> {
    fn of(given: Option<&'a Type>) -> Self {
        match given.map(bare) {
            Some(Type::Tuple(tuple)) => Self::Tuple(tuple.elems.iter().collect()),
            Some(other) => values(other).map_or(Self::Other, |(value, _)| Self::Map(value)),
            None => Self::Other,
        }
    }
}

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> Read {
    if input.is_empty() {
        reading.refuse("names no parts; write `name: Type` for each");
    }
    let mut extract = Extract { kind: reading.row.built_in(), parts: Vec::new(), on: None, fill_with: None };
    reading.each(input, |input, reading| {
        if input.peek(Token![_]) {
            input.parse::<Token![_]>()?;
            let written = written_type(input)?;
            extract.parts.push(Part { name: None, written, missing: None });
            return Ok(());
        }
        let name = node_name(input)?;
        reading.once(&name.unraw().to_string(), &name)?;
        if name == "fill_with" && input.peek(Token![=]) {
            extract.fill_with = Some((name, equals(input)?));
        } else if name == "on" && input.peek(syn::token::Paren) {
            extract.on = Some(in_parentheses(input, syn::parse::Parse::parse)?);
        } else {
            let written = written_type(input)?;
            let missing = if input.peek(Token![=]) { Some(equals(input)?) } else { None };
            extract.parts.push(Part { name: Some(name), written, missing });
        }
        Ok(())
    });
    if !extract.parts.is_empty() && extract.parts.iter().all(|part| part.name.is_none()) {
        reading.refuse_missing(
            "names no part, only what it leaves out; write a name for one, as in `(first, _)`",
        );
    }
    Ok(Box::new(extract))
}

fn written_type(input: ParseStream<'_>) -> syn::Result<Option<Type>> {
    input.parse::<Option<Token![:]>>()?.map(|_| input.parse()).transpose()
}

impl Extract {
    fn part_type(&self, at: usize, shape: &Shape<'_>) -> TokenStream {
        let found = match (&self.parts[at].written, shape) {
            // That it is refused is told alone.
            (Some(written), _) if read::borrowed(written).is_some() => None,
            (Some(written), _) => Some(written),
            (None, Shape::Tuple(positions)) => positions.get(at).copied(),
            (None, Shape::Map(value)) => Some(*value),
            (None, Shape::Other) => None,
        };
        found.map_or_else(|| quote_spanned!(proc_macro2::Span::mixed_site()=> ()), ToTokens::to_token_stream)
    }

    fn is_by_position(&self, shape: &Shape<'_>) -> bool {
        self.kind == BuiltIn::UnpackFields || matches!(shape, Shape::Tuple(_))
    }
}

impl Decorates for Extract {
    fn check(&self, function: &NodeSource, _: &Flow, refusals: &mut Refusals) {
        let shape = Shape::of(function.shaped());
        let name = &function.name;
        let is_map = matches!(shape, Shape::Map(_));
        if let (Some(given), Some(part)) =
            (&function.gives, self.parts.iter().find_map(|part| part.name.as_ref()))
        {
            let given = shown(given.value());
            if self.kind == BuiltIn::UnpackFields && is_map {
                let why = format!("`{name}` gives `{given}`, which has keys; write `#[extract_fields(..)]`");
                refusals.at(part, why);
                return;
            }
            if self.kind == BuiltIn::ExtractFields && matches!(shape, Shape::Tuple(_)) {
                let why = format!(
                    "`{name}` gives `{given}`, which has no field names; write `#[unpack_fields(..)]`"
                );
                refusals.at(part, why);
                return;
            }
        }
        if let Shape::Tuple(positions) = &shape
            && let Some(extra) = self.parts.get(positions.len())
        {
            let why = format!(
                "`{name}` gives {} values, and there are {} names for them; remove what is too much",
                positions.len(),
                self.parts.len()
            );
            refusals.at(extra.name.as_ref().map_or_else(|| quote::quote!(_), ToTokens::to_token_stream), why);
        }
        for part in &self.parts {
            if let Some(borrowed) = part.written.as_ref().and_then(read::borrowed) {
                let why = format!(
                    "a part is a value of its own type, which nodes borrow; write it without `&`{}",
                    if read::is_unsized(&borrowed.elem) { ", as `String` or `Vec<T>`" } else { "" }
                );
                refusals.at(borrowed, why);
            }
            if let Some(ident) = &part.name
                && part.written.is_none()
                && matches!(shape, Shape::Other)
            {
                let why = format!("nothing says which type `{ident}` has; write `{ident}: Type`");
                refusals.at(ident, why);
            }
            if let (Some(missing), false) = (&part.missing, is_map) {
                refusals.at(missing, "only a key of a map can be missing; remove it");
            }
            if part.name.is_none() && !self.is_by_position(&shape) {
                let why = format!("`_` leaves out a position of a tuple, and `{name}` gives none; remove it");
                refusals.at(&part.written, why);
            }
        }
        if let (Some((fill_with, _)), false) = (&self.fill_with, is_map) {
            refusals.at(fill_with, "only a key of a map can be missing; remove `fill_with`");
        }
    }

    fn change(&self, known: &mut Known) {
        let shaped = known.shaped.clone();
        let shape = Shape::of(shaped.as_ref());
        let parts: Vec<_> = self
            .parts
            .iter()
            .enumerate()
            .filter_map(|(at, part)| Some((part.name.clone()?, self.part_type(at, &shape))))
            .collect();
        known.add_parts(self.on.as_ref(), parts);
    }

    fn written(&self, scope: &Scope<'_>) -> TokenStream {
        let (door, whole) = (scope.door(), scope.whole);
        let shape = Shape::of(scope.function.shaped());
        let parts = self.parts.iter().enumerate().filter_map(|(at, part)| {
            let ident = part.name.as_ref()?;
            let (name, span) = (ident.unraw().to_string(), span::own(ident.span()));
            let (gives, door) = (self.part_type(at, &shape), scope.door_at(span));
            let last = part.written.as_ref().map_or(span, |written| span::own(span::ends(written).1));
            let no_future = require_no_future(ident, &gives, span, last, &door);
            let output = quote_spanned!(span=> { #no_future #door::output_of!(#gives) });
            if let Shape::Map(_) = shape {
                let missing = part.missing.as_ref().or(self.fill_with.as_ref().map(|(_, missing)| missing));
                return Some(if let Some(missing) = missing {
                    let missing = text::converted(missing, None, &door);
                    quote_spanned!(span=> .key_or(#name, #missing, #output))
                } else {
                    quote_spanned!(span=> .key(#name, #output))
                });
            }
            let field = if self.is_by_position(&shape) {
                Index { index: u32::try_from(at).unwrap_or(u32::MAX), span: ident.span() }.to_token_stream()
            } else {
                ident.to_token_stream()
            };
            let whole = span::at(span, whole);
            Some(quote_spanned! {span=>
                .field(#name, { fn part(whole: &#whole) -> &#gives { &whole.#field } part }, #output)
            })
        });
        let on = self.on.as_ref().map(|on| {
            let name = on.text();
            quote_spanned!(on.span()=> .on(#name))
        });
        let begin = match self.kind {
            BuiltIn::ExtractFields => "fields",
            BuiltIn::UnpackFields => "positions",
            _ => "new",
        };
        let begin = Ident::new(begin, scope.span);
        quote_spanned!(scope.span=> #door::ExtractOutputs::<#whole>::#begin()#(#parts)*#on)
    }

    fn outputs(&self) -> Vec<&Dotted> {
        self.on.iter().collect()
    }
}
