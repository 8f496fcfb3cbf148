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

/// Something that happens once, that can be asked for and waited for; it has happened, too, when its parent has.
///
/// `tests/loom.rs` runs it in every order that two threads can have.
#[derive(Default)]
pub(crate) struct Cancellation {
    is_cancelled: AtomicBool,
    /// Who waits for it.
    event: Event,
    parent: Option<Arc<Self>>,
}

impl Cancellation {
    pub(crate) fn child_of(parent: Arc<Self>) -> Self {
        Self { parent: Some(parent), ..Self::default() }
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
            // It may have happened before there was a listener.
            if !self.is_cancelled() {
                poll_fn(|context| {
                    let woken = listeners.iter_mut().any(|one| Pin::new(one).poll(context).is_ready());
                    if woken { Poll::Ready(()) } else { Poll::Pending }
                })
                .await;
            }
        }
    }

    /// Returns it, its parent, and so on.
    fn lineage(&self) -> impl Iterator<Item = &Self> {
        successors(Some(self), |one| one.parent.as_deref())
    }
}
