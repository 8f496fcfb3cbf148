use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use crate::run::StartLimits;
use crate::{BoxError, NodeError};

/// Admits the attempts of nodes that are running, as `retry` above `limit` or `rate_limit` needs it.
///
/// # Examples
/// ```
/// use icosian_core::{BoxError, RunContext};
/// use icosian_core::run::{Group, Limiter, Permit, StartLimits};
/// use std::pin::Pin;
/// use std::sync::Arc;
///
/// /// Admits every attempt at once.
/// struct Unlimited;
///
/// impl Limiter for Unlimited {
///     fn acquire(&self, _: &StartLimits) -> Pin<Box<dyn Future<Output = Result<Permit, BoxError>> + Send>> {
///         Box::pin(std::future::ready(Ok(Permit::new(()))))
///     }
/// }
///
/// let context = RunContext::new().or_limiter(Arc::new(Unlimited));
/// let limits = StartLimits::default().with_group(Group::new("database"));
/// # futures::executor::block_on(async {
/// assert!(context.acquire(&limits).await.is_ok());
/// assert!(RunContext::new().acquire(&limits).await.is_err());
/// # });
/// ```
pub trait Limiter: Send + Sync {
    /// Returns a future that is ready when the rate limit admits a start and the group has a free permit.
    ///
    /// # Errors
    /// The group never has a free permit for the node. An error of [`Permit::refuse`] ends the run instead of the node.
    fn acquire(&self, limits: &StartLimits)
    -> Pin<Box<dyn Future<Output = Result<Permit, BoxError>> + Send>>;
}

/// A permit of a concurrency limit. Dropping it releases the permit.
pub struct Permit {
    #[expect(dead_code, reason = "only its destructor is used")]
    guard: Box<dyn Any + Send>,
    enter: Option<Box<Enter>>,
}

/// The error of [`Permit::refuse`].
#[derive(Debug, thiserror::Error)]
#[error("the run would deadlock: nodes that wait for it hold all permits of {limit}")]
struct Refused {
    limit: String,
}

/// Enters the scope of a permit. Dropping the output leaves the scope.
type Enter = dyn Fn() -> Box<dyn Any> + Send;

impl Permit {
    /// Returns a permit that is released when `guard` is dropped.
    pub fn new(guard: impl Any + Send) -> Self {
        Self { guard: Box::new(guard), enter: None }
    }

    /// Returns the error of a limiter that refuses a permit of `limit`, because the wait for it would never end.
    ///
    /// The adapter ends the run with it. Neither `retry` nor `fallback` handles it.
    #[must_use]
    pub fn refuse(limit: impl Into<String>) -> BoxError {
        Refused { limit: limit.into() }.into()
    }

    /// Returns the limit of which a permit was refused, if the node failed for that reason.
    #[must_use]
    pub fn refused_limit(error: &NodeError) -> Option<&str> {
        error.find::<Refused, _>().map(|refused| refused.limit.as_str())
    }

    /// Calls `enter` before each poll of the node that holds the permit, and drops its output after the poll.
    ///
    /// An adapter recognizes by it the executions that the node starts while it holds the permit.
    #[must_use]
    pub fn with_scope<T: 'static>(mut self, enter: impl Fn() -> T + Send + 'static) -> Self {
        self.enter = Some(Box::new(move || Box::new(enter())));
        self
    }

    /// Calls a function within the scope of the permit.
    pub fn in_scope<T>(&self, call: impl FnOnce() -> T) -> T {
        let _entered = self.enter.as_ref().map(|enter| enter());
        call()
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Permit")
    }
}
