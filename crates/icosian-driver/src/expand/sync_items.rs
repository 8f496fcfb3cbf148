use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use icosian_adapter::{GraphAdapter, ItemQueue, RunAbort};
use icosian_core::NodeError;
use icosian_core::expand::{ItemError, ItemLabel, ItemSource};
use icosian_core::node::HeldArgs;
use icosian_core::value::Cell;

use crate::expand::block::{Block, BlockRun};
use crate::expand::gathered::{BlockResults, Gathered};
use crate::expand::item_failure::ItemFailure;

/// The items of a block under a sync adapter. Several threads may run items.
pub(crate) struct SyncItems {
    run: BlockRun,
    adapter: Arc<dyn GraphAdapter>,
    label: Option<ItemLabel>,
    source: Mutex<Source>,
    /// Set when no further item may start.
    has_ended: AtomicBool,
    ended: Mutex<Ended>,
}

struct Source {
    items: Box<dyn Iterator<Item = Result<Cell, NodeError>> + Send>,
    next: usize,
}

/// The items that have ended, and the failure that ends the run.
#[derive(Default)]
struct Ended {
    results: Vec<(usize, Result<Vec<Cell>, ItemError>)>,
    failure: Option<ItemFailure>,
}

impl SyncItems {
    pub(crate) fn new(
        block: &Arc<Block>,
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
            source: Mutex::new(Source { items, next: 0 }),
            has_ended: AtomicBool::new(false),
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
    pub(crate) fn run_some(
        &self,
        limit: usize,
    ) -> Result<Vec<(usize, Result<Vec<Cell>, ItemError>)>, ItemFailure> {
        let left = Mutex::new(limit);
        self.adapter.run_items(&Batch { items: self, left });
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

    pub(crate) fn block(&self) -> &Block {
        &self.run.block
    }

    fn ended(&self) -> MutexGuard<'_, Ended> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_item(&self) -> Option<(usize, Result<Cell, NodeError>)> {
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        if self.has_ended.load(Ordering::Relaxed) {
            return None;
        }
        // If the source panics, no other thread may call it again.
        self.has_ended.store(true, Ordering::Relaxed);
        let item = source.items.next()?;
        self.has_ended.store(false, Ordering::Relaxed);
        source.next += 1;
        Some((source.next - 1, item))
    }

    fn fail(&self, failure: ItemFailure) {
        self.has_ended.store(true, Ordering::Relaxed);
        self.run.context().cancel();
        self.ended().failure.get_or_insert(failure);
    }
}

impl ItemQueue for SyncItems {
    fn run_next(&self) -> bool {
        if self.run.context().is_cancelled() {
            if !self.has_ended.load(Ordering::Relaxed) {
                self.fail(ItemFailure::Run(RunAbort::cancelled(self.run.context())));
            }
            return false;
        }
        let Some((index, item)) = self.next_item() else { return false };
        let result = self.run.run_sync(&*self.adapter, index, item, self.label);
        match self.run.end_item(index, result) {
            Ok(Some(results)) => self.ended().results.push((index, results)),
            Ok(None) => {}
            Err(failure) => {
                self.fail(failure);
                return false;
            }
        }
        true
    }

    fn concurrency(&self) -> Option<NonZeroUsize> {
        self.run.block.expansion.concurrency()
    }
}

/// A limited number of items.
struct Batch<'a> {
    items: &'a SyncItems,
    left: Mutex<usize>,
}

impl ItemQueue for Batch<'_> {
    fn run_next(&self) -> bool {
        {
            let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
            match left.checked_sub(1) {
                Some(rest) => *left = rest,
                None => return false,
            }
        }
        self.items.run_next()
    }

    fn concurrency(&self) -> Option<NonZeroUsize> {
        self.items.concurrency()
    }
}
