use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec};
use icosian_core::node::{Asyncness, Body, Placement, Task};
use icosian_core::value::Cell;
use icosian_core::{Decorator, Name, Node, NodeError, RunContext};

use crate::decorate_errors::{Decorated, decorate_error};
use crate::wrap::checks::with_context;

/// Sets a time limit for an async function. On expiry the function is cancelled, and the node fails.
///
/// The time starts at the first poll of the body. A body cannot be interrupted between two waits: a function that completes
/// without waiting succeeds, however long it takes. The clock is read once for such a function. The adapter's timer is used
/// only when the body waits, and fires even if the body uses up tokio's cooperative budget.
///
/// Time spent waiting for a permit of [`Limit`](crate::Limit) is not included.
///
/// Above [`Offload`](crate::Offload) it limits a sync function too. On expiry the node fails, and its thread keeps running.
///
/// A timeout that fires emits a `tracing` event at level `WARN`.
///
/// The driver is not built under an adapter without a timer, or above a function that cannot be interrupted. It is not
/// built for a limit of zero either, nor for two timeouts without `retry` or `fallback` in between.
///
/// # Examples
/// ```
/// use icosian_core::{AdapterSpec, Caps, Config, Dataflow, Node, Outline};
/// use icosian_decorators::{Timeout, apply};
/// use std::time::{Duration, Instant};
///
/// let fetch = Node::future(Outline::new("fetch"), |_| async { Ok(1_u64) });
/// let flow = Dataflow::new("flow").with_node(fetch.with_decorator(Timeout::new(Duration::from_secs(2))));
/// let adapter = AdapterSpec::new("tokio").polls_futures().with_caps(Caps::TIMER);
/// assert_eq!(apply(vec![flow], &Config::new(), &adapter)?[0].len(), 1);
/// # Ok::<(), icosian_diagnostics::Diagnostics<icosian_core::decorator::DecorateError>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Timeout {
    limit: Duration,
}

impl Timeout {
    /// Sets the limit.
    #[must_use]
    pub const fn new(limit: Duration) -> Self {
        Self { limit }
    }
}

impl Decorator for Timeout {
    fn spec(&self) -> DecoratorSpec {
        BuiltIn::Timeout.spec()
    }

    fn decorate(&self, nodes: Vec<Node>, _: &DecorateContext<'_>) -> Decorated<Vec<Node>> {
        let limit = self.limit;
        let mut made = Vec::with_capacity(nodes.len());
        for node in nodes {
            if limit.is_zero() {
                let error = decorate_error(
                    "ICO0704 timeout-shorter-than-retries",
                    format!("`timeout` on `{}` is zero, so the function never has time to wait", node.name()),
                    "write a longer time, as in `Duration::from_secs(2)`",
                );
                return Err(error.into());
            }
            let (outline, inner) = node.into_parts();
            if inner.asyncness() == Asyncness::Sync && outline.placement() == Placement::Offload {
                made.push(Node::from_parts(outline.with_time_limit(limit), inner));
                continue;
            }
            if inner.asyncness() == Asyncness::Sync {
                let error = decorate_error(
                    "ICO0102 unsupported-decorator",
                    format!("`timeout` on `{}` cannot interrupt a sync function", outline.name()),
                    "make the function async, or write `offload` below `timeout`",
                );
                return Err(error.into());
            }
            let (outline, at) = with_context(outline.with_failures());
            let name = outline.name().clone();
            let body = Body::task(move |args, task: &mut Timed| {
                task.node.get_or_insert_with(|| name.clone());
                task.limit = limit;
                task.begun = None;
                task.sleep = None;
                task.context = Some(args.borrow::<RunContext>(at).clone());
                inner.call(&mut args.part(0..at), &mut task.task)
            });
            made.push(Node::from_parts(outline, body));
        }
        Ok(made)
    }
}

/// An async node with a time limit.
#[derive(Default)]
struct Timed {
    node: Option<Name>,
    task: Option<Box<dyn Task>>,
    limit: Duration,
    begun: Option<Instant>,
    context: Option<RunContext>,
    sleep: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Timed {
    /// Stores the time at which the body begins, on the execution's clock.
    fn begin(&mut self) {
        if let (None, Some(run)) = (self.begun, &self.context) {
            self.begun = Some(run.now());
        }
    }

    /// Returns whether the time of a pending node is over.
    fn is_late(&mut self, context: &mut Context<'_>) -> bool {
        let Self { limit, sleep, context: run, begun, .. } = self;
        let Some(run) = run else { return false };
        let sleep = if let Some(sleep) = sleep {
            sleep
        } else {
            let spent = begun.map(|begun| run.now().saturating_duration_since(begun)).unwrap_or_default();
            let left = limit.saturating_sub(spent);
            if left.is_zero() {
                return true;
            }
            let run = run.clone();
            sleep.insert(Box::pin(async move { run.sleep(left).await }))
        };
        sleep.as_mut().poll(context).is_ready()
    }

    fn end(&mut self) {
        self.sleep = None;
        self.context = None;
    }

    fn check(
        &mut self,
        polled: Poll<Result<(), NodeError>>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), NodeError>> {
        if polled.is_pending() && !self.is_late(context) {
            return Poll::Pending;
        }
        self.end();
        match (polled, &mut self.task) {
            (Poll::Pending, Some(task)) => {
                task.cancel();
                if let Some(node) = &self.node {
                    tracing::warn!(target: "icosian_decorators::timeout", %node, limit = ?self.limit, "node timed out");
                }
                Poll::Ready(Err(NodeError::TimedOut(self.limit)))
            }
            (polled, _) => polled,
        }
    }
}

impl Task for Timed {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        self.begin();
        let polled = self.task.as_mut().map_or(Poll::Ready(Ok(())), |task| task.poll(context));
        self.check(polled, context)
    }

    fn deliver(&mut self, cell: &mut Cell) {
        if let Some(task) = &mut self.task {
            task.deliver(cell);
        }
    }

    fn poll_into(&mut self, context: &mut Context<'_>, cell: &mut Cell) -> Poll<Result<(), NodeError>> {
        self.begin();
        let polled = self.task.as_mut().map_or(Poll::Ready(Ok(())), |task| task.poll_into(context, cell));
        self.check(polled, context)
    }

    fn cancel(&mut self) {
        if let Some(task) = &mut self.task {
            task.cancel();
        }
        self.end();
    }
}
