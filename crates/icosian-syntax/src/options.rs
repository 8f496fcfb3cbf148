use icosian_diagnostics::nearest;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, LitStr, Path, Token};

use crate::dependency;
use crate::read;
use crate::refusals::Refusals;

/// What stands in the parentheses of `#[dataflow(..)]` and `#[node(..)]`.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) facade: Option<Path>,
    /// The dataflow's name, if it is not the module's.
    pub(crate) name: Option<LitStr>,
}

impl Options {
    pub(crate) fn read(tokens: TokenStream, known: &[&str], refusals: &mut Refusals) -> Self {
        let mut options = Self::default();
        let parser = |input: ParseStream<'_>| options.parse(input, known, refusals);
        if let Err(error) = parser.parse2(read::without_groups(tokens)) {
            refusals.add(error);
        }
        if options.facade.is_none() && known.contains(&"crate") {
            options.facade = dependency::renamed().and_then(|name| syn::parse_str(&format!("::{name}")).ok());
        }
        options
    }

    fn parse(&mut self, input: ParseStream<'_>, known: &[&str], refusals: &mut Refusals) -> syn::Result<()> {
        while !input.is_empty() {
            let option = input.call(Ident::parse_any)?;
            let name = option.to_string();
            if !known.contains(&name.as_str()) {
                refusals.at(&option, unknown(&name, known));
                skip_to_comma(input)?;
            } else if name == "allow" {
                // It speaks to the linter, which also says what is wrong inside it.
                let inside;
                syn::parenthesized!(inside in input);
                inside.parse::<TokenStream>()?;
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
        Ok(())
    }

    /// Returns the path of the module that written code speaks to.
    pub(crate) fn door(&self) -> TokenStream {
        self.facade.as_ref().map_or_else(|| quote!(::icosian::__private), |facade| quote!(#facade::__private))
    }
}

/// Returns whether `tokens` only say what is allowed.
pub(crate) fn only_allow(tokens: TokenStream) -> bool {
    let mut refusals = Refusals::default();
    let is_empty = tokens.is_empty();
    Options::read(tokens, &["allow"], &mut refusals);
    !is_empty && refusals.count() == 0
}

fn unknown(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(meant) => format!("there is no option `{name}`; did you mean `{meant}`?"),
        None => format!("there is no option `{name}`; there is `{}`", known.join("`, `")),
    }
}

fn skip_to_comma(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}
