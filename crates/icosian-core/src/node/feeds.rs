use std::any::Any;
use std::borrow::{Borrow, Cow};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::NodeError;
use crate::node::{Args, LeasedArgs};
use crate::value::{Edge, EdgeByBorrow, Lend};

/// Asserts that `Consumer` can borrow a `Wanted` from the output of `Producer`, by any implementation of [`Borrow`].
///
/// # Examples
/// ```
/// use icosian_core::node::{Args, Port};
/// use icosian_core::node::Feeds;
/// use icosian_core::value::{Arena, Cell};
///
/// struct label {}
/// struct report {}
/// let (mut cells, ports) = (Arena::from([Cell::new(String::from("spend")), Cell::default()]), [Port::new(0, 0)]);
/// let args = Args::in_order(&mut cells, &ports, 1);
/// assert_eq!(<String as Feeds<label, report, str>>::BORROW(&args, 0), "spend");
/// ```
#[diagnostic::on_unimplemented(
    message = "node `{Consumer}` expects `&{Wanted}`, but node `{Producer}` returns `{Self}`",
    label = "node `{Producer}` returns `{Self}`",
    note = "a parameter reads the node with the same name; `&T` reads anything that implements `Borrow<T>`"
)]
pub trait Feeds<Producer, Consumer, Wanted: ?Sized> {
    /// The function that borrows an argument.
    const BORROW: for<'a> fn(&'a Args<'_>, usize) -> &'a Wanted;
    /// The function that borrows a leased argument.
    const BORROW_LEASED: for<'a> fn(&'a LeasedArgs, usize) -> &'a Wanted;

    /// The function that borrows an argument or the error in its place.
    const RESULT: for<'a> fn(&'a Args<'_>, usize) -> Result<&'a Wanted, &'a NodeError>;
    /// The function that borrows a leased argument or the error in its place.
    const RESULT_LEASED: for<'a> fn(&'a LeasedArgs, usize) -> Result<&'a Wanted, &'a NodeError>;

    /// Borrows the argument. For compiled dataflows.
    fn lend(&self) -> &Wanted;
}

#[diagnostic::do_not_recommend]
impl<Given, Producer, Consumer, Wanted> Feeds<Producer, Consumer, Wanted> for Given
where
    Given: Any + Borrow<Wanted>,
    Wanted: Lend + ?Sized,
{
    const BORROW: for<'a> fn(&'a Args<'_>, usize) -> &'a Wanted = borrow::<EdgeByBorrow<Given, Wanted>>;
    const BORROW_LEASED: for<'a> fn(&'a LeasedArgs, usize) -> &'a Wanted =
        borrow_leased::<EdgeByBorrow<Given, Wanted>>;
    const RESULT: for<'a> fn(&'a Args<'_>, usize) -> Result<&'a Wanted, &'a NodeError> =
        result::<EdgeByBorrow<Given, Wanted>>;
    const RESULT_LEASED: for<'a> fn(&'a LeasedArgs, usize) -> Result<&'a Wanted, &'a NodeError> =
        result_leased::<EdgeByBorrow<Given, Wanted>>;

    #[inline]
    fn lend(&self) -> &Wanted {
        self.borrow()
    }
}

#[inline]
fn borrow<'a, E: Edge>(args: &'a Args<'_>, position: usize) -> &'a E::Wanted {
    args.borrow_via::<E>(position)
}

#[inline]
fn borrow_leased<E: Edge>(args: &LeasedArgs, position: usize) -> &E::Wanted {
    args.borrow_via::<E>(position)
}

#[inline]
fn result<'a, E: Edge>(args: &'a Args<'_>, position: usize) -> Result<&'a E::Wanted, &'a NodeError> {
    args.result_via::<E>(position)
}

#[inline]
fn result_leased<E: Edge>(args: &LeasedArgs, position: usize) -> Result<&E::Wanted, &NodeError> {
    args.result_via::<E>(position)
}

/// Asserts that the output of `Producer` has the type that `Consumer` consumes.
///
/// # Examples
/// ```
/// use icosian_core::node::FeedsValue;
///
/// struct count {}
/// struct report {}
/// fn check<G: FeedsValue<count, report, u64>>() {}
/// check::<u64>();
/// ```
#[diagnostic::on_unimplemented(
    message = "node `{Consumer}` expects `{Wanted}`, but node `{Producer}` returns `{Self}`",
    label = "node `{Producer}` returns `{Self}`",
    note = "a parameter reads the node with the same name"
)]
pub trait FeedsValue<Producer, Consumer, Wanted> {
    /// `Wanted`.
    type Wanted;

    /// Returns the argument. For compiled dataflows.
    fn give(self) -> Wanted;
}

#[diagnostic::do_not_recommend]
impl<Producer, Consumer, Wanted> FeedsValue<Producer, Consumer, Wanted> for Wanted {
    type Wanted = Wanted;

    #[inline]
    fn give(self) -> Wanted {
        self
    }
}

