use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::{Cell, Erased, Output, Value, ValueType};

/// A value that is the same for every run, shared by all who read it.
///
/// A parameter that is [bound](crate::Param::bound) to one reads it instead of a node or an input, at no cost for a run.
///
/// # Examples
/// ```
/// use icosian_core::Constant;
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
    /// Returns `value`, to be read by whoever is bound to it.
    ///
    /// # Examples
    /// See [`Constant`].
    #[must_use]
    pub fn new<T: Any + Send + Sync + Clone>(value: T) -> Self {
        Self { held: Arc::new(Some(value)), output: Output::of::<T>().cloneable::<T>() }
    }

    /// Returns a `value` whose type is erased; `None` when there is nothing in it.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Constant, Value};
    ///
    /// let limit = Constant::of_value(Value::cloneable(3_u64));
    /// assert_eq!(limit.and_then(|limit| limit.get::<u64>().copied()), Some(3));
    /// ```
    #[must_use]
    pub fn of_value(value: Value) -> Option<Self> {
        let output = value.output().clone();
        value.into_cell().share().map(|held| Self { held, output })
    }

    /// Returns what is known of the value.
    ///
    /// # Examples
    /// ```
    /// assert!(icosian_core::Constant::new(3_u64).output().is_cloneable());
    /// ```
    #[must_use]
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// Returns the type.
    ///
    /// # Examples
    /// See [`Constant`].
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        self.output.value_type()
    }

    /// Returns the value, when it is a `T`.
    ///
    /// # Examples
    /// See [`Constant`].
    #[must_use]
    pub fn get<T: Any>(&self) -> Option<&T> {
        (&*self.held as &dyn Any).downcast_ref::<Option<T>>()?.as_ref()
    }

    /// Returns whether `other` is a clone of this constant, or this one of it.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::Constant;
    ///
    /// let three = Constant::new(3_u64);
    /// assert!(three.is_same(&three.clone()) && !three.is_same(&Constant::new(3_u64)));
    /// ```
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        std::ptr::addr_eq(Arc::as_ptr(&self.held), Arc::as_ptr(&other.held))
    }

    /// Returns a cell that reads the value.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(icosian_core::Constant::new(3_u64).cell().get::<u64>(), Some(&3));
    /// ```
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
