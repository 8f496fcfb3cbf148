use std::any::Any;
use std::borrow::Borrow;
use std::marker::PhantomData;

use crate::value::Lend;

/// An edge whose types the compiler knows: the output type, the parameter type, and a conversion by reference.
///
/// `#[dataflow]` uses [`EdgeByBorrow`] for each `&T` parameter that reads a node of the same module.
///
/// # Examples
/// ```
/// use icosian_core::node::{Args, Port};
/// use icosian_core::value::{Arena, Cell, Edge};
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
/// let mut cells = Arena::from([Cell::new(Label("spend".to_owned())), Cell::default()]);
/// let ports = [Port::new(0, Port::VIA)];
/// let args = Args::new(&mut cells, &ports, &[1, 0], 1);
/// assert_eq!(args.borrow_via::<LabelAsText>(0), "spend");
/// ```
pub trait Edge: 'static {
    /// The output type of the producer.
    type Given: Any;
    /// The type that the parameter of the consumer borrows.
    type Wanted: Lend + ?Sized;

    /// Borrows a `Wanted` from a `Given`.
    fn lend(given: &Self::Given) -> &Self::Wanted;
}

/// The edge from a `Given` to a parameter that borrows `Wanted`, by the implementation of [`Borrow`].
///
/// # Examples
/// ```
/// use icosian_core::value::{Edge, EdgeByBorrow};
///
/// let given = String::from("spend");
/// assert_eq!(EdgeByBorrow::<String, str>::lend(&given), "spend");
/// ```
#[derive(Debug)]
pub struct EdgeByBorrow<Given, Wanted: ?Sized>(PhantomData<fn(&Given) -> &Wanted>);

impl<Given: Any + Borrow<Wanted>, Wanted: Lend + ?Sized> Edge for EdgeByBorrow<Given, Wanted> {
    type Given = Given;
    type Wanted = Wanted;

    fn lend(given: &Given) -> &Wanted {
        given.borrow()
    }
}
