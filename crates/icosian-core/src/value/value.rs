use std::any::Any;
use std::fmt;

use crate::Output;
use crate::value::{Cell, ValueType};

/// A value with its type erased: an input, an override, a config value or an output requested by name.
///
/// # Examples
/// ```
/// use icosian_core::Value;
///
/// let value = Value::new(vec![1.0, 2.0]);
/// assert_eq!(value.value_type().to_string(), "Vec<f64>");
/// assert_eq!(value.get::<Vec<f64>>(), Some(&vec![1.0, 2.0]));
/// assert!(value.into_inner::<String>().is_err());
/// ```
#[derive(Debug)]
pub struct Value {
    cell: Cell,
    output: Output,
}

impl Value {
    /// Erases the type of `value`.
    #[must_use]
    pub fn new<T: Any + Send + Sync>(value: T) -> Self {
        Self { cell: Cell::new(value), output: Output::of::<T>() }
    }

    /// Erases the type of a value that many runs can read, and that consumers clone.
    #[must_use]
    pub fn cloneable<T: Any + Send + Sync + Clone>(value: T) -> Self {
        Self { cell: Cell::new(value), output: Output::of::<T>().cloneable::<T>() }
    }

    /// Creates a value from a cell that `output` describes.
    #[must_use]
    pub fn from_cell(cell: Cell, output: Output) -> Self {
        Self { cell, output }
    }

    /// Returns the type of the value.
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        self.output.value_type()
    }

    /// Returns the output that describes the value.
    #[must_use]
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// Returns the value if it is a `T`.
    #[must_use]
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.cell.get()
    }

    /// Converts into the value.
    ///
    /// # Errors
    /// Returns the value unchanged if it is not a `T`.
    pub fn into_inner<T: Any>(mut self) -> Result<T, Self> {
        let moved = self.cell.take();
        // A part cannot move out of its whole.
        moved.or_else(|| self.output.duplicate(self.cell.value()?)?.take()).ok_or(self)
    }

    /// Returns a clone, if the value can be cloned.
    #[must_use]
    pub fn duplicate(&self) -> Option<Self> {
        let cell = self.output.duplicate(self.cell.value()?)?;
        Some(Self { cell, output: self.output.clone() })
    }

    /// Returns the cell with the value.
    #[must_use]
    pub fn into_cell(self) -> Cell {
        self.cell
    }

    /// Returns the value for serialization, if its type is `Serialize`.
    #[cfg(feature = "serde")]
    #[must_use]
    pub fn serialize(&self) -> Option<&dyn erased_serde::Serialize> {
        self.output.serialize(self.cell.value()?)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a value of type {}", self.value_type())
    }
}
