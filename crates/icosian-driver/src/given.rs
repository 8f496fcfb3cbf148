//! How the values written in `inputs!` and `config!` become what they are, by their types. Not for people.
//!
//! An inherent method of a special type is preferred to the trait's method for all types.

use std::any::Any;

use icosian_core::Output;
use icosian_core::Value;
use icosian_core::probe::Probe;

use crate::Input;

/// Makes an [`Input`] of a value: an input stays one, a literal becomes a `String`.
#[doc(hidden)]
#[macro_export]
macro_rules! __input {
    ($value:expr) => {
        match $value {
            value => {
                #[allow(unused_imports, reason = "used where the type is none of the special ones")]
                use $crate::__private::{AnyInput as _, NotClone as _, NotSerialize as _};
                let probe = $crate::__private::Probe::of(&value);
                let (input, probe) = $crate::__private::IntoInput(probe).input(value);
                input.described(|output| probe.serialized(probe.cloned(output)))
            }
        }
    };
}

/// Adds a value to a [`Config`](crate::Config); a literal becomes a `String`.
#[doc(hidden)]
#[macro_export]
macro_rules! __config {
    ($config:ident, $name:expr, $value:expr) => {
        match $value {
            value => {
                #[allow(unused_imports, reason = "used where the type is none of the special ones")]
                use $crate::__private::{AnyConfig as _, NotSerialize as _};
                let probe = $crate::__private::Probe::of(&value);
                let (value, probe) = $crate::__private::IntoConfig(probe).value(value);
                $config.with_described($name, value, |output| probe.serialized(output))
            }
        }
    };
}

/// Asks how a `T` becomes an input.
#[derive(Debug)]
pub struct IntoInput<T>(pub Probe<T>);

/// A type of which nothing more is known.
#[derive(Debug)]
pub struct Undescribed;

impl IntoInput<Input> {
    /// An input is one.
    #[must_use]
    pub fn input(self, input: Input) -> (Input, Probe<Undescribed>) {
        (input, Probe::new())
    }
}

impl IntoInput<Value> {
    /// A value with its type erased is an input that is there.
    #[must_use]
    pub fn input(self, value: Value) -> (Input, Probe<Undescribed>) {
        (value.into(), Probe::new())
    }
}

impl IntoInput<&'static str> {
    /// A literal becomes a `String`.
    #[must_use]
    pub fn input(self, value: &'static str) -> (Input, Probe<String>) {
        (Input::literal(value), Probe::new())
    }
}

/// How all other values become inputs.
pub trait AnyInput<T> {
    /// It is there.
    fn input(self, value: T) -> (Input, Probe<T>);
}

impl<T: Any + Send + Sync> AnyInput<T> for IntoInput<T> {
    fn input(self, value: T) -> (Input, Probe<T>) {
        (Input::value(value), self.0)
    }
}

/// Asks how a `T` becomes a config value.
#[derive(Debug)]
pub struct IntoConfig<T>(pub Probe<T>);

impl IntoConfig<&'static str> {
    /// A literal becomes a `String`.
    #[must_use]
    pub fn value(self, value: &'static str) -> (String, Probe<String>) {
        (value.to_owned(), Probe::new())
    }
}

/// How all other values become config values.
pub trait AnyConfig<T> {
    /// It is what it is.
    fn value(self, value: T) -> (T, Probe<T>);
}

impl<T> AnyConfig<T> for IntoConfig<T> {
    fn value(self, value: T) -> (T, Probe<T>) {
        (value, self.0)
    }
}

impl Input {
    /// Adds what is known of the value besides its type.
    #[doc(hidden)]
    #[must_use]
    pub fn described(mut self, describe: impl FnOnce(Output) -> Output) -> Self {
        self.output = describe(self.output);
        self
    }
}
