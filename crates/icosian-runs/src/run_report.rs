use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use icosian_schema::graph::NodeDescription;

use crate::critical_path::critical_path;
use crate::node_row::NodeRow;
use crate::recorded_run::{ExecutionStatus, NodeExecution, RecordedRun, RunOutcome};

/// A run, and the values that are computed from its events.
///
/// Cost: linear in the events and edges, apart from sorting.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RunReport<'a> {
    /// The run.
    pub run: &'a RecordedRun,
    /// The outcome of the run.
    pub outcome: RunOutcome,
    /// The duration, in microseconds. For a run without an end: the time of its latest event.
    pub duration: u64,
    /// The latest time of the record, at least 1: the end of a timeline.
    pub span: u64,
    /// A row for each node with an event, in the order in which the nodes were ready.
    pub rows: Vec<NodeRow<'a>>,
    /// The executions on which the duration depends, first to last.
    pub critical_path: Vec<&'a NodeExecution>,
    /// The failed executions, in the order in which they ended.
    pub failures: Vec<&'a NodeExecution>,
    /// The sum of the run times of all executions, in microseconds.
    pub run_time: u64,
}

impl<'a> RunReport<'a> {
    /// Computes the report of a run.
    #[must_use]
    pub fn new(run: &'a RecordedRun) -> Self {
        let graph = &run.start.graph;
        let descriptions: HashMap<&str, &NodeDescription> =
            graph.nodes.iter().map(|node| (node.name.as_str(), node)).collect();
        let path = critical_path(graph, &run.executions, run.outcome());
        let critical_path: Vec<&NodeExecution> = path.into_iter().map(|at| &run.executions[at]).collect();
        let mut rows: Vec<NodeRow<'a>> = group_by_node(&run.executions)
            .into_iter()
            .map(|executions| {
                let description = descriptions.get(executions[0].node.as_str()).copied();
                NodeRow::new(executions, description)
            })
            .collect();
        let critical: HashSet<&str> = critical_path.iter().map(|it| it.node.as_str()).collect();
        for row in &mut rows {
            row.is_critical = critical.contains(row.name);
        }
        rows.sort_by_key(|row| (row.ready_at, row.started_at));
        let last = run.executions.iter().map(|it| it.ended_at).max().unwrap_or_default();
        let duration = run.duration();
        Self {
            run,
            outcome: run.outcome(),
            duration,
            span: duration.max(last).max(run.last_event).max(1),
            critical_path,
            failures: run.failures(),
            run_time: rows.iter().fold(0, |sum, row| sum.saturating_add(row.run_time)),
            rows,
        }
    }

    /// Returns the average number of nodes that ran at the same time.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the ratio is shown with one digit")]
    pub fn parallelism(&self) -> f64 {
        self.run_time as f64 / self.duration.max(1) as f64
    }

    /// Returns the time of the critical path, in microseconds: queue times and run times.
    #[must_use]
    pub fn critical_time(&self) -> u64 {
        let time = |it: &&NodeExecution| it.run_time.saturating_add(it.queue_time);
        self.critical_path.iter().map(time).fold(0, u64::saturating_add)
    }

    /// Returns the rows with the longest run times, longest first.
    #[must_use]
    pub fn slowest(&self, count: usize) -> Vec<&NodeRow<'a>> {
        let mut rows: Vec<_> = self.rows.iter().filter(|row| row.run_time > 0).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.run_time));
        rows.truncate(count);
        rows
    }

    /// Returns the number of nodes with this outcome.
    #[must_use]
    pub fn count(&self, status: ExecutionStatus) -> usize {
        self.rows.iter().filter(|row| row.status == status).count()
    }

    /// Returns the `limit` most relevant rows, in the order of [`rows`](Self::rows).
    ///
    /// Failed and unfinished nodes are the most relevant, then the nodes of the critical path, then the slowest nodes.
    #[must_use]
    pub fn relevant_rows(&self, limit: usize) -> Vec<&NodeRow<'a>> {
        let rank = |row: &NodeRow<'_>| match row.status {
            ExecutionStatus::Failed => 0,
            ExecutionStatus::Unfinished => 1,
            _ if row.is_critical => 2,
            _ => 3,
        };
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|at| {
            let row = &self.rows[*at];
            (rank(row), std::cmp::Reverse(row.run_time.saturating_add(row.queue_time)))
        });
        order.truncate(limit);
        order.sort_unstable();
        order.into_iter().map(|at| &self.rows[at]).collect()
    }

    /// Returns the last outputs of the nodes that the caller requested, with their names. An output that was not computed is `None`.
    #[must_use]
    pub fn outputs(&self) -> Vec<(&'a str, Option<&'a NodeExecution>)> {
        let last = |name: &str| self.run.executions.iter().rfind(|it| it.node == name && it.output.is_some());
        self.run.start.outputs.iter().map(|name| (name.as_str(), last(name))).collect()
    }
}

/// Returns the executions of each node, in the order of the first execution.
fn group_by_node(executions: &[NodeExecution]) -> Vec<Vec<&NodeExecution>> {
    let mut groups: Vec<Vec<&NodeExecution>> = Vec::new();
    let mut positions = HashMap::new();
    for execution in executions {
        match positions.entry(execution.node.as_str()) {
            Entry::Vacant(entry) => {
                entry.insert(groups.len());
                groups.push(vec![execution]);
            }
            Entry::Occupied(entry) => groups[*entry.get()].push(execution),
        }
    }
    groups
}
