use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, Expr, Ident, Meta, Pat, PatType, Type};

use super::head::shown;
use super::{Form, ParamSource, conditions, written_type};
use crate::refusals::Refusals;

/// Reads one parameter of node `node` and takes its `#[default(..)]` out; `None` when it has no name.
pub(crate) fn read(node: &str, input: &mut PatType, refusals: &mut Refusals) -> Option<ParamSource> {
    let default = take_default(input, refusals);
    refuse_cfg(node, input, refusals);
    let Some(ident) = plain_name(&input.pat) else {
        let why = format!(
            "node `{node}` has a pattern for a parameter, and no name says what it reads; write a name, and take the \
             value apart in the body"
        );
        refusals.at(&input.pat, why);
        return None;
    };
    let name = ident.unraw().to_string();
    if let Some(found) = written_type::opaque(&input.ty) {
        let why =
            format!("parameter `{name}` is of any type that is `{}`; write which type it is", shown(&found));
        refusals.at(&input.ty, why);
    }
    let (form, wanted) = form(&name, &input.ty, refusals);
    if let (Some((attribute, _)), Form::OptionalBorrowed | Form::OptionalTaken) = (&default, form) {
        let why = format!(
            "`#[default(..)]` says nothing on `{name}`, whose default is `None`; write the parameter's type without \
             `Option`"
        );
        refusals.at(attribute, why);
    }
    if matches!(
        (form, written_type::bare(wanted)),
        (Form::Borrowed | Form::OptionalBorrowed, Type::TraitObject(_))
    ) {
        let object = shown(written_type::bare(wanted));
        let why = format!(
            "parameter `{name}` borrows `{object}`, and values are stored by their owner; borrow the type that the node or \
             input has, `&Arc<{object}>` or `&Box<{object}>`"
        );
        refusals.at(&input.ty, why);
    }
    let wanted = written_type::made_static(wanted);
    let (ident, written) = (ident.clone(), (*input.ty).clone());
    Some(ParamSource { ident, name, form, wanted, written, default: default.and_then(|(_, value)| value) })
}

fn form<'a>(name: &str, written: &'a Type, refusals: &mut Refusals) -> (Form, &'a Type) {
    let (reference, optional) = match written_type::only_argument(written, "Option") {
        Some(inner) => (written_type::borrowed(inner), Some(inner)),
        None => (written_type::borrowed(written), None),
    };
    if let Some(reference) = reference
        && reference.mutability.is_some()
    {
        let why =
            format!("parameter `{name}` changes what others read; take the value, change it and give it");
        refusals.at(reference, why);
    }
    match (reference, optional) {
        (Some(reference), None) => (Form::Borrowed, &reference.elem),
        (Some(reference), Some(_)) => (Form::OptionalBorrowed, &reference.elem),
        (None, Some(inner)) => (Form::OptionalTaken, inner),
        (None, None) => (Form::Taken, written),
    }
}

fn plain_name(pattern: &Pat) -> Option<&Ident> {
    match pattern {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => Some(&pattern.ident),
        _ => None,
    }
}

/// Takes out `#[default(value)]`: its tokens, for an error, and the value.
fn take_default(
    input: &mut PatType,
    refusals: &mut Refusals,
) -> Option<(proc_macro2::TokenStream, Option<Expr>)> {
    let mut found: Option<(proc_macro2::TokenStream, Option<Expr>)> = None;
    input.attrs.retain(|attribute| {
        if !attribute.path().is_ident("default") {
            return true;
        }
        let value = match &attribute.meta {
            Meta::List(_) => attribute.parse_args::<Expr>(),
            _ => Err(syn::Error::new_spanned(
                attribute,
                "`#[default]` has no value; write `#[default(value)]`",
            )),
        };
        let value = value.map_err(|error| refusals.add(error)).ok();
        if found.is_some() {
            refusals.at(attribute, "a parameter has one default; remove this `#[default(..)]`");
        } else {
            found = Some((attribute.to_token_stream(), value));
        }
        false
    });
    found
}

fn refuse_cfg(node: &str, input: &PatType, refusals: &mut Refusals) {
    let conditional = |attribute: &&Attribute| {
        attribute.path().is_ident("cfg") || conditions::is_behind_cfg_attr(attribute)
    };
    for attribute in input.attrs.iter().filter(conditional) {
        let why = format!(
            "a parameter of node `{node}` is there only sometimes; write the function twice, each under its `#[cfg]`"
        );
        refusals.at(attribute, why);
    }
}
