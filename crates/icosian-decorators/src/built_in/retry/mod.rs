mod attempt;
mod backoff;
mod body;
mod error_probe;
mod policy;
mod retrying;

#[doc(hidden)]
pub use error_probe::{Anything, BoxProbe, ErrorProbe, Exactly, FailsWith, ReportProbe, Reports};

#[doc(hidden)]
pub use attempt::Attempt;
pub use policy::Retry;
pub(crate) use retrying::{BlockingCalls, RetriedCalls, Retrying, retry_in_place};

use std::sync::Arc;

use icosian_core::decorator::{BuiltIn, DecorateContext, DecorateError, DecoratorSpec};
use icosian_core::node::{Asyncness, Placement};
use icosian_core::run::StartLimits;
use icosian_core::{Decorator, Node};

use crate::decorate_errors::{Decorated, decorate_error};
use crate::wrap::checks::{check_can_fail, check_repeatable, check_untimed, with_context};
use backoff::Jitter;
use body::{RetryCall, await_attempts, blocking};

impl Decorator for Retry {
    fn spec(&self) -> DecoratorSpec {
        if self.backoff.is_some() { BuiltIn::Retry.spec_with("backoff") } else { BuiltIn::Retry.spec() }
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        nodes.into_iter().map(|node| self.decorate_one(node, scope)).collect()
    }
}

impl Retry {
    fn check_settings(&self, node: &Node) -> Result<(), DecorateError> {
        let (problem, help) = match self.backoff {
            _ if self.attempts == 0 => ("has zero attempts", "allow at least one attempt"),
            Some((shortest, longest)) if shortest > longest => {
                ("has a first wait that exceeds its longest wait", "write the shorter time first")
            }
            None if self.jitter == Jitter::Equal => {
                ("has jitter without a wait", "add a `backoff`, or remove `jitter`")
            }
            _ => return Ok(()),
        };
        Err(decorate_error("ICO0708 retry-settings", format!("`retry` on `{}` {problem}", node.name()), help))
    }

    fn decorate_one(&self, node: Node, scope: &DecorateContext<'_>) -> Decorated<Node> {
        self.check_settings(&node)?;
        check_untimed("retry", &node)?;
        check_can_fail(BuiltIn::Retry, &node)?;
        if self.attempts == 1 {
            return Ok(node);
        }
        check_repeatable("retry", &node)?;
        let limits = node.outline().start_limits().cloned();
        if let Some(limits) = &limits
            && node.outline().placement() == Placement::Offload
        {
            return Err(permit_on_thread(&node, limits).into());
        }
        Ok(self.wrap(node, limits, scope))
    }

    fn wrap(&self, node: Node, limits: Option<StartLimits>, scope: &DecorateContext<'_>) -> Node {
        let (outline, body) = node.into_parts();
        let (name, params) = (outline.name().clone(), outline.params().len());
        let is_sync = body.asyncness() == Asyncness::Sync;
        // An adapter that polls no futures runs sync nodes on threads that may sleep, and so do threads for offloaded nodes.
        let may_sleep = !scope.adapter().runs_async_nodes() || outline.placement() == Placement::Offload;
        if is_sync && limits.is_none() && (may_sleep || self.backoff.is_none()) {
            // A node without the parameter sees a cancellation too, but only if another part of the run needs the context.
            let may_take_long = self.backoff.is_some()
                || outline.placement() == Placement::Offload
                || self.attempts > MANY_ATTEMPTS;
            let (outline, context) = if may_take_long { with_context(outline) } else { (outline, params) };
            return Node::from_parts(outline, blocking(self.clone(), body, name, context));
        }
        let needs_context = self.backoff.is_some() || limits.is_some();
        let outline = if limits.is_some() { outline.with_limits_per_attempt() } else { outline };
        let (outline, context) = if needs_context { with_context(outline) } else { (outline, params) };
        let call = Arc::new(RetryCall { retry: self.clone(), inner: body, name, limits, context });
        Node::from_parts(outline, await_attempts(call))
    }
}

/// Refuses a node that would hold a thread while it waits for its limits.
///
/// The holder of a permit may wait for that thread.
pub(crate) fn permit_on_thread(node: &Node, limits: &StartLimits) -> DecorateError {
    let (decorator, wait, help) = match (limits.group(), limits.rate_limit()) {
        (None, Some(rate_limit)) => (
            "rate_limit",
            format!("waits for rate limit `{}` before each attempt", rate_limit.name()),
            "to count all attempts as one start",
        ),
        (group, _) => (
            "limit",
            format!(
                "acquires a permit of group `{}` for each attempt",
                group.map_or("", |group| group.name().as_str())
            ),
            "for one permit over all attempts",
        ),
    };
    decorate_error(
        "ICO0405 decorator-order",
        format!(
            "`retry` above `{decorator}` on `{}` {wait}, and an offloaded node would block its thread meanwhile",
            node.name()
        ),
        format!("write `retry` below `{decorator}`, {help}, or remove `offload`"),
    )
}

/// The number of attempts without a wait above which a sync node has the run's context as a parameter.
/// The parameter makes every run of the dataflow a watched one, which costs each node.
const MANY_ATTEMPTS: usize = 16;
