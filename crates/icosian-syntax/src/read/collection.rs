//! Parameters that end a block: `Collect<T>` and `CollectStream<T>`.

use icosian_diagnostics::nearest;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, GenericArgument, Ident, Meta, PatType, PathArguments, Type};

use crate::code;
use crate::fault::invalid;
use crate::faults::Faults;
use crate::model::{CollectionSource, WrittenForm};
use crate::written_type::{bare, ends_with, last_segment, only_argument, shown};

/// The attribute `#[collect(unordered)]` of a parameter.
pub(super) struct CollectAttribute(TokenStream);

/// Removes `#[collect(..)]` from a parameter, and returns it.
pub(super) fn take_attribute(input: &mut PatType, faults: &mut Faults) -> Option<CollectAttribute> {
    let mut found = None;
    input.attrs.retain(|attribute| {
        if !is_collect(attribute) {
            return true;
        }
        if found.is_some() {
            let message = "`#[collect(..)]` is repeated";
            faults.report(code::DUPLICATE_DECORATOR, attribute, message, "remove one of the two attributes");
        } else if let Err(error) = read_argument(attribute) {
            faults.report_error(code::INVALID_ARGUMENT, error);
        }
        found = Some(CollectAttribute(attribute.to_token_stream()));
        false
    });
    found
}

/// Returns whether `attribute` is `#[collect(..)]`.
pub(super) fn is_collect(attribute: &Attribute) -> bool {
    attribute.path().is_ident("collect")
}

fn read_argument(attribute: &Attribute) -> syn::Result<()> {
    const HELP: &str = "write `#[collect(unordered)]`, or remove the attribute";
    let Meta::List(list) = &attribute.meta else {
        return Err(invalid(attribute, "`#[collect]` needs an argument", HELP));
    };
    match list.parse_args::<Ident>() {
        Ok(argument) if argument == "unordered" => Ok(()),
        Ok(argument) => {
            let help = match nearest(&argument.to_string(), ["unordered"]) {
                Some(_) => "write `unordered`",
                None => HELP,
            };
            Err(invalid(&argument, format!("`#[collect]` has no argument `{argument}`"), help))
        }
        Err(_) if list.tokens.is_empty() => Err(invalid(attribute, "`#[collect]` needs an argument", HELP)),
        Err(_) => {
            let message = format!("`#[collect]` has no argument `{}`", shown(&list.tokens));
            Err(invalid(&list.tokens, message, HELP))
        }
    }
}

/// Returns the collection of the parameter `name` with the type `wanted`, without `&` and `Option`, and reports forms that no
/// collection has.
pub(super) fn of(
    name: &str,
    (form, wanted): (WrittenForm, &Type),
    attribute: Option<&CollectAttribute>,
    input: &PatType,
    faults: &mut Faults,
) -> Option<CollectionSource> {
    let kind = ["Collect", "CollectStream"].into_iter().find(|kind| ends_with(wanted, kind));
    let collected = kind.and_then(|kind| Some((kind, only_argument(wanted, kind)?)));
    let Some((kind, element)) = collected else {
        if let Some(CollectAttribute(attribute)) = attribute {
            let message =
                format!("`#[collect(..)]` is on `{name}`, whose type is not `Collect` or `CollectStream`");
            let help = format!("write `{name}: Collect<..>`, or remove the attribute");
            faults.report(code::MISPLACED_DECORATOR, attribute, message, help);
        }
        return None;
    };
    let collection = format!("{kind}<{}>", shown(element));
    if matches!(form, WrittenForm::OptionalBorrowed | WrittenForm::OptionalTaken) {
        let message =
            format!("parameter `{name}` is an optional `{kind}`, but a collection is never missing");
        let help = format!("write `{name}: {collection}`, which is empty if there are no items");
        faults.report(code::UNSUPPORTED_PARAM, &input.ty, message, help);
    } else if kind == "CollectStream" && form == WrittenForm::Borrowed {
        let message = format!(
            "parameter `{name}` borrows a `CollectStream`, but only the owner of a stream can poll it"
        );
        faults.report(code::UNSUPPORTED_PARAM, &input.ty, message, format!("write `{name}: {collection}`"));
    }
    // A `Result` of a collection is reported where its form is read.
    Some(CollectionSource { element: result(element), is_unordered: attribute.is_some() })
}

/// Returns the type of the results of which `element` is one: that of `T`, or of `Result<T, ItemError>`; `None` if an alias hides it.
fn result(element: &Type) -> Option<Type> {
    let segment = last_segment(element).map(|segment| (segment.ident.to_string(), &segment.arguments));
    let Some((name, arguments)) = segment.filter(|(name, _)| name.ends_with("Result")) else {
        return Some(bare(element).clone());
    };
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    let mut arguments = arguments.args.iter();
    match (arguments.next(), arguments.next()) {
        (Some(GenericArgument::Type(result)), Some(GenericArgument::Type(error)))
            if name == "Result" && ends_with(error, "ItemError") =>
        {
            Some(result.clone())
        }
        _ => None,
    }
}
