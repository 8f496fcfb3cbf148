use std::sync::Arc;

use icosian_core::expand::ItemError;
use icosian_core::run::{FailedSource, UpstreamError};
use icosian_core::value::{Cell, FailedOutput};
use icosian_core::{Name, NodeError};
use icosian_graph::{Plan, Step};

use crate::acceptance::{Acceptance, Severity};

/// The cells of a run that remain empty, because a node failed or was skipped.
///
/// A step that reads a lost cell is skipped, and its own cell is lost, unless its parameter accepts the failure. A failure can be
/// accepted if it is the error of a node or of an input. A hook's failure, for example, cannot.
#[derive(Debug, Default)]
pub(crate) struct LostCells {
    /// It is empty before the first failure.
    cells: Vec<Option<Loss>>,
    /// The failures that parameters may accept.
    failures: Vec<UpstreamError>,
    acceptance: Option<Arc<Acceptance>>,
}

/// The reason why the value of a cell is missing.
#[derive(Clone, Copy, Debug)]
struct Loss {
    /// The lost cell that the step of this cell reads, or this cell if its step failed.
    from: u32,
    /// The position of the failure in `failures`; `None` if no parameter can accept it.
    failure: Option<u32>,
}

/// The number of nodes of a path above which only its two ends are kept.
const MAX_PATH: usize = 100;

impl LostCells {
    /// Prepares for a run in which parameters accept failures as `acceptance` describes.
    pub(crate) fn reset(&mut self, acceptance: Option<&Arc<Acceptance>>) {
        self.cells.clear();
        self.failures.clear();
        self.acceptance = acceptance.cloned();
    }

    /// Returns whether the value of `cell` never arrives.
    pub(crate) fn contains(&self, cell: usize) -> bool {
        self.cells.get(cell).is_some_and(Option::is_some)
    }

