use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use icosian_adapter::{AsyncGraphAdapter, AsyncRun, GraphAdapter, Hooks, Program, Run, RunAbort, Values};
use icosian_core::expand::{Expansion, ItemError, ItemIndex, ItemLabel, ItemSource, OnError};
use icosian_core::node::HeldArgs;
use icosian_core::value::{Cell, Erased};
use icosian_core::{Name, NodeError, Output, RunContext};
use icosian_diagnostics::Location;

use crate::driver_run::DriverRun;
use crate::expand::gathered::Column;
use crate::expand::item_failure::{ColumnResults, ItemFailure};
use crate::run_failure;

/// The adapter that runs the items of a driver.
#[derive(Clone)]
pub(crate) enum ItemAdapter {
    Sync(Arc<dyn GraphAdapter>),
    Async(Arc<dyn AsyncGraphAdapter>),
}

/// The nodes that run once for each item of an expansion, planned for the results that a request needs.
pub(crate) struct BlockProgram {
    /// The expanding node.
    pub(crate) name: Name,
    pub(crate) location: Option<Location>,
    pub(crate) expansion: Expansion,
    pub(crate) program: Arc<Program>,
    /// The cell of the item, if a node of the block reads it.
    pub(crate) item: Option<usize>,
    /// For each collected result, the description of its value if no node of the block returns it: an item, or an override.
    pub(crate) given: Vec<Option<Output>>,
    /// The cells of the values that all items share, with the runner's parameter that provides each.
    pub(crate) shared: Vec<(usize, usize)>,
    pub(crate) columns: Vec<Column>,
    pub(crate) adapter: ItemAdapter,
    pub(crate) hooks: Hooks,
}

/// The parameter of a runner that provides the items.
pub(crate) const ITEMS: usize = 0;
/// The parameter of a runner that provides the run's context.
pub(crate) const CONTEXT: usize = 1;
/// The first parameter of a runner that provides a shared value.
pub(crate) const SHARED: usize = 2;

/// A run of a block, with the values that its items share.
pub(crate) struct BlockRun {
    pub(crate) block: Arc<BlockProgram>,
    context: RunContext,
    shared: Vec<(usize, Arc<dyn Erased>)>,
    /// The items of the enclosing expansions.
    outer: Arc<[ItemIndex]>,
}

impl BlockProgram {
    /// Starts the block: returns the source of the items, and the shared values.
    pub(crate) fn start(
        self: &Arc<Self>,
        args: &mut HeldArgs,
    ) -> Result<(ItemSource, Option<ItemLabel>, BlockRun), NodeError> {
        let items = self.expansion.items(args.take_cell(ITEMS));
        let items = items.ok_or_else(|| {
            let reason = "the list of items is shared and not `Clone`, or a layer replaced it by a value of another type";
            NodeError::failed(reason)
        })?;
        let (source, label) = items.into_source();
        let context = args.args().take::<RunContext>(CONTEXT);
        let shared = self.shared.iter().filter_map(|(cell, position)| Some((*cell, args.share(*position)?)));
        let shared = shared.collect();
        let outer = context.items().into();
        Ok((source, label, BlockRun { block: Arc::clone(self), context: context.child(), shared, outer }))
    }
}

impl BlockRun {
    /// Returns the context of the block. It is cancelled when an item fails.
    pub(crate) fn context(&self) -> &RunContext {
        &self.context
    }

    /// Fills the cells of an item's run.
    fn fill(&self, run: &mut Values<'_>, index: usize, item: Cell) {
        let block = &*self.block;
        if let Some(cell) = block.item {
            run.fill_cell(cell, item);
        }
        for (cell, value) in &self.shared {
            run.fill_cell(*cell, Cell::shared(Arc::clone(value)));
        }
        if !block.hooks.is_empty() || block.program.reads_context() {
            let items = self.path(index);
            run.set_context(self.context.child().with_items(Arc::clone(&items)));
            run.observe_item(&block.hooks, items);
        }
    }

    /// Returns the item, behind the items of the enclosing expansions.
    fn path(&self, index: usize) -> Arc<[ItemIndex]> {
        let item = ItemIndex::new(self.block.name.clone(), index);
        self.outer.iter().cloned().chain([item]).collect()
    }

