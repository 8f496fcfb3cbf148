//! Run records: the events of executions, with one JSON object per line.
//!
//! A record file contains the events of one or more runs, in the order in which they happened. Each line is a [`RunEvent`]. A reader
//! ignores unknown fields and unknown kinds of events, so it can read the records of newer writers of the same [`VERSION`].
//!
//! Times of a run are microseconds since its start, on one monotonic clock.

use std::collections::BTreeMap;

use crate::graph::{GraphDescription, SourceLocation};

/// The version of the format. It changes when a reader of the earlier version would misread a record.
pub const VERSION: u32 = 1;

/// An event of a run.
///
/// # Examples
/// ```
/// use icosian_schema::run::{NodeStarted, RunEvent};
///
/// let event = RunEvent::NodeStarted(NodeStarted { run: "7f3a-1".to_owned(), node: "rates".to_owned(), ..NodeStarted::default() });
/// assert_eq!(event.run(), Some("7f3a-1"));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "event", rename_all = "snake_case")
)]
pub enum RunEvent {
    /// A run began.
    RunStarted(Box<RunStarted>),
    /// A node began.
    NodeStarted(NodeStarted),
    /// A node ended, or was skipped.
    NodeEnded(Box<NodeEnded>),
    /// An item of an expansion ended.
    ItemEnded(ItemEnded),
    /// A run ended.
    RunEnded(RunEnded),
    /// An event of a kind that this version does not know.
    #[cfg_attr(feature = "serde", serde(other))]
    Unknown,
}

impl RunEvent {
    /// Returns the identifier of the run. An unknown event has none.
    #[must_use]
    pub fn run(&self) -> Option<&str> {
        match self {
            Self::RunStarted(event) => Some(&event.run),
            Self::NodeStarted(event) => Some(&event.run),
            Self::NodeEnded(event) => Some(&event.run),
            Self::ItemEnded(event) => Some(&event.run),
            Self::RunEnded(event) => Some(&event.run),
            Self::Unknown => None,
        }
    }
}

/// The beginning of a run.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct RunStarted {
    /// The version of the format: [`VERSION`].
    pub version: u32,
    /// The identifier of the run, unique in its folder.
    pub run: String,
    /// The name of the driver or the dataflows, for lists.
    pub name: String,
    /// The start, in microseconds since 1970-01-01T00:00:00Z.
    pub started_at: u64,
    /// The process that ran.
    pub process_id: u32,
    /// The name of the adapter.
    pub adapter: String,
    /// The requested outputs.
    pub outputs: Vec<String>,
    /// The values that the caller passed, by name.
    pub inputs: BTreeMap<String, ValueSummary>,
    /// The graph of the driver. The run executes the part that its outputs need.
    pub graph: GraphDescription,
}

/// The beginning of a node.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct NodeStarted {
    /// The identifier of the run.
    pub run: String,
    /// The name of the node.
    pub node: String,
    /// The items of expansions for which the node runs, outermost first, such as `url[3]`.
    pub items: Vec<String>,
    /// The time at which the node's body began.
    pub at: u64,
    /// The time that the node waited after its inputs were ready, in microseconds.
    pub queue_time: u64,
}

/// The end of a node.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct NodeEnded {
    /// The identifier of the run.
    pub run: String,
    /// The name of the node.
    pub node: String,
    /// The items of expansions for which the node ran, outermost first, such as `url[3]`.
    pub items: Vec<String>,
    /// The time at which the node ended.
    pub at: u64,
    /// The time that the node waited after its inputs were ready, in microseconds.
    pub queue_time: u64,
    /// The time from the beginning of the body to its end, in microseconds.
    pub run_time: u64,
    /// The outcome.
    pub outcome: NodeStatus,
    /// The number of calls of the function: 0 for a skipped node, more than 1 after retries.
    pub attempts: u64,
    /// The last error that `retry` or `fallback` replaced.
    pub recovered_from: Option<String>,
    /// The error of a failed node.
    pub error: Option<ErrorSummary>,
    /// The output of a node that succeeded.
    pub output: Option<ValueSummary>,
}

/// The outcome of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum NodeStatus {
    /// Its output was stored.
    #[default]
    Succeeded,
    /// It returned an error, panicked or timed out.
    Failed,
    /// The run ended while it was running.
    Cancelled,
    /// It did not run, because a node that it depends on failed.
    Skipped,
}

/// The end of an item of an expansion.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct ItemEnded {
    /// The identifier of the run.
    pub run: String,
    /// The items, outermost first, such as `url[3]`.
    pub items: Vec<String>,
    /// The time at which the item ended.
    pub at: u64,
    /// The error of a failed item.
    pub error: Option<ErrorSummary>,
}

/// The end of a run.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct RunEnded {
    /// The identifier of the run.
    pub run: String,
    /// The time at which the run ended.
    pub at: u64,
    /// The outcome.
    pub outcome: RunStatus,
    /// The number of events that the record does not contain, because the run produced them faster than they were written.
    pub lost_events: u64,
}

/// The outcome of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum RunStatus {
    /// All outputs were computed.
    #[default]
    Succeeded,
    /// A node, an input, a hook or the adapter failed.
    Failed,
    /// It was cancelled or dropped.
    Cancelled,
}

/// A summary of a value.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct ValueSummary {
    /// The type, such as `Vec<f64>`.
    pub value_type: String,
    /// The value as JSON text, shortened to the limit of the recorder. `None` if the type cannot be serialized.
    pub value: Option<String>,
    /// The length of a text, list or map.
    pub length: Option<u64>,
}

/// An error with its causes.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct ErrorSummary {
    /// The message.
    pub message: String,
    /// The code, such as `ICO1101`.
    pub code: Option<String>,
    /// The messages of the causes, outermost first.
    pub causes: Vec<String>,
    /// The help.
    pub help: Option<String>,
    /// The location of the function.
    pub location: Option<SourceLocation>,
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;

    #[test]
    fn events_survive_json() {
        let events = [
            RunEvent::RunStarted(Box::new(RunStarted { version: VERSION, ..RunStarted::default() })),
            RunEvent::NodeStarted(NodeStarted { items: vec!["url[3]".to_owned()], ..NodeStarted::default() }),
            RunEvent::NodeEnded(Box::new(NodeEnded { outcome: NodeStatus::Skipped, ..NodeEnded::default() })),
            RunEvent::ItemEnded(ItemEnded { error: Some(ErrorSummary::default()), ..ItemEnded::default() }),
            RunEvent::RunEnded(RunEnded { outcome: RunStatus::Cancelled, ..RunEnded::default() }),
        ];
        for event in events {
            let text = serde_json::to_string(&event).expect("the event contains only text and numbers");
            assert_eq!(serde_json::from_str::<RunEvent>(&text).expect("it was just written"), event);
        }
    }

    #[test]
    fn unknown_events_are_read() {
        let text = r#"{"event":"node_paused","run":"1","node":"a"}"#;
        assert_eq!(
            serde_json::from_str::<RunEvent>(text).expect("the kind may be unknown"),
            RunEvent::Unknown
        );
    }

    #[test]
    fn format_is_stable() {
        let event = RunEvent::NodeStarted(NodeStarted {
            run: "7f3a-1".to_owned(),
            node: "rates".to_owned(),
            at: 12,
            ..NodeStarted::default()
        });
        let text = serde_json::to_string(&event).expect("the event contains only text and numbers");
        assert_eq!(
            text,
            r#"{"event":"node_started","run":"7f3a-1","node":"rates","items":[],"at":12,"queue_time":0}"#
        );
    }
}
