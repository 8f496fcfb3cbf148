use icosian_core::Phase;
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Lit, LitStr};

use super::argument::{Reading, equals};
use super::{Decorates, Read, Scope};

/// `#[limit("group", at_a_time = 4)]`
struct Limit {
    group: Option<Expr>,
    at_a_time: Option<Expr>,
}

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> Read {
    let (mut group, mut at_a_time) = (None, None);
    reading.each(input, |input, reading| {
        if input.peek(Lit) && !input.peek(LitStr) {
            let example = if group.is_none() { "\"group\", at_a_time = {}" } else { "at_a_time = {}" };
            return Err(reading.nameless(input, example));
        }
        if group.is_none() && (input.peek(LitStr) || !input.peek2(syn::Token![=])) {
            group = Some(input.parse()?);
            return Ok(());
        }
        reading.argument(input, &["at_a_time"])?;
        let count: Expr = equals(input)?;
        if let Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) = &count
            && number.base10_parse::<u64>().is_ok_and(|number| number == 0)
        {
            return Err(syn::Error::new_spanned(count, "none would ever run; write at least `1`"));
        }
        if matches!(count, Expr::Lit(ExprLit { ref lit, .. }) if !matches!(lit, Lit::Int(_)))
            || matches!(count, Expr::Unary(_))
        {
            let why = "nodes are counted; write a number, as in `at_a_time = 4`";
            return Err(syn::Error::new_spanned(count, why));
        }
        at_a_time = Some(count);
        Ok(())
    });
    if group.is_none() {
        reading.refuse_missing("does not say which group it is about; write `\"group\"` first");
    }
    Ok(Box::new(Limit { group, at_a_time }))
}

impl Decorates for Limit {
    fn phase(&self) -> Phase {
        Phase::Around
    }

    fn written(&self, scope: &Scope<'_>) -> TokenStream {
        let (door, group) = (scope.door(), &self.group);
        let at_a_time = self.at_a_time.as_ref().map(|count| quote_spanned!(scope.span=> .at_a_time(#count)));
        quote_spanned!(scope.span=> #door::Limit::new(#group)#at_a_time)
    }
}
