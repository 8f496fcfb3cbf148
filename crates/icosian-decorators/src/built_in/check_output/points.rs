use std::any::Any;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::RangeBounds;

/// A value as a list of points for checks: one point, or the items of a collection. `None` has no points.
///
/// # Examples
/// ```
/// use icosian_decorators::Points;
///
/// assert_eq!(1.5_f64.points().count(), 1);
/// assert_eq!(vec![1.5, 2.5].points().sum::<f64>(), 4.0);
/// assert_eq!(None::<f64>.points().count(), 0);
/// ```
#[diagnostic::on_unimplemented(
    message = "`#[check_output]` cannot check a `{Self}`",
    label = "`{Self}` has no values to check",
    note = "built-in checks accept numbers, strings, `bool`, `Duration`, and collections and options of these",
    note = "check a field with `#[check_output(.., on(field))]` above `#[extract_fields(field: ..)]`, or the whole value with \
            `#[check_output_custom(validator)]`"
)]
pub trait Points: Any + Send + Sync {
    /// The type of a point.
    type Point: Any;

    /// Returns the points.
    fn points(&self) -> impl Iterator<Item = &Self::Point>;
}

/// A range of points, as `range` and `mean_in_range` accept it: any [`RangeBounds`].
///
/// # Examples
/// ```
/// use icosian_decorators::RangeOf;
///
/// fn check<P, R: RangeOf<P>>(_: R) {}
/// check::<u64, _>(0..10);
/// check::<f64, _>(0.0..=1.0);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a range of `{Point}`",
    label = "the bounds of this range are not `{Point}`",
    note = "write both bounds as values of the checked type: `0..=10` for integers, `0.0..=10.0` for floats"
)]
pub trait RangeOf<Point>: RangeBounds<Point> {}

#[diagnostic::do_not_recommend]
impl<Point, R: RangeBounds<Point>> RangeOf<Point> for R {}

/// A point that is a number.
///
/// # Examples
/// ```
/// use icosian_decorators::Number;
///
/// assert_eq!(3_u8.number(), 3.0);
/// ```
pub trait Number {
    /// Returns the number, rounded to the nearest `f64`.
    fn number(&self) -> f64;
}

macro_rules! scalars {
    ($($scalar:ty)+) => {$(
        impl Points for $scalar {
            type Point = Self;

            fn points(&self) -> impl Iterator<Item = &Self> {
                std::iter::once(self)
            }
        }
    )+};
}

scalars!(f32 f64 i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool char String &'static str std::time::Duration);

macro_rules! numbers {
    ($([$number:ty])+) => {$(
        impl Number for $number {
            #[allow(clippy::cast_precision_loss, clippy::cast_lossless, reason = "a check may lose precision")]
            fn number(&self) -> f64 {
                *self as f64
            }
        }
    )+};
}

numbers!([f32][f64][i8][i16][i32][i64][i128][isize][u8][u16][u32][u64][u128][usize]);

macro_rules! collections {
    ($([$($generic:tt)*] $collection:ty, $iter:ident;)+) => {$(
        impl<P: Any + Send + Sync, $($generic)*> Points for $collection {
            type Point = P;

            fn points(&self) -> impl Iterator<Item = &P> {
                self.$iter()
            }
        }
    )+};
}

collections! {
    [] Vec<P>, iter;
    [] VecDeque<P>, iter;
    [] Option<P>, iter;
    [] Box<[P]>, iter;
    [const N: usize] [P; N], iter;
    [K: Any + Send + Sync] HashMap<K, P>, values;
    [K: Any + Send + Sync] BTreeMap<K, P>, values;
}
