use std::time::Duration;

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::parse::ParseStream;
use syn::{Ident, Token};

use super::argument::Reading;
use super::duration::Time;
use crate::fault::invalid;
use crate::inlined::Inlined;
use crate::model::{Decorates, ExpandContext, ReadResult};

/// `#[timeout("2s")]`
struct TimeoutArgs(Time);

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    if input.is_empty() {
        return Err(invalid(reading.decorator, "`#[timeout]` has no duration", "write `#[timeout(\"2s\")]`"));
    }
    if input.peek(Ident) && input.peek2(Token![=]) {
        let name = input.parse::<Ident>()?;
        let message = format!("`#[timeout]` has no argument `{name}`");
        return Err(invalid(name, message, "write the duration alone, as in `#[timeout(\"2s\")]`"));
    }
    let time = Time::of(input.parse()?)?;
    if let Time::KnownNodes(Duration::ZERO, text) = &time {
        let message = format!("a timeout of `{}` always expires", text.value());
        return Err(invalid(text, message, "write a positive duration, as in `\"2s\"`"));
    }
    Ok(Box::new(TimeoutArgs(time)))
}

impl Decorates for TimeoutArgs {
    fn inlined(&self, _: &ExpandContext<'_>) -> Option<Inlined<'_>> {
        Some(Inlined::Timeout)
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let (door, time) = (scope.door(), self.0.written());
        quote_spanned!(scope.span=> #door::Timeout::new(#time))
    }
}
