use std::future::Future;
use std::pin::Pin;

use crate::BoxError;

/// A future that resolves when work on another thread or task ends. Dropping the future cancels the work, unless a thread has begun it.
pub type OffloadFuture = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>>;

/// Runs work on other threads and tasks, for wrappers that call the body of an offloaded or spawned node themselves.
///
/// An adapter sets its offloader on the context of a run. Without an offloader, the work runs in place.
///
/// # Examples
/// ```
/// use icosian_core::RunContext;
/// use icosian_core::run::{OffloadFuture, Offloader};
/// use std::pin::Pin;
/// use std::sync::Arc;
///
/// /// Runs everything in place.
/// struct InPlace;
///
/// impl Offloader for InPlace {
///     fn call(&self, work: Box<dyn FnOnce() + Send>) -> OffloadFuture {
///         work();
///         Box::pin(std::future::ready(Ok(())))
///     }
///
///     fn poll_on_thread(&self, work: Pin<Box<dyn Future<Output = ()> + Send>>) -> OffloadFuture {
///         self.spawn(work)
///     }
///
///     fn spawn(&self, work: Pin<Box<dyn Future<Output = ()> + Send>>) -> OffloadFuture {
///         Box::pin(async { Ok(work.await) })
///     }
/// }
///
/// let context = RunContext::new().or_offloader(Arc::new(InPlace));
/// assert!(context.offloader().is_some());
/// ```
pub trait Offloader: Send + Sync {
    /// Calls a function on a thread that may block.
    fn call(&self, work: Box<dyn FnOnce() + Send>) -> OffloadFuture;

    /// Polls a future on a thread that may block.
    fn poll_on_thread(&self, work: Pin<Box<dyn Future<Output = ()> + Send>>) -> OffloadFuture;

    /// Polls a future on a new task.
    fn spawn(&self, work: Pin<Box<dyn Future<Output = ()> + Send>>) -> OffloadFuture;
}
