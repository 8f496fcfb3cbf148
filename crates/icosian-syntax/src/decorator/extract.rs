//! `extract_outputs`, `extract_fields` and `unpack_fields`: a node for each part of an output.

use icosian_spec::BuiltIn;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Ident, Index, Token, Type};

use super::argument::{Dotted, Reading, equals, in_parentheses};
use super::binding::values;
use super::node_name::node_name;
use crate::code;
use crate::connection::Connection;
use crate::faults::Faults;
use crate::inlined::{Accessor, Inlined};
use crate::known_nodes::KnownNodes;
use crate::model::{DataflowSource, NodeSource};
use crate::model::{Decorates, ExpandContext, ReadResult};
use crate::span;
use crate::text;
use crate::write::require_no_future;
use crate::written_type::{self, bare, shown};

/// `#[extract_outputs(mean: f64, ..)]`
struct Extract {
    kind: BuiltIn,
    parts: Vec<ExtractedPart>,
    on: Option<Dotted>,
    /// The value of each key that a map does not have.
    fill_with: Option<(Ident, Expr)>,
}

/// `name: Type = value of a missing key`
struct ExtractedPart {
    /// `None` for `_`, a position that becomes no node.
    name: Option<Ident>,
    written: Option<Type>,
    missing: Option<Expr>,
}

/// The shape of an output, by its written type.
enum OutputShape<'a> {
    Tuple(Vec<&'a Type>),
    Map(&'a Type),
    Other,
}

impl<'a> OutputShape<'a> {
    fn of(given: Option<&'a Type>) -> Self {
        match given.map(bare) {
            Some(Type::Tuple(tuple)) => Self::Tuple(tuple.elems.iter().collect()),
            Some(other) => values(other).map_or(Self::Other, |(value, _)| Self::Map(value)),
            None => Self::Other,
        }
    }
}

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    if input.is_empty() {
        reading.refuse("names no parts", "write `name: Type` for each part");
    }
    let mut extract = Extract { kind: reading.row.built_in(), parts: Vec::new(), on: None, fill_with: None };
    reading.each(input, |input, reading| {
        if input.peek(Token![_]) {
            input.parse::<Token![_]>()?;
            let written = written_type(input)?;
            extract.parts.push(ExtractedPart { name: None, written, missing: None });
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
            extract.parts.push(ExtractedPart { name: Some(name), written, missing });
        }
        Ok(())
    });
    if !extract.parts.is_empty() && extract.parts.iter().all(|part| part.name.is_none()) {
        reading.refuse_missing("names no part", "write a name for at least one part, as in `(first, _)`");
    }
    Ok(Box::new(extract))
}

fn written_type(input: ParseStream<'_>) -> syn::Result<Option<Type>> {
    input.parse::<Option<Token![:]>>()?.map(|_| input.parse()).transpose()
}

impl Extract {
    fn part_type(&self, at: usize, shape: &OutputShape<'_>) -> TokenStream {
        let found = match (&self.parts[at].written, shape) {
            // A borrowed part has been refused.
            (Some(written), _) if written_type::borrowed(written).is_some() => None,
            (Some(written), _) => Some(written),
            (None, OutputShape::Tuple(positions)) => positions.get(at).copied(),
            (None, OutputShape::Map(value)) => Some(*value),
            (None, OutputShape::Other) => None,
        };
        found.map_or_else(|| quote_spanned!(proc_macro2::Span::mixed_site()=> ()), ToTokens::to_token_stream)
    }

    /// Writes the field or the position of the part `ident`.
    fn member(&self, at: usize, ident: &Ident, shape: &OutputShape<'_>) -> TokenStream {
        if self.is_by_position(shape) {
            Index { index: u32::try_from(at).unwrap_or(u32::MAX), span: ident.span() }.to_token_stream()
        } else {
            ident.to_token_stream()
        }
    }

    fn is_by_position(&self, shape: &OutputShape<'_>) -> bool {
        self.kind == BuiltIn::UnpackFields || matches!(shape, OutputShape::Tuple(_))
    }
}

