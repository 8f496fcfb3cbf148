use icosian_diagnostics::nearest;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Ident, Lit, Path, Token};

use super::argument::{Reading, equals};
use super::binding;
use super::called_function::check_called;
use crate::connection::Connection;
use crate::fault::invalid;
use crate::faults::Faults;
use crate::inlined::Inlined;
use crate::model::{DataflowSource, NodeSource};
use crate::model::{Decorates, ExpandContext, Feed, ReadResult, Unbound};
use crate::span;
use crate::text;

/// `#[fallback(value = ..)]`, `#[fallback(with = ..)]` or `#[fallback(function)]`
enum FallbackArgs {
    Value(Expr),
    With(Expr),
    Function(Path),
}

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    let mut found: Option<FallbackArgs> = None;
    let was_empty = input.is_empty();
    let one_of = reading.row.alternatives().expect("the table lists the alternatives of `fallback`");
    reading.each(input, |input, reading| {
        let (one, tokens) = if input.peek2(Token![=]) {
            let ahead = input.fork().call(Ident::parse_any)?;
            if ahead != "value" && ahead != "with" && nearest(&ahead.to_string(), ["value", "with"]).is_none()
            {
                let message = format!("`#[fallback]` has no argument `{ahead}`");
                return Err(invalid(
                    ahead,
                    message,
                    "write `value = ..`, `with = |error| ..` or the path of a function",
                ));
            }
            let name = reading.named_argument(input)?;
            let given: Expr = equals(input)?;
            let tokens = name.to_token_stream();
            (if name == "value" { FallbackArgs::Value(given) } else { FallbackArgs::With(given) }, tokens)
        } else if input.peek(Lit) {
            return Err(reading.nameless(input, "value = {}"));
        } else {
            let function = binding::function(input)?;
            let tokens = function.to_token_stream();
            (FallbackArgs::Function(function), tokens)
        };
        if found.is_some() {
            return Err(invalid(tokens, one_of.several.message, one_of.several.help));
        }
        found = Some(one);
        Ok(())
    });
    if was_empty {
        reading.refuse(one_of.none.message, one_of.none.help);
    }
    match found {
        Some(found) => Ok(Box::new(found)),
        // A fault was reported.
        None => Ok(Box::new(FallbackArgs::Value(syn::parse_quote!(())))),
    }
}

impl Decorates for FallbackArgs {
    fn check(&self, _: &NodeSource, flow: &DataflowSource, faults: &mut Faults) {
        self.calls().into_iter().for_each(|path| check_called(path, flow, faults));
    }

    fn connections(&self, _: &NodeSource, _: &[String]) -> Vec<Connection<'_>> {
        self.stand_in().map(Connection::FallBack).into_iter().collect()
    }

    fn stand_in(&self) -> Option<&Path> {
        match self {
            Self::Function(function) => Some(function),
            _ => None,
        }
    }

    fn inlined(&self, _: &ExpandContext<'_>) -> Option<Inlined<'_>> {
        Some(match self {
            Self::Value(value) => Inlined::FallbackValue(value),
            Self::With(closure) => Inlined::FallbackWith(closure),
            Self::Function(function) => Inlined::FallbackFunction(function),
        })
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let door = scope.door();
        match self {
            Self::Value(given) | Self::With(given) => {
                let span = span::own(span::ends(given).0);
                let (made, output) = (span::at(span, &door), scope.given(span));
                if matches!(self, Self::Value(_)) {
                    let given = text::converted(given, None, &made);
                    quote_spanned!(span=> #made::Fallback::value::<#output>(#given))
                } else {
                    quote_spanned!(span=> #made::Fallback::with::<#output>(#given))
                }
            }
            Self::Function(function) => {
                let function = binding::as_trait(function, "NodeFn", &scope.door());
                quote_spanned!(scope.span=> #door::Fallback::function(#function::function()))
            }
        }
    }

    fn calls(&self) -> Vec<&Path> {
        match self {
            Self::Function(function) => vec![function],
            _ => Vec::new(),
        }
    }

    fn feeds(&self) -> Vec<Feed<'_>> {
        let called = self.calls().into_iter();
        called.map(|function| Feed { function, bound: Vec::new(), unbound: Unbound::Shared }).collect()
    }
}
