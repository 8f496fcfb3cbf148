//! Locations of generated code: an error of the compiler about it points at the user's tokens.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Ident;

/// Returns `tokens` located at `span`. Their hygiene is unchanged, also that of a `$crate`.
pub(crate) fn at(span: Span, tokens: &TokenStream) -> TokenStream {
    let moved = tokens.clone().into_iter().map(|mut token| {
        if let TokenTree::Group(group) = token {
            token = Group::new(group.delimiter(), at(span, &group.stream())).into();
        }
        token.set_span(token.span().located_at(span));
        token
    });
    moved.collect()
}

/// Returns the spans of the first and of the last token: an error that starts at the first and ends at the last one underlines
/// all of `tokens`. A stable compiler cannot join spans.
pub(crate) fn ends(tokens: impl ToTokens) -> (Span, Span) {
    let mut spans = tokens.into_token_stream().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    (first, spans.last().unwrap_or(first))
}

/// Returns the location of `ident`, with the hygiene of generated code.
pub(crate) fn mixed(ident: &Ident) -> Span {
    own(ident.span())
}

/// Returns the same location, with the hygiene of generated code.
pub(crate) fn own(span: Span) -> Span {
    span.resolved_at(Span::mixed_site())
}
