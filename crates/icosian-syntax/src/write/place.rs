use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

/// Returns file, line, column and width of `ident` in the source, lines and columns counted from 1, with commas between;
/// `None` when it stands in no file.
///
/// All of it is the token's own: where a macro wrote it, `file!()` and `line!()` are those of the macro's caller instead.
pub(crate) fn of(ident: &Ident) -> Option<TokenStream> {
    let file = ident.span().file();
    // The compiler's names for what is no file are `<anon>`, `<proc-macro source code>` and the like.
    if file.is_empty() || file.starts_with('<') {
        return None;
    }
    let start = ident.span().start();
    let width = ident.to_string().chars().count();
    // A file of more than 2^32 lines does not compile anyway.
    let [line, column, width] =
        [start.line, start.column + 1, width].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
    Some(quote!(#file, #line, #column, #width))
}
