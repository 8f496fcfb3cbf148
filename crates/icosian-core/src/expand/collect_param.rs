use std::any::Any;
use std::fmt;

use crate::Output;
use crate::expand::{Collect, CollectStream, CollectionForm, CollectionOrder, ItemError, ItemResults};
use crate::value::probe::Probe;
use crate::value::{Cell, ValueType};

/// The way in which a parameter receives the results of a block.
///
/// # Examples
/// ```
/// use icosian_core::expand::{CollectParam, CollectionForm, CollectionOrder};
/// use icosian_core::value::ValueType;
///
/// let values = CollectParam::values::<f64>().unordered();
/// assert_eq!((values.form(), values.order()), (CollectionForm::Values, CollectionOrder::Completion));
/// assert_eq!(values.element(), ValueType::of::<f64>());
/// ```
#[derive(Clone, Copy)]
pub struct CollectParam {
    element: ValueType,
    form: CollectionForm,
    order: CollectionOrder,
    stream: Option<StreamFns>,
}

/// The functions of a `CollectStream<T>`.
#[derive(Clone, Copy)]
struct StreamFns {
    output: fn() -> Output,
    make: fn(Box<dyn ItemResults>) -> Cell,
}

impl CollectParam {
    /// Returns the collection of a `Collect<T>`.
    #[must_use]
    pub const fn values<T: Any>() -> Self {
        Self::new(ValueType::of::<T>(), CollectionForm::Values)
    }

    /// Returns the collection of a `Collect<Result<T, ItemError>>`.
    #[must_use]
    pub const fn results<T: Any>() -> Self {
        Self::new(ValueType::of::<T>(), CollectionForm::Results)
    }

    /// Returns the collection of a `CollectStream<T>`.
    #[must_use]
    pub const fn stream<T: Any + Send + Sync>() -> Self {
        let collection = Self::new(ValueType::of::<T>(), CollectionForm::Stream);
        let output = Output::of_collect::<CollectStream<T>>;
        let make = |results| Cell::new(CollectStream::<T>::new(results));
        Self { stream: Some(StreamFns { output, make }), ..collection }
    }

    const fn new(element: ValueType, form: CollectionForm) -> Self {
        Self { element, form, order: CollectionOrder::Items, stream: None }
    }

    /// Sets the order of completion.
    #[must_use]
    pub const fn unordered(self) -> Self {
        Self { order: CollectionOrder::Completion, ..self }
    }

    /// Returns the type of the result of one item.
    #[must_use]
    pub const fn element(&self) -> ValueType {
        self.element
    }

    /// Returns the form.
    #[must_use]
    pub const fn form(&self) -> CollectionForm {
        self.form
    }

    /// Returns the order.
    #[must_use]
    pub const fn order(&self) -> CollectionOrder {
        self.order
    }

    /// Returns the value of a parameter that streams `results`; `None` if the parameter is no `CollectStream`.
    #[doc(hidden)]
    #[must_use]
    pub fn stream_of(&self, results: Box<dyn ItemResults>) -> Option<Cell> {
        self.stream.map(|stream| (stream.make)(results))
    }

    /// Returns the description of the parameter's value; `None` if the parameter is no `CollectStream`.
    #[doc(hidden)]
    #[must_use]
    pub fn stream_output(&self) -> Option<Output> {
        self.stream.map(|stream| (stream.output)())
    }
}

impl fmt::Debug for CollectParam {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CollectParam({}, {:?}, {:?})", self.element, self.form, self.order)
    }
}

impl<T: Any> Probe<Collect<Result<T, ItemError>>> {
    /// The collection of the results of all items.
    pub const COLLECTION: CollectParam = CollectParam::results::<T>();
}

impl<T: Any + Send + Sync> Probe<CollectStream<T>> {
    /// The collection of a stream.
    pub const COLLECTION: CollectParam = CollectParam::stream::<T>();
}

/// The collection of every other `Collect<T>`. For generated code.
pub trait CollectsValues {
    /// The collection of the values of all items.
    const COLLECTION: CollectParam;
}

impl<T: Any> CollectsValues for Probe<Collect<T>> {
    const COLLECTION: CollectParam = CollectParam::values::<T>();
}
