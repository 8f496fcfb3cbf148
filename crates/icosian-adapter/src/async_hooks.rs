use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::FutureExt;
use icosian_core::node::{Asyncness, HeldCall, NodeOutput};
use icosian_core::run::Attempts;
use icosian_core::{BoxError, Node, NodeError, Outline, Param, RunContext};

use crate::async_hook::AsyncHook;
use crate::body_call::{BodyCall, wrap_body};
use crate::hook::{NodeEnd, NodeInfo, NodeOutcome, RunEnd};
use crate::panic_guard::catch_panic;
use crate::run_abort::{InnerAbort, RunAbort};
use crate::values::Values;

/// The async hooks of a driver, in the order in which they are called.
///
/// # Examples
/// ```
/// use icosian_adapter::{AsyncHook, AsyncHooks};
/// use icosian_core::{Node, Outline};
///
/// #[derive(Debug)]
/// struct Quiet;
/// impl AsyncHook for Quiet {}
///
/// let hooks = AsyncHooks::default().with(Quiet);
/// let one = hooks.wrap(Node::sync(Outline::new("one"), |_| Ok(1_u64)));
/// assert_eq!(one.outline().to_string(), "async one(<run context>: &RunContext) -> u64");
/// ```
#[derive(Clone, Debug, Default)]
pub struct AsyncHooks(Arc<Vec<Arc<dyn AsyncHook>>>);

impl AsyncHooks {
    /// Adds a hook, which is called after the earlier ones.
    #[must_use]
    pub fn with(mut self, hook: impl AsyncHook) -> Self {
        Arc::make_mut(&mut self.0).push(Arc::new(hook));
        self
    }

    /// Returns whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Wraps the body of a node with the hooks. Without hooks, the node is unchanged.
    #[must_use]
    pub fn wrap(&self, node: Node) -> Node {
        let outline = node.outline();
        let streams_here =
            outline.asyncness() == Asyncness::Sync && outline.params().iter().any(Param::is_stream);
        if self.is_empty() || streams_here {
            return node;
        }
        let (outline, body) = node.into_parts();
        let (hooks, inner) = (self.clone(), Arc::new(outline.clone()));
        wrap_body(outline, move |run, arguments| {
            let call = BodyCall::new(HeldCall::new(body.clone(), arguments), &inner, &run);
            let (hooks, outline) = (hooks.clone(), Arc::clone(&inner));
            Box::pin(async move { hooks.observe(&outline, &run, call).await })
        })
    }

    /// Calls a body between the hooks.
    async fn observe(
        &self,
        outline: &Outline,
        context: &RunContext,
        call: BodyCall,
    ) -> Result<NodeOutput, NodeError> {
        let (run, items) = (context.id(), context.items());
        let info = NodeInfo { run, outline, items, queued: Duration::ZERO, span: None };
        self.before_node(&info).await.map_err(ends_run)?;
        let began = context.now();
        let (outcome, attempts) = GuardedCall { call, attempts: Attempts::default() }.await;
        let time = context.now().saturating_duration_since(began);
        let end = match &outcome {
            Ok(output) => NodeEnd {
                outcome: NodeOutcome::Succeeded,
                time,
                output: output.value(),
                attempts: Some(&attempts),
            },
            Err(error) => {
                NodeEnd { outcome: NodeOutcome::Failed(error), time, output: None, attempts: Some(&attempts) }
            }
        };
        let after = self.all(|hook| hook.after_node(&info, &end)).await;
        // Sync hooks see the attempts too.
        attempts.forward();
        match (outcome, after) {
            (outcome, Ok(())) => outcome,
            (Ok(_), Err(hook)) => Err(ends_run(hook)),
            (Err(failure), Err(hook)) => Err(NodeError::failed(InnerAbort::after(failure, hook))),
        }
    }

    /// Calls all hooks before a node. When one fails, the earlier ones get a cancelled end of the node.
    async fn before_node(&self, info: &NodeInfo<'_>) -> Result<(), RunAbort> {
        for (at, hook) in self.0.iter().enumerate() {
            let Err(abort) = call_guarded(&**hook, || hook.before_node(info)).await else { continue };
            let outcome = NodeOutcome::Cancelled;
            let end = NodeEnd { outcome, time: Duration::ZERO, output: None, attempts: None };
            for called in &self.0[..at] {
                call_guarded(&**called, || called.after_node(info, &end)).await.ok();
            }
            return Err(abort);
        }
        Ok(())
    }

    /// Calls all hooks before a run whose inputs are filled.
    ///
    /// # Errors
    /// The first failure of a hook.
    pub fn before_run(&self, values: &mut Values<'_>) -> impl Future<Output = Result<(), RunAbort>> + Send {
        values.watch();
        let run = values.hooked_run();
        async move {
            let info = run.info();
            self.all(|hook| hook.before_run(&info)).await
        }
    }

    /// Calls all hooks after the adapter has returned `ran`.
    ///
    /// # Errors
    /// The first failure of a hook, if the run succeeded.
    pub fn after_run(
        &self,
        values: &Values<'_>,
        ran: &Result<(), RunAbort>,
    ) -> impl Future<Output = Result<(), RunAbort>> + Send {
        let (run, end) = (values.hooked_run(), values.run_end(ran));
        async move {
            let info = run.info();
            let called = self.all(|hook| hook.after_run(&info, end)).await;
            if end == RunEnd::Succeeded { called } else { Ok(()) }
        }
    }

    /// Calls all hooks, one after the other, and returns the first failure.
    async fn all<'a, F>(&'a self, call: impl Fn(&'a dyn AsyncHook) -> F) -> Result<(), RunAbort>
    where
        F: Future<Output = Result<(), BoxError>>,
    {
        let mut first = Ok(());
        for hook in self.0.iter() {
            first = first.and(call_guarded(&**hook, || call(&**hook)).await);
        }
        first
    }
}

/// Awaits a hook; a panic counts as its failure.
async fn call_guarded<F>(hook: &dyn AsyncHook, call: impl FnOnce() -> F) -> Result<(), RunAbort>
where
    F: Future<Output = Result<(), BoxError>>,
{
    // The call may panic before it returns a future.
    let called = AssertUnwindSafe(async { call().await }).catch_unwind().await;
    let error = match called {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => error,
        Err(payload) => {
            let error = format!("it panicked: {}", NodeError::panicked(&*payload)).into();
            // A payload may panic again when it is dropped. It is leaked then.
            catch_unwind(AssertUnwindSafe(|| drop(payload))).map_err(std::mem::forget).ok();
            error
        }
    };
    let name = catch_panic(|| Ok(hook.name().to_owned()));
    Err(RunAbort::hook(name.unwrap_or_else(|_| "a hook whose name panics".to_owned()), error))
}

/// Returns the error of a node that ends the whole run.
fn ends_run(abort: RunAbort) -> NodeError {
    NodeError::failed(InnerAbort::new(abort))
}

/// A call whose panic is an error, and whose decorators' reports are kept.
struct GuardedCall {
    call: BodyCall,
    attempts: Attempts,
}

impl Future for GuardedCall {
    type Output = (Result<NodeOutput, NodeError>, Attempts);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { call, attempts } = &mut *self;
        let (polled, reports) = Attempts::record(|| catch_panic(|| Ok(Pin::new(call).poll(context))));
        attempts.add(reports);
        let outcome = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(outcome)) => outcome,
            Err(panicked) => Err(panicked),
        };
        Poll::Ready((outcome, std::mem::take(attempts)))
    }
}
