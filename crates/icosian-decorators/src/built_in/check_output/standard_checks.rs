use std::any::Any;
use std::fmt::Debug;

use icosian_core::value::ValueType;

use super::CheckOutput;
use super::checks;
use crate::decorate_errors::decorate_error;
use crate::{Number, Points, RangeOf};

impl<T: Any + Send + Sync> CheckOutput<T> {
    /// Checks that the output contains no `None`, unless `allowed`.
    #[must_use]
    pub fn allow_none(self, allowed: bool) -> Self
    where
        T: Points,
    {
        self.standard(checks::allow_none::<T>(allowed))
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
        self.standard(checks::range::<T, R>(range))
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
        self.standard(checks::values_in::<T>(values))
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
                format!("`check_output` expects a `{wanted}`, but the output is a `{whole}`"),
                format!("expect `{point}`, or return another type"),
            ));
        }
        self.standard(checks::data_type::<T, D>())
    }

    /// Checks that no point is NaN, unless `allowed`.
    #[must_use]
    pub fn allow_nans(self, allowed: bool) -> Self
    where
        T: Points<Point: Number>,
    {
        self.standard(checks::allow_nans::<T>(allowed))
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
        self.standard(checks::max_fraction_nans::<T>(most))
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
        self.standard(checks::max_standard_dev::<T>(most))
    }

    /// Checks that the mean of the points that are numbers is within `range`.
    #[must_use]
    pub fn mean_in_range<R>(self, range: R) -> Self
    where
        T: Points<Point: Number>,
        R: RangeOf<f64> + Debug + Send + Sync + 'static,
    {
        self.standard(checks::mean_in_range::<T, R>(range))
    }

    /// Checks that the text contains `part`.
    #[must_use]
    pub fn contains(self, part: impl Into<String>) -> Self
    where
        T: AsRef<str>,
    {
        self.standard(checks::contains::<T, String>(part.into()))
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
        self.standard(checks::does_not_contain::<T, String>(part.into()))
    }
}
