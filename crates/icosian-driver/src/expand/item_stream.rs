//! The results of a block for a `CollectStream`, which drives the block.

use std::collections::{BTreeMap, VecDeque};
use std::task::{Context, Poll, Waker};

use icosian_core::expand::{CollectionOrder, ItemError, ItemResults};
use icosian_core::value::Cell;

use crate::expand::async_items::AsyncItems;
use crate::expand::item_failure::{ColumnResults, ItemFailure};
use crate::expand::sync_items::SyncItems;

/// The result of an item that ended.
type StreamedItem = Result<Cell, ItemError>;

/// The results of a block under a sync adapter.
pub(crate) struct SyncStream {
    items: SyncItems,
    order: CollectionOrder,
    /// The number of items that run before the first of their results is returned.
    batch: usize,
    ready: VecDeque<StreamedItem>,
    has_ended: bool,
}

impl SyncStream {
    pub(crate) fn new(items: SyncItems, order: CollectionOrder, batch: usize) -> Self {
        Self { items, order, batch, ready: VecDeque::new(), has_ended: false }
    }
}

impl ItemResults for SyncStream {
    fn poll_next(&mut self, _: &mut Context<'_>) -> Poll<Option<StreamedItem>> {
        Poll::Ready(self.next())
    }

    fn next(&mut self) -> Option<StreamedItem> {
        while self.ready.is_empty() && !self.has_ended {
            match self.items.run_some(self.batch) {
                Ok(mut ended) => {
                    self.has_ended = self.items.has_ended();
                    if self.order == CollectionOrder::Items {
                        ended.sort_unstable_by_key(|(index, _)| *index);
                    }
                    self.ready.extend(ended.into_iter().map(|(_, results)| only(results)));
                }
                Err(failure) => {
                    self.has_ended = true;
                    self.ready.push_back(Err(to_error(self.items.block().name.as_str(), failure)));
                }
            }
        }
        self.ready.pop_front()
    }
}

/// The results of a block under an async adapter.
pub(crate) struct AsyncStream {
    items: AsyncItems,
    order: CollectionOrder,
    /// The results that wait for an earlier item; `None` for an item that is skipped.
    waiting: BTreeMap<usize, Option<StreamedItem>>,
    /// The index of the next result in the order of the items.
    next: usize,
    has_ended: bool,
}

impl AsyncStream {
    pub(crate) fn new(items: AsyncItems, order: CollectionOrder) -> Self {
        Self { items, order, waiting: BTreeMap::new(), next: 0, has_ended: false }
    }
}

impl ItemResults for AsyncStream {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<StreamedItem>> {
        loop {
            if let Some(ready) = self.waiting.remove(&self.next) {
                self.next += 1;
                match ready {
                    Some(ready) => return Poll::Ready(Some(ready)),
                    None => continue,
                }
            }
            if self.has_ended {
                return Poll::Ready(None);
            }
            // Results in the order of the items wait for earlier ones, so no item starts too far ahead.
            let end = match self.order {
                CollectionOrder::Items => self.next.saturating_add(self.items.concurrency()),
                CollectionOrder::Completion => usize::MAX,
            };
            match self.items.poll_next(context, end) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(Ok((index, results)))) => {
                    let result = results.map(only);
                    match (self.order, result) {
                        (CollectionOrder::Items, result) => {
                            self.waiting.insert(index, result);
                        }
                        (CollectionOrder::Completion, Some(result)) => return Poll::Ready(Some(result)),
                        (CollectionOrder::Completion, None) => {}
                    }
                }
                Poll::Ready(Some(Err(failure))) => {
                    self.has_ended = true;
                    let error = to_error(self.items.block().name.as_str(), failure);
                    self.waiting.clear();
                    return Poll::Ready(Some(Err(error)));
                }
                Poll::Ready(None) => self.has_ended = true,
            }
        }
    }

    fn next(&mut self) -> Option<StreamedItem> {
        match self.poll_next(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => result,
            Poll::Pending => {
                panic!("an async function iterates over a `CollectStream`; poll it as a `Stream` instead")
            }
        }
    }
}

/// Returns the result of the only column.
fn only(results: Result<ColumnResults, ItemError>) -> StreamedItem {
    results.map(|results| match results {
        ColumnResults::One(result) => result,
        ColumnResults::Several(_) => unreachable!("a stream has one column"),
    })
}

/// Returns the error of a stream. An abort of the whole run becomes the error of the expanding node.
fn to_error(expansion: &str, failure: ItemFailure) -> ItemError {
    match failure {
        ItemFailure::Item(error) => error,
        ItemFailure::Run(abort) => {
            let item = icosian_core::expand::ItemIndex::new(expansion.to_owned(), 0);
            ItemError::new(item, expansion.to_owned(), ItemFailure::Run(abort).into_error())
        }
    }
}
