use std::any::Any;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::channel::oneshot;
use futures::future::{self, Either, FutureExt};
use icosian_core::node::{Asyncness, Body, HeldArgs, HeldCall, NodeOutput, OutputFuture, Placement};
use icosian_core::run::{Attempts, OffloadFuture, Offloader};
use icosian_core::{Name, Node, NodeError, Outline, Param, RunContext};

/// A call of a body on the thread or task that its node declares.
///
/// Wrappers of bodies use it instead of the adapter.
///
/// Dropping the future cancels the call, unless a thread has begun the call. The outline of the wrapper is
/// [`placed_by_body`](Outline::placed_by_body). Without an [`Offloader`] on the context, the call runs in place.
///
/// # Examples
/// ```
/// use icosian_adapter::BodyCall;
/// use icosian_core::node::{Args, Body, HeldArgs, HeldCall};
/// use icosian_core::value::{Arena, Cell};
/// use icosian_core::{Outline, RunContext};
///
/// let mut cells = Arena::from([Cell::default()]);
/// let mut held = HeldArgs::default();
/// Args::new(&mut cells, &[], &[0], 0).hold(&mut held);
/// let call = HeldCall::new(Body::sync(|_| Ok(3_u64)), held);
/// # futures::executor::block_on(async {
/// let output = BodyCall::new(call, &Outline::new("three"), &RunContext::new()).await?;
/// assert_eq!(output.get::<u64>(), Some(&3));
/// # Ok::<(), icosian_core::NodeError>(())
/// # }).unwrap();
/// ```
pub struct BodyCall(CallRepr);

#[expect(
    clippy::large_enum_variant,
    reason = "most calls run in place, and a box would cost an allocation each"
)]
enum CallRepr {
    InPlace(HeldCall),
    Elsewhere(OutputFuture),
}

impl BodyCall {
    /// Returns a call of the body of the node with this outline.
    #[must_use]
    pub fn new(call: HeldCall, outline: &Outline, context: &RunContext) -> Self {
        Self(match context.offloader() {
            Some(offloader) if outline.placement() != Placement::Inline => {
                CallRepr::Elsewhere(Box::pin(call_elsewhere(call, outline, context, offloader)))
            }
            _ => CallRepr::InPlace(call),
        })
    }
}

impl Future for BodyCall {
    type Output = Result<NodeOutput, NodeError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            CallRepr::InPlace(call) => Pin::new(call).poll(context),
            CallRepr::Elsewhere(call) => call.as_mut().poll(context),
        }
    }
}

impl fmt::Debug for BodyCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyCall")
    }
}

/// Returns a node with this outline whose body awaits the future of `start`. The node may fail.
///
/// `start` receives the context of the run and the arguments of the wrapped node. The outline is that of the wrapped node.
///
/// # Examples
/// ```
/// use icosian_adapter::{BodyCall, wrap_body};
/// use icosian_core::node::HeldCall;
/// use icosian_core::{Node, Outline};
///
/// let (outline, body) = Node::sync(Outline::new("three"), |_| Ok(3_u64)).into_parts();
/// let inner = outline.clone();
/// let wrapped = wrap_body(outline, move |run, arguments| {
///     Box::pin(BodyCall::new(HeldCall::new(body.clone(), arguments), &inner, &run))
/// });
/// assert_eq!(wrapped.outline().to_string(), "async three(<run context>: &RunContext) -> u64");
/// ```
pub fn wrap_body(
    outline: Outline,
    start: impl Fn(RunContext, HeldArgs) -> OutputFuture + Send + Sync + 'static,
) -> Node {
    let context = outline.params().len();
    let run_context = Param::borrowed::<RunContext>(Name::new(RunContext::INPUT));
    let outline = outline.placed_by_body().with_failures().with_param(run_context);
    let body = Body::output_future(move |args| {
        let run = args.borrow::<RunContext>(context).clone();
        let mut held = HeldArgs::default();
        args.part(0..context).hold(&mut held);
        start(run, held)
    });
    Node::from_parts(outline, body)
}

/// Calls a body on the thread or task that its node declares, within the time limit of an offloaded function.
fn call_elsewhere(
    call: HeldCall,
    outline: &Outline,
    context: &RunContext,
    offloader: &Arc<dyn Offloader>,
) -> impl Future<Output = Result<NodeOutput, NodeError>> + Send + use<> {
    let (sends, receives) = oneshot::channel();
    let (begins, begun) = oneshot::channel();
    let recorded = RecordedCall { call, context: context.clone(), attempts: Attempts::default() };
    let work = async move {
        begins.send(()).ok();
        // The receiver is dropped if the call is too late.
        sends.send(recorded.await).ok();
    };
    let ended: OffloadFuture = match (outline.placement(), outline.asyncness()) {
        (Placement::Spawn, _) => offloader.spawn(Box::pin(work)),
        // The call of a sync function ends at its first poll.
        (_, Asyncness::Sync) => offloader.call(Box::new(move || {
            work.now_or_never();
        })),
        (_, Asyncness::Async) => offloader.poll_on_thread(Box::pin(work)),
    };
    let (context, time_limit) = (context.clone(), outline.time_limit());
    async move {
        let result = async {
            ended.await.map_err(NodeError::failed)?;
            let ended = receives.await.ok();
            let (outcome, attempts) = ended
                .ok_or_else(|| NodeError::failed("the call was dropped, because the runtime shuts down"))?;
            attempts.forward();
            // Layers must not see a panic as an error that they can replace.
            outcome.unwrap_or_else(|payload| resume_unwind(payload))
        };
        let Some(limit) = time_limit else { return result.await };
        let result = pin!(result);
        // Time spent waiting for a thread is not counted.
        let late = pin!(async {
            begun.await.ok();
            context.sleep(limit).await;
        });
        match future::select(result, late).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => Err(NodeError::TimedOut(limit)),
        }
    }
}

type Panicking = Box<dyn Any + Send>;

/// A call that another thread or task polls: its panics and the reports of its decorators go back to the run.
struct RecordedCall {
    call: HeldCall,
    context: RunContext,
    attempts: Attempts,
}

impl Future for RecordedCall {
    type Output = (Result<Result<NodeOutput, NodeError>, Panicking>, Attempts);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { call, context: run, attempts } = &mut *self;
        let poll = || catch_unwind(AssertUnwindSafe(|| Pin::new(call).poll(context)));
        let (polled, reports) = Attempts::under(Some(run), || Attempts::record(poll));
        attempts.add(reports);
        let outcome = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(outcome)) => Ok(outcome),
            Err(payload) => Err(payload),
        };
        Poll::Ready((outcome, std::mem::take(attempts)))
    }
}
