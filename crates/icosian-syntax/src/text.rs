//! String literals where a value of another type is expected.
//!
//! One rule holds for all attributes: a string literal converts by `FromText`, alone, in an array or tuple, and in `Some(..)`.
//! Other expressions must have the expected type.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::{Expr, ExprLit, Lit, LitStr, Type};

use crate::span;

/// Returns `written` as a string literal.
pub(crate) fn literal(written: &Expr) -> Option<&LitStr> {
    match written {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
        Expr::Paren(paren) => literal(&paren.expr),
        Expr::Group(group) => literal(&group.expr),
        _ => None,
    }
}

/// Writes `written` with each string literal in it converted to the expected type. `of` is that type if the compiler cannot
/// infer it.
pub(crate) fn converted(written: &Expr, of: Option<&Type>, door: &TokenStream) -> TokenStream {
    if let Some(text) = literal(written) {
        let span = span::own(text.span());
        let (door, of) = (span::at(span, door), of.map(|of| quote_spanned!(span=> ::<#of>)));
        return quote_spanned!(span=> #door::from_text #of(#text));
    }
    match written {
        Expr::Array(array) => {
            let mut array = array.clone();
            convert_each(array.elems.iter_mut(), of, door);
            array.to_token_stream()
        }
        Expr::Tuple(tuple) if of.is_none() => {
            let mut tuple = tuple.clone();
            convert_each(tuple.elems.iter_mut(), None, door);
            tuple.to_token_stream()
        }
        Expr::Call(call) if of.is_none() && is_some(&call.func) => {
            let mut call = call.clone();
            convert_each(call.args.iter_mut(), None, door);
            call.to_token_stream()
        }
        other => other.to_token_stream(),
    }
}

fn convert_each<'a>(all: impl Iterator<Item = &'a mut Expr>, of: Option<&Type>, door: &TokenStream) {
    for one in all {
        *one = Expr::Verbatim(converted(one, of, door));
    }
}

fn is_some(function: &Expr) -> bool {
    matches!(function, Expr::Path(path) if path.path.is_ident("Some"))
}
