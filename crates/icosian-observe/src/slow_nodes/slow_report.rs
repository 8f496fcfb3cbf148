use std::time::Duration;

use icosian_core::run::RunId;
use icosian_diagnostics::Location;

/// A report about a slow node.
#[derive(Clone, Debug)]
pub struct SlowReport {
    pub(crate) stage: SlowStage,
    pub(crate) run: RunId,
    pub(crate) node: String,
    pub(crate) time: Duration,
    pub(crate) threshold: Duration,
    pub(crate) location: Option<Location>,
}

/// The stage of a slow node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlowStage {
    /// The node is still running.
    Running,
    /// The node has ended.
    Ended,
}

impl SlowReport {
    /// Returns whether the node is still running.
    #[must_use]
    pub fn stage(&self) -> SlowStage {
        self.stage
    }

    /// Returns the number of the execution.
    #[must_use]
    pub fn run(&self) -> RunId {
        self.run
    }

    /// Returns the name of the node with its items, as in `url[3].score`.
    #[must_use]
    pub fn node(&self) -> &str {
        &self.node
    }

    /// Returns the time that the node has run.
    #[must_use]
    pub fn time(&self) -> Duration {
        self.time
    }

    /// Returns the threshold that the time exceeds.
    #[must_use]
    pub fn threshold(&self) -> Duration {
        self.threshold
    }

    /// Returns the location of the node's function.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.location
    }
}
