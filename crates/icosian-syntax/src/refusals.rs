use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// Everything that is wrong with what the user wrote, in the order in which it was found.
#[derive(Default)]
pub(crate) struct Refusals {
    errors: Option<syn::Error>,
    count: usize,
}

impl Refusals {
    /// Notes that `tokens` are refused, and why.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, why: impl Display) {
        self.add(syn::Error::new_spanned(tokens, why));
    }

    pub(crate) fn add(&mut self, error: syn::Error) {
        self.count += 1;
        match &mut self.errors {
            Some(errors) => errors.combine(error),
            None => self.errors = Some(error),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Returns one `compile_error!` for each.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.errors.map(|errors| errors.to_compile_error()).unwrap_or_default()
    }
}
