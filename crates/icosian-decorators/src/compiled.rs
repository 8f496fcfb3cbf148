//! The decorators of compiled dataflows. Generated code calls these functions; they are no public API.
//!
//! A compiled dataflow has no driver: types are not erased, only the drop of its future cancels it, and no hook sees its
//! attempts. `Retrying`, `TimeLimit` and `FallingBack` also run the decorators of a driver.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use icosian_core::NodeError;
use icosian_core::run::Clock;

pub use crate::built_in::check_output::compiled::*;
pub use crate::built_in::extract_outputs::{key, key_or};
use crate::built_in::fallback::{FallbackCalls, FallbackHost, FallingBack, replace_error};
pub use crate::built_in::retry::Attempt;
use crate::built_in::retry::{BlockingCalls, RetriedCalls, Retrying, retry_in_place};
use crate::built_in::timeout::{InTime, LimitClock, TimeLimit};
use crate::{Retry, Timeout};

/// An argument that a function takes by value, and that its next call needs too.
#[derive(Debug)]
pub struct Held<T>(Option<T>);

/// A value that a function may take more than once.
#[diagnostic::on_unimplemented(
    message = "the function consumes a `{Self}`, which is not `Clone`, but a decorator may call the function more than once",
    label = "`{Self}` is not `Clone`",
    note = "borrow the parameter, or implement `Clone` for the type"
)]
pub trait Repeatable: Clone {}

#[diagnostic::do_not_recommend]
impl<T: Clone> Repeatable for T {}

impl<T: Repeatable> Held<T> {
    /// Holds `value`.
    pub fn new(value: T) -> Self {
        Self(Some(value))
    }

    /// Returns the value for a call: a clone, unless it is the last call.
    ///
    /// # Panics
    /// Panics after the last call.
    pub fn get(&mut self, attempt: Attempt) -> T {
        let value = match attempt {
            Attempt::Repeatable => self.0.clone(),
            Attempt::Last => self.0.take(),
        };
        value.expect("no call follows the last one")
    }
}

/// Calls a sync function until it succeeds, and sleeps on the thread in between.
///
/// # Errors
/// The error of the last call.
#[inline]
pub fn retry_in_sync<T>(
    retry: &Retry,
    node: &str,
    mut call: impl FnMut(Attempt) -> Result<T, NodeError>,
) -> Result<T, NodeError> {
    match call(retry.first_attempt()) {
        Ok(output) => Ok(output),
        Err(error) => retry_in_place(retry, node, error, &mut CallsInSync(call)),
    }
}

struct CallsInSync<F>(F);

impl<T, F: FnMut(Attempt) -> Result<T, NodeError>> BlockingCalls for CallsInSync<F> {
    type Output = T;

    fn is_cancelled(&self) -> bool {
        false
    }

    fn call(&mut self, attempt: Attempt) -> Result<T, NodeError> {
        (self.0)(attempt)
    }

    fn sleep(&mut self, time: Duration) {
        if !time.is_zero() {
            std::thread::sleep(time);
        }
    }

    fn report(&mut self, _: NodeError) {}
}

/// Awaits the futures that `call` returns until one succeeds.
///
/// # Errors
/// The error of the last future.
pub async fn retry<T, F, C>(
    retry: &Retry,
    node: &str,
    clock: C,
    call: impl FnMut(Attempt) -> F,
) -> Result<T, NodeError>
where
    F: Future<Output = Result<T, NodeError>>,
    C: Clock,
{
    let (future, sleep) = (pin!(None), pin!(None));
    let mut calls = PolledAttempts { call, future, wait: Wait { clock, sleep } };
    let mut retrying = Retrying::default();
    poll_fn(|context| retrying.poll(retry, node, &mut calls, context)).await
}

struct PolledAttempts<'a, M, F, C: Clock> {
    call: M,
    future: Pin<&'a mut Option<F>>,
    wait: Wait<'a, C>,
}

impl<T, M, F, C> RetriedCalls for PolledAttempts<'_, M, F, C>
where
    M: FnMut(Attempt) -> F,
    F: Future<Output = Result<T, NodeError>>,
    C: Clock,
{
    type Output = T;

    fn is_cancelled(&self) -> bool {
        false
    }

    fn needs_permit(&self) -> bool {
        false
    }

    fn acquire(&mut self) {}

    fn poll_permit(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        Poll::Ready(Ok(()))
    }

    fn begin(&mut self, attempt: Attempt) -> Option<Result<T, NodeError>> {
        let future = (self.call)(attempt);
        self.future.set(Some(future));
        None
    }

    fn poll_call(&mut self, context: &mut Context<'_>) -> Poll<Result<T, NodeError>> {
        self.future.as_mut().as_pin_mut().expect("the call has begun").poll(context)
    }

    fn release(&mut self) {
        self.future.set(None);
    }

    fn start_sleep(&mut self, time: Duration) {
        self.wait.start_sleep(time);
    }

    fn poll_sleep(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.wait.poll_sleep(context)
    }

    fn report(&mut self, _: NodeError) {}
}

