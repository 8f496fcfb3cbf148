//! The conversions of values in `inputs!` and `config!`, chosen by type. Not a public API.
//!
//! Method lookup prefers the inherent method of a special type to the trait method of all types.

use std::any::Any;

use icosian_core::Value;
use icosian_core::value::probe::Probe;

use crate::input::Input;

/// Converts a value to an [`Input`]: an input stays as it is, a literal becomes a `String`.
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
                input.map_output(|output| probe.serialized(probe.cloned(output)))
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

/// Selects the conversion of a `T` to an input.
#[derive(Debug)]
pub struct IntoInput<T>(pub Probe<T>);

/// A type without a known description.
#[derive(Debug)]
pub struct Undescribed;

impl IntoInput<Input> {
    /// Returns `input` unchanged.
    #[must_use]
    pub fn input(self, input: Input) -> (Input, Probe<Undescribed>) {
        (input, Probe::new())
    }
}

impl IntoInput<Value> {
    /// Converts a value whose type is erased.
    #[must_use]
    pub fn input(self, value: Value) -> (Input, Probe<Undescribed>) {
        (value.into(), Probe::new())
    }
}

impl IntoInput<&'static str> {
    /// Converts a literal to a `String`.
    #[must_use]
    pub fn input(self, value: &'static str) -> (Input, Probe<String>) {
        (Input::literal(value), Probe::new())
    }
}

/// The conversion of all other values to inputs.
pub trait AnyInput<T> {
    /// Erases the type of `value`.
    fn input(self, value: T) -> (Input, Probe<T>)
    where
        T: InputValue;
}

/// A type of values that can be inputs.
#[diagnostic::on_unimplemented(
    message = "a value of type `{Self}` cannot be an input",
    label = "inputs are `Send + Sync + 'static`",
    note = "nodes may run on several threads: use `Arc` instead of `Rc`, and `Mutex` instead of `RefCell` or `Cell`"
)]
pub trait InputValue: Any + Send + Sync {}

#[diagnostic::do_not_recommend]
impl<T: Any + Send + Sync> InputValue for T {}

impl<T> AnyInput<T> for IntoInput<T> {
    fn input(self, value: T) -> (Input, Probe<T>)
    where
        T: InputValue,
    {
        (Input::value(value), self.0)
    }
}

/// Selects the conversion of a `T` to a config value.
#[derive(Debug)]
pub struct IntoConfig<T>(pub Probe<T>);

impl<'a> IntoConfig<&'a str> {
    /// Converts text of any lifetime to a `String`.
    #[must_use]
    pub fn value(self, value: &'a str) -> (String, Probe<String>) {
        (value.to_owned(), Probe::new())
    }
}

/// The conversion of all other values to config values.
pub trait AnyConfig<T> {
    /// Returns `value`.
    fn value(self, value: T) -> (T, Probe<T>)
    where
        T: ConfigValue;
}

/// A type of values that can be config.
#[diagnostic::on_unimplemented(
    message = "a value of type `{Self}` cannot be a config value",
    label = "config values are `Clone + Send + Sync + 'static`",
    note = "any execution may take a config value, so it is `Clone`; pass clients and pools to `with_shared`, which needs no `Clone`"
)]
pub trait ConfigValue: Any + Send + Sync + Clone {}

#[diagnostic::do_not_recommend]
impl<T: Any + Send + Sync + Clone> ConfigValue for T {}

impl<T> AnyConfig<T> for IntoConfig<T> {
    fn value(self, value: T) -> (T, Probe<T>)
    where
        T: ConfigValue,
    {
        (value, self.0)
    }
}
