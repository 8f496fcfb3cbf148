use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::value::{Cell, Erased, ValueType};
use crate::{Output, Value};

/// A value that all runs share.
///
/// A parameter that is [bound](crate::Param::with_constant) to a constant reads it instead of a node or an input.
///
/// # Examples
/// ```
/// use icosian_core::value::Constant;
///
/// let region = Constant::new("eu");
/// assert_eq!(region.get::<&str>(), Some(&"eu"));
/// assert_eq!(region.value_type().to_string(), "&'static str");
/// ```
#[derive(Clone)]
pub struct Constant {
    held: Arc<dyn Erased>,
    output: Output,
}

impl Constant {
    /// Creates a constant.
    #[must_use]
    pub fn new<T: Any + Send + Sync + Clone>(value: T) -> Self {
        Self { held: Arc::new(Some(value)), output: Output::of::<T>().cloneable::<T>() }
    }

    /// Creates a constant from a type-erased value, or returns `None` if it is empty.
    #[must_use]
    pub fn of_value(value: Value) -> Option<Self> {
        let output = value.output().clone();
        value.into_cell().share().map(|held| Self { held, output })
    }

    /// Returns the type and the capabilities of the value.
    #[must_use]
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// Returns the type.
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        self.output.value_type()
    }

    /// Returns the value if it is a `T`.
    #[must_use]
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.held.value()?.get()
    }

    /// Returns whether both constants share one value.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        std::ptr::addr_eq(Arc::as_ptr(&self.held), Arc::as_ptr(&other.held))
    }

    /// Returns a cell that reads the value.
    #[must_use]
    pub fn cell(&self) -> Cell {
        Cell::shared(Arc::clone(&self.held))
    }
}

impl fmt::Debug for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Constant({})", self.value_type())
    }
}