    /// Returns the lost cells.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.cells.iter().enumerate().filter(|(_, loss)| loss.is_some()).map(|(cell, _)| cell)
    }

    /// Returns whether parameters of the run accept failures.
    pub(crate) fn accepts_failures(&self) -> bool {
        self.acceptance.is_some()
    }

    /// Returns the effect of a failure of the step or input of `cell`.
    pub(crate) fn severity(&self, cell: usize) -> Severity {
        self.acceptance.as_ref().map_or(Severity::Fatal, |acceptance| acceptance.severity(cell))
    }

    /// Returns the lost cell because of which `step` cannot run, if there is one.
    pub(crate) fn missing_source(&self, plan: &Plan, step: Step) -> Option<usize> {
        if self.cells.is_empty() {
            return None;
        }
        let ports = plan.ports(step).iter().enumerate();
        let mut missing = ports.filter(|(position, port)| {
            self.cells[port.cell as usize].is_some_and(|loss| !self.is_accepted(loss, plan, step, *position))
        });
        missing.next().map(|(_, port)| port.cell as usize)
    }

    fn is_accepted(&self, loss: Loss, plan: &Plan, step: Step, position: usize) -> bool {
        let acceptance = self.acceptance.as_ref().filter(|_| loss.failure.is_some());
        acceptance.is_some_and(|acceptance| acceptance.accepts(plan, step, position))
    }

    /// Loses the cell of a step or input that failed. `error` is the error that parameters may accept.
    ///
    /// Returns the value for these parameters.
    pub(crate) fn fail(&mut self, plan: &Plan, cell: usize, error: Option<NodeError>) -> Option<Cell> {
        let failure = error.map(|error| {
            self.failures.push(self.describe(plan, cell, error));
            self.failures.len() - 1
        });
        let failure = failure.and_then(|failure| u32::try_from(failure).ok());
        self.lose(plan, cell, Loss { from: u32::try_from(cell).unwrap_or(u32::MAX), failure })
    }

    /// Loses the cell of a step that is skipped, because the cell `from` that it reads is lost.
    ///
    /// Returns the value for the parameters that accept it.
    pub(crate) fn skip(&mut self, plan: &Plan, step: Step, from: usize) -> Option<Cell> {
        let failure = self.cells[from].and_then(|loss| loss.failure);
        let loss = Loss { from: u32::try_from(from).unwrap_or(u32::MAX), failure };
        self.lose(plan, step.position(), loss)
    }

    fn lose(&mut self, plan: &Plan, cell: usize, loss: Loss) -> Option<Cell> {
        self.cells.resize(plan.cells(), None);
        self.cells[cell] = Some(loss);
        let acceptance = self.acceptance.as_ref().filter(|acceptance| acceptance.is_accepted(cell))?;
        let failed = self.failures.get(loss.failure? as usize)?;
        let error = failed.clone().through(self.path(acceptance, plan, cell, failed));
        Some(Cell::new(FailedOutput::new(NodeError::Upstream(error))))
    }

    fn describe(&self, plan: &Plan, cell: usize, error: NodeError) -> UpstreamError {
        match (plan.step(cell), &self.acceptance) {
            (Some(step), Some(acceptance)) => {
                let outline = acceptance.outline(plan, step);
                if let Some(propagated) = find_propagated(&error) {
                    // Not nested, because a chain of such nodes would nest errors as deep as the graph.
                    let path = propagated.path().iter().chain([outline.name()]).cloned().collect();
                    return propagated.clone().through(shorten(path));
                }
                if let Some(item) = find_item_error(&error) {
                    let (node, location) = (item.node().clone(), item.location());
                    return UpstreamError::new(FailedSource::Item, node, error).with_location(location);
                }
                let failed = UpstreamError::new(FailedSource::Node, outline.shown_name(), error);
                failed.with_location(outline.location())
            }
            _ => UpstreamError::new(FailedSource::Input, input_name(plan, cell), error),
        }
    }

    /// Returns the names of the nodes from the node of `failed` to that of `cell`.
    fn path(&self, acceptance: &Acceptance, plan: &Plan, cell: usize, failed: &UpstreamError) -> Vec<Name> {
        let before = |cell: &usize| {
            let from = self.cells[*cell]?.from as usize;
            (from != *cell).then_some(from)
        };
        let mut cells: Vec<_> = std::iter::successors(Some(cell), before).take(MAX_PATH + 1).collect();
        if cells.len() > MAX_PATH {
            cells.truncate(1);
        }
        let name = |cell| match plan.step(cell).map(|step| acceptance.outline(plan, step)) {
            // A driver added the node to run a block.
            Some(outline) if outline.block_part().is_some() => None,
            Some(outline) => Some(outline.name().clone()),
            None => Some(input_name(plan, cell)),
        };
        let path: Vec<_> = cells.into_iter().rev().filter_map(name).collect();
        let mut before = failed.path();
        if before.last() == path.first() {
            before = &before[..before.len().saturating_sub(1)];
        }
        shorten(before.iter().cloned().chain(path).collect())
    }
}

/// Returns a path, or only its two ends if it is too long.
fn shorten(mut path: Vec<Name>) -> Vec<Name> {
    if path.len() > MAX_PATH {
        path.drain(1..path.len() - 1);
    }
    path
}

/// Returns the failure of another node that a node returned as its own error.
fn find_propagated(error: &NodeError) -> Option<&UpstreamError> {
    match error {
        NodeError::Failed(returned) => returned.downcast_ref(),
        NodeError::Upstream(upstream) => Some(upstream),
        _ => None,
    }
}

/// Returns the failure of an item in the chain of a node's error.
fn find_item_error(error: &NodeError) -> Option<&ItemError> {
    let NodeError::Failed(returned) = error else { return None };
    returned.find()
}

fn input_name(plan: &Plan, cell: usize) -> Name {
    plan.inputs()[cell - plan.steps().len()].name().clone()
}
