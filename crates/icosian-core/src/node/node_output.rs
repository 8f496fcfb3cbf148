use std::any::Any;
use std::fmt;

use crate::value::{Cell, ErasedRef, ValueType};

/// The output of a call of a node's body, with its type erased.
///
/// # Examples
/// ```
/// use icosian_core::node::NodeOutput;
///
/// let output = NodeOutput::new(3_u64);
/// assert_eq!(output.get::<u64>(), Some(&3));
/// assert_eq!(output.into_value::<String>().unwrap_err().into_value::<u64>().ok(), Some(3));
/// ```
pub struct NodeOutput(Cell);

impl NodeOutput {
    /// Returns an output with this value.
    pub fn new<T: Any + Send + Sync>(value: T) -> Self {
        Self(Cell::new(value))
    }

    /// Returns the output in a cell.
    #[doc(hidden)]
    #[must_use]
    pub fn from_cell(cell: Cell) -> Self {
        Self(cell)
    }

    /// Returns the cell of the output.
    #[doc(hidden)]
    #[must_use]
    pub fn into_cell(self) -> Cell {
        self.0
    }

    /// Returns the value if it is a `T`.
    #[must_use]
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.0.get::<T>()
    }

    /// Returns the value with its type erased; `None` if the body has stored no value.
    #[doc(hidden)]
    #[must_use]
    pub fn value(&self) -> Option<ErasedRef<'_>> {
        self.0.value()
    }

    /// Moves the value out if it is a `T` and is not shared.
    ///
    /// # Errors
    /// The output itself, if the value is of another type or shared.
    pub fn into_value<T: Any>(mut self) -> Result<T, Self> {
        self.0.take::<T>().ok_or(self)
    }

    /// Returns whether the value is of this type.
    #[must_use]
    pub fn is_of(&self, value_type: ValueType) -> bool {
        self.value().is_some_and(|value| value.type_id() == value_type.id())
    }
}

impl fmt::Debug for NodeOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NodeOutput")
    }
}
