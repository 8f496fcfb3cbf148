use std::any::Any;
use std::fmt;
use std::num::NonZeroUsize;

use crate::Output;
use crate::expand::{ItemLabel, Items};
use crate::value::Cell;

/// The way in which a node expands into items. [`Outline::with_expansion`](crate::Outline::with_expansion) sets it.
///
/// # Examples
/// ```
/// use icosian_core::expand::{Expansion, OnError};
///
/// let expansion = Expansion::of::<String>().with_concurrency(16).with_on_error(OnError::Skip);
/// assert_eq!(expansion.concurrency().map(|items| items.get()), Some(16));
/// ```
#[derive(Clone)]
pub struct Expansion {
    concurrency: Option<NonZeroUsize>,
    on_error: OnError,
    list: Output,
    from_list: fn(&mut Cell) -> Option<Items>,
    /// Clones a list that several runs share.
    duplicate: Option<fn(&Cell) -> Option<Cell>>,
    label: Option<ItemLabel>,
}

/// The treatment of items that fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnError {
    /// The first failure cancels the other items, and the run fails.
    #[default]
    Fail,
    /// The collecting node receives a result for each item.
    Collect,
    /// The item is missing from the collected results. Hooks are notified.
    Skip,
}

impl Expansion {
    /// Returns the expansion into items of type `T`.
    ///
    /// A `Vec<T>` can override the node.
    #[must_use]
    pub fn of<T: Any + Send + Sync>() -> Self {
        Self {
            concurrency: None,
            on_error: OnError::Fail,
            list: Output::of::<Vec<T>>(),
            from_list: |cell| cell.take::<Vec<T>>().map(Items::new),
            duplicate: None,
            label: None,
        }
    }

    /// Records that items can be cloned, so that several runs can share a list that overrides the node.
    #[must_use]
    pub fn with_clone<T: Any + Send + Sync + Clone>(mut self) -> Self {
        self.duplicate = Some(|cell| cell.get::<Vec<T>>().cloned().map(Cell::new));
        self
    }

    /// Sets the function that describes an item in errors.
    #[doc(hidden)]
    #[must_use]
    pub fn with_label(mut self, label: Option<ItemLabel>) -> Self {
        self.label = label;
        self
    }

    /// Sets the number of items that run at the same time. 0 counts as 1.
    #[must_use]
    pub fn with_concurrency(mut self, items: usize) -> Self {
        self.concurrency = Some(NonZeroUsize::new(items).unwrap_or(NonZeroUsize::MIN));
        self
    }

    /// Sets the treatment of items that fail.
    #[must_use]
    pub fn with_on_error(mut self, on_error: OnError) -> Self {
        self.on_error = on_error;
        self
    }

    /// Returns the number of items that run at the same time; `None` for the adapter's default.
    #[must_use]
    pub fn concurrency(&self) -> Option<NonZeroUsize> {
        self.concurrency
    }

    /// Returns the treatment of items that fail.
    #[must_use]
    pub fn on_error(&self) -> OnError {
        self.on_error
    }

    /// Returns the description of a list of items, a `Vec<T>`, which can override the node.
    #[must_use]
    pub fn list(&self) -> &Output {
        &self.list
    }

    /// Returns the items of an output of the node, or of a list that overrides it.
    #[doc(hidden)]
    #[must_use]
    pub fn items(&self, mut cell: Cell) -> Option<Items> {
        if let Some(items) = cell.take::<Items>() {
            return Some(items);
        }
        let items = (self.from_list)(&mut cell);
        let items = items.or_else(|| (self.from_list)(&mut self.duplicate?(&cell)?));
        items.map(|items| items.with_label(self.label))
    }
}

impl fmt::Debug for Expansion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expansion")
            .field("concurrency", &self.concurrency)
            .field("on_error", &self.on_error)
            .finish_non_exhaustive()
    }
}