impl Decorates for Extract {
    fn check(&self, function: &NodeSource, _: &DataflowSource, faults: &mut Faults) {
        let shape = OutputShape::of(function.shaped());
        let name = &function.name;
        let is_map = matches!(shape, OutputShape::Map(_));
        if let (Some(given), Some(part)) =
            (&function.gives, self.parts.iter().find_map(|part| part.name.as_ref()))
        {
            let given = shown(given.value());
            if self.kind == BuiltIn::UnpackFields && is_map {
                let message = format!("`{name}` returns `{given}`, which has keys, not positions");
                faults.report(code::INVALID_PART, part, message, "use `#[extract_fields(..)]`");
                return;
            }
            if self.kind == BuiltIn::ExtractFields && matches!(shape, OutputShape::Tuple(_)) {
                let message = format!("`{name}` returns `{given}`, which has positions, not field names");
                faults.report(code::INVALID_PART, part, message, "use `#[unpack_fields(..)]`");
                return;
            }
        }
        if let OutputShape::Tuple(positions) = &shape
            && let Some(extra) = self.parts.get(positions.len())
        {
            let message = format!(
                "`{name}` returns a tuple of {} elements, but the decorator names {}",
                positions.len(),
                self.parts.len()
            );
            let extra = extra.name.as_ref().map_or_else(|| quote::quote!(_), ToTokens::to_token_stream);
            let fault = faults.report(code::EXTRACT_ARITY, extra, message, "remove the extra names");
            if let Some(gives) = &function.gives {
                fault.also(span::ends(&gives.written), "has no more elements");
            }
        }
        for part in &self.parts {
            if let Some(borrowed) = part.written.as_ref().and_then(written_type::borrowed) {
                let message =
                    format!("the part of type `{}` is borrowed, but parts are owned values", shown(borrowed));
                let owned = if written_type::is_unsized(&borrowed.elem) {
                    ", as in `String` or `Vec<T>`"
                } else {
                    ""
                };
                faults.report(code::INVALID_PART, borrowed, message, format!("write an owned type{owned}"));
            }
            if let Some(ident) = &part.name
                && part.written.is_none()
                && matches!(shape, OutputShape::Other)
            {
                let message = format!("the type of part `{ident}` is unknown");
                faults.report(code::INVALID_PART, ident, message, format!("write `{ident}: Type`"));
            }
            if let (Some(missing), false) = (&part.missing, is_map) {
                let message =
                    format!("a part of `{name}` has a default, but only a key of a map can be missing");
                faults.report(code::INVALID_PART, missing, message, "remove the default");
            }
            if part.name.is_none() && !self.is_by_position(&shape) {
                let message =
                    format!("`_` omits an element of a tuple, but `{name}` does not return a tuple");
                faults.report(code::INVALID_PART, &part.written, message, "remove `_`");
            }
        }
        if let (Some((fill_with, _)), false) = (&self.fill_with, is_map) {
            let message = format!("`fill_with` replaces missing keys, but `{name}` does not return a map");
            faults.report(code::INVALID_PART, fill_with, message, "remove `fill_with`");
        }
    }

    fn change(&self, known: &mut KnownNodes) {
        let shaped = known.shaped.clone();
        let shape = OutputShape::of(shaped.as_ref());
        let parts: Vec<_> = self
            .parts
            .iter()
            .enumerate()
            .filter_map(|(at, part)| Some((part.name.clone()?, self.part_type(at, &shape))))
            .collect();
        known.add_parts(self.on.as_ref(), parts);
    }

    fn connections(&self, function: &NodeSource, sinks: &[String]) -> Vec<Connection<'_>> {
        let whole = self.on.as_ref().map(|on| &on.name).or_else(|| sinks.first());
        let whole = whole.unwrap_or(&function.name).clone();
        let names = self.parts.iter().filter_map(|part| part.name.as_ref());
        vec![Connection::AddParts { whole, parts: names.map(|name| name.unraw().to_string()).collect() }]
    }

    fn inlined(&self, scope: &ExpandContext<'_>) -> Option<Inlined<'_>> {
        let shape = OutputShape::of(scope.function.shaped());
        let parts = self.parts.iter().enumerate().filter_map(|(at, part)| {
            let ident = part.name.as_ref()?;
            let name = ident.unraw().to_string();
            let accessor = if let OutputShape::Map(_) = shape {
                let missing = part.missing.as_ref().or(self.fill_with.as_ref().map(|(_, missing)| missing));
                Accessor::Key { name: name.clone(), missing }
            } else {
                Accessor::member(self.member(at, ident, &shape))
            };
            Some((name, accessor))
        });
        Some(Inlined::Parts(parts.collect()))
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let (door, whole) = (scope.door(), scope.whole);
        let shape = OutputShape::of(scope.function.shaped());
        let parts = self.parts.iter().enumerate().filter_map(|(at, part)| {
            let ident = part.name.as_ref()?;
            let (name, span) = (ident.unraw().to_string(), span::own(ident.span()));
            let (gives, door) = (self.part_type(at, &shape), scope.door_at(span));
            let last = part.written.as_ref().map_or(span, |written| span::own(span::ends(written).1));
            let no_future = require_no_future(ident, &gives, span, last, &door);
            let output = quote_spanned!(span=> const { #no_future #door::output_of!(#gives) });
            if let OutputShape::Map(_) = shape {
                let missing = part.missing.as_ref().or(self.fill_with.as_ref().map(|(_, missing)| missing));
                return Some(if let Some(missing) = missing {
                    let missing = text::converted(missing, None, &door);
                    quote_spanned!(span=> .key_or(#name, #missing, #output))
                } else {
                    quote_spanned!(span=> .key(#name, #output))
                });
            }
            let field = self.member(at, ident, &shape);
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
