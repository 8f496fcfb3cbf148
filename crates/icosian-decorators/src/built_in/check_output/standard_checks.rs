use std::any::Any;
use std::borrow::Cow;
use std::fmt::Debug;

use icosian_core::value::ValueType;

use super::CheckOutput;
use crate::decorate_errors::decorate_error;
use crate::{Number, Points, RangeOf, Validation, Validator};

/// A built-in check: its name, its description, and its function.
struct Default<F> {
    name: &'static str,
    description: String,
    validate: F,
}

impl<T, F: Fn(&T) -> Validation + Send + Sync + 'static> Validator<T> for Default<F> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn description(&self) -> Cow<'static, str> {
        Cow::Owned(self.description.clone())
    }

    fn validate(&self, value: &T) -> Validation {
        (self.validate)(value)
    }
}

impl<T: Any + Send + Sync> CheckOutput<T> {
    fn add_check<F>(self, name: &'static str, description: String, validate: F) -> Self
    where
        F: Fn(&T) -> Validation + Send + Sync + 'static,
    {
        self.custom(Default { name, description, validate })
    }

    /// Checks that the output contains no `None`, unless `allowed`.
    #[must_use]
    pub fn allow_none(self, allowed: bool) -> Self
    where
        T: Points,
    {
        let description = if allowed { "That it may be `None`." } else { "That it is not `None`." };
        self.add_check("allow_none_validator", description.to_owned(), move |value| {
            Validation::of(allowed || value.points().next().is_some(), "it is `None`")
        })
    }

    /// Checks that every point is within `range`.
    ///
    /// # Examples
    /// ```
    /// let check = icosian_decorators::CheckOutput::<Vec<f64>>::new().range(0.0..=1.0);
    /// ```
    #[must_use]
    pub fn range<R>(self, range: R) -> Self
    where
        T: Points<Point: PartialOrd + Debug>,
        R: RangeOf<T::Point> + Debug + Send + Sync + 'static,
    {
        let description = format!("That every point is within {range:?}.");
        self.add_check("range_validator", description, move |value| {
            let mut outside = value.points().filter(|point| !range.contains(*point));
            let Some(first) = outside.next() else { return Validation::pass() };
            Validation::fail(format!("{} not within {range:?}", describe_points(first, outside.count())))
        })
    }

    /// Checks that every point is one of `values`.
    ///
    /// # Examples
    /// ```
    /// let check = icosian_decorators::CheckOutput::<u8>::new().values_in([1, 2, 3]);
    /// ```
    #[must_use]
    pub fn values_in(self, values: impl IntoIterator<Item = T::Point>) -> Self
    where
        T: Points<Point: PartialEq + Debug + Send + Sync>,
    {
        let values: Vec<T::Point> = values.into_iter().collect();
        let description = format!("That every point is one of {values:?}.");
        self.add_check("values_in_validator", description, move |value| {
            let mut others = value.points().filter(|point| !values.contains(point));
            let Some(first) = others.next() else { return Validation::pass() };
            Validation::fail(format!("{} not one of {values:?}", describe_points(first, others.count())))
        })
    }

    /// Checks, when the driver is built, that the output or its points are a `D`.
    ///
    /// # Examples
    /// ```
    /// let check = icosian_decorators::CheckOutput::<Vec<f64>>::new().data_type::<f64>();
    /// ```
    #[must_use]
    pub fn data_type<D: Any>(mut self) -> Self
    where
        T: Points,
    {
        let wanted = ValueType::of::<D>();
        let (whole, point) = (ValueType::of::<T>(), ValueType::of::<T::Point>());
        if wanted != whole && wanted != point {
            self.problems.push(decorate_error(
                "ICO0408 check-output-wrong-type",
                format!("`check_output` asks for a `{wanted}`, and the output is a `{whole}`"),
                format!("ask for `{point}`, or give another output"),
            ));
        }
        self.add_check("data_type_validator", format!("That it is a `{wanted}`."), |_| Validation::pass())
    }

    /// Checks that no point is NaN, unless `allowed`.
    #[must_use]
    pub fn allow_nans(self, allowed: bool) -> Self
    where
        T: Points<Point: Number>,
    {
        let description = if allowed { "That points may be NaN." } else { "That no point is NaN." };
        self.add_check("allow_nans_validator", description.to_owned(), move |value| {
            let nans = value.points().filter(|point| point.number().is_nan()).count();
            Validation::of(allowed || nans == 0, format!("{nans} of its points are NaN"))
        })
    }

    /// Checks that at most this fraction of the points, from 0 to 1, is NaN.
    ///
    /// # Examples
    /// ```
    /// let check = icosian_decorators::CheckOutput::<Vec<f64>>::new().max_fraction_nans(0.1);
    /// ```
    #[must_use]
    pub fn max_fraction_nans(self, most: f64) -> Self
    where
        T: Points<Point: Number>,
    {
        let description = format!("That at most {most} of the points are NaN.");
        self.add_check("max_fraction_nans_validator", description, move |value| {
            let (mut nans, mut all) = (0.0, 0.0);
            for point in value.points() {
                all += 1.0;
                nans += f64::from(u8::from(point.number().is_nan()));
            }
            let fraction: f64 = if all > 0.0 { nans / all } else { 0.0 };
            Validation::of(fraction <= most, format!("{fraction:.3} of its points are NaN, more than {most}"))
        })
    }

    /// Checks that the sample standard deviation of the points that are numbers is at most this.
    ///
    /// # Examples
    /// ```
    /// let check = icosian_decorators::CheckOutput::<Vec<f64>>::new().max_standard_dev(2.0);
    /// ```
    #[must_use]
    pub fn max_standard_dev(self, most: f64) -> Self
    where
        T: Points<Point: Number>,
    {
        let description = format!("That the standard deviation is at most {most}.");
        self.add_check("max_standard_dev_validator", description, move |value| {
            let (count, _, deviation) = moments(value);
            let fits = count > 1.0 && deviation <= most;
            Validation::of(fits, format!("its standard deviation is {deviation}, not at most {most}"))
        })
    }

    /// Checks that the mean of the points that are numbers is within `range`.
    #[must_use]
    pub fn mean_in_range<R>(self, range: R) -> Self
    where
        T: Points<Point: Number>,
        R: RangeOf<f64> + Debug + Send + Sync + 'static,
    {
        let description = format!("That the mean is within {range:?}.");
        self.add_check("mean_in_range_validator", description, move |value| {
            let (_, mean, _) = moments(value);
            Validation::of(range.contains(&mean), format!("its mean is {mean}, not within {range:?}"))
        })
    }

    /// Checks that the text contains `part`.
    #[must_use]
    pub fn contains(self, part: impl Into<String>) -> Self
    where
        T: AsRef<str>,
    {
        let part = part.into();
        self.add_check("contains_validator", format!("That it contains {part:?}."), move |value| {
            Validation::of(value.as_ref().contains(&part), format!("it does not contain {part:?}"))
        })
    }

    /// Checks that the text does not contain `part`.
    ///
    /// # Examples
    /// ```
    /// let check = icosian_decorators::CheckOutput::<String>::new().does_not_contain("error");
    /// ```
    #[must_use]
    pub fn does_not_contain(self, part: impl Into<String>) -> Self
    where
        T: AsRef<str>,
    {
        let part = part.into();
        self.add_check(
            "does_not_contain_validator",
            format!("That it does not contain {part:?}."),
            move |value| Validation::of(!value.as_ref().contains(&part), format!("it contains {part:?}")),
        )
    }
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
