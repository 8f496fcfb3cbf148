use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::future::{self, FutureExt};
use icosian_adapter::{CallerSpan, RunAbort};
use icosian_core::BoxError;
use icosian_core::run::{OffloadFuture, Offloader};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task;

use crate::limit;

/// The threads for offloaded nodes: tokio's blocking threads, or the adapter's own pool.
#[derive(Clone, Debug, Default)]
pub(crate) enum Threads {
    #[default]
    Blocking,
    #[cfg(feature = "rayon")]
    Own(std::sync::Arc<rayon::ThreadPool>),
}

impl Threads {
    /// Returns whether the threads are those of the runtime.
    pub(crate) fn are_of_runtime(&self) -> bool {
        matches!(self, Self::Blocking)
    }

    /// Calls a function on one of the threads, and signals its start. Dropping the [`OffloadHandle`] first prevents the call.
    pub(crate) fn execute<T: Send + 'static>(
        &self,
        call: impl FnOnce() -> T + Send + 'static,
    ) -> Result<(OffloadHandle<T>, oneshot::Receiver<()>), RunAbort> {
        let (begins, begun) = oneshot::channel();
        let handle = self.send(move |sender| {
            if !sender.is_closed() {
                begins.send(()).ok();
                sender.send(call()).ok();
            }
        })?;
        Ok((handle, begun))
    }

    /// Polls a future on one of the threads until it is done or the [`OffloadHandle`] is dropped.
    pub(crate) fn poll<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Result<OffloadHandle<T>, RunAbort> {
        let runtime = runtime()?;
        let (future, cancel) = future::abortable(future);
        let mut handle = self.send(move |sender| {
            if let Ok(output) = runtime.block_on(future) {
                sender.send(output).ok();
            }
        })?;
        handle.future = Some(cancel);
        Ok(handle)
    }

    fn send<T: Send + 'static>(
        &self,
        work: impl FnOnce(oneshot::Sender<T>) + Send + 'static,
    ) -> Result<OffloadHandle<T>, RunAbort> {
        let (sender, receiver) = oneshot::channel();
        // A result that comes too late is dropped on the thread, and may panic then.
        let work = move || {
            let late = catch_unwind(AssertUnwindSafe(|| work(sender)));
            let late = late.map_err(|payload| catch_unwind(AssertUnwindSafe(|| drop(payload))));
            late.map_err(|twice| twice.map_err(std::mem::forget)).ok();
        };
        let task = match self {
            Self::Blocking => Some(runtime()?.spawn_blocking(work).abort_handle()),
            #[cfg(feature = "rayon")]
            Self::Own(threads) => {
                threads.spawn(work);
                None
            }
        };
        Ok(OffloadHandle { receiver, task, future: None })
    }
}

/// Work on another thread or task. Dropping it cancels a future, and a call that has not started.
pub(crate) struct OffloadHandle<T> {
    receiver: oneshot::Receiver<T>,
    task: Option<task::AbortHandle>,
    future: Option<future::AbortHandle>,
}

impl<T: Send + 'static> OffloadHandle<T> {
    /// Polls a future on a new task.
    pub(crate) fn spawn(future: impl Future<Output = T> + Send + 'static) -> Result<Self, RunAbort> {
        let (sender, receiver) = oneshot::channel();
        let task = runtime()?.spawn(async move {
            sender.send(future.await).ok();
        });
        Ok(Self { receiver, task: Some(task.abort_handle()), future: None })
    }
}

/// Returns `None` when the runtime has dropped the work.
impl<T> Future for OffloadHandle<T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        self.receiver.poll_unpin(context).map(Result::ok)
    }
}

impl<T> Drop for OffloadHandle<T> {
    fn drop(&mut self) {
        if let Some(future) = &self.future {
            future.abort();
        }
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

/// The threads and tasks of a run, for wrappers that call bodies themselves.
impl Offloader for Threads {
    fn call(&self, work: Box<dyn FnOnce() + Send>) -> OffloadFuture {
        let (holder, span) = (limit::current(), CallerSpan::capture());
        let call = move || limit::enter(holder.as_ref(), || span.in_scope(work));
        ended(self.execute(call).map(|(handle, _)| handle))
    }

    fn poll_on_thread(&self, work: Pin<Box<dyn Future<Output = ()> + Send>>) -> OffloadFuture {
        ended(self.poll(limit::scope(limit::current(), CallerSpan::capture().instrument(work))))
    }

    fn spawn(&self, work: Pin<Box<dyn Future<Output = ()> + Send>>) -> OffloadFuture {
        ended(OffloadHandle::spawn(limit::scope(limit::current(), CallerSpan::capture().instrument(work))))
    }
}

fn ended(handle: Result<OffloadHandle<()>, RunAbort>) -> OffloadFuture {
    Box::pin(async move {
        let dropped = || BoxError::from("an offloaded node was dropped, because the runtime shuts down");
        handle.map_err(|abort| abort.to_string())?.await.ok_or_else(dropped)
    })
}

fn runtime() -> Result<Handle, RunAbort> {
    Handle::try_current()
        .map_err(|_| RunAbort::adapter("an offloaded node requires a tokio runtime, but there is none here"))
}
