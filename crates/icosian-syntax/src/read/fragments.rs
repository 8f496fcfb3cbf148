//! Removes the invisible groups that `macro_rules!` puts around the fragments it passes on.
//!
//! A fragment such as `$t:literal` or `$p:path` arrives as a group without delimiters. A reader that matches on literals
//! and paths would miss the token inside. Attributes and signatures lose these groups once, before anything reads them.
//! Function bodies keep theirs.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, FnArg, ItemFn, Meta, Type};

/// Removes invisible groups from the attributes and the signature of `function`.
pub(crate) fn remove_groups(function: &mut ItemFn) {
    remove_groups_from_attributes(&mut function.attrs);
    for input in &mut function.sig.inputs {
        if let FnArg::Typed(input) = input {
            remove_groups_from_attributes(&mut input.attrs);
        }
    }
    RemoveTypeGroups.visit_signature_mut(&mut function.sig);
}

fn remove_groups_from_attributes(attributes: &mut [Attribute]) {
    for attribute in attributes {
        match &mut attribute.meta {
            Meta::List(list) => list.tokens = without_groups(std::mem::take(&mut list.tokens)),
            Meta::NameValue(meta) => {
                while let Expr::Group(group) = &meta.value {
                    meta.value = (*group.expr).clone();
                }
            }
            Meta::Path(_) => {}
        }
    }
}

struct RemoveTypeGroups;

impl VisitMut for RemoveTypeGroups {
    fn visit_type_mut(&mut self, found: &mut Type) {
        while let Type::Group(group) = found {
            // `&$t` with `dyn A + B` for `$t` needs the group, as `&dyn A + B` does not parse.
            let has_plus = match &*group.elem {
                Type::TraitObject(object) => object.bounds.len() > 1,
                Type::ImplTrait(opaque) => opaque.bounds.len() > 1,
                _ => false,
            };
            if has_plus {
                break;
            }
            *found = (*group.elem).clone();
        }
        visit_mut::visit_type_mut(self, found);
    }
}

/// Returns `tokens` without the invisible groups around a single token, a path or a whole argument.
///
/// Other groups stay because they carry precedence: in `$a * 2`, the fragment `1 + 2` stays one operand.
pub(crate) fn without_groups(tokens: TokenStream) -> TokenStream {
    if !has_group(&tokens) {
        return tokens;
    }
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut visible = TokenStream::new();
    for (at, tree) in trees.iter().enumerate() {
        let TokenTree::Group(group) = tree else {
            visible.extend([tree.clone()]);
            continue;
        };
        let inside = without_groups(group.stream());
        if group.delimiter() == Delimiter::None && (is_argument(&trees, at) || is_operand(&inside)) {
            visible.extend(inside);
        } else {
            let mut rebuilt = Group::new(group.delimiter(), inside);
            rebuilt.set_span(group.span());
            visible.extend([TokenTree::Group(rebuilt)]);
        }
    }
    visible
}

fn has_group(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::None || has_group(&group.stream()),
        _ => false,
    })
}

/// Returns whether the token at `at` is all there is between two commas, or between `=` and a comma.
fn is_argument(trees: &[TokenTree], at: usize) -> bool {
    let punct = |at: Option<usize>| match at.and_then(|at| trees.get(at)) {
        Some(TokenTree::Punct(punct)) => Some(punct),
        _ => None,
    };
    let before = punct(at.checked_sub(1));
    // The `=` of `==`, `..=` and the like belongs to another operator.
    let is_joint =
        punct(at.checked_sub(2)).is_some_and(|punct| punct.spacing() == proc_macro2::Spacing::Joint);
    let begins = at == 0
        || before.is_some_and(|punct| punct.as_char() == ',' || (punct.as_char() == '=' && !is_joint));
    let ends = at + 1 == trees.len() || punct(Some(at + 1)).is_some_and(|punct| punct.as_char() == ',');
    begins && ends
}

