use std::any::Any;
use std::task::{Context, Poll};

use crate::NodeError;
use crate::value::Slot;

/// A started async node: its future and, after completion, its output.
///
/// A run keeps its tasks, so the next future of the same node reuses the allocation.
///
/// # Examples
/// ```
/// use icosian_core::NodeError;
/// use icosian_core::node::Task;
/// use icosian_core::value::{Arena, Slot};
/// use std::task::{Context, Poll, Waker};
///
/// /// A number that is ready immediately.
/// struct Number(Option<u64>);
///
/// impl Task for Number {
///     fn poll(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
///         Poll::Ready(Ok(()))
///     }
///
///     fn deliver(&mut self, mut slot: Slot<'_>) {
///         if let Some(number) = self.0.take() {
///             slot.put(number);
///         }
///     }
///
///     fn cancel(&mut self) {
///         self.0 = None;
///     }
/// }
///
/// let mut values = Arena::with_slots(1);
/// let mut task = Number(Some(3));
/// assert!(task.poll(&mut Context::from_waker(Waker::noop())).is_ready());
/// task.deliver(values.slot(0));
/// assert_eq!(values.get::<u64>(0), Some(&3));
/// ```
pub trait Task: Any + Send {
    /// Polls the node's future. Before it returns `Ready`, it drops the future and its borrows.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>>;

    /// Moves the output into `slot`.
    fn deliver(&mut self, slot: Slot<'_>);

    /// Polls the node's future. On completion, moves the output into `slot`.
    fn poll_into(&mut self, context: &mut Context<'_>, slot: Slot<'_>) -> Poll<Result<(), NodeError>> {
        self.poll(context).map(|outcome| {
            outcome?;
            self.deliver(slot);
            Ok(())
        })
    }

    /// Drops the future, which cancels the node.
    fn cancel(&mut self);
}
