//! The names of nodes in arguments of decorators.

use proc_macro2::Span;
use syn::Ident;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};

use crate::fault::invalid;

/// Returns the name that the variants of a node share: the part before the last `__`.
pub(crate) fn base_name(function: &Ident) -> Option<Ident> {
    let name = function.unraw().to_string();
    let (base, variant) = name.rsplit_once("__")?;
    if variant.is_empty() { None } else { identifier(base, function.span()) }
}

/// Reads the name of a node, which may be a keyword.
pub(crate) fn node_name(input: ParseStream<'_>) -> syn::Result<Ident> {
    let written = input.call(Ident::parse_any)?;
    identifier(&written.unraw().to_string(), written.span()).ok_or_else(|| {
        invalid(&written, format!("`{written}` is a keyword that cannot be a name"), "use another name")
    })
}

/// Returns the identifier `name`, as a raw one for keywords; `None` if no identifier has the name.
pub(crate) fn identifier(name: &str, span: Span) -> Option<Ident> {
    if ["", "_", "self", "Self", "super", "crate"].contains(&name) {
        return None;
    }
    Ident::parse_any.parse_str(name).ok()?;
    let is_plain = name != "gen" && syn::parse_str::<Ident>(name).is_ok();
    Some(if is_plain { Ident::new(name, span) } else { Ident::new_raw(name, span) })
}