/// Returns whether `tokens` bind as tightly as one token: a literal, a name, a delimited group, or a path.
fn is_operand(tokens: &TokenStream) -> bool {
    let mut trees = tokens.clone().into_iter();
    let is_single = matches!((trees.next(), trees.next()), (Some(_), None));
    let is_path = || {
        tokens.clone().into_iter().all(|tree| match tree {
            TokenTree::Ident(_) => true,
            TokenTree::Punct(punct) => punct.as_char() == ':',
            _ => false,
        })
    };
    !tokens.is_empty() && (is_single || is_path())
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;
    use syn::parse_quote;

    fn group(tokens: TokenStream) -> TokenStream {
        TokenTree::Group(Group::new(Delimiter::None, tokens)).into()
    }

    /// Returns `tokens` as text, with `<` and `>` around invisible groups, which print like their content.
    fn marked(tokens: TokenStream) -> String {
        let texts = tokens.into_iter().map(|tree| match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                format!("<{}>", marked(group.stream()))
            }
            TokenTree::Group(group) => format!("({})", marked(group.stream())),
            other => other.to_string(),
        });
        texts.collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "the callers quote both")]
    fn check(tokens: TokenStream, expect: TokenStream) {
        assert_eq!(marked(without_groups(tokens)), marked(expect.clone()));
    }

    #[test]
    fn groups_around_arguments_are_removed() {
        let text = group(quote!("2s"));
        check(quote!(#text), quote!("2s"));
        let (negative, sum) = (group(quote!(-1)), group(quote!(1 + 2)));
        check(quote!(attempts = #negative, value = #sum), quote!(attempts = -1, value = 1 + 2));
        let nested = group(group(quote!(a::b)));
        check(quote!(step(#nested), f(x = source(#nested))), quote!(step(a::b), f(x = source(a::b))));
        let named = group(quote!(range = 0.0..=1.0));
        check(quote!(#named), quote!(range = 0.0..=1.0));
        let written = group(quote!(Vec<u8>));
        check(quote!(data_type = #written), quote!(data_type = Vec<u8>));
    }

    #[test]
    fn groups_around_operands_are_removed() {
        let (low, high) = (group(quote!(0.5)), group(quote!(Self::MOST)));
        check(quote!(range = #low..=#high), quote!(range = 0.5..=Self::MOST));
    }

    #[test]
    fn groups_that_carry_precedence_stay() {
        let sum = group(quote!(1 + 2));
        check(quote!(value = #sum * 2), quote!(value = #sum * 2));
        check(quote!(range = 0..=#sum), quote!(range = 0..=#sum));
        check(quote!(with = |e| x == #sum), quote!(with = |e| x == #sum));
    }

    #[test]
    fn spans_of_visible_groups_are_kept() {
        let same = quote!(step(f), namespace = "ns");
        assert_eq!(without_groups(same.clone()).to_string(), same.to_string());
    }

    #[test]
    fn signatures_and_attributes_lose_their_groups() {
        let (text, number) = (group(quote!(Option<&str>)), group(quote!(u64)));
        let (default, doc) = (group(quote!(3)), group(quote!("Counts.")));
        let mut function: ItemFn = parse_quote! {
            #[doc = #doc]
            pub fn f(a: #text, #[default(#default)] b: &#number, c: Vec<#number>) -> Result<#number, Failed> {
                let kept = #number;
            }
        };
        remove_groups(&mut function);
        let plain: ItemFn = parse_quote! {
            #[doc = "Counts."]
            pub fn f(a: Option<&str>, #[default(3)] b: &u64, c: Vec<u64>) -> Result<u64, Failed> {
                let kept = #number;
            }
        };
        assert_eq!(function, plain);
    }

    #[test]
    fn a_borrowed_sum_of_traits_keeps_its_group() {
        let object = group(quote!(dyn Send + Sync));
        let mut function: ItemFn = parse_quote! { fn f(a: &#object) {} };
        let before = function.clone();
        remove_groups(&mut function);
        assert_eq!(function, before);
    }
}
