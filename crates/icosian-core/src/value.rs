use std::any::Any;
use std::fmt;

use crate::{Cell, Output, ValueType};

/// One value with its type erased: an input, an override, a config value or an output asked for by name.
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
    /// Returns `value` with its type erased.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Value::new(3_u8).value_type().to_string(), "u8");
    /// ```
    #[must_use]
    pub fn new<T: Any + Send + Sync>(value: T) -> Self {
        Self { cell: Cell::new(value), output: Output::of::<T>() }
    }

    /// Returns `value`, able to be read by many runs and to be copied for who takes it by value.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::Value::cloneable(3_u8).duplicate().is_some());
    /// ```
    #[must_use]
    pub fn cloneable<T: Any + Send + Sync + Clone>(value: T) -> Self {
        Self { cell: Cell::new(value), output: Output::of::<T>().cloneable::<T>() }
    }

    /// Returns the value in `cell`, which is one of what `output` describes.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Cell, Output, Value};
    ///
    /// let value = Value::from_cell(Cell::new(3_u8), Output::of::<u8>());
    /// assert_eq!(value.get::<u8>(), Some(&3));
    /// ```
    #[must_use]
    pub fn from_cell(cell: Cell, output: Output) -> Self {
        Self { cell, output }
    }

    /// Returns the type of the value.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Value, ValueType};
    ///
    /// assert_eq!(Value::new('a').value_type(), ValueType::of::<char>());
    /// ```
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        self.output.value_type()
    }

    /// Returns what is known of the value besides its type.
    ///
    /// # Examples
    /// ```
    /// assert!(!icosian_core::Value::new('a').output().is_cloneable());
    /// ```
    #[must_use]
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// Returns the value, when it is a `T`.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Value::new('a').get::<u8>(), None);
    /// ```
    #[must_use]
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.cell.get()
    }

    /// Returns the value itself.
    ///
    /// # Errors
    /// The value unchanged, when it is not a `T`.
    ///
    /// # Examples
    /// ```
    /// let text = icosian_core::Value::new(String::from("a")).into_inner::<String>();
    /// assert_eq!(text.ok().as_deref(), Some("a"));
    /// ```
    pub fn into_inner<T: Any>(mut self) -> Result<T, Self> {
        let moved = self.cell.take();
        // A part stays in its whole.
        moved.or_else(|| self.output.duplicate(&self.cell)?.take()).ok_or(self)
    }

    /// Returns a copy, when the value was told how to be cloned.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Value;
    ///
    /// assert!(Value::new(3_u8).duplicate().is_none());
    /// assert!(Value::cloneable(3_u8).duplicate().is_some());
    /// ```
    #[must_use]
    pub fn duplicate(&self) -> Option<Self> {
        let cell = self.output.duplicate(&self.cell)?;
        Some(Self { cell, output: self.output.clone() })
    }

    /// Returns the cell that holds the value.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::Value::new(3_u8).into_cell().is_full());
    /// ```
    #[must_use]
    pub fn into_cell(self) -> Cell {
        self.cell
    }

    /// Returns the value as something to serialize, when its type was seen to be `Serialize`.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Cell, Output, Value};
    ///
    /// let output = Output::of::<u8>().serializable::<u8>();
    /// let value = Value::from_cell(Cell::new(3), output);
    /// # let _ = value.serialize();
    /// ```
    #[cfg(feature = "serde")]
    #[must_use]
    pub fn serialize(&self) -> Option<&dyn erased_serde::Serialize> {
        self.output.serialize(&self.cell)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a value of type {}", self.value_type())
    }
}
