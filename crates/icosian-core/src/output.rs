use std::any::Any;
use std::fmt;

use crate::{Cell, Keeps, ValueType};

/// What a node gives: the type, and what can be done with a value of it besides reading it.
///
/// # Examples
/// ```
/// use icosian_core::Output;
///
/// assert!(Output::of::<u8>().cloneable::<u8>().is_cloneable());
/// ```
#[derive(Clone)]
pub struct Output {
    value_type: ValueType,
    needs_drop: bool,
    duplicate: Option<fn(&Cell) -> Option<Cell>>,
    /// How a value is written into a cell from where it is borrowed, when that costs less than keeping what it is part of.
    copy: Option<fn(&dyn Any, &mut Cell) -> bool>,
    pub(crate) keeps: Option<Keeps>,
    #[cfg(feature = "serde")]
    serialize: Option<Serialize>,
}

#[cfg(feature = "serde")]
type Serialize = fn(&Cell) -> Option<&dyn erased_serde::Serialize>;

impl Output {
    /// Returns the output of type `T`.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Output::of::<u8>().value_type().to_string(), "u8");
    /// ```
    #[must_use]
    pub const fn of<T: Any>() -> Self {
        Self {
            value_type: ValueType::of::<T>(),
            needs_drop: std::mem::needs_drop::<T>(),
            duplicate: None,
            copy: None,
            keeps: None,
            #[cfg(feature = "serde")]
            serialize: None,
        }
    }

    /// Says that values can be cloned.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::Output::of::<u8>().cloneable::<u8>().is_cloneable());
    /// ```
    #[must_use]
    pub fn cloneable<T: Any + Send + Sync + Clone>(mut self) -> Self {
        /// As many bytes are copied as soon as a count is changed that threads share.
        const LIGHT: usize = 64;
        self.duplicate = Some(|cell| cell.get::<T>().cloned().map(Cell::new));
        if !std::mem::needs_drop::<T>() && size_of::<T>() <= LIGHT {
            self.copy =
                Some(|value, cell| value.downcast_ref::<T>().map(|value| cell.put(value.clone())).is_some());
        }
        self
    }

    /// Says that values can be serialized.
    ///
    /// # Examples
    /// ```
    /// let output = icosian_core::Output::of::<u8>().serializable::<u8>();
    /// assert!(output.is_serializable());
    /// ```
    #[cfg(feature = "serde")]
    #[must_use]
    pub fn serializable<T: Any + erased_serde::Serialize>(mut self) -> Self {
        self.serialize = Some(|cell| cell.get::<T>().map(|value| value as &dyn erased_serde::Serialize));
        self
    }

    /// Returns the type.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Output, ValueType};
    ///
    /// assert_eq!(Output::of::<u8>().value_type(), ValueType::of::<u8>());
    /// ```
    #[must_use]
    pub const fn value_type(&self) -> ValueType {
        self.value_type
    }

    /// Returns whether dropping a value does anything: frees memory, closes a connection.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Output;
    ///
    /// assert!(Output::of::<String>().needs_drop() && !Output::of::<u8>().needs_drop());
    /// ```
    #[must_use]
    pub const fn needs_drop(&self) -> bool {
        self.needs_drop
    }

    /// Returns whether values can be cloned.
    ///
    /// # Examples
    /// ```
    /// assert!(!icosian_core::Output::of::<u8>().is_cloneable());
    /// ```
    #[must_use]
    pub const fn is_cloneable(&self) -> bool {
        self.duplicate.is_some()
    }

    /// Returns whether a value is copied rather than kept as a part of another: it is small, owns nothing and can be cloned.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Output;
    ///
    /// assert!(Output::of::<u8>().cloneable::<u8>().is_light());
    /// assert!(!Output::of::<String>().cloneable::<String>().is_light());
    /// ```
    #[must_use]
    pub const fn is_light(&self) -> bool {
        self.copy.is_some()
    }

    /// Writes a copy of `value` into `cell`; says whether that was possible.
    pub(crate) fn copy_into(&self, value: &dyn Any, cell: &mut Cell) -> bool {
        self.copy.is_some_and(|copy| copy(value, cell))
    }

    /// Returns whether values can be serialized.
    ///
    /// # Examples
    /// ```
    /// assert!(!icosian_core::Output::of::<u8>().is_serializable());
    /// ```
    #[cfg(feature = "serde")]
    #[must_use]
    pub const fn is_serializable(&self) -> bool {
        self.serialize.is_some()
    }

    /// Clones the value in `cell`; `None` when it cannot be cloned or is not there.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Cell, Output};
    ///
    /// let output = Output::of::<u8>().cloneable::<u8>();
    /// assert!(output.duplicate(&Cell::new(3_u8)).is_some());
    /// ```
    #[must_use]
    pub fn duplicate(&self, cell: &Cell) -> Option<Cell> {
        self.duplicate.and_then(|duplicate| duplicate(cell))
    }

    /// Returns the value in `cell` as something to serialize; `None` when it cannot be or is not there.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Cell, Output};
    ///
    /// let output = Output::of::<u8>().serializable::<u8>();
    /// assert!(output.serialize(&Cell::new(3_u8)).is_some());
    /// ```
    #[cfg(feature = "serde")]
    #[must_use]
    pub fn serialize<'a>(&self, cell: &'a Cell) -> Option<&'a dyn erased_serde::Serialize> {
        self.serialize.and_then(|serialize| serialize(cell))
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Output({})", self.value_type)
    }
}
