//! The task of an async function: its future and, between its end and its delivery, its output.

use std::any::Any;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::NodeError;
use crate::node::conversion::{AsOutcome, ConvertOutput};
use crate::node::{Args, Task};
use crate::value::{Slot as ValueSlot, put_in};

/// The memory of a future.
pub(crate) trait FutureSlot: Send + 'static {
    /// The future, or its type-erased form.
    type Future: Future + ?Sized;

    /// Returns the future, unless it was dropped.
    fn future(&mut self) -> Option<Pin<&mut Self::Future>>;

    /// Drops the future.
    fn clear(&mut self);
}

/// Memory that the next future of the same function reuses.
impl<F: Future + Send + 'static> FutureSlot for Pin<Box<Option<F>>> {
    type Future = F;

    fn future(&mut self) -> Option<Pin<&mut F>> {
        self.as_mut().as_pin_mut()
    }

    // A separate function: the `None` that replaces the future is as large as the future.
    fn clear(&mut self) {
        self.set(None);
    }
}

/// A future whose type is erased, so that all functions of one output type share the code of their tasks.
type BoxedFuture<O> = Option<Pin<Box<dyn Future<Output = O> + Send>>>;

impl<O: 'static> FutureSlot for BoxedFuture<O> {
    type Future = dyn Future<Output = O> + Send;

    fn future(&mut self) -> Option<Pin<&mut Self::Future>> {
        self.as_mut().map(Pin::as_mut)
    }

    fn clear(&mut self) {
        *self = None;
    }
}

/// The output type of a task.
type Converted<S, C> = <C as ConvertOutput<<<S as FutureSlot>::Future as Future>::Output>>::Output;

/// A future and, between its end and its delivery, its output.
pub(crate) struct Running<S: FutureSlot, C: ConvertOutput<<S::Future as Future>::Output>> {
    slot: S,
    conversion: C,
    output: Option<Converted<S, C>>,
}

impl<S: FutureSlot, C: ConvertOutput<<S::Future as Future>::Output>> Running<S, C> {
    pub(crate) fn new(slot: S, conversion: C) -> Self {
        Self { slot, conversion, output: None }
    }
}

impl<S: FutureSlot, C: ConvertOutput<<S::Future as Future>::Output>> Task for Running<S, C>
where
    Converted<S, C>: Any + Send + Sync,
{
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        let Some(future) = self.slot.future() else {
            return Poll::Ready(Ok(()));
        };
        let polled = keep_polled(future.poll(context), &self.conversion, &mut self.output);
        if polled.is_ready() {
            self.slot.clear();
        }
        polled
    }

    fn deliver(&mut self, mut slot: ValueSlot<'_>) {
        if let Some(output) = self.output.take() {
            put_in!(slot, Converted<S, C>, output);
        }
    }

    fn poll_into(&mut self, context: &mut Context<'_>, slot: ValueSlot<'_>) -> Poll<Result<(), NodeError>> {
        let Some(future) = self.slot.future() else {
            return Poll::Ready(Ok(()));
        };
        let polled = put_polled(future.poll(context), &self.conversion, slot);
        if polled.is_ready() {
            self.slot.clear();
        }
        polled
    }

    fn cancel(&mut self) {
        self.slot.clear();
        self.output = None;
    }
}

/// Stores the output of a future that is ready.
#[cfg_attr(not(debug_assertions), inline(always))]
fn put_polled<O, C: ConvertOutput<O>>(
    polled: Poll<O>,
    conversion: &C,
    mut slot: ValueSlot<'_>,
) -> Poll<Result<(), NodeError>>
where
    C::Output: Any + Send + Sync,
{
    match polled {
        Poll::Ready(output) => match conversion.convert(output) {
            Ok(output) => {
                put_in!(slot, C::Output, output);
                Poll::Ready(Ok(()))
            }
            Err(error) => Poll::Ready(Err(error)),
        },
        Poll::Pending => Poll::Pending,
    }
}

/// Keeps the output of a future that is ready.
fn keep_polled<O, C: ConvertOutput<O>>(
    polled: Poll<O>,
    conversion: &C,
    kept: &mut Option<C::Output>,
) -> Poll<Result<(), NodeError>> {
    match polled {
        Poll::Ready(output) => match conversion.convert(output) {
            Ok(output) => {
                *kept = Some(output);
                Poll::Ready(Ok(()))
            }
            Err(error) => Poll::Ready(Err(error)),
        },
        Poll::Pending => Poll::Pending,
    }
}

