//! The dataflows of a program that is linted: what `#[dataflow]` modules say of themselves, behind the feature `registry`.

use crate::Dataflow;
use icosian_diagnostics::Location;

/// A `#[dataflow]` module of a linked crate.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Registered};
/// use icosian_diagnostics::Location;
///
/// // `#[dataflow]` writes this for `pub mod numbers`, and the linter alone gets to see it.
/// const NUMBERS: Registered =
///     Registered::new("shop::numbers", Location::new("src/lib.rs", 3, 9, 7), || Dataflow::new("numbers"));
/// assert_eq!((NUMBERS.module(), NUMBERS.location().line()), ("shop::numbers", 3));
/// assert_eq!(NUMBERS.dataflow().name(), &"numbers");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Registered {
    module: &'static str,
    place: Location,
    dataflow: fn() -> Dataflow,
}

impl Registered {
    /// Returns the module at the path `module`, whose name is written at `place`.
    ///
    /// # Examples
    /// See [`Registered`].
    #[must_use]
    pub const fn new(module: &'static str, place: Location, dataflow: fn() -> Dataflow) -> Self {
        Self { module, place, dataflow }
    }

    /// Returns the module's path, its crate's name first.
    ///
    /// # Examples
    /// See [`Registered`].
    #[must_use]
    pub const fn module(&self) -> &'static str {
        self.module
    }

    /// Returns where the module's name is written, and in which package.
    ///
    /// # Examples
    /// See [`Registered`].
    #[must_use]
    pub const fn location(&self) -> Location {
        self.place
    }

    /// Makes the dataflow.
    ///
    /// # Examples
    /// See [`Registered`].
    #[must_use]
    pub fn dataflow(&self) -> Dataflow {
        (self.dataflow)()
    }
}

inventory::collect!(Registered);

/// Returns the `#[dataflow]` modules of all crates that this program links, by path: private ones too, those of tests not.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Registered};
///
/// icosian_core::register!("src/lib.rs", 3, 9, 7, || Dataflow::new("numbers"));
/// let found = icosian_core::registered();
/// assert!(found.iter().any(|it| it.location().line() == 3 && it.dataflow().name() == &"numbers"));
/// ```
#[must_use]
pub fn registered() -> Vec<&'static Registered> {
    let mut all: Vec<_> = inventory::iter::<Registered>.into_iter().collect();
    all.sort_by_key(|it| (it.module, it.place.file(), it.place.line()));
    all
}
