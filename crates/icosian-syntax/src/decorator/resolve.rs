use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::Expr;
use syn::parse::ParseStream;

use super::argument::Reading;
use super::{Decorates, Read, Scope};
use crate::known::Known;

/// `#[resolve(a function of config that makes a decorator)]`
struct Resolve(Expr);

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> Read {
    if input.is_empty() {
        let name = reading.decorator;
        let why = format!("`#[{name}]` makes no decorator; write `#[{name}(|config| Ok(..))]`");
        return Err(syn::Error::new(name.span(), why));
    }
    Ok(Box::new(Resolve(input.parse()?)))
}

impl Decorates for Resolve {
    fn change(&self, known: &mut Known) {
        known.open();
    }

    fn written(&self, scope: &Scope<'_>) -> TokenStream {
        let (door, make) = (scope.door(), &self.0);
        quote_spanned!(scope.span=> #door::Resolve::new(#make))
    }
}
