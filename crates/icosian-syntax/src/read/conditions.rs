//! Conditions of attributes: `cfg` and `cfg_attr`.

use proc_macro2::TokenTree;
use syn::{Attribute, Meta};

/// Returns whether `attribute` is a `cfg_attr` that may become a `cfg`.
pub(crate) fn is_behind_cfg_attr(attribute: &Attribute) -> bool {
    behind_cfg_attr(attribute).iter().any(|hidden| hidden.path().is_ident("cfg"))
}

/// Returns the attributes that a `cfg_attr` may become.
pub(crate) fn behind_cfg_attr(attribute: &Attribute) -> Vec<Meta> {
    let mut hidden = Vec::new();
    let mut open = vec![attribute.meta.clone()];
    while let Some(meta) = open.pop() {
        let is_conditional = meta.path().is_ident("cfg_attr");
        match meta {
            Meta::List(list) if is_conditional => {
                let arguments: Vec<_> = list.tokens.into_iter().collect();
                let is_comma =
                    |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
                // The first of its arguments is the condition.
                let parts = arguments.split(is_comma).skip(1);
                open.extend(parts.filter_map(|part| syn::parse2(part.iter().cloned().collect()).ok()));
            }
            meta => hidden.push(meta),
        }
    }
    if attribute.path().is_ident("cfg_attr") { hidden } else { Vec::new() }
}
