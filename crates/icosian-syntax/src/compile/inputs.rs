//! The fields of the struct of a declared output, as a compiled function reads them.

use super::graph::{CompiledOutput, Root};
use crate::decorator::node_name::identifier;
use crate::model::WrittenForm;
use crate::written_type::{bare, ends_with};
use proc_macro2::Span;
use quote::format_ident;
use syn::ext::IdentExt;
use syn::{Ident, Type, parse_quote};

/// A field of the struct with the inputs.
pub(crate) struct InputField {
    pub(crate) name: String,
    pub(crate) ident: Ident,
    /// The local variable with its value.
    pub(crate) local: Ident,
    /// The type of the value.
    pub(crate) value: Type,
    pub(crate) presence: InputPresence,
}

/// The presence of an input's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InputPresence {
    /// The field is the value.
    Always,
    /// The field is an `Option`.
    Sometimes,
}

/// Returns the fields, in the order in which nodes read them.
pub(crate) fn fields(output: &CompiledOutput<'_>) -> Vec<InputField> {
    output
        .inputs
        .iter()
        .enumerate()
        .filter_map(|(at, name)| {
            let readers: Vec<_> = output
                .calls
                .iter()
                .flat_map(|c| &c.arguments)
                .filter(|a| a.value.as_ref().is_some_and(|v| v.root == Root::Input(at)))
                .collect();
            let required = readers.iter().any(|a| {
                a.param.default.is_none()
                    && matches!(
                        a.param.form,
                        WrittenForm::Borrowed | WrittenForm::Taken | WrittenForm::Result
                    )
            });
            let p = readers[0].param;
            let value: Type = if matches!(p.form, WrittenForm::Taken | WrittenForm::OptionalTaken) {
                p.wanted.clone()
            } else {
                match bare(&p.wanted) {
                    Type::Slice(s) => {
                        let e = &s.elem;
                        parse_quote!(::std::vec::Vec<#e>)
                    }
                    other if ends_with(other, "str") => parse_quote!(::std::string::String),
                    other => other.clone(),
                }
            };
            let presence = if required { InputPresence::Always } else { InputPresence::Sometimes };
            Some(InputField {
                ident: identifier(name, Span::call_site())?,
                value,
                name: name.clone(),
                local: format_ident!("field_{at}", span = Span::mixed_site()),
                presence,
            })
        })
        .collect()
}

/// Returns the name of the struct.
pub(crate) fn struct_name(output: &Ident) -> Ident {
    let mut name = String::new();
    for word in output.unraw().to_string().split('_') {
        let mut characters = word.chars();
        name.extend(characters.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(characters.as_str());
    }
    Ident::new(&format!("{name}Inputs"), output.span())
}
