use std::any::Any;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::node::args::put_outcome;
use crate::node::running::{AsOutcome, AsResult, Running, start_by};
use crate::node::{Args, Colour};
use crate::value::Cell;
use crate::{BoxError, NodeError};

/// The result of a fallible function: any `Result` whose error can be boxed.
///
/// # Examples
/// ```
/// use icosian_core::node::Fallible;
///
/// let read: std::io::Result<u64> = Ok(3);
/// assert_eq!(read.into_outcome().ok(), Some(3));
/// ```
#[diagnostic::on_unimplemented(
    message = "the node's return type is called `Result`, but is no `Result`",
    label = "not a `std::result::Result`",
    note = "a return type whose last path segment is `Result` is a node that may fail"
)]
pub trait Fallible {
    /// The output of a successful call.
    type Ok;
    /// The error of a failed call.
    type Error;

    /// Returns the output, or the error boxed.
    ///
    /// # Errors
    /// The function's own error.
    fn into_outcome(self) -> Result<Self::Ok, NodeError>
    where
        Self::Error: Failure;

    /// Returns the function's `Result`. For generated code.
    ///
    /// # Errors
    /// The function's own error.
    #[doc(hidden)]
    fn into_result(self) -> Result<Self::Ok, Self::Error>;

    /// Stores the output by `give`, or returns the error. `keep` converts errors that are reports. For generated code.
    ///
    /// # Errors
    /// The error of the function.
    #[doc(hidden)]
    fn give(
        self,
        args: &mut Args<'_>,
        keep: Option<fn(Self::Error) -> NodeError>,
        give: fn(&mut Args<'_>, Self::Ok),
    ) -> Result<(), NodeError>
    where
        Self::Error: Failure;

    /// Returns the conversion of the output of a future. For generated code.
    #[doc(hidden)]
    #[must_use]
    fn conversion(keep: Option<fn(Self::Error) -> NodeError>) -> AsResult<Self>
    where
        Self: Sized,
        Self::Error: Failure,
    {
        AsResult::new(keep.unwrap_or(|error| NodeError::failed(error.into_box())))
    }
}

impl<T, E> Fallible for Result<T, E> {
    type Ok = T;
    type Error = E;

    fn into_outcome(self) -> Result<T, NodeError>
    where
        E: Failure,
    {
        self.map_err(|error| NodeError::failed(error.into_box()))
    }

    fn into_result(self) -> Self {
        self
    }

    #[inline]
    fn give(
        self,
        args: &mut Args<'_>,
        keep: Option<fn(E) -> NodeError>,
        give: fn(&mut Args<'_>, T),
    ) -> Result<(), NodeError>
    where
        E: Failure,
    {
        // One `match`: without optimization, each function that the output passes through keeps a copy of it on the stack.
        match self {
            Ok(output) => {
                give(args, output);
                Ok(())
            }
            Err(error) => Err(match keep {
                Some(keep) => keep(error),
                None => NodeError::failed(error.into_box()),
            }),
        }
    }
}

/// An error that a node may return: any type that converts into a [`BoxError`], such as every error that is `Send`, `Sync` and
/// `'static`.
///
/// # Examples
/// ```
/// use icosian_core::node::Failure;
///
/// assert_eq!("no rates".into_box().to_string(), "no rates");
/// ```
#[diagnostic::on_unimplemented(
    message = "a node cannot fail with `{Self}`",
    label = "`{Self}` does not convert into `Box<dyn Error + Send + Sync>`",
    note = "an error converts if it implements `std::error::Error` and is `Send + Sync`; write a boxed one as \
            `Box<dyn Error + Send + Sync>`"
)]
pub trait Failure {
    /// Returns the error boxed.
    fn into_box(self) -> BoxError;
}

#[diagnostic::do_not_recommend]
impl<E: Into<BoxError>> Failure for E {
    fn into_box(self) -> BoxError {
        self.into()
    }
}

/// A started async node: its future and, after completion, its output.
///
/// A run keeps its tasks, so the next future of the same node reuses the allocation.
///
/// # Examples
/// ```
/// use icosian_core::NodeError;
/// use icosian_core::node::Task;
/// use icosian_core::value::Cell;
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
///     fn deliver(&mut self, cell: &mut Cell) {
///         if let Some(number) = self.0.take() {
///             cell.put(number);
///         }
///     }
///
///     fn cancel(&mut self) {
///         self.0 = None;
///     }
/// }
///
/// let mut cell = Cell::default();
/// let mut task = Number(Some(3));
/// assert!(task.poll(&mut Context::from_waker(Waker::noop())).is_ready());
/// task.deliver(&mut cell);
/// assert_eq!(cell.get::<u64>(), Some(&3));
/// ```
pub trait Task: Any + Send {
    /// Polls the node's future. Before it returns `Ready`, it drops the future and its borrows.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NodeError>>;

