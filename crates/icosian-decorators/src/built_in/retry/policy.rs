//! The settings of `retry`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use icosian_core::NodeError;
use icosian_core::run::Downcast;

use super::attempt::Attempt;
use super::backoff::{Backoff, Jitter};
use super::error_probe::FailsWith;
use crate::wrap::checks::is_final;

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
    pub(super) attempts: usize,
    pub(super) backoff: Option<(Duration, Duration)>,
    pub(super) jitter: Jitter,
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

    pub(super) fn is_retryable(&self, error: &NodeError) -> bool {
        !is_final(error) && self.predicate.as_ref().is_none_or(|predicate| predicate(error))
    }

    pub(super) fn backoff_of_call(&self) -> Option<Backoff> {
        self.backoff.map(|(shortest, longest)| Backoff::new(shortest, longest, self.jitter))
    }

    /// Logs that `attempt` failed and another one follows.
    pub(super) fn log(&self, node: &str, attempt: usize, error: &NodeError, wait: Duration) {
        let attempts = self.attempts;
        tracing::warn!(target: "icosian_decorators::retry", %node, attempt, attempts, %error, ?wait, "attempt failed, retrying the node");
    }
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("attempts", &self.attempts)
            .field("backoff", &self.backoff)
            .field("jitter", &self.jitter)
            .finish_non_exhaustive()
    }
}
