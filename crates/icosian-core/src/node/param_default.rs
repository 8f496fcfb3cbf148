use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::value::{Slot, ValueType};

/// The value of a parameter that no node and no input provides.
///
/// # Examples
/// ```
/// use icosian_core::node::ParamDefault;
/// use icosian_core::value::Arena;
///
/// let two = ParamDefault::new(|| 2_u64);
/// let mut values = Arena::with_slots(1);
/// two.put_into(values.slot(0));
/// assert_eq!(values.get::<u64>(0), Some(&2));
/// ```
#[derive(Clone)]
pub struct ParamDefault {
    value_type: ValueType,
    put: Arc<dyn Fn(Slot<'_>) + Send + Sync>,
}

impl ParamDefault {
    /// Returns the default that `make` makes, once for each call that needs it.
    #[must_use]
    pub fn new<T: Any + Send + Sync>(make: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self { value_type: ValueType::of::<T>(), put: Arc::new(move |mut slot: Slot<'_>| slot.put(make())) }
    }

    /// Returns the type of the value.
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        self.value_type
    }

    /// Stores the value in a slot.
    pub fn put_into(&self, slot: Slot<'_>) {
        (self.put)(slot);
    }
}

impl fmt::Debug for ParamDefault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ParamDefault({})", self.value_type)
    }
}
