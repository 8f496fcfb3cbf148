use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Lit};

use super::argument::{Dotted, Reading, equals};
use crate::model::{Decorates, ExpandContext, ReadResult};
use crate::span;
use crate::written_type::shown;

/// `#[remote(num_cpus = 4)]`
struct RemoteArgs(Vec<(Dotted, Expr)>);

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    if input.is_empty() {
        reading.refuse("has no options", "write `option = ..`");
    }
    let mut options = Vec::new();
    reading.each(input, |input, reading| {
        let name: Dotted = input.parse()?;
        reading.once(&name.name, &name)?;
        options.push((name, equals(input)?));
        Ok(())
    });
    Ok(Box::new(RemoteArgs(options)))
}

impl Decorates for RemoteArgs {
    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let door = scope.door();
        let options = self.0.iter().map(|(name, value)| {
            let span = span::own(span::ends(value).0);
            let value = match value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => quote_spanned!(span=> #text),
                Expr::Lit(literal) => {
                    let text = shown(literal);
                    quote_spanned!(span=> #text)
                }
                other => quote_spanned!(span=> ::std::string::ToString::to_string(&(#other))),
            };
            let (span, name) = (name.span(), name.text());
            quote_spanned!(span=> .option(#name, #value))
        });
        quote_spanned!(scope.span=> #door::Remote::new()#(#options)*)
    }
}
