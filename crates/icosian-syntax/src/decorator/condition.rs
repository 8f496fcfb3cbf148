//! When something holds, by config: `env = "prod"`, all of several.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::parse::ParseStream;
use syn::{Expr, Ident, LitStr, Token};

use super::Scope;
use super::argument::{Dotted, equals};
use crate::read::shown;

/// Returns the key and the value of `"key", value`, a comparison without its `=`, if `input` goes on with one.
pub(crate) fn pair(input: ParseStream<'_>) -> Option<(LitStr, Expr)> {
    let ahead = input.fork();
    let key = ahead.parse::<LitStr>().ok()?;
    ahead.parse::<Token![,]>().ok()?;
    let value: Expr = ahead.parse().ok()?;
    let is_value =
        matches!(value, Expr::Lit(_) | Expr::Array(_)) && (ahead.is_empty() || ahead.peek(Token![,]));
    is_value.then_some((key, value))
}

/// Returns the error for `"key", value`.
pub(crate) fn not_a_pair(key: &LitStr, value: &Expr) -> syn::Error {
    let name = key.value();
    let written = if syn::parse_str::<Ident>(&name).is_ok() { name } else { shown(key) };
    let why =
        format!("a config key and its value have `=` between them; write `{written} = {}`", shown(value));
    let mut tokens = key.to_token_stream();
    value.to_tokens(&mut tokens);
    syn::Error::new_spanned(tokens, why)
}

pub(crate) const KINDS: [&str; 4] = ["when", "when_not", "when_in", "when_not_in"];

/// One comparison: `key = value`, judged as `kind` says.
pub(crate) struct Comparison {
    /// `when`, `when_not`, `when_in` or `when_not_in`.
    pub(crate) kind: &'static str,
    pub(crate) key: Dotted,
    pub(crate) value: Expr,
}

impl Comparison {
    /// Reads what follows `key`.
    pub(crate) fn read(kind: &'static str, key: Dotted, input: ParseStream<'_>) -> syn::Result<Self> {
        let value = if kind.ends_with("_in") { "[..]" } else { ".." };
        if input.peek(Token![==]) {
            let why = format!("config is compared with one `=` here; write `{} = {value}`", key.name);
            return Err(syn::Error::new_spanned(key, why));
        }
        if !input.peek(Token![=]) {
            let why = format!("`{}` is compared with nothing; write `{} = {value}`", key.name, key.name);
            return Err(syn::Error::new_spanned(key, why));
        }
        Self { kind, value: equals(input)?, key }.checked()
    }

    /// Refuses what cannot be the value of a comparison of this kind.
    fn checked(self) -> syn::Result<Self> {
        let several = self.kind.ends_with("_in");
        match &self.value {
            Expr::Lit(_) if several => Err(syn::Error::new_spanned(
                &self.value,
                format!("`{}` is compared with several values; write `[..]` around them", self.key.name),
            )),
            Expr::Array(values) if several && values.elems.is_empty() => Err(syn::Error::new_spanned(
                &self.value,
                format!(
                    "`{}` is compared with none; write the values, as in `[\"a\", \"b\"]`",
                    self.key.name
                ),
            )),
            Expr::Array(_) if !several => Err(syn::Error::new_spanned(
                &self.value,
                format!(
                    "`{}` is compared with one value; write it without `[..]`, or `{}_in`",
                    self.key.name, self.kind
                ),
            )),
            _ => Ok(self),
        }
    }

    fn written(&self, scope: &Scope<'_>) -> TokenStream {
        let (span, key, value) = (self.key.span(), self.key.text(), &self.value);
        let (door, kind) = (scope.door_at(span), Ident::new(self.kind, span));
        quote_spanned!(span=> #door::Condition::#kind(#key, #value))
    }
}

/// Writes that all of `comparisons` hold; `None` when there are none.
pub(crate) fn written(comparisons: &[Comparison], scope: &Scope<'_>) -> Option<TokenStream> {
    let mut all = comparisons.iter().map(|comparison| comparison.written(scope));
    let first = all.next()?;
    Some(all.fold(first, |all, one| quote_spanned!(scope.span=> #all.and(#one))))
}