    /// Takes the results out of the run of an item, and ends it.
    fn finish<'p, R: DriverRun<'p>>(
        &self,
        mut run: R,
        ran: Result<(), RunAbort>,
        index: usize,
        label: Option<ItemLabel>,
    ) -> Result<ColumnResults, ItemFailure> {
        let program = &*self.block.program;
        if let Err(aborts) = run.values().conclude(ran) {
            let label = label.and_then(|label| self.describe(run.values(), label));
            run_failure::drop_failed(run);
            let item = ItemIndex::new(self.block.name.clone(), index);
            let item = label.map_or(item.clone(), |label| item.with_label(label));
            // A run without the policy `CollectAll` has one failure. A hook may have failed after it.
            let abort = aborts.into_iter().next().expect("a failed run has a reason");
            return Err(ItemFailure::new(program, item, abort));
        }
        let results = catch_unwind(AssertUnwindSafe(|| {
            let values = run.values();
            let given = &self.block.given;
            let mut take = |position: usize| values.take_cell(position, given[position].as_ref());
            match given.len() {
                1 => take(0).map(ColumnResults::One),
                columns => (0..columns).map(take).collect::<Option<_>>().map(ColumnResults::Several),
            }
        }));
        let error = match results {
            Ok(Some(results)) => {
                run.end();
                return Ok(results);
            }
            Ok(None) if self.block.given.iter().any(Option::is_some) => {
                NodeError::failed("all items share a value that is collected, and its type is not `Clone`")
            }
            Ok(None) => NodeError::failed("a result is still read by a job that the adapter has not ended"),
            Err(payload) => NodeError::panicked(&*payload),
        };
        run_failure::drop_failed(run);
        let item = ItemIndex::new(self.block.name.clone(), index);
        Err(ItemFailure::Item(ItemError::new(item, self.block.name.clone(), error)))
    }

    /// Describes the item of a failed run, if no node has consumed it.
    fn describe(&self, run: &Values<'_>, label: ItemLabel) -> Option<String> {
        let item = run.value(self.block.item?)?;
        catch_unwind(AssertUnwindSafe(|| label(item))).ok().flatten()
    }

    /// Returns the failure of an item whose source failed.
    fn source_failure(&self, index: usize, error: NodeError) -> ItemFailure {
        let item = ItemIndex::new(self.block.name.clone(), index);
        ItemFailure::Item(
            ItemError::new(item, self.block.name.clone(), error).with_location(self.block.location),
        )
    }

    /// Runs an item on this thread.
    pub(crate) fn run_sync(
        &self,
        adapter: &dyn GraphAdapter,
        index: usize,
        item: Result<Cell, NodeError>,
        label: Option<ItemLabel>,
    ) -> Result<ColumnResults, ItemFailure> {
        let item = item.map_err(|error| self.source_failure(index, error))?;
        let mut run = Run::new(&self.block.program);
        self.fill(run.values_mut(), index, item);
        let ran = adapter.run_item(&mut run);
        self.finish(run, ran, index, label)
    }

    /// Runs an item.
    pub(crate) async fn run_async(
        &self,
        adapter: &dyn AsyncGraphAdapter,
        index: usize,
        item: Result<Cell, NodeError>,
        label: Option<ItemLabel>,
    ) -> Result<ColumnResults, ItemFailure> {
        let item = item.map_err(|error| self.source_failure(index, error))?;
        let mut run = AsyncRun::new(&self.block.program);
        self.fill(run.values_mut(), index, item);
        let ran = adapter.run_item(&mut run).await;
        self.finish(run, ran, index, label)
    }

    /// Reports the end of an item to the hooks. The result is the failure of a hook, or the failure of the item if it ends the run.
    pub(crate) fn end_item(
        &self,
        index: usize,
        result: Result<ColumnResults, ItemFailure>,
    ) -> Result<Option<Result<ColumnResults, ItemError>>, ItemFailure> {
        let result = match result {
            Ok(results) => Ok(results),
            Err(ItemFailure::Item(error)) => Err(error),
            Err(failure) => return Err(failure),
        };
        if !self.block.hooks.is_empty() {
            let error = result.as_ref().err();
            let called = self.block.hooks.after_item(self.context.id(), &self.path(index), error);
            called.map_err(ItemFailure::Run)?;
        }
        match (result, self.block.expansion.on_error()) {
            (Ok(results), _) => Ok(Some(Ok(results))),
            (Err(error), OnError::Fail) => Err(ItemFailure::Item(error)),
            (Err(error), OnError::Collect) => Ok(Some(Err(error))),
            (Err(_), OnError::Skip) => Ok(None),
        }
    }
}

impl fmt::Debug for BlockProgram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlockProgram({}, {:?})", self.name, self.program)
    }
}
