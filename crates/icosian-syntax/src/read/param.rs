use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, Expr, Ident, Meta, Pat, PatType, Type};

use super::accepted::AcceptedFailure;
use super::{collection, conditions};
use crate::code;
use crate::fault::invalid;
use crate::faults::Faults;
use crate::model::{ParamSource, WrittenForm};
use crate::written_type::{self, shown};

/// Reads one parameter of node `node` and removes its `#[default(..)]`; `None` if it has no name.
pub(crate) fn read(node: &str, input: &mut PatType, faults: &mut Faults) -> Option<ParamSource> {
    let default = take_default(input, faults);
    let collect = collection::take_attribute(input, faults);
    refuse_cfg(node, input, faults);
    let Some(ident) = plain_name(&input.pat) else {
        let message = format!("a parameter of node `{node}` is a pattern, but parameters need a name");
        faults.report(
            code::UNSUPPORTED_PARAM,
            &input.pat,
            message,
            "write a name, and destructure the value in the body",
        );
        return None;
    };
    let name = ident.unraw().to_string();
    if let Some(found) = written_type::opaque(&input.ty) {
        let message = format!("parameter `{name}` of node `{node}` has the generic type `{}`", shown(&found));
        faults.report(code::GENERIC_NODE, &input.ty, message, "write a concrete type");
    }
    let (form, wanted) = form(&name, &input.ty, faults);
    let collection = collection::of(&name, (form, wanted), collect.as_ref(), input, faults);
    if let (Some((attribute, _)), WrittenForm::OptionalBorrowed | WrittenForm::OptionalTaken) =
        (&default, form)
    {
        let message =
            format!("`#[default(..)]` has no effect on `{name}`: the default of an `Option` is `None`");
        faults.report(
            code::INVALID_DEFAULT,
            attribute,
            message,
            "remove the `Option` from the parameter's type",
        );
    }
    if let (Some((attribute, _)), Some(_)) = (&default, &collection) {
        let message = format!("`#[default(..)]` has no effect on `{name}`: a collection is never missing");
        faults.report(code::INVALID_DEFAULT, attribute, message, "remove the attribute");
    }
    if let (Some((attribute, _)), WrittenForm::Result) = (&default, form) {
        let message = format!("`#[default(..)]` has no effect on `{name}`: a `Result` is never missing");
        let help = format!("remove the attribute, and match on the error of `{name}`");
        faults.report(code::INVALID_DEFAULT, attribute, message, help);
    }
    if matches!(
        (form, written_type::bare(wanted)),
        (WrittenForm::Borrowed | WrittenForm::OptionalBorrowed | WrittenForm::Result, Type::TraitObject(_))
    ) {
        let object = shown(written_type::bare(wanted));
        let message = format!("parameter `{name}` borrows the unsized type `{object}`");
        let help = format!("borrow the type of the value, `&Arc<{object}>` or `&Box<{object}>`");
        faults.report(code::UNSUPPORTED_PARAM, &input.ty, message, help);
    }
    let wanted = written_type::made_static(wanted);
    let (ident, written) = (ident.clone(), (*input.ty).clone());
    let default = default.and_then(|(_, value)| value);
    Some(ParamSource { ident, name, form, wanted, written, default, collection })
}

fn form<'a>(name: &str, written: &'a Type, faults: &mut Faults) -> (WrittenForm, &'a Type) {
    if let Some(accepted) = AcceptedFailure::find(written) {
        return (WrittenForm::Result, accepted.read(name, written, faults));
    }
    let (reference, optional) = match written_type::only_argument(written, "Option") {
        Some(inner) => (written_type::borrowed(inner), Some(inner)),
        None => (written_type::borrowed(written), None),
    };
    if let Some(reference) = reference
        && reference.mutability.is_some()
    {
        let message = format!("parameter `{name}` borrows mutably, but other nodes may read the value");
        let help = "declare it by value, change the value and return it";
        faults.report(code::UNSUPPORTED_PARAM, reference, message, help);
    }
    match (reference, optional) {
        (Some(reference), None) => (WrittenForm::Borrowed, &reference.elem),
        (Some(reference), Some(_)) => (WrittenForm::OptionalBorrowed, &reference.elem),
        (None, Some(inner)) => (WrittenForm::OptionalTaken, inner),
        (None, None) => (WrittenForm::Taken, written),
    }
}

fn plain_name(pattern: &Pat) -> Option<&Ident> {
    match pattern {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => Some(&pattern.ident),
        _ => None,
    }
}

/// Removes `#[default(value)]`, and returns its tokens and the value.
fn take_default(
    input: &mut PatType,
    faults: &mut Faults,
) -> Option<(proc_macro2::TokenStream, Option<Expr>)> {
    let mut found: Option<(proc_macro2::TokenStream, Option<Expr>)> = None;
    input.attrs.retain(|attribute| {
        if !attribute.path().is_ident("default") {
            return true;
        }
        let value = match &attribute.meta {
            Meta::List(_) => attribute.parse_args::<Expr>(),
            _ => Err(invalid(attribute, "`#[default]` has no value", "write `#[default(value)]`")),
        };
        let value = value.map_err(|error| faults.report_error(code::INVALID_DEFAULT, error)).ok();
        if found.is_some() {
            faults.report(
                code::INVALID_DEFAULT,
                attribute,
                "`#[default(..)]` is repeated",
                "remove one of the two",
            );
        } else {
            found = Some((attribute.to_token_stream(), value));
        }
        false
    });
    found
}

fn refuse_cfg(node: &str, input: &PatType, faults: &mut Faults) {
    let conditional = |attribute: &&Attribute| {
        attribute.path().is_ident("cfg") || conditions::is_behind_cfg_attr(attribute)
    };
    for attribute in input.attrs.iter().filter(conditional) {
        let message = format!("a parameter of node `{node}` is conditional");
        let help = "write two functions, each below its own `#[cfg(..)]`";
        faults.report(code::HIDDEN_CONDITION, attribute, message, help);
    }
}
