//! Decorators without arguments.

use icosian_core::Phase;
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::Ident;
use syn::parse::ParseStream;

use super::argument::Reading;
use super::{Decorates, Read, Scope};
use crate::known::Known;

struct Plain {
    written: &'static str,
    phase: Phase,
}

pub(super) fn exclude(input: ParseStream<'_>, reading: &mut Reading<'_>) -> Read {
    nothing(input, reading)?;
    Ok(Box::new(Plain { written: "Exclude", phase: Phase::Resolve }))
}

pub(super) fn offload(input: ParseStream<'_>, reading: &mut Reading<'_>) -> Read {
    nothing(input, reading)?;
    Ok(Box::new(Plain { written: "Offload", phase: Phase::Around }))
}

pub(super) fn spawn(input: ParseStream<'_>, reading: &mut Reading<'_>) -> Read {
    nothing(input, reading)?;
    Ok(Box::new(Plain { written: "Spawn", phase: Phase::Around }))
}

fn nothing(input: ParseStream<'_>, reading: &Reading<'_>) -> syn::Result<()> {
    if input.is_empty() {
        return Ok(());
    }
    let rest: TokenStream = input.parse()?;
    let name = reading.decorator;
    Err(syn::Error::new_spanned(rest, format!("`#[{name}]` has no arguments; write `#[{name}]` alone")))
}

impl Decorates for Plain {
    fn phase(&self) -> Phase {
        self.phase
    }

    fn change(&self, known: &mut Known) {
        if self.phase == Phase::Resolve {
            known.nodes.clear();
        }
    }

    fn written(&self, scope: &Scope<'_>) -> TokenStream {
        let (door, name) = (scope.door(), Ident::new(self.written, scope.span));
        quote_spanned!(scope.span=> #door::#name)
    }
}
