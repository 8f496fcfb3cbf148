//! Functions that decorators name: none may lead back to itself, and a step has no nodes of its own.

use std::collections::HashMap;

use icosian_spec::{BuiltIn, Phase};
use proc_macro2::TokenStream;
use quote::ToTokens;

use super::cycle;
use crate::decorator::DecoratorSource;
use crate::read::{Flow, NodeSource};
use crate::refusals::Refusals;

/// A way in which a decorator names another function.
struct Naming {
    decorators: &'static [BuiltIn],
    /// What a function does that names itself, and what to write.
    itself: (&'static str, &'static str),
    /// What functions do that name each other, and what to write.
    each_other: (&'static str, &'static str),
}

const STEPS: [BuiltIn; 2] = [BuiltIn::PipeInput, BuiltIn::PipeOutput];

const NAMINGS: [Naming; 4] = [
    Naming {
        decorators: &STEPS,
        itself: (
            "is a step of itself",
            "move what it does into a function without a pipe, and make that the step",
        ),
        each_other: (
            "are steps of each other",
            "move what one of them does into a function without a pipe, and make that the step",
        ),
    },
    Naming {
        decorators: &[BuiltIn::Fallback],
        itself: ("falls back to itself", "name another function, or write `value = ..`"),
        each_other: (
            "fall back to each other",
            "let the last of them fall back to a `value = ..`, or to nothing",
        ),
    },
    Naming {
        decorators: &[BuiltIn::Does],
        itself: ("is done by itself", "name another function, or remove `#[does]`"),
        each_other: ("are done by each other", "write the body of one of them, and remove its `#[does]`"),
    },
    Naming {
        decorators: &[BuiltIn::Mutate],
        itself: ("changes its own output", "name the functions whose outputs it changes"),
        each_other: ("change each other's outputs", "name functions that are nodes, which these are not"),
    },
];

/// Refuses functions that decorators lead back to, and steps of which a pipe could make no node; what is wrong is not written.
pub(super) fn refuse(flow: &mut Flow, refusals: &mut Refusals) {
    let mut wrong = Vec::new();
    for naming in &NAMINGS {
        refuse_circles(naming, flow, &mut wrong, refusals);
    }
    refuse_unfit(flow, &mut wrong, refusals);
    for at in wrong {
        flow.nodes[at].undecorated = true;
    }
}

/// Returns the functions of `flow` that `source` names, each with where it does.
fn named<'a>(
    source: &'a DecoratorSource,
    flow: &'a Flow,
) -> impl Iterator<Item = (&'a NodeSource, TokenStream)> {
    let calls = source.decorator.calls().into_iter();
    let calls = calls.filter_map(|path| Some((flow.function(path)?, path.to_token_stream())));
    let sent = source.decorator.targets().into_iter().flatten();
    let sent = sent.filter_map(|sent| {
        let target = flow.nodes.iter().find(|node| node.name == sent.function.name)?;
        Some((target, sent.function.to_token_stream()))
    });
    calls.chain(sent)
}

fn refuse_circles(naming: &Naming, flow: &Flow, wrong: &mut Vec<usize>, refusals: &mut Refusals) {
    let positions: HashMap<&str, usize> =
        flow.nodes.iter().enumerate().map(|(at, node)| (node.name.as_str(), at)).collect();
    // What is there only sometimes may name what is there otherwise.
    let always = |node: &&NodeSource| node.cfgs.is_empty();
    let names: Vec<Vec<(usize, TokenStream)>> = flow
        .nodes
        .iter()
        .map(|node| {
            let sources = Some(node).filter(always).into_iter().flat_map(|node| &node.decorators);
            let sources = sources.filter(|source| naming.decorators.contains(&source.row.built_in()));
            let named = sources.flat_map(|source| named(source, flow)).filter(|(other, _)| always(other));
            named.map(|(other, at)| (positions[other.name.as_str()], at)).collect()
        })
        .collect();
    let edges: Vec<Vec<(usize, usize)>> = names
        .iter()
        .map(|named| named.iter().enumerate().map(|(at, (other, _))| (*other, at)).collect())
        .collect();
    for circle in cycle::cycles(&edges) {
        let (last, at) = circle[circle.len() - 1];
        let names_of: Vec<_> = circle.iter().map(|(at, _)| format!("`{}`", flow.nodes[*at].name)).collect();
        let why = if circle.len() == 1 {
            let (does, instead) = naming.itself;
            format!("{} {does}; {instead}", names_of[0])
        } else {
            let (does, instead) = naming.each_other;
            format!(
                "functions {does} in a circle: {}, then {} again; {instead}",
                names_of.join(", "),
                names_of[0]
            )
        };
        refusals.at(&names[last][at].1, why);
        wrong.extend(circle.iter().map(|(at, _)| *at));
    }
}

/// Refuses steps with decorators that are not around their bodies: a step is one node, and a pipe makes it.
fn refuse_unfit(flow: &Flow, wrong: &mut Vec<usize>, refusals: &mut Refusals) {
    let mut found = Vec::new();
    for (at, function) in flow.nodes.iter().enumerate().filter(|(at, _)| !wrong.contains(at)) {
        let pipes = function.decorators.iter().filter(|source| STEPS.contains(&source.row.built_in()));
        for (step, named_at) in pipes.flat_map(|pipe| named(pipe, flow)) {
            // What else is there above an excluded function was told.
            let is_excluded = step.is_excluded();
            let unfit = step.decorators.iter().find(|source| source.row.phase() != Phase::Wrap);
            if let (Some(unfit), true, false) = (unfit, step.cfgs.is_empty(), is_excluded) {
                let why = format!(
                    "step `{0}` has the decorator `{1}`, which is not one around its body; move what `{0}` does into a function \
                     without it, and make that the step",
                    step.name, unfit.ident
                );
                refusals.at(named_at, why);
                found.push(at);
            }
        }
    }
    wrong.extend(found);
}
