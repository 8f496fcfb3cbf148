use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

/// Returns line, column and width of `ident` in the source, counted from 1, as three numbers with commas between.
pub(crate) fn of(ident: &Ident) -> TokenStream {
    let start = ident.span().start();
    let width = ident.to_string().chars().count();
    // A file of more than 2^32 lines does not compile anyway.
    let [line, column, width] =
        [start.line, start.column + 1, width].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
    quote!(#line, #column, #width)
}
