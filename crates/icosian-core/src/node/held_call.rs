use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::NodeError;
use crate::node::{Body, HeldArgs, NodeOutput, Task};

/// The future of a call of a sync or async body.
///
/// It contains the arguments of the call.
///
/// The call begins at the first poll. Dropping the future cancels an async function.
///
/// # Examples
/// ```
/// use icosian_core::node::{Args, Body, HeldArgs, HeldCall, Port};
/// use icosian_core::value::{Arena, Cell};
///
/// let double = Body::sync(|args| Ok(2 * args.take::<u64>(0)));
/// let mut cells = Arena::from([Cell::new(3_u64), Cell::default()]);
/// let mut held = HeldArgs::default();
/// Args::new(&mut cells, &[Port::new(0, 0)], &[1, 0], 1).hold(&mut held);
/// # futures::executor::block_on(async {
/// let output = HeldCall::new(double, held).await?;
/// assert_eq!(output.get::<u64>(), Some(&6));
/// # Ok::<(), icosian_core::NodeError>(())
/// # }).unwrap();
/// ```
pub struct HeldCall {
    // The task is dropped before the arguments that it may borrow.
    task: Option<Box<dyn Task>>,
    held: HeldArgs,
    body: Body,
    has_begun: bool,
}

impl HeldCall {
    /// Returns the call of `body`, which is the last one with these arguments: by-value parameters are moved.
    #[must_use]
    pub fn new(body: Body, held: HeldArgs) -> Self {
        Self { task: None, held, body, has_begun: false }
    }

    fn poll_body(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        if !self.has_begun {
            self.has_begun = true;
            let mut args = self.held.last_args();
            return self.body.call_and_poll(&mut args, &mut self.task, context);
        }
        match &mut self.task {
            Some(task) => task.poll_into(context, self.held.output()),
            None => Poll::Ready(Ok(())),
        }
    }
}

impl Future for HeldCall {
    type Output = Result<NodeOutput, NodeError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let outcome = ready!(self.poll_body(context));
        self.task = None;
        let output = outcome.map(|()| NodeOutput::from_cell(self.held.output().take_cell()));
        self.held.release();
        Poll::Ready(output)
    }
}

impl fmt::Debug for HeldCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HeldCall({:?})", self.body)
    }
}

/// A future of an output with its type erased.
pub type OutputFuture = Pin<Box<dyn Future<Output = Result<NodeOutput, NodeError>> + Send>>;

/// The task of a body that returns an [`OutputFuture`].
#[derive(Default)]
struct OutputTask {
    future: Option<OutputFuture>,
    output: Option<NodeOutput>,
}

impl Task for OutputTask {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
        let Some(future) = &mut self.future else { return Poll::Ready(Ok(())) };
        let outcome = ready!(future.as_mut().poll(context));
        self.future = None;
        Poll::Ready(outcome.map(|output| self.output = Some(output)))
    }

    fn deliver(&mut self, mut slot: crate::value::Slot<'_>) {
        if let Some(output) = self.output.take() {
            slot.set(output.into_cell());
        }
    }

    fn cancel(&mut self) {
        self.future = None;
        self.output = None;
    }
}

impl Body {
    /// Creates the body of an async function that returns its output with the type erased, for wrappers of other bodies.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::node::{Asyncness, Body, HeldArgs, HeldCall};
    ///
    /// /// Returns a body that calls `inner` on the second poll.
    /// fn delay(inner: Body) -> Body {
    ///     Body::output_future(move |args| {
    ///         let mut held = HeldArgs::default();
    ///         args.hold(&mut held);
    ///         let call = HeldCall::new(inner.clone(), held);
    ///         Box::pin(async {
    ///             futures::pending!();
    ///             call.await
    ///         })
    ///     })
    /// }
    /// assert_eq!(delay(Body::sync(|_| Ok(1))).asyncness(), Asyncness::Async);
    /// ```
    pub fn output_future<S>(start: S) -> Self
    where
        S: Fn(&mut crate::node::Args<'_>) -> OutputFuture + Send + Sync + 'static,
    {
        Self::task(move |args, task: &mut OutputTask| {
            task.output = None;
            task.future = Some(start(args));
            Ok(())
        })
    }
}
