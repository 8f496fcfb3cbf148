//! The bodies of nodes that are retried.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use icosian_core::node::{Args, Asyncness, Body, HeldArgs, Task};
use icosian_core::run::{Attempts, Permit, StartLimits};
use icosian_core::value::Slot;
use icosian_core::{BoxError, Name, NodeError, RunContext};

use super::attempt::Attempt;
use super::policy::Retry;
use super::retrying::{BlockingCalls, RetriedCalls, Retrying, retry_in_place};

/// A call of a function that is retried.
pub(super) struct RetryCall {
    pub(super) retry: Retry,
    pub(super) inner: Body,
    pub(super) name: Name,
    /// The limits that each attempt waits for.
    pub(super) limits: Option<StartLimits>,
    /// The position of the run's context, or that after the last parameter.
    pub(super) context: usize,
}

/// Returns the body that calls `inner` until it succeeds, and sleeps on its thread in between.
pub(super) fn blocking(retry: Retry, inner: Body, name: Name, context: usize) -> Body {
    let call = RetryCall { retry, inner: inner.clone(), name, limits: None, context };
    Body::erased(move |args| match inner.call(&mut args.again().part(0..context), &mut None) {
        Ok(()) => Ok(()),
        Err(error) => retry_in_place(&call.retry, &call.name, error, &mut CallsInPlace { call: &call, args }),
    })
}

/// The calls of a sync node that keeps its thread between them.
struct CallsInPlace<'a, 'run> {
    call: &'a RetryCall,
    args: &'a mut Args<'run>,
}

impl CallsInPlace<'_, '_> {
    fn context(&self) -> Option<&RunContext> {
        (self.call.context < self.args.len()).then(|| self.args.borrow::<RunContext>(self.call.context))
    }
}

impl BlockingCalls for CallsInPlace<'_, '_> {
    type Output = ();

    fn is_cancelled(&self) -> bool {
        Attempts::is_cancelled() || self.context().is_some_and(RunContext::is_cancelled)
    }

    fn call(&mut self, attempt: Attempt) -> Result<(), NodeError> {
        let own = 0..self.call.context;
        match attempt {
            Attempt::Repeatable => self.call.inner.call(&mut self.args.again().part(own), &mut None),
            Attempt::Last => self.call.inner.call(&mut self.args.part(own), &mut None),
        }
    }

    fn sleep(&mut self, time: Duration) {
        if let Some(context) = self.context() {
            sleep(context, time);
        }
    }

    fn report(&mut self, error: NodeError) {
        Attempts::retry(error);
    }
}

/// Sleeps on this thread until the time is over or the execution is cancelled.
fn sleep(context: &RunContext, time: Duration) {
    /// The longest time that a cancellation goes unnoticed.
    const NAP: Duration = Duration::from_millis(10);
    let mut left = time;
    while !left.is_zero() && !context.is_cancelled() {
        let nap = left.min(NAP);
        std::thread::sleep(nap);
        left -= nap;
    }
}

/// Returns the body that calls `inner` until it succeeds, and awaits the timer of the run's context in between.
pub(super) fn await_attempts(call: Arc<RetryCall>) -> Body {
    let in_place = Arc::clone(&call);
    Body::polled_task(
        move |args, task: &mut RetryTask| {
            task.begin(&call, args);
            Ok(())
        },
        move |args, task: &mut RetryTask, context| {
            let RetryCall { retry, inner, limits, context: own, .. } = &*in_place;
            if limits.is_some() || retry.attempts <= 1 {
                task.begin(&in_place, args);
                return task.poll_into(context, args.output());
            }
            // Most first attempts succeed without waiting, and then the arguments are not kept.
            match inner.call_and_poll(&mut args.again().part(0..*own), &mut task.slots.task, context) {
                Poll::Ready(Ok(())) => Poll::Ready(Ok(())),
                Poll::Ready(Err(error)) => task.begin_again(&in_place, args, error, context),
                Poll::Pending => {
                    task.begin(&in_place, args);
                    task.retrying.skip_begin();
                    Poll::Pending
                }
            }
        },
    )
}

/// An async node that is retried.
#[derive(Default)]
struct RetryTask {
    call: Option<Arc<RetryCall>>,
    retrying: Retrying,
    slots: RetrySlots,
}

/// The wait for a permit.
type Acquiring = Pin<Box<dyn Future<Output = Result<Permit, BoxError>> + Send>>;

