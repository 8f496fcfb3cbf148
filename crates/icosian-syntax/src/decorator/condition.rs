//! Comparisons with config: `env = "prod"`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::parse::ParseStream;
use syn::{Expr, Ident, LitStr, Token};

use super::argument::{Dotted, equals};
use crate::fault::invalid;
use crate::model::ExpandContext;
use crate::written_type::shown;

/// Returns the key and the value of `"key", value`, a comparison without its `=`, if `input` starts with one.
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
    let message = format!("`=` is missing between config key `{written}` and its value");
    let help = format!("write `{written} = {}`", shown(value));
    let mut tokens = key.to_token_stream();
    value.to_tokens(&mut tokens);
    invalid(tokens, message, help)
}

pub(crate) const KINDS: [&str; 4] = ["when", "when_not", "when_in", "when_not_in"];

/// One comparison: `key = value`.
pub(crate) struct Comparison {
    /// `when`, `when_not`, `when_in` or `when_not_in`.
    pub(crate) kind: &'static str,
    pub(crate) key: Dotted,
    pub(crate) value: Expr,
}

impl Comparison {
    /// Reads the rest of the comparison after its key. `name` is the name of the attribute or argument that contains it.
    pub(crate) fn read(
        kind: &'static str,
        name: &str,
        key: Dotted,
        input: ParseStream<'_>,
    ) -> syn::Result<Self> {
        let value = if kind.ends_with("_in") { "[..]" } else { ".." };
        if input.peek(Token![==]) {
            let help = format!("write `{} = {value}`", key.name);
            return Err(invalid(key, "a config comparison has `==` instead of `=`", help));
        }
        if !input.peek(Token![=]) {
            let message = format!("config key `{}` has no value", key.name);
            let help = format!("write `{} = {value}`", key.name);
            return Err(invalid(key, message, help));
        }
        Self { kind, value: equals(input)?, key }.checked(name)
    }

    /// Refuses a value that does not suit the kind of comparison.
    fn checked(self, name: &str) -> syn::Result<Self> {
        let several = self.kind.ends_with("_in");
        match &self.value {
            Expr::Lit(_) if several => Err(invalid(
                &self.value,
                format!("`{name}` compares `{}` with a list, but this is one value", self.key.name),
                "write `[..]` around the values",
            )),
            Expr::Array(values) if several && values.elems.is_empty() => Err(invalid(
                &self.value,
                format!("`{name}` compares `{}` with an empty list", self.key.name),
                "write the values, as in `[\"a\", \"b\"]`",
            )),
            Expr::Array(_) if !several => Err(invalid(
                &self.value,
                format!("`{name}` compares `{}` with one value, but this is a list", self.key.name),
                format!("remove the `[..]`, or use `{name}_in`"),
            )),
            _ => Ok(self),
        }
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let (span, key, value) = (self.key.span(), self.key.text(), &self.value);
        let (door, kind) = (scope.door_at(span), Ident::new(self.kind, span));
        quote_spanned!(span=> #door::Condition::#kind(#key, #value))
    }
}

/// Writes the conjunction of `comparisons`; `None` if there are none.
pub(crate) fn written(comparisons: &[Comparison], scope: &ExpandContext<'_>) -> Option<TokenStream> {
    let mut all = comparisons.iter().map(|comparison| comparison.written(scope));
    let first = all.next()?;
    Some(all.fold(first, |all, one| quote_spanned!(scope.span=> #all.and(#one))))
}
