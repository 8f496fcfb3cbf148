//! When something is there at all.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Meta};

/// Returns whether `attribute` is a `cfg_attr` that may become a `cfg`.
pub(crate) fn is_behind_cfg_attr(attribute: &Attribute) -> bool {
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => gives_cfg(list.tokens.clone()),
        _ => false,
    }
}

/// Returns whether one of the attributes of a `cfg_attr` is a `cfg`; `arguments` are its condition and they.
fn gives_cfg(arguments: TokenStream) -> bool {
    let arguments: Vec<_> = arguments.into_iter().collect();
    let parts = arguments.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','));
    parts.skip(1).any(|part| match part {
        [TokenTree::Ident(name), TokenTree::Group(inner)] => {
            name == "cfg" || (name == "cfg_attr" && gives_cfg(inner.stream()))
        }
        _ => false,
    })
}
