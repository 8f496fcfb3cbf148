use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use icosian_adapter::{Hook, ItemEnd, NodeEnd, NodeInfo, NodeOutcome, RunEnd, RunInfo, RunInput};
use icosian_core::BoxError;
use icosian_core::expand::ItemIndex;
use icosian_core::run::RunId;
use icosian_schema::run::{
    ItemEnded, NodeEnded, NodeStarted, NodeStatus, RunEnded, RunEvent, RunStarted, RunStatus, VERSION,
    ValueSummary,
};

use self::described_graphs::{DescribedGraph, DescribedGraphs};
use self::error_summary::{summarize_error, summarize_item_error};
use self::record_folder::RecordFolder;
use self::record_writer::RecordWriter;
use self::redaction::Redaction;
use self::value_capture::Capture;
use self::value_summary::{summarize_input, summarize_value};

pub use self::record_writer::RecordError;
pub use self::value_capture::ValueCapture;

mod described_graphs;
mod error_summary;
mod limited_json;
mod record_folder;
mod record_writer;
mod redaction;
mod value_capture;
mod value_length;
mod value_summary;

/// Records each execution in a file of a folder.
///
/// A record is a file of JSON lines in the format of [`icosian_schema::run`]. It contains the graph, and the start and end of each node
/// with its times, outcome, attempts and errors. `cargo icosian runs` lists and shows the records of a folder.
///
/// The hook adds events to a queue, and a thread of the recorder writes them, so an execution never waits for the disk. If the process
/// crashes, the events that are still in the queue are lost. When the recorder is dropped, it writes the rest of the queue.
///
/// # Secrets
///
/// By default, a record contains the types and lengths of values, but not the values. [`with_values`](Self::with_values) adds the values.
/// The recorder then writes `<redacted>` instead of secrets. Secrets are values and fields with names such as `password` or `token`, and
/// the outputs of nodes with the tag `sensitive`, also before decorators such as `check_output` and `extract_fields`. It does not recognize a secret that a node copies to another name. It always records the
/// messages of errors without changes.
///
/// # Errors
///
/// An I/O error never fails an execution. The recorder logs the first error as a `tracing` warning, and [`errors`](Self::errors) returns
/// the errors. If the queue is full, the recorder drops events of nodes and items, and reports an error.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::{Driver, inputs};
/// use icosian_observe::RunRecorder;
/// use std::sync::Arc;
///
/// let folder = tempfile::tempdir()?;
/// let recorder = Arc::new(RunRecorder::new(folder.path()).with_name("billing"));
///
/// let one = Node::sync(Outline::new("one").with_output_type::<u64>(), |_| Ok(1_u64));
/// let builder = Driver::builder().with_dataflow(Dataflow::new("flow").with_node(one));
/// let driver = builder.with_hook(Arc::clone(&recorder)).build()?;
/// driver.execute_named(["one"], inputs! {})?;
///
/// recorder.flush();
/// assert!(recorder.errors().is_empty());
/// assert_eq!(std::fs::read_dir(folder.path())?.count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RunRecorder {
    name: Option<String>,
    values: ValueCapture,
    redaction: Redaction,
    max_value_length: usize,
    max_items: usize,
    writer: RecordWriter,
    graphs: DescribedGraphs,
    /// The running executions.
    recordings: Mutex<HashMap<RunId, Arc<Recording>>>,
}

/// An execution that is being recorded.
struct Recording {
    id: String,
    started: Instant,
    graph: Arc<DescribedGraph>,
    /// The number of events that the writer did not accept.
    lost_events: AtomicU64,
}

impl Recording {
    /// Returns the microseconds since the start.
    fn elapsed(&self) -> u64 {
        micros(self.started.elapsed())
    }
}

