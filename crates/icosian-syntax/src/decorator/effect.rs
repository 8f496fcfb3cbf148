//! Decorators without effect.

use icosian_spec::{BuiltIn, Phase, WorksOn};

use crate::code;
use crate::fault::{Fault, FaultEdit};
use crate::faults::Faults;
use crate::model::DecoratorSource;
use crate::model::{DataflowSource, NodeSource};
use crate::written_type::shown;

/// Refuses decorators of `function` that never have an effect.
pub(super) fn check(function: &NodeSource, flow: &DataflowSource, faults: &mut Faults) {
    check_failing(function, flow, faults);
    check_timeouts(function, faults);
    check_no_node(function, flow, faults);
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
fn check_failing(function: &NodeSource, flow: &DataflowSource, faults: &mut Faults) {
    // A decorator of unknown effect may add errors.
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
    let mut replaces_errors = None;
    for source in &function.decorators {
        if source.is(BuiltIn::Timeout) {
            errors = Errors::Some;
            continue;
        }
        let is_fallback = source.is(BuiltIn::Fallback);
        if source.row.functions() != WorksOn::FallibleFunctions {
            continue;
        }
        let name = &function.name;
        match errors {
            Errors::NoResult => {
                let message = format!(
                    "`#[{}]` has no effect: `{name}` returns `{}`, which is not a `Result`",
                    source.ident,
                    shown(&gives.written)
                );
                let help = format!("remove `#[{}]`, or return a `Result`", source.ident);
                faults.report(code::DECORATOR_WITHOUT_EFFECT, &source.ident, message, help);
            }
            Errors::Replaced if is_fallback => {
                let message =
                    "this `#[fallback]` has no effect: the `#[fallback]` below it replaces every error";
                faults.report(
                    code::DECORATOR_WITHOUT_EFFECT,
                    &source.ident,
                    message,
                    "remove one of the two",
                );
            }
            Errors::Replaced => {
                let message = format!(
                    "`#[retry]` never retries `{name}`: the `#[fallback]` below it replaces every error"
                );
                let help = "move `#[retry]` below `#[fallback]`";
                let fault = faults.report(code::DECORATOR_ORDER, &source.ident, message, help);
                if let Some(fallback) = replaces_errors {
                    move_below(fault, source, fallback);
                }
            }
            Errors::Some if is_fallback => {
                let mut called = source.decorator.calls().into_iter();
                errors = if called.any(|path| !never_fails(path)) { Errors::Some } else { Errors::Replaced };
                replaces_errors = Some(source);
            }
            Errors::Some => {}
        }
    }
}

/// Adds the fix that moves `retry` below `fallback`.
fn move_below(fault: &mut Fault, retry: &DecoratorSource, fallback: &DecoratorSource) {
    fault.also(fallback.span, "replaces every error");
    fault.fix("move `#[retry]` below `#[fallback]`", retry.span, FaultEdit::MoveBelow(0));
}

/// Refuses a `timeout` around another one, where both limit the same time: only the shorter one can fire.
fn check_timeouts(function: &NodeSource, faults: &mut Faults) {
    let mut inner: Option<&DecoratorSource> = None;
    for source in &function.decorators {
        if source.is(BuiltIn::Timeout) {
            if let Some(inner) = inner {
                let message = "this `#[timeout]` covers the same work as the one below it, so only the shorter one can expire";
                let fault =
                    faults.report(code::DUPLICATE_DECORATOR, &source.ident, message, "remove one of the two");
                fault.also(inner.span, "covers the same work");
                if inner.arguments == source.arguments {
                    fault.fix("remove the second `timeout`", inner.span, FaultEdit::Remove);
                }
            }
            inner = Some(source);
        } else if source.row.functions() == WorksOn::FallibleFunctions || source.row.is_deferred() {
            inner = None;
        }
    }
}

/// Refuses decorators of a function that is not a node. A step may have decorators that wrap its body.
fn check_no_node(function: &NodeSource, flow: &DataflowSource, faults: &mut Faults) {
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
        let (reason, help) = if is_excluded && !is_around {
            (
                format!("`{name}` is excluded, so it is not a node"),
                "remove one of the two decorators".to_owned(),
            )
        } else if is_step || !flow.is_module {
            continue;
        } else if is_excluded {
            let reason = format!("`{name}` is excluded, and not a step of this module");
            (
                reason,
                "remove one of the two decorators, or move the function out of the module, below `#[node]`"
                    .to_owned(),
            )
        } else if is_called {
            let reason = format!("the decorator that calls `{name}` ignores its decorators");
            (reason, format!("remove `#[{decorator}]`"))
        } else {
            // A function without callers has been reported.
            continue;
        };
        let message = format!("`#[{decorator}]` has no effect: {reason}");
        faults.report(code::DECORATOR_WITHOUT_EFFECT, decorator, message, help);
    }
}
