use std::sync::Arc;

use icosian_core::Output;
use icosian_core::value::{Cell, Erased};

/// A value that all runs of a driver share.
pub(crate) struct SharedValue {
    pub(crate) kind: SharedValueKind,
    pub(crate) value: Arc<dyn Erased>,
    pub(crate) output: Output,
}

/// The source of a [`SharedValue`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SharedValueKind {
    /// A value of `Builder::with_config`, which replaces a node of its name.
    Config,
    /// An input of `Builder::with_shared`.
    Shared,
}

impl SharedValue {
    pub(crate) fn cell(&self) -> Cell {
        Cell::shared(Arc::clone(&self.value))
    }
}
