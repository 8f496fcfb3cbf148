//! The built-in checks as validators.

use std::any::Any;
use std::borrow::Cow;
use std::fmt::Debug;

use icosian_core::value::ValueType;

use crate::{Number, Points, RangeOf, Validation, Validator};

/// A built-in check: its name, its argument, and its functions.
struct BuiltInCheck<A, D, F> {
    name: &'static str,
    argument: A,
    description: D,
    validate: F,
}

impl<T, A, D, F> Validator<T> for BuiltInCheck<A, D, F>
where
    A: Send + Sync + 'static,
    D: Fn(&A) -> String + Send + Sync + 'static,
    F: Fn(&T, &A) -> Validation + Send + Sync + 'static,
{
    #[inline]
    fn name(&self) -> &'static str {
        self.name
    }

    fn description(&self) -> Cow<'static, str> {
        Cow::Owned((self.description)(&self.argument))
    }

    #[inline]
    fn validate(&self, value: &T) -> Validation {
        (self.validate)(value, &self.argument)
    }
}

#[inline]
fn check<T, A, D, F>(name: &'static str, argument: A, description: D, validate: F) -> impl Validator<T>
where
    A: Send + Sync + 'static,
    D: Fn(&A) -> String + Send + Sync + 'static,
    F: Fn(&T, &A) -> Validation + Send + Sync + 'static,
{
    BuiltInCheck { name, argument, description, validate }
}

/// Returns the check of [`CheckOutput::allow_none`](crate::CheckOutput::allow_none).
#[inline]
#[must_use]
pub fn allow_none<T: Points>(allowed: bool) -> impl Validator<T> {
    check(
        "allow_none_validator",
        allowed,
        |allowed| if *allowed { "The value may be `None`." } else { "The value is not `None`." }.to_owned(),
        |value: &T, allowed| Validation::of(*allowed || value.points().next().is_some(), "it is `None`"),
    )
}

/// Returns the check of [`CheckOutput::range`](crate::CheckOutput::range).
#[inline]
pub fn range<T, R>(range: R) -> impl Validator<T>
where
    T: Points<Point: PartialOrd + Debug>,
    R: RangeOf<T::Point> + Debug + Send + Sync + 'static,
{
    check(
        "range_validator",
        range,
        |range| format!("Every point is within {range:?}."),
        |value: &T, range| {
            let mut outside = value.points().filter(|point| !range.contains(*point));
            let Some(first) = outside.next() else { return Validation::pass() };
            Validation::fail(format!("{} not within {range:?}", describe_points(first, outside.count())))
        },
    )
}

/// Returns the check of [`CheckOutput::values_in`](crate::CheckOutput::values_in).
#[inline]
pub fn values_in<T>(values: impl IntoIterator<Item = T::Point>) -> impl Validator<T>
where
    T: Points<Point: PartialEq + Debug + Send + Sync>,
{
    let values: Vec<T::Point> = values.into_iter().collect();
    check(
        "values_in_validator",
        values,
        |values| format!("Every point is one of {values:?}."),
        |value: &T, values| {
            let mut others = value.points().filter(|point| !values.contains(point));
            let Some(first) = others.next() else { return Validation::pass() };
            Validation::fail(format!("{} not one of {values:?}", describe_points(first, others.count())))
        },
    )
}

/// Returns the check of [`CheckOutput::data_type`](crate::CheckOutput::data_type). A driver is not built if it fails.
#[inline]
#[must_use]
pub fn data_type<T: Points, D: Any>() -> impl Validator<T> {
    let wanted = ValueType::of::<D>();
    check(
        "data_type_validator",
        wanted,
        |wanted| format!("The value is a `{wanted}`."),
        |_: &T, wanted| {
            if [ValueType::of::<T>(), ValueType::of::<T::Point>()].contains(wanted) {
                Validation::pass()
            } else {
                Validation::fail(format!("it is a `{}`, not a `{wanted}`", ValueType::of::<T>()))
            }
        },
    )
}

/// Returns the check of [`CheckOutput::allow_nans`](crate::CheckOutput::allow_nans).
#[inline]
#[must_use]
pub fn allow_nans<T: Points<Point: Number>>(allowed: bool) -> impl Validator<T> {
    check(
        "allow_nans_validator",
        allowed,
        |allowed| if *allowed { "Points may be NaN." } else { "No point is NaN." }.to_owned(),
        |value: &T, allowed| {
            let nans = value.points().filter(|point| point.number().is_nan()).count();
            if *allowed || nans == 0 {
                Validation::pass()
            } else {
                Validation::fail(format!("{nans} of its points are NaN"))
            }
        },
    )
}

/// Returns the check of [`CheckOutput::max_fraction_nans`](crate::CheckOutput::max_fraction_nans).
#[inline]
#[must_use]
pub fn max_fraction_nans<T: Points<Point: Number>>(most: f64) -> impl Validator<T> {
    check(
        "max_fraction_nans_validator",
        most,
        |most| format!("At most {most} of the points are NaN."),
        |value: &T, most| {
            let (mut nans, mut all) = (0.0, 0.0);
            for point in value.points() {
                all += 1.0;
                nans += f64::from(u8::from(point.number().is_nan()));
            }
            let fraction: f64 = if all > 0.0 { nans / all } else { 0.0 };
            if fraction <= *most {
                Validation::pass()
            } else {
                Validation::fail(format!("{fraction:.3} of its points are NaN, more than {most}"))
            }
        },
    )
}

/// Returns the check of [`CheckOutput::max_standard_dev`](crate::CheckOutput::max_standard_dev).
#[inline]
#[must_use]
pub fn max_standard_dev<T: Points<Point: Number>>(most: f64) -> impl Validator<T> {
    check(
        "max_standard_dev_validator",
        most,
        |most| format!("The standard deviation is at most {most}."),
        |value: &T, most| {
            let (count, _, deviation) = moments(value);
            if count > 1.0 && deviation <= *most {
                Validation::pass()
            } else {
                Validation::fail(format!("its standard deviation is {deviation}, not at most {most}"))
            }
        },
    )
}

/// Returns the check of [`CheckOutput::mean_in_range`](crate::CheckOutput::mean_in_range).
#[inline]
pub fn mean_in_range<T, R>(range: R) -> impl Validator<T>
where
    T: Points<Point: Number>,
    R: RangeOf<f64> + Debug + Send + Sync + 'static,
{
    check(
        "mean_in_range_validator",
        range,
        |range| format!("The mean is within {range:?}."),
        |value: &T, range| {
            let (_, mean, _) = moments(value);
            if range.contains(&mean) {
                Validation::pass()
            } else {
                Validation::fail(format!("its mean is {mean}, not within {range:?}"))
            }
        },
    )
}

/// Returns the check of [`CheckOutput::contains`](crate::CheckOutput::contains).
#[inline]
pub fn contains<T, S>(part: S) -> impl Validator<T>
where
    T: AsRef<str>,
    S: AsRef<str> + Send + Sync + 'static,
{
    check(
        "contains_validator",
        part,
        |part| format!("The value contains {:?}.", part.as_ref()),
        |value: &T, part| {
            if value.as_ref().contains(part.as_ref()) {
                Validation::pass()
            } else {
                Validation::fail(format!("it does not contain {:?}", part.as_ref()))
            }
        },
    )
}

/// Returns the check of [`CheckOutput::does_not_contain`](crate::CheckOutput::does_not_contain).
#[inline]
pub fn does_not_contain<T, S>(part: S) -> impl Validator<T>
where
    T: AsRef<str>,
    S: AsRef<str> + Send + Sync + 'static,
{
    check(
        "does_not_contain_validator",
        part,
        |part| format!("The value does not contain {:?}.", part.as_ref()),
        |value: &T, part| {
            if value.as_ref().contains(part.as_ref()) {
                Validation::fail(format!("it contains {:?}", part.as_ref()))
            } else {
                Validation::pass()
            }
        },
    )
}

/// Describes the first point that fails the check.
fn describe_points(first: &impl Debug, others: usize) -> String {
    match others {
        0 => format!("{first:?} is"),
        1 => format!("{first:?} and another point are"),
        more => format!("{first:?} and {more} other points are"),
    }
}

/// Returns how many points are numbers, their mean and their sample standard deviation.
///
/// In one pass, after Welford, "Note on a method for calculating corrected sums of squares and products", 1962.
fn moments<T: Points<Point: Number>>(value: &T) -> (f64, f64, f64) {
    let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
    for number in value.points().map(Number::number).filter(|number| !number.is_nan()) {
        count += 1.0;
        let delta = number - mean;
        mean += delta / count;
        squares += delta * (number - mean);
    }
    if count == 0.0 {
        return (0.0, f64::NAN, f64::NAN);
    }
    (count, mean, if count > 1.0 { f64::sqrt(squares / (count - 1.0)) } else { f64::NAN })
}