/// Starts a future that `start` returns, in the memory of `task` if that has run a future of the same type.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn start_by<T, F, S>(start: &S, args: &mut Args<'_>, task: &mut Option<Box<dyn Task>>)
where
    T: Any + Send + Sync,
    F: Future<Output = Result<T, NodeError>> + Send + 'static,
    S: Fn(&mut Args<'_>) -> F,
{
    // One function for each branch: without optimization, both would reserve stack for the future in one frame.
    match find_running::<Pin<Box<Option<F>>>, AsOutcome>(task) {
        Some(running) => running.slot.set(Some(start(args))),
        None => *task = Some(start_new::<T, F, S>(start, args)),
    }
}

/// Starts an async function for the first time.
#[cold]
fn start_new<T, F, S>(start: &S, args: &mut Args<'_>) -> Box<dyn Task>
where
    T: Any + Send + Sync,
    F: Future<Output = Result<T, NodeError>> + Send + 'static,
    S: Fn(&mut Args<'_>) -> F,
{
    let future = pin_new(start, args);
    Box::new(Running::new(future, AsOutcome))
}

/// Moves a new future to the heap, in a frame that ends before the future is polled.
fn pin_new<F, S>(start: &S, args: &mut Args<'_>) -> Pin<Box<Option<F>>>
where
    S: Fn(&mut Args<'_>) -> F,
{
    Box::pin(Some(start(args)))
}

fn find_running<S: FutureSlot, C: ConvertOutput<<S::Future as Future>::Output>>(
    task: &mut Option<Box<dyn Task>>,
) -> Option<&mut Running<S, C>>
where
    Converted<S, C>: Any + Send + Sync,
{
    task.as_deref_mut().and_then(|task| (task as &mut dyn Any).downcast_mut())
}

/// Starts a future whose type is erased.
pub(crate) fn start_erased<O: 'static, C: ConvertOutput<O>>(
    task: &mut Option<Box<dyn Task>>,
    future: Box<dyn Future<Output = O> + Send>,
    conversion: C,
) where
    C::Output: Any + Send + Sync,
{
    let future = Some(Box::into_pin(future));
    match find_running::<BoxedFuture<O>, C>(task) {
        Some(running) => running.slot = future,
        None => *task = Some(Box::new(Running::new(future, conversion))),
    }
}

/// Starts a future in the memory of `task`, if that has run a future of the same type.
#[cfg(any(not(debug_assertions), test))]
#[inline]
pub(crate) fn start_reusing<F, C>(task: &mut Option<Box<dyn Task>>, future: F, conversion: C)
where
    F: Future + Send + 'static,
    C: ConvertOutput<F::Output>,
    C::Output: Any + Send + Sync,
{
    match find_running::<Pin<Box<Option<F>>>, C>(task) {
        Some(running) => running.slot.set(Some(future)),
        None => *task = Some(Box::new(Running::new(Box::pin(Some(future)), conversion))),
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;
    use crate::node::Fallible;
    use crate::node::conversion::AsValue;
    use crate::value::Arena;

    fn poll_to_cell(task: &mut Option<Box<dyn Task>>) -> Result<Option<u64>, String> {
        let task = task.as_mut().expect("the task was started");
        let mut values = Arena::with_slots(1);
        match task.poll_into(&mut Context::from_waker(Waker::noop()), values.slot(0)) {
            Poll::Ready(Ok(())) => Ok(values.take(0)),
            Poll::Ready(Err(error)) => Err(error.to_string()),
            Poll::Pending => Err("pending".to_owned()),
        }
    }

    async fn add_one(number: u64) -> u64 {
        number + 1
    }

    async fn fail(number: u64) -> Result<u64, String> {
        Err(format!("no {number}"))
    }

    #[test]
    fn next_future_of_a_function_reuses_its_task() {
        let (mut erased, mut reusing) = (None, None);
        for number in 0..3 {
            start_erased(&mut erased, Box::new(add_one(number)), AsValue);
            start_reusing(&mut reusing, add_one(number), AsValue);
            assert_eq!(poll_to_cell(&mut erased), Ok(Some(number + 1)));
            assert_eq!(poll_to_cell(&mut reusing), Ok(Some(number + 1)));
        }
    }

    #[test]
    fn future_of_another_function_replaces_the_task() {
        let (mut erased, mut reusing) = (None, None);
        start_erased(&mut erased, Box::new(add_one(1)), AsValue);
        start_reusing(&mut reusing, add_one(1), AsValue);
        start_erased(&mut erased, Box::new(fail(7)), Result::<u64, String>::conversion(None));
        start_reusing(&mut reusing, fail(7), Result::<u64, String>::conversion(None));
        assert_eq!(poll_to_cell(&mut erased), Err("no 7".to_owned()));
        assert_eq!(poll_to_cell(&mut reusing), Err("no 7".to_owned()));
    }

    #[test]
    fn cancelled_task_stores_no_output() {
        let (mut erased, mut reusing) = (None, None);
        start_erased(&mut erased, Box::new(add_one(1)), AsValue);
        start_reusing(&mut reusing, add_one(1), AsValue);
        for task in [&mut erased, &mut reusing] {
            task.as_mut().expect("the task was started").cancel();
            assert_eq!(poll_to_cell(task), Ok(None));
        }
    }
}
