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

/// The number of times that a thread tries to lock the source before it returns. A source is usually locked for nanoseconds.
const SPINS: usize = 100;

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

/// The index of an item that has not run, and the item.
type PulledItem = (usize, Result<Cell, NodeError>);

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
        self.adapter.run_items(&Batch::new(&self, usize::MAX));
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
        self.adapter.run_items(&Batch::new(self, limit));
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

    /// Locks the source, for a thread that may wait.
    fn wait_for_source(&self) -> (MutexGuard<'_, SharedSource>, Contention) {
        match self.try_source() {
            Some(source) => (source, Contention::Free),
            None => (self.source.lock().unwrap_or_else(PoisonError::into_inner), Contention::Waited),
        }
    }

    fn try_source(&self) -> Option<MutexGuard<'_, SharedSource>> {
        match self.source.try_lock() {
            Ok(source) => Some(source),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Pulls up to `count` items.
    fn pull(&self, source: &mut SharedSource, count: usize, items: &mut VecDeque<PulledItem>) {
        while items.len() < count && !self.has_ended() {
            // If the source panics, no other thread may call it again.
            self.has_ended.store(true, Ordering::Relaxed);
            let Some(item) = source.items.next() else { break };
            self.has_ended.store(false, Ordering::Relaxed);
            items.push_back((source.next, item));
            source.next += 1;
        }
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

/// A limited number of items, which several threads run.
///
/// Under [`run_spawning`](ItemQueue::run_spawning) no thread waits for the source:
///
/// 1. A thread that finds the source locked adds 1 to `absent`, and tries to lock it once more.
/// 2. If that fails, the thread returns. The holder of the lock reads `absent` after it has released the source (step 4). If it
///    had read `absent` before step 1, its release would have come before step 1 too, by the order of the changes of `absent`,
///    and the thread would have found the source free.
/// 3. If the thread locks the source, it reads `absent` itself. If it finds 0, another thread has been spawned in its place.
/// 4. A thread that releases the source sets `absent` to 0, and spawns that number of threads.
struct Batch<'a> {
    items: &'a SyncItems,
    /// The number of items that may start.
    left: AtomicUsize,
    /// The number of threads that returned because the source was locked.
    ///
    /// `AcqRel` is enough: all accesses are read-modify-writes, so each one synchronizes with those before it.
    absent: AtomicUsize,
}

impl<'a> Batch<'a> {
    fn new(items: &'a SyncItems, limit: usize) -> Self {
        Self { items, left: AtomicUsize::new(limit), absent: AtomicUsize::new(0) }
    }

    /// Locks the source for a thread that must not wait. Returns `None` if the thread has to return.
    fn source_or_leave(&self, spawn: &dyn Fn()) -> Option<(MutexGuard<'_, SharedSource>, Contention)> {
        if let Some(source) = self.items.try_source() {
            return Some((source, Contention::Free));
        }
        for _ in 0..SPINS {
            std::hint::spin_loop();
            if let Some(source) = self.items.try_source() {
                return Some((source, Contention::Waited));
            }
        }
        self.absent.fetch_add(1, Ordering::AcqRel);
        let source = self.items.try_source()?;
        let absent = self.absent.swap(0, Ordering::AcqRel);
        if absent > 0 {
            self.absent.fetch_add(absent - 1, Ordering::AcqRel);
            return Some((source, Contention::Waited));
        }
        self.release(source, spawn);
        None
    }

    /// Releases the source, and replaces the threads that found it locked.
    fn release(&self, source: MutexGuard<'_, SharedSource>, spawn: &dyn Fn()) {
        drop(source);
        // While another thread pulls, the source seems to have ended. That thread replaces the absent ones.
        if !self.items.has_ended() {
            for _ in 0..self.absent.swap(0, Ordering::AcqRel) {
                spawn();
            }
        }
    }

    /// Runs items on this thread.
    fn run_items(&self, spawn: Option<&dyn Fn()>) {
        let queue = self.items;
        // Threads that wait for the source pull more items at a time. That happens only if items are short.
        let mut count = 1;
        let mut items = VecDeque::new();
        let mut results = Vec::new();
        while !queue.has_failed.load(Ordering::Relaxed) {
            if queue.run.context().is_cancelled() {
                queue.fail(ItemFailure::Run(RunAbort::cancelled(queue.run.context())));
                break;
            }
            if items.is_empty() {
                let locked = match spawn {
                    Some(spawn) => self.source_or_leave(spawn),
                    None => Some(queue.wait_for_source()),
                };
                let Some((mut source, contention)) = locked else { break };
                let claimed = claim(&self.left, count);
                queue.pull(&mut source, claimed, &mut items);
                self.left.fetch_add(claimed - items.len(), Ordering::Relaxed);
                match spawn {
                    Some(spawn) => self.release(source, spawn),
                    None => drop(source),
                }
                count = match contention {
                    Contention::Waited => (count * 2).min(MAX_PULL),
                    Contention::Free => (count - 1).max(1),
                };
            }
            let Some((index, item)) = items.pop_front() else { break };
            let result = queue.run.run_sync(&*queue.adapter, index, item, queue.label);
            match queue.run.end_item(index, result) {
                Ok(Some(result)) => results.push((index, result)),
                Ok(None) => {}
                Err(failure) => queue.fail(failure),
            }
        }
        queue.ended().results.append(&mut results);
    }
}

impl ItemQueue for Batch<'_> {
    fn run(&self) {
        self.run_items(None);
    }

    fn run_spawning(&self, spawn: &dyn Fn()) {
        self.run_items(Some(spawn));
    }

    fn concurrency(&self) -> Option<NonZeroUsize> {
        self.items.run.block.expansion.concurrency()
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
