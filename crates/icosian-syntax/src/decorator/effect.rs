//! Decorators that would never have an effect.

use icosian_spec::{BuiltIn, Phase, WorksOn};

use super::DecoratorSource;
use crate::read::{Flow, NodeSource, shown};
use crate::refusals::Refusals;

/// Refuses decorators above `function` that never do anything.
pub(super) fn check(function: &NodeSource, flow: &Flow, refusals: &mut Refusals) {
    check_failing(function, flow, refusals);
    check_timeouts(function, refusals);
    check_no_node(function, flow, refusals);
}

/// The errors that reach a decorator from the function and the decorators below it.
#[derive(Clone, Copy, PartialEq)]
enum Errors {
    /// The function or a decorator may return an error.
    Some,
    /// The function returns no `Result`.
    NoResult,
    /// A fallback that cannot fail replaces every error.
    Replaced,
}

/// Refuses `retry` and `fallback` where no error can reach them.
fn check_failing(function: &NodeSource, flow: &Flow, refusals: &mut Refusals) {
    // Any number of decorators of unknown effect can be in any place.
    let Some(gives) = &function.gives else { return };
    if function.decorators.iter().any(|source| source.row.is_deferred()) {
        return;
    }
    let never_fails = |path| {
        let called = flow.function(path).and_then(|called| called.gives.as_ref());
        called.is_some_and(|gives| !gives.fallible)
    };
    // The function of `does` replaces the body.
    let is_replaced = function.decorators.iter().any(|source| {
        source.is(BuiltIn::Does) && source.decorator.calls().into_iter().any(|path| !never_fails(path))
    });
    let mut errors = if gives.fallible || is_replaced { Errors::Some } else { Errors::NoResult };
    for source in &function.decorators {
        if source.is(BuiltIn::Timeout) {
            errors = Errors::Some;
            continue;
        }
        let is_fallback = source.is(BuiltIn::Fallback);
        if source.row.functions() != WorksOn::FallibleFunctions {
            continue;
        }
        let why = match errors {
            Errors::NoResult => format!(
                "`#[{}]` does nothing here: `{}` returns `{}` and no `Result`, and a panic is no failure; remove it, or return a \
                 `Result`",
                source.ident,
                function.name,
                shown(&gives.written)
            ),
            Errors::Replaced if is_fallback => {
                "this `#[fallback]` is never used, because the `#[fallback]` below it replaces \
                                                every error; remove one of the two"
                    .to_owned()
            }
            Errors::Replaced => format!(
                "`#[retry]` never calls `{}` again, because the `#[fallback]` below it replaces every error; write `#[retry]` \
                 below `#[fallback]`",
                function.name
            ),
            Errors::Some if is_fallback => {
                let mut called = source.decorator.calls().into_iter();
                errors = if called.any(|path| !never_fails(path)) { Errors::Some } else { Errors::Replaced };
                continue;
            }
            Errors::Some => continue,
        };
        refusals.at(&source.ident, why);
    }
}

/// Refuses a `timeout` around another one that limits the same time: only the shorter one can fire.
fn check_timeouts(function: &NodeSource, refusals: &mut Refusals) {
    let mut is_limited = false;
    for source in &function.decorators {
        if source.is(BuiltIn::Timeout) {
            if is_limited {
                let why = "this `#[timeout]` limits the same time as the one below it, and only the shorter one can fire; remove \
                           one of the two";
                refusals.at(&source.ident, why);
            }
            is_limited = true;
        } else if source.row.functions() == WorksOn::FallibleFunctions || source.row.is_deferred() {
            is_limited = false;
        }
    }
}

/// Refuses decorators above a function that is no node. Only a step has decorators then, and only those around its body.
fn check_no_node(function: &NodeSource, flow: &Flow, refusals: &mut Refusals) {
    let is_excluded = function.is_excluded();
    if !is_excluded && function.listed {
        return;
    }
    let names_it = |source: &DecoratorSource| {
        let mut calls = source.decorator.calls().into_iter();
        calls.any(|path| flow.function(path).is_some_and(|called| called.name == function.name))
    };
    let all = || flow.nodes.iter().flat_map(|node| &node.decorators);
    let is_step = all().any(|source| {
        matches!(source.row.built_in(), BuiltIn::PipeInput | BuiltIn::PipeOutput) && names_it(source)
    });
    let is_called = all().any(names_it);
    for source in function.decorators.iter().filter(|source| !source.is(BuiltIn::Exclude)) {
        let (decorator, name) = (&source.ident, &function.name);
        let is_around = source.row.phase() == Phase::Wrap;
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
