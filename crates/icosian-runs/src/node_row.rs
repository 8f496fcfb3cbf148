use icosian_schema::graph::NodeDescription;

use crate::recorded_run::{ExecutionStatus, NodeExecution};

/// A node of a run, with all its executions.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NodeRow<'a> {
    /// The name of the node.
    pub name: &'a str,
    /// The executions, in the order of their first events. A node outside of expansions has one.
    pub executions: Vec<&'a NodeExecution>,
    /// The outcome with the highest precedence among the executions.
    pub status: ExecutionStatus,
    /// The time at which the inputs of the first execution were ready.
    pub ready_at: u64,
    /// The time at which the first body began.
    pub started_at: u64,
    /// The time at which the last execution ended.
    pub ended_at: u64,
    /// The sum of the times in a queue.
    pub queue_time: u64,
    /// The sum of the run times.
    pub run_time: u64,
    /// The largest number of attempts of an execution.
    pub attempts: u64,
    /// The statistics of the items, if the node runs once for each item of an expansion.
    pub items: Option<ItemStatistics>,
    /// Set if the duration of the run depends on the node.
    pub is_critical: bool,
    /// The description of the node in the graph.
    pub description: Option<&'a NodeDescription>,
}

impl<'a> NodeRow<'a> {
    pub(crate) fn new(executions: Vec<&'a NodeExecution>, description: Option<&'a NodeDescription>) -> Self {
        let sum = |time: fn(&NodeExecution) -> u64| {
            executions.iter().fold(0_u64, |sum, execution| sum.saturating_add(time(execution)))
        };
        let earliest =
            |time: fn(&NodeExecution) -> u64| executions.iter().map(|it| time(it)).min().unwrap_or_default();
        let has_items = executions.iter().any(|it| !it.items.is_empty());
        Self {
            name: executions.first().map_or("", |it| &it.node),
            status: executions.iter().map(|it| it.status).max().unwrap_or(ExecutionStatus::Skipped),
            ready_at: earliest(|it| it.ready_at),
            started_at: earliest(|it| it.started_at),
            ended_at: executions.iter().map(|it| it.ended_at).max().unwrap_or_default(),
            queue_time: sum(|it| it.queue_time),
            run_time: sum(|it| it.run_time),
            attempts: executions.iter().map(|it| it.attempts).max().unwrap_or_default(),
            items: has_items.then(|| ItemStatistics::new(&executions)),
            is_critical: false,
            description,
            executions,
        }
    }

    /// Returns the number of executions with this outcome.
    #[must_use]
    pub fn count(&self, status: ExecutionStatus) -> usize {
        self.executions.iter().filter(|it| it.status == status).count()
    }

    /// Returns the error of the first execution that failed.
    #[must_use]
    pub fn first_failure(&self) -> Option<&'a NodeExecution> {
        let failed = self.executions.iter().filter(|it| it.status == ExecutionStatus::Failed);
        failed.min_by_key(|it| it.ended_at).copied()
    }
}

/// The run times of a node that runs once for each item of an expansion, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ItemStatistics {
    /// The number of executions.
    pub count: usize,
    /// The number of failed executions.
    pub failed: usize,
    /// The number of executions that were skipped, because the item had already failed.
    pub skipped: usize,
    /// The sum of the run times.
    pub total: u64,
    /// The median of the run times. Skipped executions do not count.
    pub median: u64,
    /// The longest run time.
    pub max: u64,
}

impl ItemStatistics {
    fn new(executions: &[&NodeExecution]) -> Self {
        let count = |status| executions.iter().filter(|it| it.status == status).count();
        let ran = executions.iter().filter(|it| it.status != ExecutionStatus::Skipped);
        let mut times: Vec<u64> = ran.map(|it| it.run_time).collect();
        times.sort_unstable();
        Self {
            count: executions.len(),
            failed: count(ExecutionStatus::Failed),
            skipped: count(ExecutionStatus::Skipped),
            total: times.iter().fold(0, |sum, time| sum.saturating_add(*time)),
            median: times.get(times.len() / 2).copied().unwrap_or_default(),
            max: times.last().copied().unwrap_or_default(),
        }
    }
}
