use std::sync::{Mutex, PoisonError};

use icosian_core::NodeError;
use icosian_core::expand::{CollectionForm, CollectionOrder, Gathering, ItemError};
use icosian_core::value::Cell;

use crate::expand::item_failure::ColumnResults;

/// One result of a block that is collected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) form: CollectionForm,
    pub(crate) order: CollectionOrder,
    pub(crate) gathering: Gathering,
}

/// The results of items so far, in the order of completion.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// The index of each item.
    indices: Vec<usize>,
    /// The results of each column.
    columns: Vec<Vec<Result<Cell, ItemError>>>,
}

impl Gathered {
    pub(crate) fn new(columns: usize) -> Self {
        Self { indices: Vec::new(), columns: (0..columns).map(|_| Vec::new()).collect() }
    }

    pub(crate) fn push(&mut self, index: usize, results: Result<ColumnResults, ItemError>) {
        self.indices.push(index);
        match results {
            Ok(ColumnResults::One(result)) => self.columns[0].push(Ok(result)),
            Ok(ColumnResults::Several(results)) => {
                for (column, result) in self.columns.iter_mut().zip(results) {
                    column.push(Ok(result));
                }
            }
            Err(error) => {
                for column in &mut self.columns {
                    column.push(Err(error.clone()));
                }
            }
        }
    }

    /// Builds the collected values.
    pub(crate) fn finish(self, columns: &[Column]) -> BlockResults {
        let Self { indices, columns: results } = self;
        let is_sorted = indices.is_sorted();
        let cells = columns.iter().zip(results).map(|(column, results)| {
            let results = if is_sorted || column.order == CollectionOrder::Completion {
                results
            } else {
                let mut sorted: Vec<_> = indices.iter().zip(results).collect();
                sorted.sort_unstable_by_key(|(index, _)| **index);
                sorted.into_iter().map(|(_, result)| result).collect()
            };
            Mutex::new(column.gathering.gather(column.form, results))
        });
        BlockResults(cells.collect())
    }
}

/// The output of the node that runs a block: the collected value of each column.
#[derive(Debug)]
pub(crate) struct BlockResults(Vec<Mutex<Cell>>);

impl BlockResults {
    /// Moves a collected value out. Each has one reader.
    pub(crate) fn take(&self, column: usize) -> Result<Cell, NodeError> {
        let cell = std::mem::take(&mut *self.0[column].lock().unwrap_or_else(PoisonError::into_inner));
        if cell.is_full() { Ok(cell) } else { Err(NodeError::failed("the results were taken before")) }
    }
}
