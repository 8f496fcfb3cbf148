use std::time::Duration;

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::parse::ParseStream;
use syn::{Ident, Token};

use super::argument::Reading;
use super::duration::Time;
use super::{Decorates, Read, Scope};

/// `#[timeout("2s")]`
struct Timeout(Time);

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> Read {
    if input.is_empty() {
        let why = "`#[timeout]` does not say how long; write `#[timeout(\"2s\")]`";
        return Err(syn::Error::new(reading.decorator.span(), why));
    }
    if input.peek(Ident) && input.peek2(Token![=]) {
        let name = input.parse::<Ident>()?;
        let why =
            format!("`#[timeout]` has no argument `{name}`; write the time alone, `#[timeout(\"2s\")]`");
        return Err(syn::Error::new(name.span(), why));
    }
    let time = Time::of(input.parse()?)?;
    if let Time::Known(Duration::ZERO, text) = &time {
        let why = "nothing is done in no time; write how long it may take, as in `\"2s\"`";
        return Err(syn::Error::new(text.span(), why));
    }
    Ok(Box::new(Timeout(time)))
}

impl Decorates for Timeout {
    fn written(&self, scope: &Scope<'_>) -> TokenStream {
        let (door, time) = (scope.door(), self.0.written());
        quote_spanned!(scope.span=> #door::Timeout::new(#time))
    }
}
