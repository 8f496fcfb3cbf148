//! The registry of `#[dataflow]` modules, for the linter. Requires the feature `registry`.

use crate::Dataflow;
use icosian_diagnostics::Location;

/// A `#[dataflow]` module of a linked crate.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Registered};
/// use icosian_diagnostics::Location;
///
/// // `#[dataflow]` generates this for `pub mod numbers`. Only the linter reads it.
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
    /// Creates an entry for the module with this path and location.
    #[must_use]
    pub const fn new(module: &'static str, place: Location, dataflow: fn() -> Dataflow) -> Self {
        Self { module, place, dataflow }
    }

    /// Returns the path of the module, which starts with the crate's name.
    #[must_use]
    pub const fn module(&self) -> &'static str {
        self.module
    }

    /// Returns the location of the module's name.
    #[must_use]
    pub const fn location(&self) -> Location {
        self.place
    }

    /// Builds the dataflow.
    #[must_use]
    pub fn dataflow(&self) -> Dataflow {
        (self.dataflow)()
    }
}

inventory::collect!(Registered);

/// Returns the `#[dataflow]` modules of all linked crates, sorted by path. Modules of tests are not included.
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
