//! The attempts of a function, however it is called.

use std::task::{Context, Poll, ready};
use std::time::Duration;

use icosian_core::NodeError;
use icosian_core::run::Cancelled;

use super::attempt::Attempt;
use super::backoff::Backoff;
use super::policy::Retry;

/// The calls of an async function, or of a sync function between which the node waits.
pub(crate) trait RetriedCalls {
    /// The output of a call.
    type Output;

    /// Returns whether no other call may begin.
    fn is_cancelled(&self) -> bool;

    /// Returns whether each call needs a permit.
    fn needs_permit(&self) -> bool;

    /// Starts to acquire the permit of the next call.
    fn acquire(&mut self);

    /// Polls the permit of the next call.
    fn poll_permit(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>>;

    /// Begins a call. Returns the outcome of a sync function, or of one that cannot begin.
    fn begin(&mut self, attempt: Attempt) -> Option<Result<Self::Output, NodeError>>;

    /// Polls the call.
    fn poll_call(&mut self, context: &mut Context<'_>) -> Poll<Result<Self::Output, NodeError>>;

    /// Releases the permit of the call.
    fn release(&mut self);

    /// Starts to wait for `time`.
    fn start_sleep(&mut self, time: Duration);

    /// Polls the wait.
    fn poll_sleep(&mut self, context: &mut Context<'_>) -> Poll<()>;

    /// Reports that another call follows one that failed with `error`.
    fn report(&mut self, error: NodeError);
}

/// A function that is retried, between its polls.
///
/// ```text
///            ┌───────────────────────────────┐
///            ▼                               │
/// Begins ─▶ Acquires ─▶ Runs ─▶ done    Yields, Sleeps
///    │                 ▲  │                  ▲
///    └─ without limit ─┘  └─── failed ───────┘
/// ```
#[derive(Default)]
pub(crate) struct Retrying {
    /// The attempts that have begun.
    attempts: usize,
    backoff: Option<Backoff>,
    /// The error of the last attempt, until the next one begins.
    last_error: Option<NodeError>,
    state: RetryState,
}

#[derive(Clone, Copy, Default)]
enum RetryState {
    #[default]
    Begins,
    Acquires,
    Runs,
    /// Returns to the executor once. A run that was cancelled in the last attempt is dropped then.
    Yields,
    Sleeps,
}

impl Retrying {
    /// Calls the function until it succeeds or the attempts are used up.
    pub(crate) fn poll<C: RetriedCalls>(
        &mut self,
        retry: &Retry,
        node: &str,
        calls: &mut C,
        context: &mut Context<'_>,
    ) -> Poll<Result<C::Output, NodeError>> {
        loop {
            let outcome = match self.state {
                RetryState::Begins if calls.needs_permit() && !calls.is_cancelled() => {
                    calls.acquire();
                    self.state = RetryState::Acquires;
                    continue;
                }
                RetryState::Begins => self.begin(retry, calls),
                RetryState::Acquires => match ready!(calls.poll_permit(context)) {
                    Ok(()) => self.begin(retry, calls),
                    Err(refused) => return Poll::Ready(Err(refused)),
                },
                RetryState::Runs => Some(ready!(calls.poll_call(context))),
                RetryState::Yields => {
                    self.state = RetryState::Begins;
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                RetryState::Sleeps => {
                    ready!(calls.poll_sleep(context));
                    self.state = RetryState::Begins;
                    continue;
                }
            };
            let Some(outcome) = outcome else { continue };
            calls.release();
            match outcome {
                Ok(output) => return Poll::Ready(Ok(output)),
                Err(error) => {
                    if let Err(error) = self.prepare_next(retry, node, error, calls) {
                        return Poll::Ready(Err(error));
                    }
                }
            }
        }
    }

    /// Skips the beginning of the first attempt, which the caller has called and polled itself.
    pub(crate) fn skip_begin(&mut self) {
        self.attempts = 1;
        self.state = RetryState::Runs;
    }

    /// Begins an attempt. Returns its outcome if it has one already.
    fn begin<C: RetriedCalls>(
        &mut self,
        retry: &Retry,
        calls: &mut C,
    ) -> Option<Result<C::Output, NodeError>> {
        let last_error = self.last_error.take();
        // The run checks before the node begins, so only later attempts and waits for a permit need a check here.
        if (last_error.is_some() || calls.needs_permit()) && calls.is_cancelled() {
            self.attempts = retry.attempts;
            return Some(Err(last_error.unwrap_or_else(|| NodeError::failed(Cancelled))));
        }
        if let Some(error) = last_error {
            calls.report(error);
        }
        self.attempts += 1;
        self.state = RetryState::Runs;
        calls.begin(if self.attempts >= retry.attempts { Attempt::Last } else { Attempt::Repeatable })
    }

    /// Prepares the next attempt after an attempt failed, or returns the error if there is none.
    #[cold]
    pub(crate) fn prepare_next<C: RetriedCalls>(
        &mut self,
        retry: &Retry,
        node: &str,
        error: NodeError,
        calls: &mut C,
    ) -> Result<(), NodeError> {
        let is_over = self.attempts >= retry.attempts || calls.is_cancelled();
        if is_over || !retry.is_retryable(&error) {
            return Err(error);
        }
        if self.backoff.is_none() {
            self.backoff = retry.backoff_of_call();
        }
        let wait = self.backoff.as_mut().map(Backoff::next).unwrap_or_default();
        retry.log(node, self.attempts, &error, wait);
        self.state = if wait.is_zero() {
            RetryState::Yields
        } else {
            calls.start_sleep(wait);
            RetryState::Sleeps
        };
        self.last_error = Some(error);
        Ok(())
    }
}

/// The execution of a sync function that is retried in place.
pub(crate) trait BlockingCalls {
    /// The output of a call.
    type Output;

    /// Returns whether no other call may begin.
    fn is_cancelled(&self) -> bool;

    /// Calls the function.
    fn call(&mut self, attempt: Attempt) -> Result<Self::Output, NodeError>;

    /// Keeps the thread for `time`.
    fn sleep(&mut self, time: Duration);

    /// Reports that another call follows one that failed with `error`.
    fn report(&mut self, error: NodeError);
}

/// Calls a function again after its first attempt failed with `error`, until it succeeds or the attempts are used up.
#[cold]
pub(crate) fn retry_in_place<C: BlockingCalls>(
    retry: &Retry,
    node: &str,
    mut error: NodeError,
    calls: &mut C,
) -> Result<C::Output, NodeError> {
    let mut backoff = retry.backoff_of_call();
    for attempt in 2..=retry.attempts {
        if calls.is_cancelled() || !retry.is_retryable(&error) {
            break;
        }
        let wait = backoff.as_mut().map(Backoff::next).unwrap_or_default();
        retry.log(node, attempt - 1, &error, wait);
        calls.sleep(wait);
        if calls.is_cancelled() {
            break;
        }
        calls.report(error);
        match calls.call(if attempt < retry.attempts { Attempt::Repeatable } else { Attempt::Last }) {
            Ok(output) => return Ok(output),
            Err(next) => error = next,
        }
    }
    Err(error)
}
