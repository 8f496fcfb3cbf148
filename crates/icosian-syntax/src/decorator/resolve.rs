use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::Expr;
use syn::parse::ParseStream;

use super::argument::Reading;
use crate::fault::invalid;
use crate::known_nodes::KnownNodes;
use crate::model::{Decorates, ExpandContext, ReadResult};

/// `#[resolve(function)]`: the function makes a decorator from config.
struct ResolveArgs(Expr);

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    if input.is_empty() {
        let name = reading.decorator;
        let message = format!("`#[{name}]` has no function");
        return Err(invalid(name, message, format!("write `#[{name}(|config| Ok(..))]`")));
    }
    Ok(Box::new(ResolveArgs(input.parse()?)))
}

impl Decorates for ResolveArgs {
    fn change(&self, known: &mut KnownNodes) {
        known.open();
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let (door, make) = (scope.door(), &self.0);
        quote_spanned!(scope.span=> #door::Resolve::new(#make))
    }
}
