//! Parsers for the arguments of macros.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Expr, Pat, Token};

/// An arm of `select!`.
pub(super) struct SelectArm {
    /// The pattern and the future; none for `else`, `default` and `complete`.
    pub(super) future: Option<(Pat, Expr)>,
    pub(super) condition: Option<Expr>,
    pub(super) handler: Expr,
}

/// Reads the arms of tokio's and futures' `select!`.
pub(super) fn select_arms(input: ParseStream<'_>) -> syn::Result<Vec<SelectArm>> {
    let mut arms = Vec::new();
    if input.peek(syn::Ident) && input.peek2(Token![;]) {
        // `biased;`
        input.parse::<syn::Ident>()?;
        input.parse::<Token![;]>()?;
    }
    while !input.is_empty() {
        let is_bare = input.peek(Token![else]) || input.peek(syn::Ident) && input.peek2(Token![=>]);
        let future = if is_bare {
            input.call(syn::Ident::parse_any)?;
            None
        } else {
            let pattern = Pat::parse_multi_with_leading_vert(input)?;
            input.parse::<Token![=]>()?;
            Some((pattern, input.parse()?))
        };
        let condition = if input.peek(Token![,]) && input.peek2(Token![if]) {
            input.parse::<Token![,]>()?;
            input.parse::<Token![if]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        input.parse::<Token![=>]>()?;
        let handler = if input.peek(syn::token::Brace) {
            Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block: input.parse()? })
        } else {
            input.parse()?
        };
        input.parse::<Option<Token![,]>>()?;
        arms.push(SelectArm { future, condition, handler });
    }
    Ok(arms)
}

/// Reads `a, b` and `a; b`.
pub(super) fn arguments(input: ParseStream<'_>) -> syn::Result<Vec<Expr>> {
    let mut arguments = Vec::new();
    if input.is_empty() {
        return Ok(arguments);
    }
    arguments.push(input.parse()?);
    if input.peek(Token![;]) {
        input.parse::<Token![;]>()?;
    } else if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    arguments.extend(Punctuated::<Expr, Token![,]>::parse_terminated(input)?);
    Ok(arguments)
}
