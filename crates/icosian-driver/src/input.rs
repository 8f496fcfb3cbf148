use std::any::Any;
use std::fmt;
use std::future::Future;

use icosian_core::node::Task;
use icosian_core::value::{Cell, ValueType};
use icosian_core::{BoxError, NodeError, Output, Value};

/// One input: a value, or a future of a value.
///
/// # Examples
/// ```
/// use icosian_driver::{Input, inputs};
///
/// let inputs = inputs! {
///     "limit": 3_u64,
///     "user": Input::future(async { String::from("ada") }),
/// };
/// # let _ = inputs;
/// ```
pub struct Input {
    pub(crate) output: Output,
    pub(crate) source: InputSource,
    /// The literal from which a `String` was made.
    literal: Option<&'static str>,
}

/// The origin of an input's value. A run keeps the cell or the future.
#[derive(Debug)]
pub(crate) enum InputSource {
    Value(Cell),
    Future(Box<dyn Task>),
}

impl Input {
    /// Returns an input with this value.
    #[must_use]
    pub fn value<T: Any + Send + Sync>(value: T) -> Self {
        Self { output: Output::of::<T>(), source: InputSource::Value(Cell::new(value)), literal: None }
    }

    /// Returns an input whose value is the output of `future`.
    ///
    /// An execution awaits the future once, concurrently with the nodes that do not read it.
    #[must_use]
    pub fn future<F>(future: F) -> Self
    where
        F: Future + Send + 'static,
        F::Output: Any + Send + Sync,
    {
        Self::from_task::<F::Output>(<dyn Task>::new(async { Ok::<_, NodeError>(future.await) }))
    }

    /// Returns an input whose value is the output of `future`; an error fails the execution.
    #[must_use]
    pub fn try_future<F, T, E>(future: F) -> Self
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Any + Send + Sync,
        E: Into<BoxError>,
    {
        Self::from_task::<T>(<dyn Task>::new(async { future.await.map_err(NodeError::failed) }))
    }

    /// Returns a literal as a `String`, which nearly all readers of text accept.
    pub(crate) fn literal(text: &'static str) -> Self {
        Self { literal: Some(text), ..Self::value(text.to_owned()) }
    }

    /// Converts a literal to `&'static str` if its readers accept no `String`.
    pub(crate) fn read_as(self, accepts: impl Fn(&ValueType) -> bool) -> Self {
        match self.literal {
            Some(text) if !accepts(&self.value_type()) && accepts(&ValueType::of::<&'static str>()) => {
                Self::value(text)
            }
            _ => self,
        }
    }

    fn from_task<T: Any + Send + Sync>(task: Box<dyn Task>) -> Self {
        Self { output: Output::of::<T>(), source: InputSource::Future(task), literal: None }
    }

    /// Returns the type of the value.
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        self.output.value_type()
    }

    /// Changes the description of the value.
    #[doc(hidden)]
    #[must_use]
    pub fn map_output(mut self, describe: impl FnOnce(Output) -> Output) -> Self {
        self.output = describe(self.output);
        self
    }
}

impl From<Value> for Input {
    fn from(value: Value) -> Self {
        let output = value.output().clone();
        Self { output, source: InputSource::Value(value.into_cell()), literal: None }
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match self.source {
            InputSource::Value(_) => "value",
            InputSource::Future(_) => "future",
        };
        write!(f, "Input({source} of {})", self.value_type())
    }
}
