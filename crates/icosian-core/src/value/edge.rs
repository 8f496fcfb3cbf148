use std::any::Any;
use std::borrow::{Borrow, Cow};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::Lend;

/// An edge whose two ends the compiler knows: what is given, what is wanted, and how to borrow one from the other.
///
/// `#[dataflow]` writes one for each `&T` parameter that reads a node of the same module, so that any
/// [`Borrow`] serves.
///
/// # Examples
/// ```
/// use icosian_core::{Args, Cell, Edge, Port};
///
/// struct Label(String);
/// struct LabelAsText;
///
/// impl Edge for LabelAsText {
///     type Given = Label;
///     type Wanted = str;
///
///     fn lend(given: &Label) -> &str {
///         &given.0
///     }
/// }
///
/// let mut cells = [Cell::new(Label("spend".to_owned())), Cell::default()];
/// let ports = [Port::new(0, Port::VIA)];
/// let args = Args::new(&mut cells, &ports, &[1, 0], 1);
/// assert_eq!(args.borrow_via::<LabelAsText>(0), "spend");
/// ```
pub trait Edge: 'static {
    /// What the node at the edge's start gives.
    type Given: Any;
    /// What the parameter at the edge's end borrows.
    type Wanted: Lend + ?Sized;

    /// Borrows the one from the other.
    fn lend(given: &Self::Given) -> &Self::Wanted;
}

/// Says that what node `Producer` gives can be borrowed as node `Consumer` wants it; any [`Borrow`] does.
///
/// # Examples
/// ```
/// use icosian_core::Feeds;
///
/// struct label {}
/// struct report {}
/// let given = String::from("spend");
/// assert_eq!(Feeds::<label, report, str>::lend(&given), "spend");
/// ```
#[diagnostic::on_unimplemented(
    message = "node `{Consumer}` asks for `&{Wanted}`, but node `{Producer}` gives `{Self}`",
    label = "node `{Producer}` gives `{Self}`",
    note = "a parameter reads the node of its own name; `&T` reads anything that implements `Borrow<T>`"
)]
pub trait Feeds<Producer, Consumer, Wanted: ?Sized> {
    /// Borrows what is wanted.
    fn lend(&self) -> &Wanted;
}

#[diagnostic::do_not_recommend]
impl<Given: Borrow<Wanted>, Producer, Consumer, Wanted: ?Sized> Feeds<Producer, Consumer, Wanted> for Given {
    fn lend(&self) -> &Wanted {
        self.borrow()
    }
}

/// Says that what node `Producer` gives is what node `Consumer` takes by value.
///
/// # Examples
/// ```
/// use icosian_core::FeedsValue;
///
/// struct count {}
/// struct report {}
/// fn check<G: FeedsValue<count, report, u64>>() {}
/// check::<u64>();
/// ```
#[diagnostic::on_unimplemented(
    message = "node `{Consumer}` asks for `{Wanted}`, but node `{Producer}` gives `{Self}`",
    label = "node `{Producer}` gives `{Self}`",
    note = "a parameter reads the node of its own name"
)]
pub trait FeedsValue<Producer, Consumer, Wanted> {
    /// Where written code asks.
    #[doc(hidden)]
    const FEEDS: () = ();
}

#[diagnostic::do_not_recommend]
impl<Producer, Consumer, Wanted> FeedsValue<Producer, Consumer, Wanted> for Wanted {}

/// Says that what node `Producer` gives can be read by node `Consumer` as an `Option<&Wanted>`.
///
/// # Examples
/// ```
/// use icosian_core::FeedsOption;
///
/// struct label {}
/// struct report {}
/// fn check<G: FeedsOption<label, report, str>>() {}
/// check::<String>();
/// check::<Option<String>>();
/// ```
#[diagnostic::on_unimplemented(
    message = "node `{Consumer}` asks for an optional `&{Wanted}`, but node `{Producer}` gives `{Self}`",
    label = "node `{Producer}` gives `{Self}`",
    note = "a parameter reads the node of its own name; `Option<&T>` reads a `T`, an `Option<T>` or nothing"
)]
pub trait FeedsOption<Producer, Consumer, Wanted: ?Sized> {
    /// Where written code asks.
    #[doc(hidden)]
    const FEEDS: () = ();
}

macro_rules! feeds_option {
    ($([$($generic:ident)?] $wanted:ty: $given:ty;)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<Producer, Consumer $(, $generic)?> FeedsOption<Producer, Consumer, $wanted> for $given {}
        #[diagnostic::do_not_recommend]
        impl<Producer, Consumer $(, $generic)?> FeedsOption<Producer, Consumer, $wanted> for Option<$given> {}
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

/// Says that what node `Producer` gives can be taken by node `Consumer` as an `Option<Wanted>`.
///
/// # Examples
/// ```
/// use icosian_core::FeedsOptionValue;
///
/// struct count {}
/// struct report {}
/// fn check<G: FeedsOptionValue<count, report, u64>>() {}
/// check::<u64>();
/// check::<Option<u64>>();
/// ```
#[diagnostic::on_unimplemented(
    message = "node `{Consumer}` asks for an optional `{Wanted}`, but node `{Producer}` gives `{Self}`",
    label = "node `{Producer}` gives `{Self}`",
    note = "a parameter reads the node of its own name; `Option<T>` takes a `T`, an `Option<T>` or nothing"
)]
pub trait FeedsOptionValue<Producer, Consumer, Wanted> {
    /// Where written code asks.
    #[doc(hidden)]
    const FEEDS: () = ();
}

#[diagnostic::do_not_recommend]
impl<Producer, Consumer, Wanted> FeedsOptionValue<Producer, Consumer, Wanted> for Wanted {}
#[diagnostic::do_not_recommend]
impl<Producer, Consumer, Wanted> FeedsOptionValue<Producer, Consumer, Wanted> for Option<Wanted> {}

/// Says that a variant of a node gives what the node gives.
///
/// # Examples
/// ```
/// use icosian_core::VariantOf;
///
/// struct rates__live {}
/// struct rates {}
/// fn check<G: VariantOf<rates__live, rates, f64>>() {}
/// check::<f64>();
/// ```
#[diagnostic::on_unimplemented(
    message = "variant `{Variant}` gives `{Self}`, but node `{Node}` gives `{Given}`",
    label = "node `{Node}` gives `{Given}`",
    note = "all variants of a node give one type, so that what reads it fits whatever the config"
)]
pub trait VariantOf<Variant, Node, Given> {
    #[doc(hidden)]
    const FITS: () = ();
}

impl<Variant, Node, Given> VariantOf<Variant, Node, Given> for Given {}
