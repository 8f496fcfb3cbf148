//! Application of decorators that wrap the body of a function.

pub(crate) mod checks;

use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec, Phase, Verdict, is_own, judge};
use icosian_core::node::{Asyncness, Decoration, Function};
use icosian_core::{AdapterSpec, Caps, Node, Outline};

use crate::decorate_errors::{Decorated, decorate_error, with_labels};

/// Applies the wrappers of a function that becomes part of another one: a step, or an attached function.
///
/// `unfit` returns the error for a decorator of another phase.
pub(crate) fn wrap(
    mut node: Node,
    function: &Outline,
    decorations: &[Decoration],
    scope: &DecorateContext<'_>,
    unfit: impl Fn(&str) -> icosian_core::decorator::DecorateError,
) -> Decorated<Node> {
    // A function that is only used by others is usually excluded.
    let is_exclude = |it: &&Decoration| it.decorator().spec().built_in() == Some(BuiltIn::Exclude);
    let decorations: Vec<_> = decorations.iter().filter(|it| !is_exclude(it)).cloned().collect();
    for decoration in &decorations {
        let spec = decoration.decorator().spec();
        if spec.phase() != Phase::Wrap {
            return Err(with_labels(unfit(spec.name()).into(), decoration, function));
        }
    }
    check_adapter(std::slice::from_ref(&node), function, &decorations, scope.adapter())?;
    for decoration in &decorations {
        node = wrap_one(decoration, node, scope).map_err(|wrong| with_labels(wrong, decoration, function))?;
    }
    Ok(node)
}

/// Applies a decorator that is around a body.
pub(crate) fn wrap_one(decoration: &Decoration, node: Node, scope: &DecorateContext<'_>) -> Decorated<Node> {
    let name = node.name().clone();
    let mut made = decoration.decorator().decorate(vec![node], scope)?.into_iter();
    match (made.next(), made.len()) {
        (Some(node), 0) if *node.name() == name => Ok(with_timer(decoration, node)),
        (first, more) => {
            let gives = match (first, more) {
                (None, _) => "no node".to_owned(),
                (Some(other), 0) => format!("a node `{}`", other.name()),
                (Some(_), more) => format!("{} nodes", more + 1),
            };
            let by = decoration.decorator().spec().name();
            Err(decorate_error(
                "ICO0422 broken-promise",
                format!("`{by}` wraps the body of node `{name}`, but returns {gives}"),
                "return the same node with another body; to create nodes, use `Phase::Transform`",
            )
            .into())
        }
    }
}

/// Marks a node that waits by the adapter's timer because of a decorator.
fn with_timer(decoration: &Decoration, node: Node) -> Node {
    let spec = decoration.decorator().spec();
    let wants_timer = spec.required().with(spec.used()).contains(Caps::TIMER);
    // A sync body sleeps on its thread.
    if !wants_timer || node.outline().asyncness() == Asyncness::Sync {
        return node;
    }
    let (outline, body) = node.into_parts();
    Node::from_parts(outline.with_needs(Caps::TIMER), body)
}

/// Refuses a `timeout` around another one that limits the same time: only the shorter one can fire.
fn check_timeouts(function: &Outline, decorations: &[Decoration]) -> Decorated<()> {
    let mut is_limited = false;
    for decoration in decorations {
        let spec = decoration.decorator().spec();
        if spec.phase() != Phase::Wrap || spec.built_in().is_some_and(|it| it.row().is_schedule()) {
            continue;
        }
        let is_timeout = spec.built_in() == Some(BuiltIn::Timeout);
        if is_timeout && is_limited {
            let error = decorate_error(
                "ICO0405 decorator-order",
                format!(
                    "two `timeout`s on `{}` cover the same work, so only the shorter one can expire",
                    function.name()
                ),
                "remove one of the two",
            );
            return Err(with_labels(error.into(), decoration, function));
        }
        is_limited = is_timeout;
    }
    Ok(())
}

/// Refuses decorators that the adapter does not support, and timeouts that never fire.
pub(crate) fn check_adapter(
    nodes: &[Node],
    function: &Outline,
    decorations: &[Decoration],
    adapter: &AdapterSpec,
) -> Decorated<()> {
    let specs: Vec<_> = decorations.iter().map(|decoration| decoration.decorator().spec()).collect();
    let own = nodes.iter().map(Node::outline).find(|outline| is_own(outline)).unwrap_or(function);
    let Verdict::Unsupported { by, missing } = judge(own.asyncness(), &specs, adapter) else {
        return check_timeouts(function, decorations);
    };
    // The driver reports async nodes under a sync adapter when the node is requested.
    let Some(at) = specs.iter().position(|spec| spec.name() == by) else { return Ok(()) };
    // A decorator above provides the missing capability, in the wrong order.
    let is_given_above = specs[at + 1..].iter().any(|spec| spec.provided().contains(missing));
    let is_sync_limit =
        adapter.runs_async_nodes() && own.asyncness() == Asyncness::Sync && missing.contains(Caps::INTERRUPT);
    let error = decorate_error(
        if is_given_above { "ICO0405 decorator-order" } else { "ICO0102 unsupported-decorator" },
        format!(
            "`{by}` on `{}` requires {missing}, which the `{}` adapter does not support{}",
            function.name(),
            adapter.name(),
            if is_sync_limit { " for sync functions" } else { "" }
        ),
        way_out(&specs[at], own, adapter),
    );
    Err(with_labels(error.into(), &decorations[at], function))
}

/// Returns the help for an unsupported decorator.
fn way_out(decorator: &DecoratorSpec, own: &Outline, adapter: &AdapterSpec) -> String {
    let (by, is_timeout) = (decorator.name(), decorator.built_in() == Some(BuiltIn::Timeout));
    if !adapter.runs_async_nodes() {
        return match own.asyncness() {
            Asyncness::Sync if is_timeout => {
                "build an `AsyncDriver` and make the function async, or remove `timeout`".to_owned()
            }
            _ => format!("build an `AsyncDriver`, or remove `{by}`"),
        };
    }
    match own.asyncness() {
        Asyncness::Sync if is_timeout => {
            "make the function async, or write `offload` below `timeout`".to_owned()
        }
        Asyncness::Sync => format!("make the function async, or remove `{by}`"),
        Asyncness::Async => format!("use an adapter that supports it, or remove `{by}`"),
    }
}

/// Refuses a function whose body alone is used by `decorator`, and that has decorators which would do nothing there.
pub(crate) fn check_undecorated(decorator: &str, user: &Outline, function: &Function) -> Decorated<()> {
    let mut above = function.decorations().iter();
    let Some(other) = above.find(|it| it.decorator().spec().built_in() != Some(BuiltIn::Exclude)) else {
        return Ok(());
    };
    let (by, outline) = (other.decorator().spec().name(), function.node().outline());
    let error = decorate_error(
        "ICO0417 unfit-step",
        format!(
            "`{decorator}` on `{}` uses only the body of `{}`, without its `{by}`",
            user.name(),
            outline.name()
        ),
        format!("write `{by}` above `{}`, or remove it", user.name()),
    );
    Err(error.into())
}
