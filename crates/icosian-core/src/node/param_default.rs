use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::value::{Cell, ValueType};

/// The value of a parameter that no node and no input provides.
///
/// # Examples
/// ```
/// use icosian_core::node::ParamDefault;
/// use icosian_core::value::Cell;
///
/// let two = ParamDefault::new(|| 2_u64);
/// let mut cell = Cell::default();
/// two.put_into(&mut cell);
/// assert_eq!(cell.get::<u64>(), Some(&2));
/// ```
#[derive(Clone)]
pub struct ParamDefault {
    value_type: ValueType,
    put: Arc<dyn Fn(&mut Cell) + Send + Sync>,
}

impl ParamDefault {
    /// Returns the default that `make` makes, once for each call that needs it.
    #[must_use]
    pub fn new<T: Any + Send + Sync>(make: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self { value_type: ValueType::of::<T>(), put: Arc::new(move |cell| cell.put(make())) }
    }

    /// Returns the type of the value.
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        self.value_type
    }

    /// Puts the value into a cell.
    pub fn put_into(&self, cell: &mut Cell) {
        (self.put)(cell);
    }
}

impl fmt::Debug for ParamDefault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ParamDefault({})", self.value_type)
    }
}
