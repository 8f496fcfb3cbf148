//! Asks, in code that a macro writes, what a type can do. Not for people: it works only where the type is concrete,
//! because an inherent method whose bounds hold is preferred to a trait's method of the same name.

use std::any::Any;
use std::marker::PhantomData;

use crate::{Cloner, Output};

/// A question about `T`.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<T> {
    /// Asks about `T`.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "written by macros only")]
    pub fn new() -> Self {
        Self(PhantomData)
    }

    /// Asks about the type of `value`.
    #[must_use]
    pub fn of(_value: &T) -> Self {
        Self(PhantomData)
    }
}

impl<T: Any + Send + Sync + Clone> Probe<T> {
    /// Notes on `output` how its values are cloned.
    #[must_use]
    pub fn cloned(&self, output: Output) -> Output {
        output.cloneable::<T>()
    }
}

impl<T: Clone> Probe<T> {
    /// Returns how a `T` is cloned.
    #[must_use]
    pub fn cloner(&self) -> Option<Cloner<T>> {
        Some(T::clone)
    }

    /// Returns how an `Option<T>` is cloned.
    #[must_use]
    pub fn option_cloner(&self) -> Option<Cloner<Option<T>>> {
        Some(Option::clone)
    }
}

/// The answer when `T` is not `Clone`.
pub trait NotClone<T> {
    /// Leaves `output` as it is.
    #[must_use]
    fn cloned(&self, output: Output) -> Output {
        output
    }

    /// Returns that a `T` cannot be cloned.
    #[must_use]
    fn cloner(&self) -> Option<Cloner<T>> {
        None
    }

    /// Returns that an `Option<T>` cannot be cloned.
    #[must_use]
    fn option_cloner(&self) -> Option<Cloner<Option<T>>> {
        None
    }
}

impl<T> NotClone<T> for Probe<T> {}

#[cfg(feature = "serde")]
impl<T: Any + erased_serde::Serialize> Probe<T> {
    /// Notes on `output` how its values are serialized.
    #[must_use]
    pub fn serialized(&self, output: Output) -> Output {
        output.serializable::<T>()
    }
}

/// The answer when `T` is not `Serialize`, or nobody asked for serialization.
pub trait NotSerialize {
    /// Leaves `output` as it is.
    #[must_use]
    fn serialized(&self, output: Output) -> Output {
        output
    }
}

impl<T> NotSerialize for Probe<T> {}

/// Describes the output of type `$type` by all that can be found out about it.
#[doc(hidden)]
#[macro_export]
macro_rules! output_of {
    ($type:ty) => {{
        #[allow(unused_imports, reason = "used when a bound does not hold")]
        use $crate::probe::{NotClone as _, NotSerialize as _};
        let probe = $crate::probe::Probe::<$type>::new();
        probe.serialized(probe.cloned($crate::Output::of::<$type>()))
    }};
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_type_is_asked_what_it_can_do() {
        struct Plain;
        assert!(crate::output_of!(String).is_cloneable());
        assert!(!crate::output_of!(Plain).is_cloneable());
        #[cfg(feature = "serde")]
        {
            assert!(crate::output_of!(String).is_serializable());
            assert!(!crate::output_of!(Plain).is_serializable());
        }
    }
}
