//! Decorators that would do nothing, whatever runs.

use icosian_core::Phase;

use super::DecoratorSource;
use crate::read::{Flow, NodeSource, shown};
use crate::refusals::Refusals;

/// Decorators of which only a build knows what they do to the function.
const OPEN: [&str; 3] = ["decorate", "resolve", "resolve_from_config"];

/// Returns whether only a build knows what the decorator does to the function.
pub(super) fn is_open(source: &DecoratorSource) -> bool {
    OPEN.iter().any(|open| source.ident == open)
}

/// Refuses decorators above `function` that never do anything.
pub(super) fn check(function: &NodeSource, flow: &Flow, refusals: &mut Refusals) {
    check_failing(function, flow, refusals);
    check_no_node(function, flow, refusals);
}

/// Refuses what waits for failures of a function that has none.
fn check_failing(function: &NodeSource, flow: &Flow, refusals: &mut Refusals) {
    let Some(gives) = function.gives.as_ref().filter(|gives| !gives.fallible) else { return };
    let may_fail = function.decorators.iter().any(|source| {
        // In place of the body there is another one.
        let replaced = || {
            source.decorator.calls().into_iter().any(|path| {
                let other = flow.function(path).and_then(|other| other.gives.as_ref());
                other.is_none_or(|gives| gives.fallible)
            })
        };
        is_open(source) || (source.ident == "does" && replaced())
    });
    if may_fail {
        return;
    }
    for (at, source) in function.decorators.iter().enumerate() {
        let is_late = function.decorators[..at].iter().any(|below| below.ident == "timeout");
        if !is_late && (source.ident == "retry" || source.ident == "fallback") {
            let why = format!(
                "`#[{}]` does nothing here: `{}` gives `{}` and no `Result`, and a panic is no failure; remove it, or give a \
                 `Result`",
                source.ident,
                function.name,
                shown(&gives.written)
            );
            refusals.at(&source.ident, why);
        }
    }
}

/// Refuses what is above a function that is no node. Only a step has decorators then, and only those around its body.
fn check_no_node(function: &NodeSource, flow: &Flow, refusals: &mut Refusals) {
    let is_excluded = function.decorators.iter().any(|source| source.ident == "exclude");
    if !is_excluded && function.listed {
        return;
    }
    let names_it = |source: &DecoratorSource| {
        let mut calls = source.decorator.calls().into_iter();
        calls.any(|path| flow.function(path).is_some_and(|called| called.name == function.name))
    };
    let all = || flow.nodes.iter().flat_map(|node| &node.decorators);
    let is_step = all()
        .any(|source| (source.ident == "pipe_input" || source.ident == "pipe_output") && names_it(source));
    let is_called = all().any(names_it);
    for source in function.decorators.iter().filter(|source| source.ident != "exclude") {
        let (decorator, name) = (&source.ident, &function.name);
        let is_around = source.decorator.phase() == Phase::Around;
        let why = if is_excluded && !is_around {
            format!("`{name}` is excluded, and so no node; remove one of the two")
        } else if is_step || !flow.is_module {
            continue;
        } else if is_excluded {
            format!(
                "`{name}` is excluded, and no step of this module; remove one of the two, or write the function outside of the \
                 module, below `#[node]`"
            )
        } else if is_called {
            format!("what calls `{name}` calls the function alone, without its decorators; remove it")
        } else {
            // That nobody calls it was told.
            continue;
        };
        refusals.at(decorator, format!("`#[{decorator}]` says nothing here: {why}"));
    }
}
