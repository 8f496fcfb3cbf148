use std::future::{Future, poll_fn};
use std::pin::pin;

use tracing::Span;
use tracing::dispatcher;

/// The `tracing` span of the caller, for work that an adapter moves to another thread or task.
///
/// A span is current only on the thread that entered it. An adapter captures the span where the run is polled or called, and enters it
/// wherever it executes a node. Without a span, the cost is one branch. If the subscriber is only set on the caller's thread
/// (`tracing::subscriber::with_default`), it is also set on other threads while the span is entered.
///
/// # Examples
/// ```
/// use icosian_adapter::CallerSpan;
///
/// let caller = CallerSpan::capture();
/// let thread = std::thread::spawn(move || caller.in_scope(|| 1 + 1));
/// assert_eq!(thread.join().ok(), Some(2));
/// ```
#[derive(Clone, Debug, Default)]
pub struct CallerSpan(Option<Span>);

impl CallerSpan {
    /// Captures the span that is current on this thread, if there is one.
    #[must_use]
    pub fn capture() -> Self {
        Self::of(Span::current())
    }

    /// Returns a span that is entered on other threads. If the span is disabled, the current span stays current.
    pub(crate) fn of(span: Span) -> Self {
        Self((!span.is_none()).then_some(span))
    }

    /// Calls a function within the span.
    pub fn in_scope<T>(&self, call: impl FnOnce() -> T) -> T {
        match &self.0 {
            None => call(),
            Some(span) => Self::enter(span, call),
        }
    }

    /// Polls a future within the span.
    pub async fn instrument<F: Future>(self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|context| self.in_scope(|| future.as_mut().poll(context))).await
    }

    fn enter<T>(span: &Span, call: impl FnOnce() -> T) -> T {
        let is_seen = span.in_scope(|| Span::current().id() == span.id());
        if is_seen {
            return span.in_scope(call);
        }
        // This thread has another subscriber than the span, or none.
        let own = span.with_subscriber(|(_, subscriber)| subscriber.clone());
        match own {
            Some(own) => dispatcher::with_default(&own, || span.in_scope(call)),
            None => call(),
        }
    }
}
