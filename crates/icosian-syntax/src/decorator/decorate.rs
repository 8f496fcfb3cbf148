use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Expr;
use syn::parse::ParseStream;

use super::argument::Reading;
use super::{Decorates, Read, Scope};

/// `#[decorate(an expression that is a decorator)]`
struct Decorate(Expr);

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> Read {
    if input.is_empty() {
        let why = "`#[decorate]` has no decorator; write `#[decorate(expression)]`";
        return Err(syn::Error::new(reading.decorator.span(), why));
    }
    Ok(Box::new(Decorate(input.parse()?)))
}

impl Decorates for Decorate {
    fn written(&self, _: &Scope<'_>) -> TokenStream {
        self.0.to_token_stream()
    }
}
