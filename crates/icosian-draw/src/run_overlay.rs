use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write as _;

use icosian_schema::run::{NodeEnded, NodeStatus, RunEvent, RunStatus};

/// The status and the times of the nodes in a run.
///
/// # Examples
/// ```
/// use icosian_draw::{GraphPicture, RunOverlay};
/// use icosian_schema::graph::{GraphDescription, NodeDescription};
/// use icosian_schema::run::{NodeEnded, RunEvent};
///
/// let graph = GraphDescription { nodes: vec![NodeDescription::new("rates")], edges: vec![] };
/// let ended = NodeEnded { node: "rates".to_owned(), run_time: 12_300, ..NodeEnded::default() };
/// let events = [RunEvent::NodeEnded(Box::new(ended))];
/// let picture = GraphPicture::new(graph).with_run(RunOverlay::from_events(&events));
/// assert!(picture.to_svg().contains("12.3 ms"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunOverlay {
    run: Option<String>,
    outcome: Option<RunStatus>,
    duration: Option<u64>,
    nodes: HashMap<String, NodeOverlay>,
}

/// The status and the times of a node in a run. Inside a block, they are sums over the items.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct NodeOverlay {
    pub(crate) started: u64,
    pub(crate) succeeded: u64,
    pub(crate) failed: u64,
    pub(crate) cancelled: u64,
    pub(crate) skipped: u64,
    pub(crate) has_items: bool,
    /// The times in microseconds.
    pub(crate) run_time: u64,
    pub(crate) queue_time: u64,
    pub(crate) attempts: u64,
    pub(crate) error: Option<String>,
}

/// The status of a node, or the worst status of its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OverlayStatus {
    Succeeded,
    Skipped,
    /// The record contains the start, but not the end.
    Running,
    Cancelled,
    Failed,
}

impl RunOverlay {
    /// Reads the events of the run that started last.
    #[must_use]
    pub fn from_events<'a>(events: impl IntoIterator<Item = &'a RunEvent>) -> Self {
        let mut overlay = Self::default();
        for event in events {
            if let RunEvent::RunStarted(event) = event {
                overlay = Self { run: Some(event.run.clone()), ..Self::default() };
            }
            overlay.read(event);
        }
        overlay
    }

    /// Reads the events of one run.
    #[must_use]
    pub fn of_run<'a>(run: &str, events: impl IntoIterator<Item = &'a RunEvent>) -> Self {
        let mut overlay = Self { run: Some(run.to_owned()), ..Self::default() };
        for event in events {
            overlay.read(event);
        }
        overlay
    }

    fn read(&mut self, event: &RunEvent) {
        if self.run.as_deref().is_some_and(|run| event.run() != Some(run)) {
            return;
        }
        match event {
            RunEvent::NodeStarted(event) => {
                let node = self.node_mut(&event.node);
                node.started += 1;
                node.has_items |= !event.items.is_empty();
            }
            RunEvent::NodeEnded(event) => self.node_mut(&event.node).end(event),
            RunEvent::RunEnded(event) => {
                self.outcome = Some(event.outcome);
                self.duration = Some(event.at);
            }
            RunEvent::RunStarted(_) | RunEvent::ItemEnded(_) | RunEvent::Unknown => {}
        }
    }

    fn node_mut(&mut self, name: &str) -> &mut NodeOverlay {
        match self.nodes.entry(name.to_owned()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(NodeOverlay::default()),
        }
    }

    pub(crate) fn node(&self, name: &str) -> Option<&NodeOverlay> {
        self.nodes.get(name)
    }

    /// Returns the longest time of a node, for bars.
    pub(crate) fn longest(&self) -> u64 {
        self.nodes.values().map(|it| it.run_time).max().unwrap_or_default()
    }

    /// Returns a line about the run, for the title.
    pub(crate) fn summary(&self) -> String {
        let outcome = self.outcome.map(|outcome| match outcome {
            RunStatus::Succeeded => "succeeded",
            RunStatus::Failed => "failed",
            RunStatus::Cancelled => "cancelled",
        });
        let run = self.run.as_ref().map(|run| format!("run {run}"));
        let parts = [run, outcome.map(str::to_owned), self.duration.map(duration)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

impl NodeOverlay {
    fn end(&mut self, event: &NodeEnded) {
        match event.outcome {
            NodeStatus::Succeeded => self.succeeded += 1,
            NodeStatus::Failed => self.failed += 1,
            NodeStatus::Cancelled => self.cancelled += 1,
            NodeStatus::Skipped => self.skipped += 1,
        }
        self.has_items |= !event.items.is_empty();
        self.run_time += event.run_time;
        self.queue_time += event.queue_time;
        self.attempts = self.attempts.max(event.attempts);
        if self.error.is_none() {
            self.error = event.error.as_ref().map(|error| error.message.clone());
        }
    }

    fn ended(&self) -> u64 {
        self.succeeded + self.failed + self.cancelled + self.skipped
    }

    pub(crate) fn status(&self) -> OverlayStatus {
        if self.failed > 0 {
            OverlayStatus::Failed
        } else if self.cancelled > 0 {
            OverlayStatus::Cancelled
        } else if self.started > self.ended() {
            OverlayStatus::Running
        } else if self.succeeded == 0 && self.skipped > 0 {
            OverlayStatus::Skipped
        } else {
            OverlayStatus::Succeeded
        }
    }

    /// Returns the line below the name of the node.
    pub(crate) fn text(&self) -> String {
        let status = self.status();
        let mut text = match status {
            OverlayStatus::Succeeded if !self.has_items => String::new(),
            _ if !self.has_items => status.word().to_owned(),
            OverlayStatus::Succeeded => format!("{} items", self.ended()),
            OverlayStatus::Failed => format!("{} of {} failed", self.failed, self.ended()),
            OverlayStatus::Cancelled => format!("{} of {} cancelled", self.cancelled, self.ended()),
            OverlayStatus::Skipped => format!("{} skipped", self.skipped),
            OverlayStatus::Running => format!("{} running", self.started - self.ended()),
        };
        if self.run_time > 0 || status == OverlayStatus::Succeeded {
            if !text.is_empty() {
                text.push_str(" · ");
            }
            text.push_str(&duration(self.run_time));
        }
        if self.attempts > 1 {
            let _ = write!(text, " · {} attempts", self.attempts);
        }
        text
    }
}

impl OverlayStatus {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Skipped => "skipped",
            Self::Running => "running",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }

    pub(crate) fn symbol(self) -> char {
        match self {
            Self::Succeeded => '✓',
            Self::Skipped => '–',
            Self::Running => '…',
            Self::Cancelled => '⊘',
            Self::Failed => '✗',
        }
    }
}

/// Formats a number of microseconds with three digits.
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub(crate) fn duration(microseconds: u64) -> String {
    let value = microseconds as f64;
    let (value, unit) = match microseconds {
        0..1_000 => return format!("{microseconds} µs"),
        1_000..1_000_000 => (value / 1e3, "ms"),
        1_000_000..120_000_000 => (value / 1e6, "s"),
        120_000_000..7_200_000_000 => (value / 6e7, "min"),
        _ => (value / 3.6e9, "h"),
    };
    let digits = if value < 9.995 { 2 } else { usize::from(value < 99.95) };
    let text = format!("{value:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text} {unit}")
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_have_three_digits() {
        let values = [0, 999, 1_000, 12_340, 999_000, 1_500_000, 125_000_000, 7_200_000_000];
        let texts = values.map(duration);
        assert_eq!(texts, ["0 µs", "999 µs", "1 ms", "12.3 ms", "999 ms", "1.5 s", "2.08 min", "2 h"]);
    }
}
