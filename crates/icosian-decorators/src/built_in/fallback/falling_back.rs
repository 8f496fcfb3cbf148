//! The replacement of an error, however the functions are called.

use std::task::{Context, Poll, ready};

use icosian_core::NodeError;
use icosian_core::run::FallbackFailed;

use crate::wrap::checks::is_final;

/// The execution in which an error is replaced.
pub(crate) trait FallbackHost {
    /// Returns whether the execution is cancelled, so that no fallback is used.
    fn is_cancelled(&self) -> bool;

    /// Reports an error that was replaced.
    fn report(&self, error: NodeError);
}

/// The calls of a function and of its fallback, at least one of which is polled.
pub(crate) trait FallbackCalls {
    /// The output of both.
    type Output;

    /// Polls the function.
    fn poll_first(&mut self, context: &mut Context<'_>) -> Poll<Result<Self::Output, NodeError>>;

    /// Calls the fallback. Returns the outcome, or `None` if the fallback is polled.
    fn replace(&mut self, error: &NodeError) -> Option<Result<Self::Output, NodeError>>;

    /// Polls the fallback.
    fn poll_second(&mut self, context: &mut Context<'_>) -> Poll<Result<Self::Output, NodeError>>;
}

/// A function with a fallback, between its polls.
#[derive(Default)]
pub(crate) enum FallingBack {
    #[default]
    First,
    /// The fallback replaces this error. It is `None` after the fallback has ended.
    Second(Option<NodeError>),
}

impl FallingBack {
    /// Returns whether the output is the function's own.
    pub(crate) fn is_first(&self) -> bool {
        matches!(self, Self::First)
    }

    pub(crate) fn poll<C: FallbackCalls>(
        &mut self,
        node: &str,
        host: &impl FallbackHost,
        calls: &mut C,
        context: &mut Context<'_>,
    ) -> Poll<Result<C::Output, NodeError>> {
        if let Self::First = self {
            let error = match ready!(calls.poll_first(context)) {
                Ok(output) => return Poll::Ready(Ok(output)),
                Err(error) => error,
            };
            if !handles(node, &error, host) {
                return Poll::Ready(Err(error));
            }
            if let Some(outcome) = calls.replace(&error) {
                *self = Self::Second(None);
                return Poll::Ready(conclude(error, outcome, host));
            }
            *self = Self::Second(Some(error));
        }
        let outcome = ready!(calls.poll_second(context));
        let Self::Second(error) = self else { return Poll::Ready(outcome) };
        Poll::Ready(match error.take() {
            Some(error) => conclude(error, outcome, host),
            None => outcome,
        })
    }
}

/// Returns what `replace` returns, if a fallback handles `error`.
#[cold]
pub(crate) fn replace_error<T>(
    node: &str,
    error: NodeError,
    host: &impl FallbackHost,
    replace: impl FnOnce(&NodeError) -> Result<T, NodeError>,
) -> Result<T, NodeError> {
    if !handles(node, &error, host) {
        return Err(error);
    }
    let outcome = replace(&error);
    conclude(error, outcome, host)
}

/// Returns whether the error is replaced, and logs it.
fn handles(node: &str, error: &NodeError, host: &impl FallbackHost) -> bool {
    if is_final(error) || host.is_cancelled() {
        return false;
    }
    tracing::warn!(target: "icosian_decorators::fallback", %node, %error, "node failed, using its fallback");
    true
}

/// Returns the outcome of a node that failed with `error`, and whose fallback returned `outcome`.
fn conclude<T>(
    error: NodeError,
    outcome: Result<T, NodeError>,
    host: &impl FallbackHost,
) -> Result<T, NodeError> {
    match outcome {
        Ok(output) => {
            host.report(error);
            Ok(output)
        }
        Err(fallback) if is_final(&fallback) => Err(fallback),
        Err(fallback) => Err(FallbackFailed::new(error, fallback).into()),
    }
}
