use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::NodeError;
use crate::node::Failure;
use crate::value::{Cell, ErasedRef};

/// The output of an expanding node: a lazy sequence of items, from an iterator or a stream.
///
/// The macro `#[expand]` builds it from the return value of the function.
///
/// # Examples
/// ```
/// use icosian_core::expand::{Expansion, Items};
/// use icosian_core::{Node, Outline};
///
/// let number = Outline::new("number").with_output_type::<u64>().with_expansion(Expansion::of::<u64>());
/// let number = Node::expanding(number, |_| Ok(Items::new(0..3_u64)));
/// assert_eq!(number.outline().to_string(), "number() -> u64");
/// ```
pub struct Items {
    // A mutex, so that the output of a node is `Sync`.
    source: Mutex<ItemSource>,
    label: Option<ItemLabel>,
}

/// The function that describes an item in errors.
pub type ItemLabel = fn(ErasedRef<'_>) -> Option<String>;

/// The source of items.
pub enum ItemSource {
    /// An iterator.
    Iterator(Box<dyn Iterator<Item = Result<Cell, NodeError>> + Send>),
    /// A stream.
    Stream(Pin<Box<dyn Stream<Item = Result<Cell, NodeError>> + Send>>),
}

impl Items {
    /// Returns the items of an iterator.
    #[must_use]
    pub fn new<I>(items: I) -> Self
    where
        I: IntoIterator<IntoIter: Send + 'static, Item: Any + Send + Sync>,
    {
        Self::of(ItemSource::Iterator(Box::new(items.into_iter().map(|item| Ok(Cell::new(item))))))
    }

    /// Returns the items of an iterator. An `Err` fails its item.
    #[must_use]
    pub fn fallible<T, E, I>(items: I) -> Self
    where
        T: Any + Send + Sync,
        E: Failure + 'static,
        I: IntoIterator<Item = Result<T, E>, IntoIter: Send + 'static>,
    {
        Self::of(ItemSource::Iterator(Box::new(items.into_iter().map(to_cell))))
    }

    /// Returns the items of a stream. Only an async driver can run them.
    #[must_use]
    pub fn stream<S>(items: S) -> Self
    where
        S: Stream<Item: Any + Send + Sync> + Send + 'static,
    {
        Self::of(ItemSource::Stream(Box::pin(Mapped(Box::pin(items), |item| Ok(Cell::new(item))))))
    }

    /// Returns the items of a stream. An `Err` fails its item. Only an async driver can run them.
    #[must_use]
    pub fn fallible_stream<T, E, S>(items: S) -> Self
    where
        T: Any + Send + Sync,
        E: Failure + 'static,
        S: Stream<Item = Result<T, E>> + Send + 'static,
    {
        Self::of(ItemSource::Stream(Box::pin(Mapped(Box::pin(items), to_cell))))
    }

    fn of(source: ItemSource) -> Self {
        Self { source: Mutex::new(source), label: None }
    }

    /// Sets the function that describes an item in errors.
    #[doc(hidden)]
    #[must_use]
    pub fn with_label(mut self, label: Option<ItemLabel>) -> Self {
        self.label = self.label.or(label);
        self
    }

    /// Returns the source of the items, and the function that describes an item.
    #[doc(hidden)]
    #[must_use]
    pub fn into_source(self) -> (ItemSource, Option<ItemLabel>) {
        (self.source.into_inner().unwrap_or_else(PoisonError::into_inner), self.label)
    }
}

fn to_cell<T: Any + Send + Sync, E: Failure>(item: Result<T, E>) -> Result<Cell, NodeError> {
    item.map(Cell::new).map_err(|error| NodeError::failed(error.into_box()))
}

/// A stream whose items are converted.
struct Mapped<S, F>(Pin<Box<S>>, F);

impl<S, F> Unpin for Mapped<S, F> {}

impl<S: Stream, F: Fn(S::Item) -> Result<Cell, NodeError>> Stream for Mapped<S, F> {
    type Item = Result<Cell, NodeError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = self.0.as_mut().poll_next(context);
        polled.map(|item| item.map(&self.1))
    }
}

impl fmt::Debug for Items {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Items")
    }
}

impl fmt::Debug for ItemSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Iterator(_) => "Iterator",
            Self::Stream(_) => "Stream",
        })
    }
}

/// The return value of an expanding function. For generated code, which does not know whether it is an iterator or a stream.
#[derive(Debug)]
pub struct IntoItems<R>(pub R);

impl<R> IntoItems<R>
where
    R: IntoIterator<IntoIter: Send + 'static, Item: Any + Send + Sync>,
{
    /// Returns the items of an iterator.
    #[must_use]
    pub fn into_items(self) -> Items {
        Items::new(self.0)
    }
}

impl<T: Any + Send + Sync, E: Failure + 'static, R> IntoItems<R>
where
    R: IntoIterator<Item = Result<T, E>, IntoIter: Send + 'static>,
{
    /// Returns the items of an iterator of results.
    #[must_use]
    pub fn into_fallible_items(self) -> Items {
        Items::fallible(self.0)
    }
}

/// The return value of an expanding function that is a stream. An iterator takes precedence.
#[diagnostic::on_unimplemented(
    message = "`#[expand]` is above a function that returns neither an iterator nor a stream",
    label = "expected an `IntoIterator` or a `Stream`",
    note = "items and iterators must be `Send` and must not borrow from parameters"
)]
pub trait IntoStreamItems {
    /// Returns the items of a stream.
    #[must_use]
    fn into_items(self) -> Items;
}

impl<S: Stream<Item: Any + Send + Sync> + Send + 'static> IntoStreamItems for IntoItems<S> {
    fn into_items(self) -> Items {
        Items::stream(self.0)
    }
}

/// The return value of an expanding function that is a stream of results.
#[diagnostic::on_unimplemented(
    message = "`#[expand]` is above a function that returns neither an iterator nor a stream of results",
    label = "expected an `IntoIterator` or a `Stream` with items of type `Result`",
    note = "items and iterators must be `Send` and must not borrow from parameters"
)]
pub trait IntoFallibleStreamItems {
    /// Returns the items of a stream of results.
    #[must_use]
    fn into_fallible_items(self) -> Items;
}

impl<T, E, S> IntoFallibleStreamItems for IntoItems<S>
where
    T: Any + Send + Sync,
    E: Failure + 'static,
    S: Stream<Item = Result<T, E>> + Send + 'static,
{
    fn into_fallible_items(self) -> Items {
        Items::fallible_stream(self.0)
    }
}

/// Finds the function that describes items of type `T`: by `Display`, or else by `Debug`. For generated code, which calls
/// `(&&&LabelOf::<T>::new()).find()`: the compiler prefers the implementation with more references.
#[derive(Debug)]
pub struct LabelOf<T>(PhantomData<fn() -> T>);

impl<T> LabelOf<T> {
    /// Returns the finder.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "only generated code uses it")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

/// Describes items.
pub trait FindLabel {
    /// Returns the function, if there is one.
    fn find(&self) -> Option<ItemLabel>;
}

impl<T: Any + fmt::Display> FindLabel for &&LabelOf<T> {
    fn find(&self) -> Option<ItemLabel> {
        Some(|item| item.get::<T>().map(ToString::to_string))
    }
}

impl<T: Any + fmt::Debug> FindLabel for &LabelOf<T> {
    fn find(&self) -> Option<ItemLabel> {
        Some(|item| item.get::<T>().map(|item| format!("{item:?}")))
    }
}

impl<T> FindLabel for LabelOf<T> {
    fn find(&self) -> Option<ItemLabel> {
        None
    }
}