impl RunRecorder {
    /// Creates a recorder that writes to a folder. The first record creates the folder.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            name: None,
            values: ValueCapture::default(),
            redaction: Redaction::default(),
            max_value_length: 1024,
            max_items: 1000,
            writer: RecordWriter::new(RecordFolder::new(folder.into())),
            graphs: DescribedGraphs::default(),
            recordings: Mutex::default(),
        }
    }

    /// Creates a recorder for the default folder, which `cargo icosian runs` reads too.
    ///
    /// It is the folder in the environment variable `ICOSIAN_RUNS`. Without the variable, it is `target/icosian/runs` in the workspace of
    /// the working directory.
    #[must_use]
    pub fn for_workspace() -> Self {
        Self::new(RecordFolder::default_path())
    }

    /// Sets the name of the records in lists. The default is the names of the dataflows.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets which values are recorded. The default is [`ValueCapture::TypesOnly`].
    #[must_use]
    pub fn with_values(mut self, values: ValueCapture) -> Self {
        self.values = values;
        self
    }

    /// Redacts the values of nodes, inputs and fields whose names contain `part`.
    ///
    /// Upper and lower case are equal. These parts are always redacted: `password`, `passwd`, `secret`, `token`, `api_key`,
    /// `authorization`, `credential` and `private_key`, also with other separators, as in `api-key` and `privateKey`.
    #[must_use]
    pub fn with_redacted_name(mut self, part: impl Into<String>) -> Self {
        self.redaction.add_name(&part.into());
        self
    }

    /// Redacts the outputs of nodes with this tag. Nodes with the tag `sensitive` are always redacted.
    #[must_use]
    pub fn with_redacted_tag(mut self, key: impl Into<String>) -> Self {
        self.redaction.add_tag(key.into());
        self
    }

    /// Sets the length in bytes after which the text of a value is cut. The default is 1,024.
    #[must_use]
    pub fn with_max_value_length(mut self, bytes: usize) -> Self {
        self.max_value_length = bytes;
        self
    }

    /// Sets the number of items of an expansion that are recorded in full. For later items, only failures are recorded. The default is
    /// 1,000.
    #[must_use]
    pub fn with_max_items(mut self, items: usize) -> Self {
        self.max_items = items;
        self
    }

    /// Sets the number of records that the folder keeps; older ones are deleted. Other files are not. The default is 200.
    #[must_use]
    pub fn with_max_records(mut self, records: usize) -> Self {
        self.writer.set_max_records(records);
        self
    }

    /// Returns the folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.writer.folder()
    }

    /// Waits until the recorder has written all events so far.
    pub fn flush(&self) {
        self.writer.flush();
    }

    /// Returns the errors so far. At most 16 are kept.
    #[must_use]
    pub fn errors(&self) -> Vec<RecordError> {
        self.writer.errors()
    }

    /// Returns whether the events of an item are recorded although nothing failed.
    fn records_items(&self, items: &[ItemIndex]) -> bool {
        items.iter().all(|item| item.index() < self.max_items)
    }

    fn summarize_input(&self, graph: &DescribedGraph, input: &RunInput<'_>) -> (String, ValueSummary) {
        let name = input.name().as_str();
        let is_redacted = self.redaction.covers(name);
        let capture = if is_redacted { Capture::Redacted } else { self.values.of(name) };
        let value_type = graph.type_of(name).to_owned();
        let summary = summarize_input(value_type, input, capture, self.max_value_length, &self.redaction);
        (name.to_owned(), summary)
    }

    fn recordings(&self) -> MutexGuard<'_, HashMap<RunId, Arc<Recording>>> {
        self.recordings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the recording of an execution. It has none if the queue was full.
    fn recording(&self, run: RunId) -> Option<Arc<Recording>> {
        self.recordings().get(&run).cloned()
    }

    /// Adds an event to a recording, or counts it as lost.
    fn push(&self, recording: &Recording, event: RunEvent) {
        if !self.writer.push(event) {
            recording.lost_events.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Hook for RunRecorder {
    fn name(&self) -> &'static str {
        "RunRecorder"
    }

    fn before_run(&self, run: &RunInfo<'_>) -> Result<(), BoxError> {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let process_id = std::process::id();
        // The names sort by time. Runs of one process have different numbers.
        let id = format!("{:011x}-{process_id:x}-{}", since_epoch.as_millis(), run.id().number());
        let graph = self.graphs.describe(run.shared_graph(), &self.redaction);
        let started = RunStarted {
            version: VERSION,
            run: id.clone(),
            name: self.name.clone().unwrap_or_else(|| graph.name().to_owned()),
            started_at: micros(since_epoch),
            process_id,
            adapter: run.adapter().to_owned(),
            outputs: run.outputs().iter().map(ToString::to_string).collect(),
            inputs: run.inputs().map(|input| self.summarize_input(&graph, &input)).collect(),
            ..RunStarted::default()
        };
        if self.writer.start(started, Arc::clone(&graph)) {
            let (started, lost_events) = (Instant::now(), AtomicU64::new(0));
            let recording = Recording { id, started, graph, lost_events };
            self.recordings().insert(run.id(), Arc::new(recording));
        }
        Ok(())
    }

    fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
        if self.records_items(node.items())
            && let Some(recording) = self.recording(node.run())
        {
            self.push(
                &recording,
                RunEvent::NodeStarted(NodeStarted {
                    run: recording.id.clone(),
                    node: node.outline().name().to_string(),
                    items: item_names(node.items()),
                    at: recording.elapsed(),
                    queue_time: micros(node.queue_time()),
                }),
            );
        }
        Ok(())
    }

    fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        if !self.records_items(node.items()) && !matches!(end.outcome(), NodeOutcome::Failed(_)) {
            return Ok(());
        }
        let Some(recording) = self.recording(node.run()) else { return Ok(()) };
        let outline = node.outline();
        let (outcome, error) = match end.outcome() {
            NodeOutcome::Succeeded => (NodeStatus::Succeeded, None),
            NodeOutcome::Failed(error) => (NodeStatus::Failed, Some(summarize_error(outline, error))),
            NodeOutcome::Cancelled => (NodeStatus::Cancelled, None),
            NodeOutcome::Skipped => (NodeStatus::Skipped, None),
        };
        let output = matches!(outcome, NodeStatus::Succeeded).then(|| {
            let is_redacted = recording.graph.redacts(outline.name()) || self.redaction.covers_node(outline);
            let capture = if is_redacted { Capture::Redacted } else { self.values.of(outline.name()) };
            summarize_value(
                outline.output(),
                end.erased_output(),
                capture,
                self.max_value_length,
                &self.redaction,
            )
        });
        self.push(
            &recording,
            RunEvent::NodeEnded(Box::new(NodeEnded {
                run: recording.id.clone(),
                node: outline.name().to_string(),
                items: item_names(node.items()),
                at: recording.elapsed(),
                queue_time: micros(node.queue_time()),
                run_time: micros(end.time()),
                outcome,
                attempts: end.attempts() as u64,
                recovered_from: end.recovered_from().map(ToString::to_string),
                error,
                output,
            })),
        );
        Ok(())
    }

    fn after_item(&self, item: &ItemEnd<'_>) -> Result<(), BoxError> {
        if (self.records_items(item.items()) || item.error().is_some())
            && let Some(recording) = self.recording(item.run())
        {
            self.push(
                &recording,
                RunEvent::ItemEnded(ItemEnded {
                    run: recording.id.clone(),
                    items: item_names(item.items()),
                    at: recording.elapsed(),
                    error: item.error().map(summarize_item_error),
                }),
            );
        }
        Ok(())
    }

    fn after_run(&self, run: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        let recording = self.recordings().remove(&run.id());
        if let Some(recording) = recording {
            let outcome = match end {
                RunEnd::Succeeded => RunStatus::Succeeded,
                RunEnd::Failed => RunStatus::Failed,
                RunEnd::Cancelled => RunStatus::Cancelled,
            };
            let at = recording.elapsed();
            // No other thread adds events of a run that has ended.
            let lost_events = recording.lost_events.load(Ordering::Relaxed);
            self.writer.end(RunEnded { run: recording.id.clone(), at, outcome, lost_events });
        }
        Ok(())
    }
}

impl fmt::Debug for RunRecorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunRecorder").field("folder", &self.folder()).finish_non_exhaustive()
    }
}

/// Returns the items as a record names them, such as `url[3]`. Their descriptions are values, so they are left out.
fn item_names(items: &[ItemIndex]) -> Vec<String> {
    items.iter().map(|item| format!("{}[{}]", item.expansion(), item.index())).collect()
}

fn micros(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