/// The arguments and the futures of the calls.
#[derive(Default)]
struct RetrySlots {
    held: HeldArgs,
    task: Option<Box<dyn Task>>,
    acquiring: Option<Acquiring>,
    permit: Option<Permit>,
    sleep: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl RetrySlots {
    fn release(&mut self) {
        self.acquiring = None;
        self.permit = None;
        self.sleep = None;
    }

    fn end(&mut self) {
        self.release();
        self.held.release();
    }
}

/// The calls of a node that is polled.
struct PolledRetry<'a> {
    call: &'a RetryCall,
    slots: &'a mut RetrySlots,
}

impl RetriedCalls for PolledRetry<'_> {
    type Output = ();

    fn is_cancelled(&self) -> bool {
        Attempts::is_cancelled()
    }

    fn needs_permit(&self) -> bool {
        self.call.limits.is_some()
    }

    fn acquire(&mut self) {
        let Some(limits) = &self.call.limits else { return };
        let permit = self.slots.held.args().borrow::<RunContext>(self.call.context).acquire(limits);
        self.slots.acquiring = Some(Box::pin(permit));
    }

    fn poll_permit(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        let Some(acquiring) = &mut self.slots.acquiring else { return Poll::Ready(Ok(())) };
        let permit = ready!(acquiring.as_mut().poll(context));
        self.slots.acquiring = None;
        Poll::Ready(permit.map(|permit| self.slots.permit = Some(permit)).map_err(NodeError::failed))
    }

    fn begin(&mut self, attempt: Attempt) -> Option<Result<(), NodeError>> {
        let RetrySlots { held, task, permit, .. } = &mut *self.slots;
        let mut args = match attempt {
            Attempt::Last => held.last_args(),
            Attempt::Repeatable => held.args(),
        };
        let RetryCall { inner, context, .. } = self.call;
        let outcome = in_scope(permit.as_ref(), || inner.call(&mut args.part(0..*context), task));
        (outcome.is_err() || inner.asyncness() == Asyncness::Sync).then_some(outcome)
    }

    fn poll_call(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        let RetrySlots { task, permit, .. } = &mut *self.slots;
        match task {
            Some(task) => in_scope(permit.as_ref(), || task.poll(context)),
            None => Poll::Ready(Ok(())),
        }
    }

    fn release(&mut self) {
        self.slots.permit = None;
    }

    fn start_sleep(&mut self, time: Duration) {
        let context = self.slots.held.args().borrow::<RunContext>(self.call.context).clone();
        self.slots.sleep = Some(Box::pin(async move { context.sleep(time).await }));
    }

    fn poll_sleep(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(sleep) = &mut self.slots.sleep else { return Poll::Ready(()) };
        ready!(sleep.as_mut().poll(context));
        self.slots.sleep = None;
        Poll::Ready(())
    }

    fn report(&mut self, error: NodeError) {
        Attempts::retry(error);
    }
}

/// Calls a function within the scope of the attempt's permit, if it has one.
fn in_scope<T>(permit: Option<&Permit>, call: impl FnOnce() -> T) -> T {
    match permit {
        Some(permit) => permit.in_scope(call),
        None => call(),
    }
}

impl RetryTask {
    /// Keeps the arguments of a call whose first attempt has not begun.
    fn begin(&mut self, call: &Arc<RetryCall>, args: &mut Args<'_>) {
        self.call.get_or_insert_with(|| Arc::clone(call));
        args.hold(&mut self.slots.held);
        self.slots.release();
        self.retrying = Retrying::default();
    }

    /// Continues after the first attempt has failed in place.
    #[cold]
    fn begin_again(
        &mut self,
        call: &Arc<RetryCall>,
        args: &mut Args<'_>,
        error: NodeError,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), NodeError>> {
        self.begin(call, args);
        self.retrying.skip_begin();
        let mut calls = PolledRetry { call, slots: &mut self.slots };
        match self.retrying.prepare_next(&call.retry, &call.name, error, &mut calls) {
            Ok(()) => self.poll_into(context, args.output()),
            Err(error) => {
                self.slots.end();
                Poll::Ready(Err(error))
            }
        }
    }
}

impl Task for RetryTask {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        let Self { call: Some(call), retrying, slots } = self else { return Poll::Ready(Ok(())) };
        let mut calls = PolledRetry { call, slots };
        let outcome = ready!(retrying.poll(&call.retry, &call.name, &mut calls, context));
        self.slots.end();
        Poll::Ready(outcome)
    }

    fn deliver(&mut self, mut slot: Slot<'_>) {
        match &mut self.slots.task {
            Some(task) => task.deliver(slot),
            None => slot.move_from(&mut self.slots.held.output()),
        }
    }

    fn cancel(&mut self) {
        if let Some(task) = &mut self.slots.task {
            task.cancel();
        }
        self.retrying = Retrying::default();
        self.slots.end();
    }
}
