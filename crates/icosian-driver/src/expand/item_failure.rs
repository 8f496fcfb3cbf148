use std::error::Error;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use icosian_adapter::{AbortReason, Program, RunAbort};
use icosian_core::expand::{ItemError, ItemIndex};
use icosian_core::node::BlockPart;
use icosian_core::value::Cell;
use icosian_core::{Name, NodeError};

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
                if let Some(inner) = InnerAbort::take(&error) {
                    return Self::Run(inner);
                }
                (shown_name(outline.name(), outline.block_part()), outline.location(), error)
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
            Self::Run(abort) => NodeError::failed(InnerAbort(Mutex::new(Some(abort)))),
        }
    }
}

/// Returns the name of a node for errors: the runner of a block has that of the expanding node.
///
/// `lower` appends a suffix in brackets to the names of the nodes that it adds. A user's name may contain brackets, too.
pub(crate) fn shown_name(name: &Name, part: Option<BlockPart>) -> Name {
    match part {
        None => name.clone(),
        Some(_) => Name::from(name.rsplit_once('[').map_or(name.as_str(), |(name, _)| name).to_owned()),
    }
}

/// The abort of an item's run that ends the whole run, as the error of the node that runs the block.
pub(crate) struct InnerAbort(Mutex<Option<RunAbort>>);

impl InnerAbort {
    /// Takes the abort out of the error of a node, also if a node that streams results returned it as the source of its error.
    pub(crate) fn take(error: &NodeError) -> Option<RunAbort> {
        let NodeError::Failed(error) = error else { return None };
        let mut chain =
            std::iter::successors(Some(&**error as &(dyn Error + 'static)), |&error| error.source());
        let abort = chain.find_map(|error| error.downcast_ref::<Self>())?;
        abort.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Display for InnerAbort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the run of an item was aborted")
    }
}

impl fmt::Debug for InnerAbort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InnerAbort")
    }
}

impl Error for InnerAbort {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_suffix_is_removed() {
        let shown = |name: &'static str, part| shown_name(&Name::new(name), part).to_string();
        assert_eq!(shown("url[]", Some(BlockPart::Runner)), "url");
        assert_eq!(shown("cell[0][..?]", Some(BlockPart::Results)), "cell[0]");
        assert_eq!(shown("cell[0]", None), "cell[0]");
    }
}
