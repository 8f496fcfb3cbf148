use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::expand::ItemError;
use crate::value::Cell;

/// The results of a node for the items of an expansion, one after the other, while the block runs.
///
/// A parameter of type `CollectStream<T>` ends a block like a [`Collect`](crate::expand::Collect), but holds no results: the node
/// that reads it drives the block. An async function polls it as a [`Stream`], a sync function iterates over it. The items are
/// pulled from the source no faster than the node accepts results. Memory is bounded by the concurrency of the expansion.
///
/// The order is that of the items, or that of completion with `#[collect(unordered)]`. After a failed item the stream returns its error
/// and ends, or continues with `#[expand(on_error = "collect")]`. With `on_error = "skip"` it returns no errors.
///
/// # Examples
/// ```
/// use icosian_core::expand::{CollectStream, ItemError};
///
/// fn total(score: CollectStream<u64>) -> Result<u64, ItemError> {
///     score.into_iter().sum()
/// }
/// assert_eq!(total(CollectStream::from_results([Ok(1), Ok(2)]))?, 3);
/// # Ok::<(), ItemError>(())
/// ```
pub struct CollectStream<T> {
    // A mutex, so that the stream is `Sync`. It is never locked while results are polled.
    results: Mutex<Box<dyn ItemResults>>,
    result: PhantomData<fn() -> T>,
}

/// The results of a running expansion. Drivers implement it.
pub trait ItemResults: Send {
    /// Polls the next result.
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Cell, ItemError>>>;

    /// Waits for the next result on this thread.
    fn next(&mut self) -> Option<Result<Cell, ItemError>>;
}

impl<T: Any + Send + Sync> CollectStream<T> {
    /// Returns a stream of these results, to test a function that collects.
    #[must_use]
    pub fn from_results<I>(results: I) -> Self
    where
        I: IntoIterator<Item = Result<T, ItemError>>,
        I::IntoIter: Send + 'static,
    {
        Self::new(Box::new(Given(results.into_iter().map(|result| result.map(Cell::new)))))
    }

    pub(crate) fn new(results: Box<dyn ItemResults>) -> Self {
        Self { results: Mutex::new(results), result: PhantomData }
    }
}

impl<T> CollectStream<T> {
    fn results(&mut self) -> &mut dyn ItemResults {
        &mut **self.results.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Given<I>(I);

impl<I: Iterator<Item = Result<Cell, ItemError>> + Send> ItemResults for Given<I> {
    fn poll_next(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Cell, ItemError>>> {
        Poll::Ready(self.0.next())
    }

    fn next(&mut self) -> Option<Result<Cell, ItemError>> {
        self.0.next()
    }
}

/// Returns the value of a result.
fn typed<T: Any>(result: Result<Cell, ItemError>) -> Result<T, ItemError> {
    result.map(|mut cell| cell.take().expect("the driver has compared the types"))
}

impl<T: Any> Stream for CollectStream<T> {
    type Item = Result<T, ItemError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().results().poll_next(context).map(|result| result.map(typed))
    }
}

impl<T: Any> IntoIterator for CollectStream<T> {
    type Item = Result<T, ItemError>;
    type IntoIter = IntoIter<T>;

    /// Runs the items of the block on this thread, and in parallel on the threads of the adapter if it has any.
    ///
    /// # Panics
    /// The iterator panics if an async function iterates and an item is not ready. Poll the stream instead.
    fn into_iter(self) -> IntoIter<T> {
        IntoIter(self)
    }
}

/// The iterator over a [`CollectStream`].
#[derive(Debug)]
pub struct IntoIter<T>(CollectStream<T>);

impl<T: Any> Iterator for IntoIter<T> {
    type Item = Result<T, ItemError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.results().next().map(typed)
    }
}

impl<T> fmt::Debug for CollectStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CollectStream<{}>", std::any::type_name::<T>())
    }
}
