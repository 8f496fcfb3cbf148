//! Functions inside of macro calls, which are not expanded before a module is read.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Ident, Item};

/// Returns the names of the `pub fn`s in the tokens of the macro calls among `items`.
///
/// Functions below a `#[node]` are left out: they are nodes, listed elsewhere.
pub(super) fn functions(items: &[Item]) -> Vec<Ident> {
    let mut found = Vec::new();
    for item in items {
        if let Item::Macro(call) = item
            && call.ident.is_none()
        {
            collect(call.mac.tokens.clone(), &mut found);
        }
    }
    found
}

fn collect(tokens: TokenStream, found: &mut Vec<Ident>) {
    let (mut is_public, mut is_function, mut is_node) = (false, false, false);
    for tree in tokens {
        match tree {
            TokenTree::Ident(name) if is_function => {
                if is_public && !is_node {
                    found.push(name);
                }
                (is_public, is_function, is_node) = (false, false, false);
            }
            TokenTree::Ident(word) if word == "pub" => is_public = true,
            TokenTree::Ident(word) if word == "fn" => is_function = true,
            TokenTree::Ident(word) if word == "async" => {}
            TokenTree::Group(group) => {
                let names_node = group.stream().into_iter().any(|tree| tree.to_string() == "node");
                is_node |= names_node && group.delimiter() == proc_macro2::Delimiter::Bracket;
                if group.delimiter() == proc_macro2::Delimiter::Brace {
                    (is_public, is_function, is_node) = (false, false, false);
                    collect(group.stream(), found);
                }
            }
            TokenTree::Ident(_) => is_public = false,
            _ => {}
        }
    }
}
