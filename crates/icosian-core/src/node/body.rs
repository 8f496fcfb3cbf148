use std::any::Any;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::NodeError;
use crate::node::args::put_outcome;
use crate::node::conversion::AsOutcome;
use crate::node::running::{Running, start_by};
use crate::node::{Args, Asyncness, Task};
use crate::value::ErasedRef;

impl fmt::Debug for dyn Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Task")
    }
}

impl dyn Task {
    /// Creates the task of `future`, whose output is the node's output.
    pub fn new<T, F>(future: F) -> Box<Self>
    where
        T: Any + Send + Sync,
        F: Future<Output = Result<T, NodeError>> + Send + 'static,
    {
        Box::new(Running::new(Box::pin(Some(future)), AsOutcome))
    }
}

/// A sync function with its types erased.
trait SyncBody: Send + Sync {
    fn call(&self, args: &mut Args<'_>) -> Result<(), NodeError>;

    /// Returns the effect that a run may apply to a value in place, without a call.
    fn in_place(&self) -> Option<InPlace<'_>> {
        None
    }
}

impl<F> SyncBody for F
where
    F: Fn(&mut Args<'_>) -> Result<(), NodeError> + Send + Sync,
{
    #[inline]
    fn call(&self, args: &mut Args<'_>) -> Result<(), NodeError> {
        self(args)
    }
}

/// The effect of a node on a value that a run has just computed.
///
/// A run without observers may apply it where the value is, if nothing else reads the value or the outputs of the checks.
#[derive(Clone, Copy)]
#[doc(hidden)]
pub enum InPlace<'a> {
    /// The node checks the value. The function returns whether the check passes, and the node need not run then.
    Check(&'a Passes),
    /// The node forwards the value of its first parameter, if the checks that its other parameters read have passed.
    Forward,
}

impl fmt::Debug for InPlace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Check(_) => "Check",
            Self::Forward => "Forward",
        })
    }
}

