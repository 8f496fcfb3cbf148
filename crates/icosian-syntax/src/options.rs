use icosian_diagnostics::nearest;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, LitStr, Path, Token};

use crate::code;
use crate::declaration::Declaration;
use crate::dependency;
use crate::faults::Faults;
use crate::read;

/// The options of `#[dataflow(..)]` or `#[node(..)]`.
#[derive(Default)]
pub(crate) struct AttributeOptions {
    pub(crate) facade: Option<Path>,
    /// The name of the dataflow, if it differs from the module's.
    pub(crate) name: Option<LitStr>,
    pub(crate) declaration: Declaration,
}

impl AttributeOptions {
    pub(crate) fn read(tokens: TokenStream, known: &[&str], faults: &mut Faults) -> Self {
        let mut options = Self::default();
        let parser = |input: ParseStream<'_>| options.parse(input, known, faults);
        if let Err(error) = parser.parse2(read::without_groups(tokens)) {
            faults.report_error(code::INVALID_OPTION, error);
        }
        options
    }

    fn parse(&mut self, input: ParseStream<'_>, known: &[&str], faults: &mut Faults) -> syn::Result<()> {
        let mut declared: Vec<Ident> = Vec::new();
        while !input.is_empty() {
            let option = input.call(Ident::parse_any)?;
            let name = option.to_string();
            if !known.contains(&name.as_str()) {
                let help = match nearest(&name, known.iter().copied()) {
                    Some(meant) => format!("write `{meant}`"),
                    None => format!("write one of `{}`", known.join("`, `")),
                };
                faults.report(code::INVALID_OPTION, &option, format!("unknown option `{name}`"), help);
                skip_to_comma(input)?;
            } else if name == "allow" {
                // The linter reads its content, and reports faults in it.
                let inside;
                syn::parenthesized!(inside in input);
                inside.parse::<TokenStream>()?;
            } else if Declaration::OPTIONS.contains(&name.as_str()) {
                if declared.contains(&option) {
                    let help = "write all names in one of the two";
                    faults.report(code::INVALID_OPTION, &option, format!("`{name}` is repeated"), help);
                }
                self.declaration.read(&option, input, faults)?;
                declared.push(option);
            } else if name == "crate" {
                input.parse::<Token![=]>()?;
                self.facade = Some(input.call(Path::parse_mod_style)?);
            } else {
                input.parse::<Token![=]>()?;
                self.name = Some(input.parse()?);
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Declaration::refuse_alone(&declared, faults);
        Ok(())
    }

    /// Sets the path of the facade to a dependency that the manifest renames, unless the options set it.
    pub(crate) fn find_facade(&mut self) {
        if self.facade.is_none() {
            self.facade = dependency::renamed().and_then(|name| syn::parse_str(&format!("::{name}")).ok());
        }
    }

    /// Returns the path of the hidden module that generated code uses.
    pub(crate) fn door(&self) -> TokenStream {
        self.facade.as_ref().map_or_else(|| quote!(::icosian::__private), |facade| quote!(#facade::__private))
    }
}

/// Returns whether `tokens` contain only `allow(..)`.
pub(crate) fn only_allow(tokens: TokenStream) -> bool {
    let mut faults = Faults::default();
    let is_empty = tokens.is_empty();
    AttributeOptions::read(tokens, &["allow"], &mut faults);
    !is_empty && faults.count() == 0
}

fn skip_to_comma(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}
