#[cfg(loom)]
use loom::sync::atomic::AtomicBool;
#[cfg(not(loom))]
use std::sync::atomic::AtomicBool;

use std::future::poll_fn;
use std::iter::successors;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;

use event_listener::Event;

/// A one-time event that callers can trigger, query and await. A child is cancelled with its parent.
///
/// `tests/loom.rs` checks every interleaving of two threads.
#[derive(Default)]
pub(crate) struct Cancellation {
    is_cancelled: AtomicBool,
    /// Set when an execution uses the id of the context. The id of a child is that of its parent.
    is_id_used: std::sync::atomic::AtomicBool,
    /// The waiting tasks.
    event: Event,
    parent: Option<Arc<Self>>,
}

impl Cancellation {
    pub(crate) fn child_of(parent: Arc<Self>) -> Self {
        Self { parent: Some(parent), is_id_used: true.into(), ..Self::default() }
    }

    /// Claims the id of the context for an execution. Returns whether it was free.
    pub(crate) fn claim_id(&self) -> bool {
        // The flag orders no other memory, so `Relaxed` is enough.
        !self.is_id_used.swap(true, Ordering::Relaxed)
    }

    pub(crate) fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::SeqCst);
        self.event.notify(usize::MAX);
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.lineage().any(|one| one.is_cancelled.load(Ordering::SeqCst))
    }

    pub(crate) async fn happened(&self) {
        while !self.is_cancelled() {
            let mut listeners: Vec<_> = self.lineage().map(|one| one.event.listen()).collect();
            // The event may have happened before the listener was registered.
            if !self.is_cancelled() {
                poll_fn(|context| {
                    let woken = listeners.iter_mut().any(|one| Pin::new(one).poll(context).is_ready());
                    if woken { Poll::Ready(()) } else { Poll::Pending }
                })
                .await;
            }
        }
    }

    /// Returns this cancellation and its ancestors.
    fn lineage(&self) -> impl Iterator<Item = &Self> {
        successors(Some(self), |one| one.parent.as_deref())
    }
}
