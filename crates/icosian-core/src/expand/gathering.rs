use std::any::Any;
use std::fmt;

use crate::Output;
use crate::expand::{Collect, CollectionForm, ItemError};
use crate::value::{Cell, ErasedRef};

/// The functions that build a [`Collect`] from results whose type is erased. Each [`Output`] has them.
///
/// # Examples
/// ```
/// use icosian_core::Output;
/// use icosian_core::expand::{Collect, CollectionForm};
/// use icosian_core::value::Cell;
///
/// let gathering = Output::of::<u64>().gathering().expect("a `u64` can be collected");
/// let cell = gathering.gather(CollectionForm::Values, vec![Ok(Cell::new(1_u64)), Ok(Cell::new(2_u64))]);
/// assert_eq!(cell.get::<Collect<u64>>().map(|numbers| numbers.to_vec()), Some(vec![1, 2]));
/// ```
#[derive(Clone, Copy)]
pub struct Gathering {
    values: fn() -> Output,
    results: fn() -> Output,
    gather: fn(CollectionForm, Vec<Result<Cell, ItemError>>) -> Cell,
}

impl Gathering {
    pub(crate) const fn of<T: Any + Send + Sync>() -> Self {
        Self {
            values: Output::of_collect::<Collect<T>>,
            results: Output::of_collect::<Collect<Result<T, ItemError>>>,
            gather: gather::<T>,
        }
    }

    pub(crate) const fn of_cloneable<T: Any + Send + Sync + Clone>() -> Self {
        Self {
            values: || Output::of_collect::<Collect<T>>().with_duplicate(duplicate::<Collect<T>>),
            results: || {
                let output = Output::of_collect::<Collect<Result<T, ItemError>>>();
                output.with_duplicate(duplicate::<Collect<Result<T, ItemError>>>)
            },
            gather: gather::<T>,
        }
    }

    /// Returns the description of the collected results: of a `Collect<Result<T, ItemError>>` for [`CollectionForm::Results`], of a
    /// `Collect<T>` otherwise.
    #[must_use]
    pub fn output(&self, form: CollectionForm) -> Output {
        if form == CollectionForm::Results { (self.results)() } else { (self.values)() }
    }

    /// Builds the collected results.
    ///
    /// Without [`CollectionForm::Results`] failed items are left out. A result that is a `Collect<T>` itself adds all its elements.
    ///
    /// # Panics
    /// If a result has another type.
    #[must_use]
    pub fn gather(&self, form: CollectionForm, results: Vec<Result<Cell, ItemError>>) -> Cell {
        (self.gather)(form, results)
    }
}

fn duplicate<T: Any + Send + Sync + Clone>(value: ErasedRef<'_>) -> Option<Cell> {
    value.get::<T>().cloned().map(Cell::new)
}

fn gather<T: Any + Send + Sync>(form: CollectionForm, results: Vec<Result<Cell, ItemError>>) -> Cell {
    let mut values = Vec::with_capacity(results.len());
    for result in results {
        match result {
            Ok(mut cell) => {
                if let Some(value) = cell.take::<T>() {
                    values.push(Ok(value));
                } else {
                    let inner = cell.take::<Collect<T>>().expect("the graph has compared the types");
                    values.extend(inner.into_iter().map(Ok));
                }
            }
            Err(error) if form == CollectionForm::Results => values.push(Err(error)),
            Err(_) => {}
        }
    }
    if form == CollectionForm::Results {
        Cell::new(Collect::from(values))
    } else {
        Cell::new(values.into_iter().flatten().collect::<Collect<T>>())
    }
}

impl fmt::Debug for Gathering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gathering({})", (self.values)().value_type())
    }
}
