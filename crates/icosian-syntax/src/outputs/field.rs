//! The fields of the struct with the inputs of a declared output.

use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Ident, Type, parse_quote_spanned};

use super::{DeclaredOutput, NeededInput};
use crate::declaration::Declaration;
use crate::decorator::node_name::identifier;
use crate::model::WrittenForm;
use crate::reads::Reader;
use crate::span;
use crate::written_type::{bare, ends_with, only_argument};

/// A field for an input.
pub(crate) struct Field<'a> {
    pub(crate) ident: Ident,
    /// The type of the value, without the `Option` of an optional input.
    pub(crate) value: Type,
    /// `None` for an input of which only `inputs(..)` knows.
    pub(crate) input: Option<&'a NeededInput<'a>>,
}

/// An input that can be no field.
pub(crate) enum Unfit<'a> {
    /// Its name is no identifier.
    Name(&'a NeededInput<'a>),
    /// The source code does not show its type.
    Type(&'a NeededInput<'a>),
}

/// Returns a field for each input of `output` that the driver does not provide, and the inputs that can be none.
pub(crate) fn fields<'a>(
    output: &'a DeclaredOutput<'a>,
    declaration: &Declaration,
) -> (Vec<Field<'a>>, Vec<Unfit<'a>>) {
    let (mut fields, mut unfit) = (Vec::new(), Vec::new());
    for input in output.inputs.iter().filter(|input| !declaration.provides(input.name)) {
        let stated = declaration.typed(input.name);
        let reader = input.readers.iter().find_map(|it| it.reader);
        let span = match (stated, reader) {
            (Some(stated), _) => stated.ident.span(),
            (None, Some(reader)) => reader.param.ident.span(),
            (None, None) => output.ident.span(),
        };
        let value = stated.map(|stated| stated.written.clone()).or_else(|| value_type(input));
        match (identifier(input.name, span), value) {
            (Some(ident), Some(value)) => fields.push(Field { ident, value, input: Some(input) }),
            (None, _) => unfit.push(Unfit::Name(input)),
            (_, None) => unfit.push(Unfit::Type(input)),
        }
    }
    if !output.hidden.is_empty() {
        let is_new =
            |name: &Ident| output.inputs.iter().all(|input| *name.unraw().to_string() != *input.name);
        let stated = declaration.inputs.iter().filter(|stated| is_new(&stated.ident));
        fields.extend(stated.map(|stated| Field {
            ident: stated.ident.clone(),
            value: stated.written.clone(),
            input: None,
        }));
    }
    (fields, unfit)
}

/// Returns the name of the struct with the inputs of `output`: `PipelineInputs` for `pipeline`.
pub(crate) fn struct_name(output: &Ident) -> Ident {
    let mut name = String::new();
    for word in output.unraw().to_string().split('_') {
        let mut characters = word.chars();
        name.extend(characters.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(characters.as_str());
    }
    Ident::new(&format!("{name}Inputs"), output.span())
}

/// Returns the type that all readers of `input` can read, as far as types can be compared by their tokens, or else the type for the
/// first reader; `None` if no reader is known. Functions without a `#[cfg(..)]` come first.
fn value_type(input: &NeededInput<'_>) -> Option<Type> {
    let readers = || input.readers.iter().filter_map(|it| it.reader);
    let (always, sometimes): (Vec<_>, Vec<_>) = readers().partition(|it| it.function.cfgs.is_empty());
    let mut owned = always.iter().chain(&sometimes).map(owned_type);
    let first = owned.next()?;
    let fits = |value: &Type| readers().all(|reader| fits(value, &reader));
    Some(if fits(&first) { first } else { owned.find(fits).unwrap_or(first) })
}

/// Returns the usual type of a value that `reader` reads.
pub(crate) fn owned_type(reader: &Reader<'_>) -> Type {
    let wanted = reader.wanted;
    if matches!(reader.form, WrittenForm::Taken | WrittenForm::OptionalTaken) {
        return wanted.clone();
    }
    let at: Span = span::own(span::ends(wanted).0);
    match bare(wanted) {
        Type::Slice(slice) => {
            let element = &slice.elem;
            parse_quote_spanned!(at=> ::std::vec::Vec<#element>)
        }
        other if ends_with(other, "str") => parse_quote_spanned!(at=> ::std::string::String),
        other if ends_with(other, "Path") => parse_quote_spanned!(at=> ::std::path::PathBuf),
        other if ends_with(other, "OsStr") => parse_quote_spanned!(at=> ::std::ffi::OsString),
        other if ends_with(other, "CStr") => parse_quote_spanned!(at=> ::std::ffi::CString),
        other => other.clone(),
    }
}

/// Returns whether the tokens show that `reader` can read a `value`.
pub(crate) fn fits(value: &Type, reader: &Reader<'_>) -> bool {
    let (wanted, inner) = (reader.wanted, only_argument(value, "Option").unwrap_or(value));
    match reader.form {
        WrittenForm::Taken => is_same(value, wanted),
        WrittenForm::OptionalTaken => is_same(value, wanted) || is_same(inner, wanted),
        WrittenForm::Borrowed | WrittenForm::Result => lends(value, wanted),
        WrittenForm::OptionalBorrowed => lends(value, wanted) || lends(inner, wanted),
    }
}

/// Returns whether the tokens show that a `wanted` can be borrowed from a `value`.
fn lends(value: &Type, wanted: &Type) -> bool {
    let is_behind = |name: &str| only_argument(value, name).is_some_and(|inner| is_same(inner, wanted));
    if is_same(value, wanted) || is_behind("Box") || is_behind("Arc") {
        return true;
    }
    if let Type::Reference(reference) = bare(value) {
        return is_same(&reference.elem, wanted);
    }
    match bare(wanted) {
        Type::Slice(slice) => {
            only_argument(value, "Vec").is_some_and(|element| is_same(element, &slice.elem))
        }
        wanted if ends_with(wanted, "str") => ends_with(value, "String"),
        wanted if ends_with(wanted, "Path") => ends_with(value, "PathBuf"),
        _ => false,
    }
}

fn is_same(left: &Type, right: &Type) -> bool {
    bare(left).to_token_stream().to_string() == bare(right).to_token_stream().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(output: &str, expect: &str) {
        let output = syn::parse_str::<Ident>(output).unwrap();
        assert_eq!(struct_name(&output), expect);
    }

    #[test]
    fn structs_have_the_name_of_the_output_in_camel_case() {
        check("pipeline", "PipelineInputs");
        check("spend_mean_2", "SpendMean2Inputs");
        check("r#type", "TypeInputs");
        check("_raw__eu", "RawEuInputs");
        check("äpfel", "ÄpfelInputs");
    }

    #[track_caller]
    fn lends(value: &str, wanted: &str) -> bool {
        super::lends(&syn::parse_str(value).unwrap(), &syn::parse_str(wanted).unwrap())
    }

    #[test]
    fn owners_lend_what_they_own() {
        assert!(
            lends("String", "str") && lends("std::string::String", "str") && lends("&'static str", "str")
        );
        assert!(lends("Arc<str>", "str") && lends("Arc<Table>", "Table") && lends("Table", "Table"));
        assert!(lends("Vec<u8>", "[u8]") && lends("Box<[u8]>", "[u8]") && lends("PathBuf", "Path"));
        assert!(!lends("Vec<u8>", "[u16]") && !lends("String", "Path") && !lends("Table", "Arc<Table>"));
    }
}
