use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures::stream::{FuturesUnordered, StreamExt};
use icosian_adapter::AsyncGraphAdapter;
use icosian_core::NodeError;
use icosian_core::expand::{ItemError, ItemLabel, ItemSource};
use icosian_core::node::HeldArgs;

use crate::expand::block::{BlockProgram, BlockRun};
use crate::expand::gathered::{BlockResults, Gathered};
use crate::expand::item_failure::{ColumnResults, ItemFailure};

/// The number of items that run at the same time under an async driver, unless the expansion sets another one.
const CONCURRENCY: usize = 16;

/// The number of items after which other tasks of the runtime run.
const ITEMS_IN_A_ROW: usize = 64;

type ItemFuture = Pin<Box<dyn Future<Output = (usize, Result<ColumnResults, ItemFailure>)> + Send>>;

/// The index of an item that ended, and its results; `None` for an item that is skipped.
pub(crate) type PolledItem = (usize, Option<Result<ColumnResults, ItemError>>);

/// The items of a block under an async adapter. The task that polls them runs them.
pub(crate) struct AsyncItems {
    run: Arc<BlockRun>,
    adapter: Arc<dyn AsyncGraphAdapter>,
    label: Option<ItemLabel>,
    /// `None` when it has ended.
    source: Option<ItemSource>,
    next: usize,
    running: FuturesUnordered<ItemFuture>,
    /// The items that ended at their first poll.
    ended: VecDeque<(usize, Result<ColumnResults, ItemFailure>)>,
    concurrency: usize,
    in_a_row: usize,
}

impl AsyncItems {
    pub(crate) fn new(
        block: &Arc<BlockProgram>,
        adapter: Arc<dyn AsyncGraphAdapter>,
        args: &mut HeldArgs,
    ) -> Result<Self, NodeError> {
        let (source, label, run) = block.start(args)?;
        let concurrency = block.expansion.concurrency().map_or(CONCURRENCY, std::num::NonZeroUsize::get);
        Ok(Self {
            run: Arc::new(run),
            adapter,
            label,
            source: Some(source),
            next: 0,
            running: FuturesUnordered::new(),
            ended: VecDeque::new(),
            concurrency,
            in_a_row: 0,
        })
    }

    /// Runs all items and collects their results.
    pub(crate) async fn collect(mut self) -> Result<BlockResults, NodeError> {
        let mut gathered = Gathered::new(self.run.block.columns.len());
        while let Some(ended) = poll_fn(|context| self.poll_next(context, usize::MAX)).await {
            if let (index, Some(results)) = ended.map_err(ItemFailure::into_error)? {
                gathered.push(index, results);
            }
        }
        Ok(gathered.finish(&self.run.block.columns))
    }

    pub(crate) fn block(&self) -> &BlockProgram {
        &self.run.block
    }

    pub(crate) fn concurrency(&self) -> usize {
        self.concurrency
    }

    /// Polls the result of the next item that ends. Starts items below the index `end` only.
    pub(crate) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
        end: usize,
    ) -> Poll<Option<Result<PolledItem, ItemFailure>>> {
        if self.in_a_row >= ITEMS_IN_A_ROW {
            self.in_a_row = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.ended.is_empty() {
            self.start_items(context, end);
        }
        let ended = match self.ended.pop_front() {
            Some(ended) => Some(ended),
            None => ready!(self.running.poll_next_unpin(context)),
        };
        let Some((index, result)) = ended else {
            // Either there are no further items, or the source is pending and wakes the task.
            return if self.source.is_none() || self.next >= end { Poll::Ready(None) } else { Poll::Pending };
        };
        self.in_a_row += 1;
        Poll::Ready(Some(match self.run.end_item(index, result) {
            Ok(results) => Ok((index, results)),
            Err(failure) => {
                // The first failure cancels the other items.
                self.source = None;
                self.run.context().cancel();
                self.running.clear();
                self.ended.clear();
                Err(failure)
            }
        }))
    }

    /// Pulls items from the source until enough of them run.
    fn start_items(&mut self, context: &mut Context<'_>, end: usize) {
        while self.running.len() < self.concurrency && self.next < end {
            let item = match &mut self.source {
                None => return,
                Some(ItemSource::Iterator(items)) => items.next(),
                Some(ItemSource::Stream(items)) => match items.as_mut().poll_next(context) {
                    Poll::Ready(item) => item,
                    Poll::Pending => return,
                },
            };
            let Some(item) = item else {
                self.source = None;
                return;
            };
            let (run, adapter, label) = (Arc::clone(&self.run), Arc::clone(&self.adapter), self.label);
            let index = self.next;
            self.next += 1;
            let mut future: ItemFuture = Box::pin(async move {
                let result = run.run_async(&*adapter, index, item, label).await;
                (index, result)
            });
            // Items that are ready at once need no separate waker.
            match future.as_mut().poll(context) {
                Poll::Ready(ended) => {
                    self.ended.push_back(ended);
                    return;
                }
                Poll::Pending => self.running.push(future),
            }
        }
    }
}
