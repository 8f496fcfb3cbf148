use icosian_core::decorator::{BuiltIn, DecorateError};
use icosian_core::node::Access;
use icosian_core::run::{Cancelled, Permit};
use icosian_core::{Name, Node, NodeError, Outline, Param, RunContext};

use crate::decorate_errors::decorate_error;

/// Refuses a function that takes a value without `Clone`, because its body may be called more than once.
pub(crate) fn check_repeatable(decorator: &str, node: &Node) -> Result<(), DecorateError> {
    let mut params = node.outline().params().iter();
    let moved =
        params.find(|param| param.access() == Access::Take && !param.is_cloneable() && !param.is_context());
    let Some(param) = moved else { return Ok(()) };
    Err(decorate_error(
        "ICO0702 retry-input-not-clone",
        format!(
            "`{decorator}` on `{}` may call the function more than once, but it consumes `{param}`, which is not `Clone`",
            node.name()
        ),
        format!("borrow it as `{}: &{}`, or implement `Clone` for the type", param.name(), param.wanted()),
    ))
}

/// Refuses a decorator above the time limit of an offloaded sync function.
///
/// The adapter enforces that limit outside of the body, so decorators around the body never see the error.
pub(crate) fn check_untimed(decorator: &str, node: &Node) -> Result<(), DecorateError> {
    if node.outline().time_limit().is_none() {
        return Ok(());
    }
    Err(decorate_error(
        "ICO0405 decorator-order",
        format!(
            "`{decorator}` on `{}` never sees the `timeout` below it, because the function is offloaded",
            node.name()
        ),
        format!("write `{decorator}` below `timeout`, or make the function async"),
    ))
}

/// Returns whether no decorator handles an error: a panic, the cancellation of the execution, or a refused permit.
pub(crate) fn is_final(error: &NodeError) -> bool {
    matches!(error, NodeError::Panicked(_))
        || error.find::<Cancelled, _>().is_some()
        || Permit::refused_limit(error).is_some()
}

/// Refuses a decorator that waits for errors above one that handles all of them.
pub(crate) fn check_can_fail(decorator: BuiltIn, node: &Node) -> Result<(), DecorateError> {
    if node.outline().can_fail() {
        return Ok(());
    }
    let (name, decorator_name) = (node.name(), decorator.name());
    let (effect, help) = if decorator == BuiltIn::Retry {
        ("never retries the function", "move `retry` below `fallback`")
    } else {
        ("is never used", "remove one of the two, or write the upper one as the function of the lower one")
    };
    Err(decorate_error(
        "ICO0405 decorator-order",
        format!(
            "`{decorator_name}` on `{name}` {effect}, because the `fallback` below it replaces every error"
        ),
        help,
    ))
}

/// Adds a parameter for the run's context, and returns its position.
pub(crate) fn with_context(outline: Outline) -> (Outline, usize) {
    let at = outline.params().len();
    (outline.with_param(Param::borrowed::<RunContext>(Name::new(RunContext::INPUT))), at)
}
