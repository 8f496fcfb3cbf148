#[cfg(loom)]
use loom::sync::atomic::AtomicBool;
#[cfg(not(loom))]
use std::sync::atomic::AtomicBool;

use std::sync::atomic::Ordering;

use event_listener::Event;

/// Something that happens once, that can be asked for and waited for.
///
/// `tests/loom.rs` runs it in every order that two threads can have.
#[derive(Default)]
pub(crate) struct Cancellation {
    is_cancelled: AtomicBool,
    /// Who waits for it.
    event: Event,
}

impl Cancellation {
    pub(crate) fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::SeqCst);
        self.event.notify(usize::MAX);
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::SeqCst)
    }

    pub(crate) async fn happened(&self) {
        while !self.is_cancelled() {
            let listener = self.event.listen();
            // It may have happened before there was a listener.
            if !self.is_cancelled() {
                listener.await;
            }
        }
    }
}
