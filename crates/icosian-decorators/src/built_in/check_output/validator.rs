use std::borrow::Cow;
use std::fmt;
use std::future::Future;

/// The effect of a failed check on the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Importance {
    /// It goes on; the program's log has a warning.
    #[default]
    Warn,
    /// It fails.
    Fail,
}

/// The result of a validator.
///
/// # Examples
/// ```
/// use icosian_decorators::Validation;
///
/// let even = |number: u64| Validation::of(number % 2 == 0, format!("{number} is odd"));
/// assert!(even(2).passed());
/// assert_eq!(even(3).to_string(), "3 is odd");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validation {
    passed: bool,
    message: Cow<'static, str>,
}

impl Validation {
    /// Returns a passed result.
    #[must_use]
    pub const fn pass() -> Self {
        Self { passed: true, message: Cow::Borrowed("it passed") }
    }

    /// Returns a failed result.
    #[must_use]
    pub fn fail(message: impl Into<Cow<'static, str>>) -> Self {
        Self { passed: false, message: message.into() }
    }

    /// Returns a passed result if `passed`, and otherwise a failed one with `message`.
    #[must_use]
    pub fn of(passed: bool, message: impl Into<Cow<'static, str>>) -> Self {
        if passed { Self::pass() } else { Self::fail(message) }
    }

    /// Returns whether the value is right.
    #[must_use]
    pub const fn passed(&self) -> bool {
        self.passed
    }
}

impl fmt::Display for Validation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Checks a node's output.
///
/// # Examples
/// ```
/// use icosian_decorators::{Validation, Validator};
///
/// /// Requires at least one element.
/// struct NotEmpty;
///
/// impl Validator<Vec<f64>> for NotEmpty {
///     fn name(&self) -> &'static str {
///         "not_empty"
///     }
///
///     fn validate(&self, value: &Vec<f64>) -> Validation {
///         Validation::of(!value.is_empty(), "it is empty")
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `Validator<{T}>`",
    label = "implement `Validator<{T}>` for it or, if it is an `AsyncValidator`, write `async` before it",
    note = "an async validator is passed as `#[check_output_custom(async {Self})]` or, without macros, to `CheckOutput::custom_async`"
)]
pub trait Validator<T>: Send + Sync + 'static {
    /// Returns the name of the check. The node that validates `f` is named `f_` followed by it.
    fn name(&self) -> &'static str;

    /// Returns a description of the check for users.
    fn description(&self) -> Cow<'static, str> {
        Cow::Borrowed("")
    }

    /// Checks `value`.
    fn validate(&self, value: &T) -> Validation;
}

/// Checks a node's output with async code.
///
/// # Examples
/// ```
/// use icosian_decorators::{AsyncValidator, Validation};
///
/// /// Requires a word that starts with `k`.
/// struct Known;
///
/// impl AsyncValidator<String> for Known {
///     fn name(&self) -> &'static str {
///         "known"
///     }
///
///     async fn validate(&self, value: &String) -> Validation {
///         Validation::of(value.starts_with('k'), "it does not start with `k`")
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an `AsyncValidator<{T}>`",
    label = "implement `AsyncValidator<{T}>` for it or, if it is a `Validator`, remove `async`",
    note = "a sync validator is passed as `#[check_output_custom({Self})]` or, without macros, to `CheckOutput::custom`"
)]
pub trait AsyncValidator<T>: Send + Sync + 'static {
    /// Returns the name of the check. The node that validates `f` is named `f_` followed by it.
    fn name(&self) -> &'static str;

    /// Returns a description of the check for users.
    fn description(&self) -> Cow<'static, str> {
        Cow::Borrowed("")
    }

    /// Checks `value`.
    fn validate(&self, value: &T) -> impl Future<Output = Validation> + Send;
}