    /// Moves the output into `cell`.
    fn deliver(&mut self, cell: &mut Cell);

    /// Polls the node's future. On completion, moves the output into `cell`.
    fn poll_into(&mut self, context: &mut Context<'_>, cell: &mut Cell) -> Poll<Result<(), NodeError>> {
        self.poll(context).map(|outcome| {
            outcome?;
            self.deliver(cell);
            Ok(())
        })
    }

    /// Drops the future, which cancels the node.
    fn cancel(&mut self);
}

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
/// use icosian_core::node::{Args, Body, Colour, Port};
/// use icosian_core::value::Cell;
///
/// let body = Body::sync(|args| Ok(args.borrow::<u64>(0) + 1));
/// assert_eq!(body.colour(), Colour::Sync);
///
/// let mut cells = [Cell::new(3_u64), Cell::default()];
/// let ports = [Port::new(0, 0)];
/// body.call(&mut Args::new(&mut cells, &ports, &[1, 0], 1), &mut None).expect("it cannot fail");
/// assert_eq!(cells[1].get::<u64>(), Some(&4));
/// ```
#[derive(Clone)]
pub struct Body(Repr);

#[derive(Clone)]
enum Repr {
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
        Self(Repr::Sync(Arc::new(move |args| put_outcome(function(args), args))))
    }

    /// Returns the body of an async function: `start` leases or takes its arguments and returns the future that uses them.
    pub fn future<T, F, S>(start: S) -> Self
    where
        T: Any + Send + Sync,
        F: Future<Output = Result<T, NodeError>> + Send + 'static,
        S: Fn(&mut Args<'_>) -> F + Send + Sync + 'static,
    {
        Self(Repr::Async(Arc::new(move |args, task| {
            start_by(&start, args, task);
            Ok(())
        })))
    }

    // A variant of `Repr` for function pointers would make all calls slower: `call` would need a jump table.
    pub(crate) fn from_sync_fn(function: SyncFn) -> Self {
        Self(Repr::Sync(Arc::new(function)))
    }

    pub(crate) fn from_async_fn(start: AsyncFn) -> Self {
        Self(Repr::Async(Arc::new(move |args, task| {
            start(args, task);
            Ok(())
        })))
    }

    /// Creates the body of a sync function that stores its output itself.
    pub fn erased<F>(function: F) -> Self
    where
        F: Fn(&mut Args<'_>) -> Result<(), NodeError> + Send + Sync + 'static,
    {
        Self(Repr::Sync(Arc::new(function)))
    }

    /// Creates the body of an async function with a custom task type. `start` prepares a task for a call: a new one, or the task
    /// of an earlier call.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::NodeError;
    /// use icosian_core::node::{Body, Colour, Task};
    /// use icosian_core::value::Cell;
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
    /// assert_eq!(body.colour(), Colour::Async);
    /// ```
    pub fn task<K, S>(start: S) -> Self
    where
        K: Task + Default,
        S: Fn(&mut Args<'_>, &mut K) -> Result<(), NodeError> + Send + Sync + 'static,
    {
        Self(Repr::Async(Arc::new(move |args, task| {
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
        Self(match self.colour() {
            Colour::Sync => Repr::Sync(Arc::new(move |args| start(&self, args, &mut None))),
            Colour::Async => Repr::Async(Arc::new(move |args, task| start(&self, args, task))),
        })
    }

    /// Returns whether the function is sync or async.
    #[must_use]
    pub fn colour(&self) -> Colour {
        match self.0 {
            Repr::Sync(_) => Colour::Sync,
            Repr::Async(_) => Colour::Async,
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
    /// use icosian_core::value::Cell;
    /// # use std::task::{Context, Waker};
    ///
    /// let next = Body::future(|args| {
    ///     let count: u64 = args.take(0);
    ///     async move { Ok(count + 1) }
    /// });
    /// # let ports = [Port::new(0, 0)];
    /// let mut cells = [Cell::new(3_u64), Cell::default()];
    /// let mut task = None;
    /// next.call(&mut Args::new(&mut cells, &ports, &[1, 0], 1), &mut task)?;
    /// let mut task = task.expect("the function is async");
    /// assert!(task.poll(&mut Context::from_waker(Waker::noop())).is_ready());
    /// task.deliver(&mut cells[1]);
    /// assert_eq!(cells[1].get::<u64>(), Some(&4));
    /// # Ok::<(), icosian_core::NodeError>(())
    /// ```
    #[inline]
    pub fn call(&self, args: &mut Args<'_>, task: &mut Option<Box<dyn Task>>) -> Result<(), NodeError> {
        match &self.0 {
            Repr::Sync(function) => function(args),
            Repr::Async(start) => start(args, task),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({:?})", self.colour())
    }
}
