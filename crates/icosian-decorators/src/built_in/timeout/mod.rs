mod time_limit;

pub(crate) use time_limit::{InTime, LimitClock, TimeLimit};

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use icosian_core::decorator::{BuiltIn, DecorateContext, DecoratorSpec};
use icosian_core::node::{Args, Asyncness, Body, Placement, Task};
use icosian_core::value::Slot;
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

    pub(crate) const fn limit(self) -> Duration {
        self.limit
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
                    format!("`timeout` on `{}` is zero, so it always expires", node.name()),
                    "set a longer duration, as in `Duration::from_secs(2)`",
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
            made.push(Node::from_parts(outline, limit_time(TimedCall { name, inner, limit, context: at })));
        }
        Ok(made)
    }
}

/// A call of an async function that has a time limit.
struct TimedCall {
    name: Name,
    inner: Body,
    limit: Duration,
    /// The position of the run's context, after the parameters of `inner`.
    context: usize,
}

/// Returns the body that calls a function and cancels it when its time is over.
fn limit_time(call: TimedCall) -> Body {
    let call = Arc::new(call);
    let in_place = Arc::clone(&call);
    Body::polled_task(
        move |args, task: &mut Timed| {
            task.prepare(&call, args);
            call.inner.call(&mut args.part(0..call.context), &mut task.task)
        },
        move |args, task: &mut Timed, context| {
            task.prepare(&in_place, args);
            let TimedCall { inner, context: own, .. } = &*in_place;
            task.poll_by(context, |task, context| inner.call_and_poll(&mut args.part(0..*own), task, context))
        },
    )
}

/// An async node with a time limit.
#[derive(Default)]
struct Timed {
    node: Option<Name>,
    task: Option<Box<dyn Task>>,
    limit: TimeLimit,
    clock: ContextClock,
}

/// The clock of the run's context, and a wait on it.
#[derive(Default)]
struct ContextClock {
    context: Option<RunContext>,
    sleep: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl LimitClock for ContextClock {
    fn now(&self) -> Option<Instant> {
        self.context.as_ref().map(RunContext::now)
    }

    fn is_sleeping(&self) -> bool {
        self.sleep.is_some()
    }

    fn start_sleep(&mut self, time: Duration) {
        self.sleep = self.context.clone().map(|context| {
            let sleep: Pin<Box<dyn Future<Output = ()> + Send>> =
                Box::pin(async move { context.sleep(time).await });
            sleep
        });
    }

    fn poll_sleep(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.sleep.as_mut().map_or(Poll::Pending, |sleep| sleep.as_mut().poll(context))
    }
}

impl Timed {
    fn prepare(&mut self, call: &TimedCall, args: &Args<'_>) {
        self.node.get_or_insert_with(|| call.name.clone());
        self.limit = TimeLimit::new(call.limit);
        let context = args.borrow::<RunContext>(call.context).clone();
        self.clock = ContextClock { context: Some(context), sleep: None };
    }

    fn poll_by(
        &mut self,
        context: &mut Context<'_>,
        poll: impl FnOnce(&mut Option<Box<dyn Task>>, &mut Context<'_>) -> Poll<Result<(), NodeError>>,
    ) -> Poll<Result<(), NodeError>> {
        let Self { node, task, limit, clock } = self;
        let node = node.as_ref().map_or("", Name::as_str);
        let outcome = match limit.poll(node, clock, context, |context| poll(task, context)) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(InTime::Done(outcome)) => outcome,
            Poll::Ready(InTime::Late(error)) => {
                if let Some(task) = task {
                    task.cancel();
                }
                Err(error)
            }
        };
        self.clock = ContextClock::default();
        Poll::Ready(outcome)
    }
}

impl Task for Timed {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        self.poll_by(context, |task, context| {
            task.as_mut().map_or(Poll::Ready(Ok(())), |task| task.poll(context))
        })
    }

    fn deliver(&mut self, slot: Slot<'_>) {
        if let Some(task) = &mut self.task {
            task.deliver(slot);
        }
    }

    fn poll_into(&mut self, context: &mut Context<'_>, slot: Slot<'_>) -> Poll<Result<(), NodeError>> {
        self.poll_by(context, |task, context| {
            task.as_mut().map_or(Poll::Ready(Ok(())), |task| task.poll_into(context, slot))
        })
    }

    fn cancel(&mut self) {
        if let Some(task) = &mut self.task {
            task.cancel();
        }
        self.clock = ContextClock::default();
    }
}
