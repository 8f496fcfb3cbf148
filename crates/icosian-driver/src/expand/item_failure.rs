use icosian_adapter::{AbortReason, InnerAbort, Program, RunAbort};
use icosian_core::NodeError;
use icosian_core::expand::{ItemError, ItemIndex};
use icosian_core::value::Cell;

/// The results of an item, one for each column.
#[derive(Debug)]
pub(crate) enum ColumnResults {
    /// Most blocks have one column, which needs no list.
    One(Cell),
    Several(Vec<Cell>),
}

/// The reason why an item has no result.
#[derive(Debug)]
pub(crate) enum ItemFailure {
    /// The source or a node of the item failed.
    Item(ItemError),
    /// The whole run has to end: it was cancelled, a hook failed, or the adapter did.
    Run(RunAbort),
}

impl ItemFailure {
    /// Converts an abort of the run of an item.
    pub(crate) fn new(program: &Program, item: ItemIndex, abort: RunAbort) -> Self {
        let plan = program.plan();
        let (node, location, error) = match abort.reason() {
            AbortReason::Node { step, .. } => {
                let outline = program.outline(*step);
                let AbortReason::Node { error, .. } = abort.into_reason() else {
                    unreachable!("it is a node")
                };
                (outline.shown_name(), outline.location(), error)
            }
            AbortReason::Drop { cell, message } => {
                let error = NodeError::failed(format!("a value panicked while it was dropped: {message}"));
                let node = plan.step(*cell).map(|step| program.outline(step).name().clone());
                (node.unwrap_or_else(|| item.expansion().clone()), None, error)
            }
            _ => return Self::Run(abort),
        };
        Self::Item(ItemError::new(item, node, error).with_location(location))
    }

    /// Returns the error of the node that runs the block.
    pub(crate) fn into_error(self) -> NodeError {
        match self {
            Self::Item(error) => NodeError::failed(error),
            Self::Run(abort) => NodeError::failed(InnerAbort::new(abort)),
        }
    }
}
