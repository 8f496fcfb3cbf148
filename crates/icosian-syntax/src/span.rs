//! Where written code stands, so that what the compiler says of it comes at the user's own tokens.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Ident;

/// Returns `tokens`, all of them at `span`; what they name stays what it was, also a `$crate`.
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

/// Returns the spans of the first and of the last token: an error about something written from the one to the other
/// underlines all of `tokens`. (Joining them is not for a stable compiler.)
pub(crate) fn ends(tokens: impl ToTokens) -> (Span, Span) {
    let mut spans = tokens.into_token_stream().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    (first, spans.last().unwrap_or(first))
}

/// Returns where the user wrote `ident`, names there being the written code's own.
pub(crate) fn mixed(ident: &Ident) -> Span {
    own(ident.span())
}

/// Returns the same place, names there being the written code's own.
pub(crate) fn own(span: Span) -> Span {
    span.resolved_at(Span::mixed_site())
}
