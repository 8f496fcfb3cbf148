use icosian_core::{Access, Cancelled, DecorateError, Name, Node, NodeError, Outline, Param, RunContext};

use crate::wrong::wrong;

/// Refuses a function that takes a value which cannot be cloned, because its body may be called more than once.
pub(crate) fn check_repeatable(decorator: &str, node: &Node) -> Result<(), DecorateError> {
    let mut params = node.outline().params().iter();
    let moved =
        params.find(|param| param.access() == Access::Take && !param.is_cloneable() && !param.is_context());
    let Some(param) = moved else { return Ok(()) };
    Err(wrong(
        "ICO0702 retry-input-not-clone",
        format!(
            "`{decorator}` on `{}` may call it again, and it takes `{param}`, which is not `Clone`",
            node.name()
        ),
        format!("take `{}: &{}`, or implement `Clone` for it", param.name(), param.wanted()),
    ))
}

/// Refuses a function on a thread that is let go of when its time is over: what is around its body never learns of that.
pub(crate) fn check_untimed(decorator: &str, node: &Node) -> Result<(), DecorateError> {
    if node.outline().time_limit().is_none() {
        return Ok(());
    }
    Err(wrong(
        "ICO0405 decorator-order",
        format!(
            "`{decorator}` is above `timeout` on `{}`, which is offloaded: it would not see it",
            node.name()
        ),
        format!("write `{decorator}` below `timeout`, or make the function async"),
    ))
}

/// Returns whether nothing is to be done about an error: a panic, or that nobody waits for the execution any more.
pub(crate) fn is_final(error: &NodeError) -> bool {
    match error {
        NodeError::Panicked(_) => true,
        NodeError::Failed(error) => error.is::<Cancelled>(),
        _ => false,
    }
}

/// Adds a parameter that the run's context goes into; returns its position too.
pub(crate) fn with_context(outline: Outline) -> (Outline, usize) {
    let at = outline.params().len();
    (outline.param(Param::borrowed::<RunContext>(Name::new(RunContext::INPUT))), at)
}
