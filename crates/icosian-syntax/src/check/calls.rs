//! Functions that decorators name: no function may lead back to itself, and a step is a single node.

use std::collections::HashMap;

use icosian_spec::{BuiltIn, Phase};
use proc_macro2::TokenStream;
use quote::ToTokens;

use super::cycle;
use crate::code;
use crate::faults::Faults;
use crate::model::DecoratorSource;
use crate::model::{DataflowSource, NodeSource};

/// Decorators that name another function, and the texts for a cycle of such functions.
struct Naming {
    decorators: &'static [BuiltIn],
    /// The predicate and the help for a function that names itself.
    itself: (&'static str, &'static str),
    /// The predicate and the help for functions that name each other.
    each_other: (&'static str, &'static str),
}

const STEPS: [BuiltIn; 2] = [BuiltIn::PipeInput, BuiltIn::PipeOutput];

const NAMINGS: [Naming; 4] = [
    Naming {
        decorators: &STEPS,
        itself: (
            "is a step of itself",
            "move its body into a function without a pipe, and use that function as the step",
        ),
        each_other: (
            "are steps of each other",
            "move the body of one of them into a function without a pipe, and use that function as the step",
        ),
    },
    Naming {
        decorators: &[BuiltIn::Fallback],
        itself: ("falls back to itself", "name another function, or write `value = ..`"),
        each_other: (
            "fall back to each other",
            "use `#[fallback(value = ..)]` on one of these functions, or remove its `#[fallback]`",
        ),
    },
    Naming {
        decorators: &[BuiltIn::Does],
        itself: ("replaces its body with itself", "name another function, or remove `#[does]`"),
        each_other: (
            "replace their bodies with each other",
            "write the body of one of them, and remove its `#[does]`",
        ),
    },
    Naming {
        decorators: &[BuiltIn::Mutate],
        itself: ("changes its own output", "name the functions whose outputs this function changes"),
        each_other: (
            "change each other's outputs",
            "name functions that are nodes: a function with `#[mutate]` is not",
        ),
    },
];

/// Reports functions that decorators lead back to, and functions that cannot be steps. Their decorators are not written.
pub(super) fn refuse(flow: &mut DataflowSource, faults: &mut Faults) {
    let mut wrong = Vec::new();
    for naming in &NAMINGS {
        refuse_circles(naming, flow, &mut wrong, faults);
    }
    refuse_unfit(flow, &mut wrong, faults);
    for at in wrong {
        flow.nodes[at].undecorated = true;
    }
}

/// Returns the functions of `flow` that `source` names, each with the tokens of the name.
fn named<'a>(
    source: &'a DecoratorSource,
    flow: &'a DataflowSource,
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

fn refuse_circles(naming: &Naming, flow: &DataflowSource, wrong: &mut Vec<usize>, faults: &mut Faults) {
    let positions: HashMap<&str, usize> =
        flow.nodes.iter().enumerate().map(|(at, node)| (node.name.as_str(), at)).collect();
    // A function below a `#[cfg]` may name the one for the other configuration.
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
    for cycle in cycle::cycles(&edges) {
        let (last, at) = cycle[cycle.len() - 1];
        let (message, help) = if cycle.len() == 1 {
            let (does, help) = naming.itself;
            (format!("`{}` {does}", flow.nodes[last].name), help)
        } else {
            let (does, help) = naming.each_other;
            let names = cycle.iter().map(|(at, _)| flow.nodes[*at].name.as_str());
            (format!("functions {does} in a cycle: {}", cycle::shown_cycle(names)), help)
        };
        faults.report(code::DEPENDENCY_CYCLE, &names[last][at].1, message, help);
        wrong.extend(cycle.iter().map(|(at, _)| *at));
    }
}

/// Reports steps with decorators that do not wrap the body: a step is one node, which the pipe adds.
fn refuse_unfit(flow: &DataflowSource, wrong: &mut Vec<usize>, faults: &mut Faults) {
    let mut found = Vec::new();
    for (at, function) in flow.nodes.iter().enumerate().filter(|(at, _)| !wrong.contains(at)) {
        let pipes = function.decorators.iter().filter(|source| STEPS.contains(&source.row.built_in()));
        for (step, named_at) in pipes.flat_map(|pipe| named(pipe, flow)) {
            // Other decorators of an excluded function have been reported.
            let is_excluded = step.is_excluded();
            let unfit = step.decorators.iter().find(|source| source.row.phase() != Phase::Wrap);
            if let (Some(unfit), true, false) = (unfit, step.cfgs.is_empty(), is_excluded) {
                let message = format!(
                    "step `{}` has `#[{}]`, but a step supports only decorators that wrap its body",
                    step.name, unfit.ident
                );
                let help = format!(
                    "move the body into a function without `#[{}]`, and use that function as the step",
                    unfit.ident
                );
                faults.report(code::INVALID_STEP, named_at, message, help);
                found.push(at);
            }
        }
    }
    wrong.extend(found);
}
