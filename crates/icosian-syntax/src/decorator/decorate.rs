use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Expr;
use syn::parse::ParseStream;

use super::argument::Reading;
use crate::fault::invalid;
use crate::model::{Decorates, ExpandContext, ReadResult};

/// `#[decorate(expression)]`
struct Decorate(Expr);

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    if input.is_empty() {
        let help = "write `#[decorate(expression)]`";
        return Err(invalid(reading.decorator, "`#[decorate]` has no decorator", help));
    }
    Ok(Box::new(Decorate(input.parse()?)))
}

impl Decorates for Decorate {
    fn written(&self, _: &ExpandContext<'_>) -> TokenStream {
        self.0.to_token_stream()
    }
}
