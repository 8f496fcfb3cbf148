use std::path::{Path, PathBuf};

use icosian_schema::run::{
    ErrorSummary, ItemEnded, NodeStatus, RunEnded, RunStarted, RunStatus, VERSION, ValueSummary,
};

use crate::RunLookupError;

/// The events of one run, joined by node.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RecordedRun {
    /// The identifier.
    pub id: String,
    /// The file that contains the run.
    pub path: PathBuf,
    /// The first event. Its fields have default values if the record has no such event.
    pub start: Box<RunStarted>,
    /// Set if the record contains the first event.
    pub has_start: bool,
    /// The last event. `None` if the process ended before the run.
    pub end: Option<RunEnded>,
    /// The executions of nodes, in the order of their first events.
    pub executions: Vec<NodeExecution>,
    /// The items that ended, in the order of the record.
    pub items: Vec<ItemEnded>,
    /// The time of the latest event, in microseconds since the start.
    pub last_event: u64,
}

impl RecordedRun {
    /// Returns the outcome.
    #[must_use]
    pub fn outcome(&self) -> RunOutcome {
        self.end.as_ref().map_or(RunOutcome::Unfinished, |end| end.outcome.into())
    }

    /// Returns the duration, in microseconds. For a run without an end: the time of its latest event.
    #[must_use]
    pub fn duration(&self) -> u64 {
        self.end.as_ref().map_or(self.last_event, |end| end.at)
    }

    /// Returns the failed executions, in the order in which they ended.
    #[must_use]
    pub fn failures(&self) -> Vec<&NodeExecution> {
        let failed = self.executions.iter().filter(|it| it.status == ExecutionStatus::Failed);
        let mut failed: Vec<_> = failed.collect();
        failed.sort_by_key(|it| it.ended_at);
        failed
    }

    /// Checks that this crate reads the version of the record.
    ///
    /// # Errors
    /// [`RunLookupError::Version`] for another version.
    pub fn check_version(&self) -> Result<(), RunLookupError> {
        if !self.has_start || self.start.version == VERSION {
            return Ok(());
        }
        let (run, path) = (self.id.clone(), self.path.clone());
        Err(RunLookupError::Version { run, path, version: self.start.version, expected: VERSION })
    }

    /// Returns the file's name, for lists.
    pub(crate) fn file_name(&self) -> &Path {
        self.path.file_name().map_or(&*self.path, Path::new)
    }
}

/// The outcome of a run in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunOutcome {
    /// All outputs were computed.
    Succeeded,
    /// A node, an input, a hook or the adapter failed.
    Failed,
    /// The run was cancelled or dropped.
    Cancelled,
    /// The record has no end: the process crashed, or the run is still running.
    Unfinished,
}

impl RunOutcome {
    /// Returns the word for lists and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Unfinished => "unfinished",
        }
    }
}

impl From<RunStatus> for RunOutcome {
    fn from(status: RunStatus) -> Self {
        match status {
            RunStatus::Succeeded => Self::Succeeded,
            RunStatus::Failed => Self::Failed,
            RunStatus::Cancelled => Self::Cancelled,
        }
    }
}

/// One execution of a node: its beginning and its end.
///
/// Times are microseconds since the start of the run. They are ordered, even if the times in the record are not:
/// `ready_at <= started_at <= ended_at`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NodeExecution {
    /// The name of the node.
    pub node: String,
    /// The items of expansions, outermost first.
    pub items: Vec<String>,
    /// The time at which the inputs were ready.
    pub ready_at: u64,
    /// The time at which the body began.
    pub started_at: u64,
    /// The time at which the node ended. For an unfinished node: the time of the latest event.
    pub ended_at: u64,
    /// The time from the inputs to the body.
    pub queue_time: u64,
    /// The time from the beginning of the body to its end.
    pub run_time: u64,
    /// The outcome.
    pub status: ExecutionStatus,
    /// The number of calls of the function.
    pub attempts: u64,
    /// The last error that `retry` or `fallback` replaced.
    pub recovered_from: Option<String>,
    /// The error of a failed node.
    pub error: Option<ErrorSummary>,
    /// The output of a node that succeeded.
    pub output: Option<ValueSummary>,
}

impl NodeExecution {
    /// Returns the name with the items, such as `score for url[3]`.
    #[must_use]
    pub fn label(&self) -> String {
        match self.items.last() {
            None => self.node.clone(),
            Some(_) => format!("{} for {}", self.node, self.items.join(", ")),
        }
    }
}

/// The outcome of an execution of a node in a record.
///
/// The order is the order of precedence for several executions: a node has the greatest outcome of its executions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExecutionStatus {
    /// The node did not run, because a node that it depends on failed.
    Skipped,
    /// The output was stored.
    Succeeded,
    /// The run ended while the node was running.
    Cancelled,
    /// The record contains only the beginning.
    Unfinished,
    /// The node returned an error, panicked or timed out.
    Failed,
}

impl ExecutionStatus {
    /// All outcomes, most severe first.
    pub const ALL: [Self; 5] =
        [Self::Failed, Self::Unfinished, Self::Cancelled, Self::Skipped, Self::Succeeded];

    /// Returns the word for tables and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Skipped => "skipped",
            Self::Cancelled => "cancelled",
            Self::Unfinished => "unfinished",
            Self::Failed => "failed",
        }
    }
}

impl From<NodeStatus> for ExecutionStatus {
    fn from(status: NodeStatus) -> Self {
        match status {
            NodeStatus::Succeeded => Self::Succeeded,
            NodeStatus::Failed => Self::Failed,
            NodeStatus::Cancelled => Self::Cancelled,
            NodeStatus::Skipped => Self::Skipped,
        }
    }
}
