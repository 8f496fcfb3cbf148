use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::parse::ParseStream;
use syn::{Expr, Ident, Token};

use super::argument::{Dotted, Reading};
use super::check_output::Meant;
use crate::known_nodes::KnownNodes;
use crate::model::{Decorates, ExpandContext, ReadResult};
use crate::span;

/// `#[check_output_custom(validator, async validator, importance = "fail", on(mean))]`
#[derive(Default)]
struct CheckOutputCustom {
    validators: Vec<ValidatorArg>,
    meant: Meant,
}

struct ValidatorArg {
    is_async: bool,
    written: Expr,
}

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    let mut check = CheckOutputCustom::default();
    let mut count = 0;
    reading.each(input, |input, reading| {
        if input.peek(Ident) && input.peek2(Token![=]) || is_on(input) {
            let name = reading.named_argument(input)?;
            return check.meant.read(&name, input);
        }
        count += 1;
        let is_block = input.peek2(syn::token::Brace) || input.peek2(Token![move]) || input.peek2(Token![|]);
        let is_async = input.peek(Token![async]) && !is_block;
        if is_async {
            input.parse::<Token![async]>()?;
        }
        check.validators.push(ValidatorArg { is_async, written: input.parse()? });
        Ok(())
    });
    if count == 0 {
        reading.refuse("has no validator", "write a validator, and `async` before an asynchronous one");
    }
    Ok(Box::new(check))
}

fn is_on(input: ParseStream<'_>) -> bool {
    input.peek2(syn::token::Paren) && input.cursor().ident().is_some_and(|(ident, _)| ident == "on")
}

impl Decorates for CheckOutputCustom {
    fn change(&self, known: &mut KnownNodes) {
        known.check(&self.outputs());
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let (door, whole, meant) = (scope.door(), scope.whole, self.meant.written(scope));
        let validators = self.validators.iter().map(|validator| {
            let (written, span) = (&validator.written, span::own(span::ends(&validator.written).0));
            let method = Ident::new(if validator.is_async { "custom_async" } else { "custom" }, span);
            quote_spanned!(span=> .#method(#written))
        });
        quote_spanned!(scope.span=> #door::CheckOutput::<#whole>::new()#(#validators)*#meant)
    }

    fn outputs(&self) -> Vec<&Dotted> {
        self.meant.outputs()
    }
}
