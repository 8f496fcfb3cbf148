use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use icosian_diagnostics::escape_controls;
use icosian_schema::run::{NodeEnded, NodeStarted, RunEvent, RunStarted, VERSION};

use crate::RunLookupError;
use crate::recorded_run::{ExecutionStatus, NodeExecution, RecordedRun};

/// A file of records.
///
/// # Examples
/// If a line is not an event, the other lines are still read:
/// ```
/// use icosian_runs::RecordFile;
///
/// let text = b"{\"event\":\"run_ended\",\"run\":\"7f3a\",\"at\":5,\"outcome\":\"failed\"}\n{\"event\":\"run_st";
/// let file = RecordFile::parse("runs.jsonl", text);
/// assert_eq!((file.runs.len(), file.faults.len(), file.faults[0].line), (1, 1, 2));
/// assert!(file.faults[0].is_truncated);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RecordFile {
    /// The path.
    pub path: PathBuf,
    /// The runs, in the order of their first events.
    pub runs: Vec<RecordedRun>,
    /// The lines that are not events.
    pub faults: Vec<LineFault>,
}

/// A line of a record file that is not an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LineFault {
    /// The path of the file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The error of the parser.
    pub message: String,
    /// Set for an incomplete last line: the process ended while it wrote the line.
    pub is_truncated: bool,
}

impl fmt::Display for LineFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, message, is_truncated } = self;
        let path = path.display().to_string();
        let path = escape_controls(&path);
        if *is_truncated {
            write!(f, "{path}:{line}: the last line is incomplete")
        } else {
            write!(f, "{path}:{line}: the line is not an event: {}", escape_controls(message))
        }
    }
}

impl RecordFile {
    /// Reads a file.
    ///
    /// # Errors
    /// [`RunLookupError::Unreadable`] if the system cannot read the file. Invalid lines are [`faults`](Self::faults).
    pub fn read(path: &Path) -> Result<Self, RunLookupError> {
        let text = std::fs::read(path);
        let text = text.map_err(|source| RunLookupError::Unreadable { path: path.to_owned(), source })?;
        Ok(Self::parse(path, &text))
    }

    /// Parses the content of a file. `path` is only stored.
    #[must_use]
    pub fn parse(path: impl Into<PathBuf>, text: &[u8]) -> Self {
        let mut reader =
            RecordReader { file: Self { path: path.into(), ..Self::default() }, ..RecordReader::default() };
        let mut lines = text.split(|byte| *byte == b'\n').enumerate().peekable();
        while let Some((index, line)) = lines.next() {
            let line = line.trim_ascii();
            if line.is_empty() {
                continue;
            }
            match parse_event(line) {
                Ok(event) => reader.add(event),
                Err(message) => {
                    // Without a line break at its end, the last line is followed by no other piece.
                    let is_truncated = lines.peek().is_none();
                    let path = reader.file.path.clone();
                    reader.file.faults.push(LineFault { path, line: index + 1, message, is_truncated });
                }
            }
        }
        reader.finish()
    }
}

fn parse_event(line: &[u8]) -> Result<RunEvent, String> {
    match serde_json::from_slice(line) {
        Ok(event) => Ok(event),
        Err(error) => other_version(line).ok_or_else(|| error.to_string()),
    }
}

/// Returns the start of a run whose format has another version, if the line is one.
fn other_version(line: &[u8]) -> Option<RunEvent> {
    let value: serde_json::Value = serde_json::from_slice(line).ok()?;
    let version = u32::try_from(value.get("version")?.as_u64()?).ok()?;
    if value.get("event")? != "run_started" || version == VERSION {
        return None;
    }
    let text = |key: &str| value.get(key).and_then(|it| it.as_str()).unwrap_or_default().to_owned();
    let started_at = value.get("started_at").and_then(serde_json::Value::as_u64).unwrap_or_default();
    let start =
        RunStarted { version, run: text("run"), name: text("name"), started_at, ..RunStarted::default() };
    Some(RunEvent::RunStarted(Box::new(start)))
}

/// The runs of a file while its lines are read.
#[derive(Default)]
struct RecordReader {
    file: RecordFile,
    /// The newest run with each identifier.
    current: HashMap<String, usize>,
    /// The executions without an end: run, node, items.
    open: HashMap<(usize, String, Vec<String>), usize>,
}

impl RecordReader {
    fn add(&mut self, event: RunEvent) {
        match event {
            RunEvent::RunStarted(start) => {
                let at = self.new_run(start.run.clone());
                let run = &mut self.file.runs[at];
                (run.start, run.has_start) = (start, true);
            }
            RunEvent::NodeStarted(event) => self.start_node(event),
            RunEvent::NodeEnded(event) => self.end_node(*event),
            RunEvent::ItemEnded(event) => {
                let at = self.run_at(&event.run, event.at);
                self.file.runs[at].items.push(event);
            }
            RunEvent::RunEnded(event) => {
                let at = self.run_at(&event.run, event.at);
                self.file.runs[at].end = Some(event);
            }
            RunEvent::Unknown => {}
        }
    }

    fn new_run(&mut self, id: String) -> usize {
        let at = self.file.runs.len();
        let path = self.file.path.clone();
        self.file.runs.push(RecordedRun { id: id.clone(), path, ..RecordedRun::default() });
        self.current.insert(id, at);
        at
    }

    /// Returns the run to which an event belongs, and stores the event's time.
    fn run_at(&mut self, id: &str, time: u64) -> usize {
        let at = match self.current.get(id) {
            Some(at) => *at,
            None => self.new_run(id.to_owned()),
        };
        let run = &mut self.file.runs[at];
        run.last_event = run.last_event.max(time);
        at
    }

    fn start_node(&mut self, event: NodeStarted) {
        let at = self.run_at(&event.run, event.at);
        let executions = &mut self.file.runs[at].executions;
        self.open.insert((at, event.node.clone(), event.items.clone()), executions.len());
        executions.push(NodeExecution {
            node: event.node,
            items: event.items,
            ready_at: event.at.saturating_sub(event.queue_time),
            started_at: event.at,
            ended_at: event.at,
            queue_time: event.queue_time,
            run_time: 0,
            status: ExecutionStatus::Unfinished,
            attempts: 0,
            recovered_from: None,
            error: None,
            output: None,
        });
    }

    fn end_node(&mut self, event: NodeEnded) {
        let at = self.run_at(&event.run, event.at);
        let executions = &mut self.file.runs[at].executions;
        let open = self.open.remove(&(at, event.node.clone(), event.items.clone()));
        let started_at =
            open.map_or(event.at.saturating_sub(event.run_time), |open| executions[open].started_at);
        let ended = NodeExecution {
            node: event.node,
            items: event.items,
            ready_at: started_at.saturating_sub(event.queue_time),
            started_at,
            ended_at: event.at.max(started_at),
            queue_time: event.queue_time,
            run_time: event.run_time,
            status: event.outcome.into(),
            attempts: event.attempts,
            recovered_from: event.recovered_from,
            error: event.error,
            output: event.output,
        };
        match open {
            Some(open) => executions[open] = ended,
            None => executions.push(ended),
        }
    }

    /// Ends the executions that the record does not end.
    fn finish(mut self) -> RecordFile {
        for run in &mut self.file.runs {
            let last = run.last_event;
            for execution in run.executions.iter_mut().filter(|it| it.status == ExecutionStatus::Unfinished) {
                execution.ended_at = last.max(execution.started_at);
                execution.run_time = execution.ended_at - execution.started_at;
            }
        }
        self.file
    }
}
