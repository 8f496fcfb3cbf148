mod backoff;
mod body;
mod error_probe;
mod retrying;

#[doc(hidden)]
pub use error_probe::{Anything, BoxProbe, ErrorProbe, Exactly, FailsWith, ReportProbe, Reports};

#[doc(hidden)]
pub use retrying::Attempt;
pub(crate) use retrying::{BlockingCalls, RetriedCalls, Retrying, retry_in_place};

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use icosian_core::decorator::{BuiltIn, DecorateContext, DecorateError, DecoratorSpec};
use icosian_core::node::{Asyncness, Placement};
use icosian_core::run::{Downcast, StartLimits};
use icosian_core::{Decorator, Node, NodeError};

use crate::decorate_errors::{Decorated, decorate_error};
use crate::wrap::checks::{check_can_fail, check_repeatable, check_untimed, is_final, with_context};
use backoff::{Backoff, Jitter};
use body::{RetryCall, await_attempts, blocking};

/// Calls a function again when it fails.
///
/// A panic is no failure. Parameters that the function takes by value are cloned for every attempt but the last.
///
/// # Waits
///
/// Without [`backoff`](Self::backoff), the next attempt follows at once. Waits use the adapter's timer if there is one.
/// Otherwise, and for offloaded sync functions, the thread sleeps.
///
/// # Cancellation
///
/// No attempt begins after the execution was cancelled. The node then fails with the error of its last attempt.
/// An async node returns to its executor between two attempts, so dropping the execution also ends it.
///
/// # Observability
///
/// Each failed attempt that is followed by another emits a `tracing` event at level `WARN`. Hooks read the number of attempts
/// from `NodeEnd::attempts`.
///
/// # Order
///
/// Below [`Limit`](crate::Limit), one permit covers all attempts and waits. Above it, each attempt acquires
/// a separate permit and releases it before the wait. Above a [`Fallback`](crate::Fallback) that cannot fail,
/// the driver is not built.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Config, Dataflow, Node, NodeError, Outline};
/// use icosian_decorators::{Retry, apply};
/// use std::time::Duration;
///
/// let fetch = Node::sync(Outline::new("fetch"), |_| Err::<u64, _>(NodeError::failed("no route")));
/// let retry = Retry::new(3)
///     .backoff(Duration::from_millis(100), Duration::from_secs(2))
///     .jitter()
///     .when(|error: &std::io::Error| error.kind() == std::io::ErrorKind::TimedOut);
/// let flow = Dataflow::new("flow").with_node(fetch.with_decorator(retry));
/// let nodes = apply(vec![flow], &Config::new(), &AdapterSpec::new("sync"))?;
/// assert_eq!(nodes[0].len(), 1);
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone)]
pub struct Retry {
    attempts: usize,
    backoff: Option<(Duration, Duration)>,
    jitter: Jitter,
    predicate: Option<Arc<Predicate>>,
}

type Predicate = dyn Fn(&NodeError) -> bool + Send + Sync;

impl Retry {
    /// Sets the maximum number of calls, the first one included.
    #[must_use]
    pub fn new(attempts: usize) -> Self {
        Self { attempts, backoff: None, jitter: Jitter::None, predicate: None }
    }

    /// Sets the wait before the second attempt, and the longest wait. Each wait is twice the last one.
    #[must_use]
    pub fn backoff(mut self, shortest: Duration, longest: Duration) -> Self {
        self.backoff = Some((shortest, longest));
        self
    }

    /// Shortens each wait to a random time between half of the wait and the whole wait.
    ///
    /// Callers that failed together do not return together. Waits differ between nodes, executions and processes, and never
    /// exceed the longest wait.
    #[must_use]
    pub fn jitter(mut self) -> Self {
        self.jitter = Jitter::Equal;
        self
    }

    /// Retries only after an error `E` for which `predicate` returns true.
    ///
    /// The predicate receives the first `E` among the error that the function returned and its chain of sources. `E` can also be
    /// the function's report type, such as `anyhow::Error`.
    #[must_use]
    pub fn when<E, Kind>(self, predicate: impl Fn(&E) -> bool + Send + Sync + 'static) -> Self
    where
        E: Downcast<Kind>,
    {
        self.when_any(move |error| error.find::<E, Kind>().is_some_and(&predicate))
    }

    /// Like [`when`](Self::when), for a function that fails with `_errors`. Written by macros.
    #[doc(hidden)]
    #[must_use]
    pub fn when_given<E, Kind, F>(
        self,
        _errors: F,
        predicate: impl Fn(&E) -> bool + Send + Sync + 'static,
    ) -> Self
    where
        E: Downcast<Kind>,
        F: FailsWith<E, Kind>,
    {
        self.when(predicate)
    }

    /// Retries only after an error for which `predicate` returns true.
    #[must_use]
    pub fn when_any(mut self, predicate: impl Fn(&NodeError) -> bool + Send + Sync + 'static) -> Self {
        self.predicate = Some(Arc::new(predicate));
        self
    }

    pub(crate) fn first_attempt(&self) -> Attempt {
        if self.attempts > 1 { Attempt::Repeatable } else { Attempt::Last }
    }

    fn is_retryable(&self, error: &NodeError) -> bool {
        !is_final(error) && self.predicate.as_ref().is_none_or(|predicate| predicate(error))
    }

    fn backoff_of_call(&self) -> Option<Backoff> {
        self.backoff.map(|(shortest, longest)| Backoff::new(shortest, longest, self.jitter))
    }

    fn check_settings(&self, node: &Node) -> Result<(), DecorateError> {
        let (problem, help) = match self.backoff {
            _ if self.attempts == 0 => ("makes no attempt", "allow at least one attempt"),
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

    /// Logs that `attempt` failed and another one follows.
    fn log(&self, node: &str, attempt: usize, error: &NodeError, wait: Duration) {
        let attempts = self.attempts;
        tracing::warn!(target: "icosian_decorators::retry", %node, attempt, attempts, %error, ?wait, "attempt failed, retrying the node");
    }
}

impl Decorator for Retry {
    fn spec(&self) -> DecoratorSpec {
        if self.backoff.is_some() { BuiltIn::Retry.spec_with("backoff") } else { BuiltIn::Retry.spec() }
    }

    fn decorate(&self, nodes: Vec<Node>, scope: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        nodes.into_iter().map(|node| self.decorate_one(node, scope)).collect()
    }
}

impl Retry {
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

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("attempts", &self.attempts)
            .field("backoff", &self.backoff)
            .field("jitter", &self.jitter)
            .finish_non_exhaustive()
    }
}
