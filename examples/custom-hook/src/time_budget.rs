use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use icosian::prelude::*;
use icosian::{BoxError, RunEnd, RunId, RunInfo};

/// Fails an execution whose nodes together ran longer than a budget, and keeps the cost of each node.
///
/// A clone shares the costs, so the program can read them while the driver has the hook.
#[derive(Clone, Debug)]
pub struct TimeBudget {
    budget: Duration,
    state: Arc<Mutex<BudgetState>>,
}

#[derive(Debug, Default)]
struct BudgetState {
    /// The time that the nodes of each running execution have spent.
    spent: HashMap<RunId, Duration>,
    costs: HashMap<String, NodeCost>,
}

/// The cost of a node in all executions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NodeCost {
    /// The number of executions of the node.
    pub runs: u64,
    /// The time in the node's body.
    pub run_time: Duration,
    /// The time that the node waited after its inputs were ready.
    pub queue_time: Duration,
}

impl TimeBudget {
    /// Creates a hook with this budget for each execution.
    #[must_use]
    pub fn new(budget: Duration) -> Self {
        Self { budget, state: Arc::default() }
    }

    /// Returns the cost of a node.
    #[must_use]
    pub fn cost_of(&self, node: &str) -> NodeCost {
        self.with_state(|state| state.costs.get(node).copied().unwrap_or_default())
    }

    fn with_state<T>(&self, read: impl FnOnce(&mut BudgetState) -> T) -> T {
        read(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Hook for TimeBudget {
    fn name(&self) -> &'static str {
        "time-budget"
    }

    fn before_run(&self, run: &RunInfo<'_>) -> Result<(), BoxError> {
        self.with_state(|state| state.spent.insert(run.id(), Duration::ZERO));
        Ok(())
    }

    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let spent = self.with_state(|state| {
            let cost = state.costs.entry(node.outline().name().to_string()).or_default();
            cost.runs += 1;
            cost.run_time += end.time();
            cost.queue_time += node.queue_time();
            let spent = state.spent.entry(node.run()).or_default();
            *spent += end.time();
            *spent
        });
        if spent > self.budget {
            // The error aborts the execution, which reports the name of the hook.
            return Err(format!("the nodes ran {spent:?}, and the budget is {:?}", self.budget).into());
        }
        Ok(())
    }

    fn after_run(&self, run: &RunInfo<'_>, _: RunEnd) -> Result<(), BoxError> {
        self.with_state(|state| state.spent.remove(&run.id()));
        Ok(())
    }
}