/// A clock, and a wait on it in pinned memory.
struct Wait<'a, C: Clock> {
    clock: C,
    sleep: Pin<&'a mut Option<C::Sleep>>,
}

impl<C: Clock> LimitClock for Wait<'_, C> {
    fn now(&self) -> Option<Instant> {
        Some(self.clock.now())
    }

    fn is_sleeping(&self) -> bool {
        self.sleep.is_some()
    }

    fn start_sleep(&mut self, time: Duration) {
        let sleep = self.clock.sleep(time);
        self.sleep.set(Some(sleep));
    }

    fn poll_sleep(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.sleep.as_mut().as_pin_mut().map_or(Poll::Pending, |sleep| sleep.poll(context))
    }
}

/// Awaits `future` until the time limit is over.
///
/// # Errors
/// The error of the future, or that of a timeout.
pub async fn timeout<T, F, C>(
    timeout: Timeout,
    node: &str,
    clock: C,
    mut future: Pin<&mut F>,
) -> Result<T, NodeError>
where
    F: Future<Output = Result<T, NodeError>>,
    C: Clock,
{
    let sleep = pin!(None);
    let mut wait = Wait { clock, sleep };
    let mut limit = TimeLimit::new(timeout.limit());
    poll_fn(|context| {
        let polled = limit.poll(node, &mut wait, context, |context| future.as_mut().poll(context));
        polled.map(|ended| match ended {
            InTime::Done(outcome) => outcome,
            InTime::Late(error) => Err(error),
        })
    })
    .await
}

/// An execution without a driver.
struct NoRun;

impl FallbackHost for NoRun {
    fn is_cancelled(&self) -> bool {
        false
    }

    fn report(&self, _: NodeError) {}
}

/// Returns `outcome`, or else what `replace` returns.
///
/// # Errors
/// The error of `outcome` if no fallback handles it, or the errors of both.
#[inline]
pub fn fall_back<T>(
    node: &str,
    outcome: Result<T, NodeError>,
    replace: impl FnOnce(&NodeError) -> Result<T, NodeError>,
) -> Result<T, NodeError> {
    match outcome {
        Ok(output) => Ok(output),
        Err(error) => replace_error(node, error, &NoRun, replace),
    }
}

/// Awaits `first`, or else the future that `replace` returns.
///
/// # Errors
/// The error of `first` if no fallback handles it, or the errors of both.
pub async fn fall_back_async<T, F, G>(
    node: &str,
    first: Pin<&mut F>,
    replace: impl FnOnce() -> G,
) -> Result<T, NodeError>
where
    F: Future<Output = Result<T, NodeError>>,
    G: Future<Output = Result<T, NodeError>>,
{
    let second = pin!(None);
    let mut calls = FallbackFutures { first, second, replace: Some(replace) };
    let mut falling_back = FallingBack::default();
    poll_fn(|context| falling_back.poll(node, &NoRun, &mut calls, context)).await
}

struct FallbackFutures<'a, F, G, R> {
    first: Pin<&'a mut F>,
    second: Pin<&'a mut Option<G>>,
    replace: Option<R>,
}

impl<T, F, G, R> FallbackCalls for FallbackFutures<'_, F, G, R>
where
    F: Future<Output = Result<T, NodeError>>,
    G: Future<Output = Result<T, NodeError>>,
    R: FnOnce() -> G,
{
    type Output = T;

    fn poll_first(&mut self, context: &mut Context<'_>) -> Poll<Result<T, NodeError>> {
        self.first.as_mut().poll(context)
    }

    fn replace(&mut self, _: &NodeError) -> Option<Result<T, NodeError>> {
        let replace = self.replace.take().expect("an error is replaced once");
        self.second.set(Some(replace()));
        None
    }

    fn poll_second(&mut self, context: &mut Context<'_>) -> Poll<Result<T, NodeError>> {
        self.second.as_mut().as_pin_mut().expect("the fallback has begun").poll(context)
    }
}

/// Calls the closure of a fallback. The signature determines the type of the closure's parameter.
#[inline]
pub fn replace_with<T>(replace: impl Fn(&NodeError) -> T, error: &NodeError) -> T {
    replace(error)
}

#[cfg(test)]
mod tests;