/// Returns whether a value passes a check.
#[doc(hidden)]
pub type Passes = dyn Fn(ErasedRef<'_>) -> bool + Send + Sync;

/// A check of the value that its only parameter reads.
struct CheckBody<F, P> {
    function: F,
    passes: P,
}

impl<F, P> SyncBody for CheckBody<F, P>
where
    F: Fn(&mut Args<'_>) -> Result<(), NodeError> + Send + Sync,
    P: Fn(ErasedRef<'_>) -> bool + Send + Sync + 'static,
{
    fn call(&self, args: &mut Args<'_>) -> Result<(), NodeError> {
        (self.function)(args)
    }

    fn in_place(&self) -> Option<InPlace<'_>> {
        Some(InPlace::Check(&self.passes))
    }
}

/// A node that forwards a value whose checks have passed.
struct ForwardBody<F>(F);

impl<F> SyncBody for ForwardBody<F>
where
    F: Fn(&mut Args<'_>) -> Result<(), NodeError> + Send + Sync,
{
    fn call(&self, args: &mut Args<'_>) -> Result<(), NodeError> {
        (self.0)(args)
    }

    fn in_place(&self) -> Option<InPlace<'_>> {
        Some(InPlace::Forward)
    }
}

/// An async function with its types erased.
trait AsyncBody: Send + Sync {
    /// Prepares the task of a call.
    fn start(&self, args: &mut Args<'_>, task: &mut Option<Box<dyn Task>>) -> Result<(), NodeError>;

    /// Prepares the task of a call and polls it once. An output that is ready is in the slot of the arguments' output.
    fn start_and_poll(
        &self,
        args: &mut Args<'_>,
        task: &mut Option<Box<dyn Task>>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), NodeError>> {
        if let Err(error) = self.start(args, task) {
            return Poll::Ready(Err(error));
        }
        match task {
            Some(task) => task.poll_into(context, args.output()),
            None => Poll::Ready(Ok(())),
        }
    }
}

impl<S> AsyncBody for S
where
    S: Fn(&mut Args<'_>, &mut Option<Box<dyn Task>>) -> Result<(), NodeError> + Send + Sync,
{
    #[inline]
    fn start(&self, args: &mut Args<'_>, task: &mut Option<Box<dyn Task>>) -> Result<(), NodeError> {
        self(args, task)
    }
}

/// An async function that returns a future.
struct StartFuture<S>(S);

impl<T, F, S> AsyncBody for StartFuture<S>
where
    T: Any + Send + Sync,
    F: Future<Output = Result<T, NodeError>> + Send + 'static,
    S: Fn(&mut Args<'_>) -> F + Send + Sync,
{
    fn start(&self, args: &mut Args<'_>, task: &mut Option<Box<dyn Task>>) -> Result<(), NodeError> {
        start_by(&self.0, args, task);
        Ok(())
    }
}

/// An async function with a task of type `K` and a separate implementation of the first poll.
struct PolledTask<K, S, P> {
    start: S,
    start_and_poll: P,
    task: PhantomData<fn() -> K>,
}

impl<K, S, P> AsyncBody for PolledTask<K, S, P>
where
    K: Task + Default,
    S: Fn(&mut Args<'_>, &mut K) -> Result<(), NodeError> + Send + Sync,
    P: Fn(&mut Args<'_>, &mut K, &mut Context<'_>) -> Poll<Result<(), NodeError>> + Send + Sync,
{
    fn start(&self, args: &mut Args<'_>, task: &mut Option<Box<dyn Task>>) -> Result<(), NodeError> {
        (self.start)(args, keep_task(task))
    }

    fn start_and_poll(
        &self,
        args: &mut Args<'_>,
        task: &mut Option<Box<dyn Task>>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), NodeError>> {
        (self.start_and_poll)(args, keep_task(task), context)
    }
}

/// Returns the task of an earlier call, or a new one.
fn keep_task<K: Task + Default>(task: &mut Option<Box<dyn Task>>) -> &mut K {
    let is_kept = task.as_deref().is_some_and(|task| (task as &dyn Any).is::<K>());
    if !is_kept {
        *task = Some(Box::<K>::default());
    }
    let kept = task.as_deref_mut().and_then(|task| (task as &mut dyn Any).downcast_mut());
    kept.expect("the task is of this type")
}

/// A node's function with its types erased.
///
/// # Examples
/// ```
/// use icosian_core::node::{Args, Body, Asyncness, Port};
/// use icosian_core::value::{Arena, Cell};
///
/// let body = Body::sync(|args| Ok(args.borrow::<u64>(0) + 1));
/// assert_eq!(body.asyncness(), Asyncness::Sync);
///
/// let mut cells = Arena::from([Cell::new(3_u64), Cell::default()]);
/// let ports = [Port::new(0, 0)];
/// body.call(&mut Args::new(&mut cells, &ports, &[1, 0], 1), &mut None).expect("it cannot fail");
/// assert_eq!(cells.get::<u64>(1), Some(&4));
/// ```
#[derive(Clone)]
pub struct Body(BodyRepr);

#[derive(Clone)]
enum BodyRepr {
    Sync(Arc<dyn SyncBody>),
    Async(Arc<dyn AsyncBody>),
}

/// A sync body without captured values, which stores its output itself. For generated code.
#[doc(hidden)]
pub type SyncFn = fn(&mut Args<'_>) -> Result<(), NodeError>;

/// An async body without captured values, which stores its future in the task itself. For generated code.
#[doc(hidden)]
pub type AsyncFn = fn(&mut Args<'_>, &mut Option<Box<dyn Task>>);

impl Body {
    /// Returns the body of a sync function.
    pub fn sync<T, F>(function: F) -> Self
    where
        T: Any + Send + Sync,
        F: Fn(&mut Args<'_>) -> Result<T, NodeError> + Send + Sync + 'static,
    {
        Self(BodyRepr::Sync(Arc::new(move |args: &mut Args<'_>| put_outcome(function(args), args))))
    }

    /// Returns the body of an async function: `start` leases or takes its arguments and returns the future that uses them.
    pub fn future<T, F, S>(start: S) -> Self
    where
        T: Any + Send + Sync,
        F: Future<Output = Result<T, NodeError>> + Send + 'static,
        S: Fn(&mut Args<'_>) -> F + Send + Sync + 'static,
    {
        Self(BodyRepr::Async(Arc::new(StartFuture(start))))
    }

    // A variant of `BodyRepr` for function pointers would make all calls slower: `call` would need a jump table.
    pub(crate) fn from_sync_fn(function: SyncFn) -> Self {
        Self(BodyRepr::Sync(Arc::new(function)))
    }

    pub(crate) fn from_async_fn(start: AsyncFn) -> Self {
        Self(BodyRepr::Async(Arc::new(move |args: &mut Args<'_>, task: &mut Option<Box<dyn Task>>| {
            start(args, task);
            Ok(())
        })))
    }

    /// Creates the body of a sync function that stores its output itself.
    pub fn erased<F>(function: F) -> Self
    where
        F: Fn(&mut Args<'_>) -> Result<(), NodeError> + Send + Sync + 'static,
    {
        Self(BodyRepr::Sync(Arc::new(function)))
    }

    /// Creates the body of a check of the value that its only parameter borrows.
    ///
    /// `passes` returns whether `function` would store a result that no other node reports. A run may call `passes` instead of
    /// `function`, and then `function` again if `passes` returns false.
    #[doc(hidden)]
    pub fn check<T, F>(
        function: impl Fn(&mut Args<'_>) -> Result<T, NodeError> + Send + Sync + 'static,
        passes: F,
    ) -> Self
    where
        T: Any + Send + Sync,
        F: Fn(ErasedRef<'_>) -> bool + Send + Sync + 'static,
    {
        let function = move |args: &mut Args<'_>| put_outcome(function(args), args);
        Self(BodyRepr::Sync(Arc::new(CheckBody { function, passes })))
    }

    /// Creates the body of a node that forwards its first parameter, if the checks that its other parameters read have passed.
    #[doc(hidden)]
    pub fn forward_checked<F>(function: F) -> Self
    where
        F: Fn(&mut Args<'_>) -> Result<(), NodeError> + Send + Sync + 'static,
    {
        Self(BodyRepr::Sync(Arc::new(ForwardBody(function))))
    }

    /// Returns the effect of the node on a value in place.
    #[doc(hidden)]
    #[must_use]
    pub fn in_place(&self) -> Option<InPlace<'_>> {
        match &self.0 {
            BodyRepr::Sync(function) => function.in_place(),
            BodyRepr::Async(_) => None,
        }
    }

    /// Creates the body of an async function with a custom task type. `start` prepares a task for a call: a new one, or the task
    /// of an earlier call.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::NodeError;
    /// use icosian_core::node::{Body, Asyncness, Task};
    /// use icosian_core::value::Slot;
    /// use std::task::{Context, Poll};
    ///
    /// /// Returns a number at the second poll.
    /// #[derive(Default)]
    /// struct Later(bool);
    ///
    /// impl Task for Later {
    ///     fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>> {
    ///         context.waker().wake_by_ref();
    ///         if std::mem::replace(&mut self.0, true) { Poll::Ready(Ok(())) } else { Poll::Pending }
    ///     }
    ///
    ///     fn deliver(&mut self, mut slot: Slot<'_>) {
    ///         slot.put(3_u64);
    ///     }
    ///
    ///     fn cancel(&mut self) {}
    /// }
    ///
    /// let body = Body::task(|_, later: &mut Later| {
    ///     later.0 = false;
    ///     Ok(())
    /// });
    /// assert_eq!(body.asyncness(), Asyncness::Async);
    /// ```
    pub fn task<K, S>(start: S) -> Self
    where
        K: Task + Default,
        S: Fn(&mut Args<'_>, &mut K) -> Result<(), NodeError> + Send + Sync + 'static,
    {
        Self(BodyRepr::Async(Arc::new(move |args: &mut Args<'_>, task: &mut Option<Box<dyn Task>>| {
            start(args, keep_task(task))
        })))
    }

    /// Creates the body of an async function as [`task`](Self::task) does, with a faster first poll.
    ///
    /// An adapter that polls a node where it begins calls `start_and_poll` instead of `start`. If the output is ready at once,
    /// `start_and_poll` stores it in the slot of the arguments' output. Otherwise the task must keep the arguments that it needs
    /// before `start_and_poll` returns, and is then polled as usual. So a wrapper need not keep arguments for a call that succeeds
    /// without waiting.
    pub fn polled_task<K, S, P>(start: S, start_and_poll: P) -> Self
    where
        K: Task + Default,
        S: Fn(&mut Args<'_>, &mut K) -> Result<(), NodeError> + Send + Sync + 'static,
        P: Fn(&mut Args<'_>, &mut K, &mut Context<'_>) -> Poll<Result<(), NodeError>> + Send + Sync + 'static,
    {
        Self(BodyRepr::Async(Arc::new(PolledTask { start, start_and_poll, task: PhantomData })))
    }

    /// Creates a body that calls `start` with this body, its arguments and its task.
    ///
    /// `start` calls this body at most once. A sync body has no task.
    #[must_use]
    pub fn wrapped<F>(self, start: F) -> Self
    where
        F: Fn(&Self, &mut Args<'_>, &mut Option<Box<dyn Task>>) -> Result<(), NodeError>
            + Send
            + Sync
            + 'static,
    {
        Self(match self.asyncness() {
            Asyncness::Sync => {
                BodyRepr::Sync(Arc::new(move |args: &mut Args<'_>| start(&self, args, &mut None)))
            }
            Asyncness::Async => {
                BodyRepr::Async(Arc::new(move |args: &mut Args<'_>, task: &mut Option<Box<dyn Task>>| {
                    start(&self, args, task)
                }))
            }
        })
    }

    /// Returns whether the function is sync or async.
    #[must_use]
    pub fn asyncness(&self) -> Asyncness {
        match self.0 {
            BodyRepr::Sync(_) => Asyncness::Sync,
            BodyRepr::Async(_) => Asyncness::Async,
        }
    }

    /// Calls the function if it is sync.
    #[doc(hidden)]
    #[inline]
    pub fn call_sync(&self, args: &mut Args<'_>) -> Option<Result<(), NodeError>> {
        match &self.0 {
            BodyRepr::Sync(function) => Some(function.call(args)),
            BodyRepr::Async(_) => None,
        }
    }

    /// Calls the function. A sync function stores its output in the arguments' cells. An async function stores its future in
    /// `task`, and reuses the memory of an earlier call.
    ///
    /// # Errors
    /// The error of a sync function.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::node::{Args, Body, Port};
    /// use icosian_core::value::{Arena, Cell};
    /// # use std::task::{Context, Waker};
    ///
    /// let next = Body::future(|args| {
    ///     let count: u64 = args.take(0);
    ///     async move { Ok(count + 1) }
    /// });
    /// # let ports = [Port::new(0, 0)];
    /// let mut cells = Arena::from([Cell::new(3_u64), Cell::default()]);
    /// let mut task = None;
    /// next.call(&mut Args::new(&mut cells, &ports, &[1, 0], 1), &mut task)?;
    /// let mut task = task.expect("the function is async");
    /// assert!(task.poll(&mut Context::from_waker(Waker::noop())).is_ready());
    /// task.deliver(cells.slot(1));
    /// assert_eq!(cells.get::<u64>(1), Some(&4));
    /// # Ok::<(), icosian_core::NodeError>(())
    /// ```
    #[inline]
    pub fn call(&self, args: &mut Args<'_>, task: &mut Option<Box<dyn Task>>) -> Result<(), NodeError> {
        match &self.0 {
            BodyRepr::Sync(function) => function.call(args),
            BodyRepr::Async(body) => body.start(args, task),
        }
    }

    /// Calls the function, and polls an async function once. An output that is ready is in the slot of the arguments' output.
    ///
    /// If the function is pending, its future is in `task`, which the caller polls later.
    #[inline]
    pub fn call_and_poll(
        &self,
        args: &mut Args<'_>,
        task: &mut Option<Box<dyn Task>>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), NodeError>> {
        match &self.0 {
            BodyRepr::Sync(function) => Poll::Ready(function.call(args)),
            BodyRepr::Async(body) => body.start_and_poll(args, task, context),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({:?})", self.asyncness())
    }
}
