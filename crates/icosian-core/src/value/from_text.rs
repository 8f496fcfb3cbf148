use std::borrow::Cow;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A type that a text literal in an attribute converts into.
///
/// The same conversion applies wherever an attribute accepts a value of a known type: `#[default("x")]`,
/// `fallback(value = "x")`, `fill_with = "x"`, `values_in = ["x"]`, and `value("x")` in a binding.
///
/// # Examples
/// ```
/// use icosian_core::value::FromText;
/// use std::path::PathBuf;
///
/// assert_eq!(String::from_text("eu"), "eu");
/// assert_eq!(Option::<PathBuf>::from_text("a.csv"), Some(PathBuf::from("a.csv")));
/// ```
#[diagnostic::on_unimplemented(
    message = "a string literal does not convert into `{Self}`",
    label = "expected `{Self}`, found a string literal",
    note = "a string literal in an attribute converts into `String`, `&'static str`, `Box<str>`, `Arc<str>`, `Cow<'static, str>`, \
            `PathBuf`, `OsString`, and an `Option` of these"
)]
pub trait FromText: Sized {
    /// Converts the literal `text`.
    fn from_text(text: &'static str) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: FromText> FromText for Option<T> {
    fn from_text(text: &'static str) -> Self {
        Some(T::from_text(text))
    }
}

#[diagnostic::do_not_recommend]
impl FromText for &'static Path {
    fn from_text(text: &'static str) -> Self {
        Path::new(text)
    }
}

macro_rules! from_text {
    ($($type:ty)+) => {$(
        #[diagnostic::do_not_recommend]
        impl FromText for $type {
            fn from_text(text: &'static str) -> Self {
                text.into()
            }
        }
    )+};
}

from_text!(&'static str String Box<str> Arc<str> Cow<'static, str> PathBuf OsString);

/// Converts a text literal. For generated code.
#[doc(hidden)]
#[must_use]
pub fn from_text<T: FromText>(text: &'static str) -> T {
    T::from_text(text)
}
