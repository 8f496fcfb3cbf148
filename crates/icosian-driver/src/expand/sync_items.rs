use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use icosian_adapter::{GraphAdapter, ItemQueue, RunAbort};
use icosian_core::NodeError;
use icosian_core::expand::{ItemError, ItemLabel, ItemSource};
use icosian_core::node::HeldArgs;
use icosian_core::value::Cell;

use crate::expand::block::{BlockProgram, BlockRun};
use crate::expand::gathered::{BlockResults, Gathered};
use crate::expand::item_failure::{ColumnResults, ItemFailure};

/// The maximum number of items that a thread pulls at a time.
const MAX_PULL: usize = 16;

/// The items of a block under a sync adapter. Several threads may run items.
pub(crate) struct SyncItems {
    run: BlockRun,
    adapter: Arc<dyn GraphAdapter>,
    label: Option<ItemLabel>,
    source: Mutex<SharedSource>,
    /// Set when the source has no further items.
    has_ended: AtomicBool,
    /// Set when no further item may start.
    has_failed: AtomicBool,
    ended: Mutex<EndedItems>,
}

struct SharedSource {
    items: Box<dyn Iterator<Item = Result<Cell, NodeError>> + Send>,
    next: usize,
}

/// The index of an item that ended, and its results.
type EndedItem = (usize, Result<ColumnResults, ItemError>);

/// The items that have ended, and the failure that ends the run.
#[derive(Default)]
struct EndedItems {
    results: Vec<EndedItem>,
    failure: Option<ItemFailure>,
}

impl SyncItems {
    pub(crate) fn new(
        block: &Arc<BlockProgram>,
        adapter: Arc<dyn GraphAdapter>,
        args: &mut HeldArgs,
    ) -> Result<Self, NodeError> {
        let (source, label, run) = block.start(args)?;
        let ItemSource::Iterator(items) = source else {
            return Err(NodeError::failed("it returns a stream, which only an async driver can poll"));
        };
        Ok(Self {
            run,
            adapter,
            label,
            source: Mutex::new(SharedSource { items, next: 0 }),
            has_ended: AtomicBool::new(false),
            has_failed: AtomicBool::new(false),
            ended: Mutex::default(),
        })
    }

    /// Runs all items and collects their results.
    pub(crate) fn collect(self) -> Result<BlockResults, NodeError> {
        self.adapter.run_items(&self);
        let ended = std::mem::take(&mut *self.ended());
        if let Some(failure) = ended.failure {
            return Err(failure.into_error());
        }
        let columns = &self.run.block.columns;
        let mut gathered = Gathered::new(columns.len());
        for (index, results) in ended.results {
            gathered.push(index, results);
        }
        Ok(gathered.finish(columns))
    }

    /// Runs up to `limit` items, and returns their results in the order of completion.
    pub(crate) fn run_some(&self, limit: usize) -> Result<Vec<EndedItem>, ItemFailure> {
        self.adapter.run_items(&Batch { items: self, left: AtomicUsize::new(limit) });
        let mut ended = self.ended();
        match ended.failure.take() {
            Some(failure) => Err(failure),
            None => Ok(std::mem::take(&mut ended.results)),
        }
    }

    /// Returns whether no further item starts.
    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::Relaxed)
    }

    pub(crate) fn block(&self) -> &BlockProgram {
        &self.run.block
    }

    fn ended(&self) -> MutexGuard<'_, EndedItems> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Pulls up to `count` items.
    fn pull(&self, count: usize, items: &mut VecDeque<(usize, Result<Cell, NodeError>)>) -> Contention {
        let (mut source, contention) = match self.source.try_lock() {
            Ok(source) => (source, Contention::Free),
            Err(TryLockError::Poisoned(poisoned)) => (poisoned.into_inner(), Contention::Free),
            Err(TryLockError::WouldBlock) => {
                (self.source.lock().unwrap_or_else(PoisonError::into_inner), Contention::Waited)
            }
        };
        while items.len() < count && !self.has_ended() {
            // If the source panics, no other thread may call it again.
            self.has_ended.store(true, Ordering::Relaxed);
            let Some(item) = source.items.next() else { break };
            self.has_ended.store(false, Ordering::Relaxed);
            items.push_back((source.next, item));
            source.next += 1;
        }
        contention
    }

    /// Runs items on this thread; each counts as one of `left`.
    fn run_up_to(&self, left: &AtomicUsize) {
        // Threads that wait for the source pull more items at a time. That happens only if items are short.
        let mut count = 1;
        let mut items = VecDeque::new();
        let mut results = Vec::new();
        while !self.has_failed.load(Ordering::Relaxed) {
            if self.run.context().is_cancelled() {
                self.fail(ItemFailure::Run(RunAbort::cancelled(self.run.context())));
                break;
            }
            if items.is_empty() {
                let claimed = claim(left, count);
                let contention = self.pull(claimed, &mut items);
                left.fetch_add(claimed - items.len(), Ordering::Relaxed);
                count = match contention {
                    Contention::Waited => (count * 2).min(MAX_PULL),
                    Contention::Free => (count - 1).max(1),
                };
            }
            let Some((index, item)) = items.pop_front() else { break };
            let result = self.run.run_sync(&*self.adapter, index, item, self.label);
            match self.run.end_item(index, result) {
                Ok(Some(result)) => results.push((index, result)),
                Ok(None) => {}
                Err(failure) => self.fail(failure),
            }
        }
        self.ended().results.append(&mut results);
    }

    fn fail(&self, failure: ItemFailure) {
        let mut ended = self.ended();
        if ended.failure.is_none() {
            ended.failure = Some(failure);
        }
        drop(ended);
        self.has_ended.store(true, Ordering::Relaxed);
        self.has_failed.store(true, Ordering::Relaxed);
        self.run.context().cancel();
    }
}

impl ItemQueue for SyncItems {
    fn run(&self) {
        self.run_up_to(&AtomicUsize::new(usize::MAX));
    }

    fn concurrency(&self) -> Option<NonZeroUsize> {
        self.run.block.expansion.concurrency()
    }
}

/// A limited number of items.
struct Batch<'a> {
    items: &'a SyncItems,
    left: AtomicUsize,
}

impl ItemQueue for Batch<'_> {
    fn run(&self) {
        self.items.run_up_to(&self.left);
    }

    fn concurrency(&self) -> Option<NonZeroUsize> {
        self.items.concurrency()
    }
}

/// The state of a lock that a thread requested.
enum Contention {
    Free,
    Waited,
}

/// Subtracts up to `count` from `left`, and returns the difference.
fn claim(left: &AtomicUsize, count: usize) -> usize {
    let claim = |left: usize| Some(left - count.min(left));
    let before = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, claim);
    count.min(before.unwrap_or_else(|left| left))
}
