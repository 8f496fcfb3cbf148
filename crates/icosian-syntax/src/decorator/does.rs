use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Lit, Path};

use super::argument::ParamName;
use super::argument::{Reading, equals, unknown};
use super::binding;
use super::called_function::check_called;
use crate::code;
use crate::connection::Connection;
use crate::fault::invalid;
use crate::faults::Faults;
use crate::known_nodes::KnownNodes;
use crate::model::{DataflowSource, NodeSource};
use crate::model::{Decorates, ExpandContext, Feed, ReadResult, Unbound};
use crate::span;

/// `#[does(other, their = ours)]`
struct DoesArgs {
    other: Path,
    mapped: Vec<(Ident, Ident)>,
}

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    if input.is_empty() || input.peek2(syn::Token![=]) {
        let help = "write the function that replaces the body as the first argument";
        return Err(invalid(reading.decorator, "`#[does]` has no function", help));
    }
    let (mut other, mut mapped) = (None, Vec::new());
    reading.each(input, |input, reading| {
        if other.is_none() && input.peek(Lit) {
            return Err(reading.nameless(input, "function"));
        }
        if other.is_none() {
            other = Some(binding::function(input)?);
            return Ok(());
        }
        let theirs = input.call(Ident::parse_any)?;
        reading.once(&theirs.to_string(), &theirs)?;
        mapped.push((theirs, equals(input)?));
        Ok(())
    });
    match other {
        Some(other) => Ok(Box::new(DoesArgs { other, mapped })),
        // A fault was reported.
        None => Ok(Box::new(DoesArgs { other: syn::parse_quote!(::core::unreachable), mapped })),
    }
}

impl Decorates for DoesArgs {
    fn check(&self, function: &NodeSource, flow: &DataflowSource, faults: &mut Faults) {
        check_called(&self.other, flow, faults);
        let mut check = |owner: &NodeSource, param: &Ident| {
            let (name, known) = (param.unraw().to_string(), owner.params.iter().map(|it| it.name.as_str()));
            if !known.clone().any(|known| known == name) {
                let (message, help) = unknown(&format!("`{}`", owner.name), "parameter", &name, known);
                faults.report(code::UNKNOWN_PARAM, param, message, help);
            }
        };
        for (theirs, ours) in &self.mapped {
            if let Some(other) = flow.function(&self.other) {
                check(other, theirs);
            }
            check(function, ours);
        }
    }

    fn change(&self, known: &mut KnownNodes) {
        // The other function's parameters replace the edges of this one.
        known.cut();
    }

    fn connections(&self, _: &NodeSource, _: &[String]) -> Vec<Connection<'_>> {
        let mapped = self.mapped.iter();
        let mapped =
            mapped.map(|(theirs, ours)| (theirs.unraw().to_string(), ours.unraw().to_string())).collect();
        vec![Connection::ReplaceBody { other: &self.other, mapped }]
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let (door, other) = (scope.door(), binding::as_trait(&self.other, "NodeFn", &scope.door()));
        let mapped = self.mapped.iter().map(|(theirs, ours)| {
            let (span, theirs, ours) =
                (span::own(theirs.span()), theirs.unraw().to_string(), ours.unraw().to_string());
            quote_spanned!(span=> .map(#theirs, #ours))
        });
        quote_spanned!(scope.span=> #door::Does::new(#other::function())#(#mapped)*)
    }

    fn calls(&self) -> Vec<&Path> {
        vec![&self.other]
    }

    fn feeds(&self) -> Vec<Feed<'_>> {
        let bound = self.mapped.iter().map(|(theirs, _)| theirs.unraw().to_string()).collect();
        vec![Feed { function: &self.other, bound, unbound: Unbound::Shared }]
    }

    fn params(&mut self) -> Vec<(Option<&Path>, &mut dyn ParamName)> {
        let other = &self.other;
        let pairs = self.mapped.iter_mut();
        let params = pairs.flat_map(|(theirs, ours)| {
            [(Some(other), theirs as &mut dyn ParamName), (None, ours as &mut dyn ParamName)]
        });
        params.collect()
    }
}