/// Asserts that `Consumer` collects outputs of the type of `Producer`.
///
/// # Examples
/// ```
/// use icosian_core::node::FeedsCollection;
///
/// struct score {}
/// struct total {}
/// fn check<G: FeedsCollection<score, total, u64>>() {}
/// check::<u64>();
/// ```
#[diagnostic::on_unimplemented(
    message = "node `{Consumer}` collects `{Wanted}`, but node `{Producer}` returns `{Self}`",
    label = "node `{Producer}` returns `{Self}`",
    note = "`Collect<T>` and `CollectStream<T>` read a node with the output `T`, once for each item of a block"
)]
pub trait FeedsCollection<Producer, Consumer, Wanted> {
    /// The constant that generated code names.
    #[doc(hidden)]
    const FITS: () = ();
}

#[diagnostic::do_not_recommend]
impl<Producer, Consumer, Wanted> FeedsCollection<Producer, Consumer, Wanted> for Wanted {}

/// Asserts that `Consumer` can read the output of `Producer` as an `Option<&Wanted>`.
///
/// # Examples
/// ```
/// use icosian_core::node::FeedsOption;
///
/// struct label {}
/// struct report {}
/// fn check<G: FeedsOption<label, report, str>>() {}
/// check::<String>();
/// check::<Option<String>>();
/// ```
#[diagnostic::on_unimplemented(
    message = "node `{Consumer}` expects an optional `&{Wanted}`, but node `{Producer}` returns `{Self}`",
    label = "node `{Producer}` returns `{Self}`",
    note = "a parameter reads the node with the same name; `Option<&T>` reads a `T`, an `Option<T>` or nothing"
)]
pub trait FeedsOption<Producer, Consumer, Wanted: ?Sized> {
    /// `Wanted`.
    type Wanted: ?Sized;

    /// Borrows the argument. For compiled dataflows.
    fn lend_option(&self) -> Option<&Wanted>;
}

macro_rules! feeds_option {
    ($([$($generic:ident)?] $wanted:ty: $given:ty;)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<Producer, Consumer $(, $generic)?> FeedsOption<Producer, Consumer, $wanted> for $given {
            type Wanted = $wanted;

            #[inline]
            fn lend_option(&self) -> Option<&$wanted> {
                Some(self.borrow())
            }
        }
        #[diagnostic::do_not_recommend]
        impl<Producer, Consumer $(, $generic)?> FeedsOption<Producer, Consumer, $wanted> for Option<$given> {
            type Wanted = $wanted;

            #[inline]
            fn lend_option(&self) -> Option<&$wanted> {
                self.as_ref().map(Borrow::borrow)
            }
        }
    )+};
}

feeds_option! {
    [T] T: T;
    [T] T: Box<T>;
    [T] T: Arc<T>;
    [T] T: &'static T;
    [T] [T]: Vec<T>;
    [T] [T]: Box<[T]>;
    [T] [T]: Arc<[T]>;
    [T] [T]: &'static [T];
    [] str: String;
    [] str: &'static str;
    [] str: Box<str>;
    [] str: Arc<str>;
    [] str: Cow<'static, str>;
    [] Path: PathBuf;
    [] Path: Box<Path>;
    [] Path: Arc<Path>;
    [] Path: &'static Path;
}

/// Asserts that `Consumer` can consume the output of `Producer` as an `Option<Wanted>`.
///
/// # Examples
/// ```
/// use icosian_core::node::FeedsOptionValue;
///
/// struct count {}
/// struct report {}
/// fn check<G: FeedsOptionValue<count, report, u64>>() {}
/// check::<u64>();
/// check::<Option<u64>>();
/// ```
#[diagnostic::on_unimplemented(
    message = "node `{Consumer}` expects an optional `{Wanted}`, but node `{Producer}` returns `{Self}`",
    label = "node `{Producer}` returns `{Self}`",
    note = "a parameter reads the node with the same name; `Option<T>` accepts a `T`, an `Option<T>` or nothing"
)]
pub trait FeedsOptionValue<Producer, Consumer, Wanted> {
    /// `Wanted`.
    type Wanted;

    /// Returns the argument. For compiled dataflows.
    fn give_option(self) -> Option<Wanted>;
}

#[diagnostic::do_not_recommend]
impl<Producer, Consumer, Wanted> FeedsOptionValue<Producer, Consumer, Wanted> for Wanted {
    type Wanted = Wanted;

    #[inline]
    fn give_option(self) -> Option<Wanted> {
        Some(self)
    }
}
#[diagnostic::do_not_recommend]
impl<Producer, Consumer, Wanted> FeedsOptionValue<Producer, Consumer, Wanted> for Option<Wanted> {
    type Wanted = Wanted;

    #[inline]
    fn give_option(self) -> Self {
        self
    }
}

/// Asserts that a variant of a node has the output type of the node.
///
/// # Examples
/// ```
/// use icosian_core::node::VariantOf;
///
/// struct rates__live {}
/// struct rates {}
/// fn check<G: VariantOf<rates__live, rates, f64>>() {}
/// check::<f64>();
/// ```
#[diagnostic::on_unimplemented(
    message = "variant `{Variant}` returns `{Self}`, but node `{Node}` returns `{Given}`",
    label = "node `{Node}` returns `{Given}`",
    note = "all variants of a node must return the same type"
)]
pub trait VariantOf<Variant, Node, Given> {
    /// The constant that generated code names.
    #[doc(hidden)]
    const FITS: () = ();
}

impl<Variant, Node, Given> VariantOf<Variant, Node, Given> for Given {}
