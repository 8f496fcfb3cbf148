use std::any::Any;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use crate::NodeError;
use crate::node::args::put_outcome;
use crate::node::conversion::AsOutcome;
use crate::node::running::{Running, start_by};
use crate::node::{Args, Asyncness, Task};

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

type SyncBody = dyn Fn(&mut Args<'_>) -> Result<(), NodeError> + Send + Sync;
type AsyncBody = dyn Fn(&mut Args<'_>, &mut Option<Box<dyn Task>>) -> Result<(), NodeError> + Send + Sync;

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
    Sync(Arc<SyncBody>),
    Async(Arc<AsyncBody>),
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
        Self(BodyRepr::Sync(Arc::new(move |args| put_outcome(function(args), args))))
    }

    /// Returns the body of an async function: `start` leases or takes its arguments and returns the future that uses them.
    pub fn future<T, F, S>(start: S) -> Self
    where
        T: Any + Send + Sync,
        F: Future<Output = Result<T, NodeError>> + Send + 'static,
        S: Fn(&mut Args<'_>) -> F + Send + Sync + 'static,
    {
        Self(BodyRepr::Async(Arc::new(move |args, task| {
            start_by(&start, args, task);
            Ok(())
        })))
    }

    // A variant of `BodyRepr` for function pointers would make all calls slower: `call` would need a jump table.
    pub(crate) fn from_sync_fn(function: SyncFn) -> Self {
        Self(BodyRepr::Sync(Arc::new(function)))
    }

    pub(crate) fn from_async_fn(start: AsyncFn) -> Self {
        Self(BodyRepr::Async(Arc::new(move |args, task| {
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

    /// Creates the body of an async function with a custom task type. `start` prepares a task for a call: a new one, or the task
    /// of an earlier call.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::NodeError;
    /// use icosian_core::node::{Body, Asyncness, Task};
    /// use icosian_core::value::{Arena, Cell};
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
    ///     fn deliver(&mut self, cell: &mut Cell) {
    ///         cell.put(3_u64);
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
        Self(BodyRepr::Async(Arc::new(move |args, task| {
            let kept = task.as_deref_mut().and_then(|task| (task as &mut dyn Any).downcast_mut());
            if let Some(kept) = kept {
                return start(args, kept);
            }
            let mut made = Box::new(K::default());
            start(args, &mut made)?;
            *task = Some(made);
            Ok(())
        })))
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
            Asyncness::Sync => BodyRepr::Sync(Arc::new(move |args| start(&self, args, &mut None))),
            Asyncness::Async => BodyRepr::Async(Arc::new(move |args, task| start(&self, args, task))),
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
            BodyRepr::Sync(function) => Some(function(args)),
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
            BodyRepr::Sync(function) => function(args),
            BodyRepr::Async(start) => start(args, task),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({:?})", self.asyncness())
    }
}
