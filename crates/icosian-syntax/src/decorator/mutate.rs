use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::parse::ParseStream;
use syn::{Path, Token, token};

use super::argument::ParamName;
use super::argument::{Dotted, Reading, unknown};
use super::bound_param::BoundParam;
use super::step::Said;
use crate::code;
use crate::connection::Connection;
use crate::faults::Faults;
use crate::known_nodes::KnownNodes;
use crate::model::{DataflowSource, NodeSource};
use crate::model::{Decorates, ExpandContext, ReadResult, Sent};

/// `#[mutate(f, g(max = value(2.0)).when(env = "prod"), max = value(1.0))]`
#[derive(Default)]
struct MutateArgs {
    targets: Vec<MutateTargetArgs>,
    bound: Vec<BoundParam>,
}

struct MutateTargetArgs {
    function: Dotted,
    bound: Vec<BoundParam>,
    said: Said,
}

impl MutateTargetArgs {
    /// Returns whether the target has its own binding of the same parameter.
    fn binds(&self, shared: &BoundParam) -> bool {
        self.bound.iter().any(|bound| bound.name() == shared.name())
    }
}

const METHODS: [&str; 6] = ["when", "when_not", "when_in", "when_not_in", "named", "on_output"];

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    let mut mutate = MutateArgs::default();
    let mut count = 0;
    reading.each(input, |input, reading| {
        if input.peek2(Token![=]) {
            return BoundParam::read(input, reading)?.add_to(&mut mutate.bound);
        }
        count += 1;
        // A dot starts a method, so the name has no dots.
        let ident = input.call(<syn::Ident as syn::ext::IdentExt>::parse_any)?;
        let function: Dotted = syn::parse_quote!(#ident);
        reading.once(&function.name, &function)?;
        let mut bound = Vec::new();
        if input.peek(token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            bound = BoundParam::read_all(&content, reading);
        }
        mutate.targets.push(MutateTargetArgs {
            function,
            bound,
            said: Said::read(input, "a target", &METHODS)?,
        });
        Ok(())
    });
    if count == 0 {
        reading.refuse("names no function", "name the functions whose outputs this function changes");
    }
    Ok(Box::new(mutate))
}

impl Decorates for MutateArgs {
    fn check(&self, function: &NodeSource, flow: &DataflowSource, faults: &mut Faults) {
        let bound = self.bound.iter().chain(self.targets.iter().flat_map(|target| &target.bound));
        bound.for_each(|bound| _ = bound.check(function, faults));
        if function.params.is_empty() && !function.refused {
            let message = format!("`{}` has no parameter for the output that it mutates", function.name);
            faults.report(
                code::INVALID_STEP,
                &function.ident,
                message,
                "declare a parameter for that output",
            );
        }
        if !flow.is_module {
            return;
        }
        let names = flow.nodes.iter().filter(|node| node.listed && node.name != function.name);
        let names: Vec<&str> = names.map(|node| node.name.as_str()).collect();
        for target in &self.targets {
            let name = &target.function.name;
            let variants = format!("{name}__");
            // `calls.rs` reports functions that name themselves.
            let is_itself = *name == function.name;
            if !is_itself && !names.iter().any(|known| known == name || known.starts_with(&variants)) {
                let (message, help) = unknown("this dataflow", "function", name, names.iter().copied());
                faults.report(code::UNKNOWN_FUNCTION, &target.function, message, help);
            }
        }
    }

    fn change(&self, known: &mut KnownNodes) {
        known.nodes.clear();
    }

    fn connections(&self, _: &NodeSource, _: &[String]) -> Vec<Connection<'_>> {
        vec![Connection::Remove]
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let (door, own) = (scope.door(), Some(scope.function));
        let targets = self.targets.iter().map(|target| {
            let (span, name) = (target.function.span(), target.function.text());
            let (door, said) = (scope.door_at(span), target.said.written(scope));
            let bound = target.bound.iter().map(|bound| bound.written(own, scope));
            quote_spanned!(span=> .target(#door::MutateTarget::of(#name)#(#bound)*#said))
        });
        let bound = self.bound.iter().map(|bound| bound.written(own, scope));
        quote_spanned!(scope.span=> #door::Mutate::new()#(#targets)*#(#bound)*)
    }

    fn targets(&self) -> Option<Vec<Sent<'_>>> {
        let sent = self.targets.iter().map(|target| Sent {
            function: &target.function,
            outputs: &target.said.on_output,
            bound: target
                .bound
                .iter()
                .chain(self.bound.iter().filter(|bound| !target.binds(bound)))
                .collect(),
            is_conditional: target.said.is_conditional(),
        });
        Some(sent.collect())
    }

    fn params(&mut self) -> Vec<(Option<&Path>, &mut dyn ParamName)> {
        let of_targets = self.targets.iter_mut().flat_map(|target| &mut target.bound);
        self.bound.iter_mut().chain(of_targets).map(BoundParam::own_param).collect()
    }
}
