//! The queue of events, and the thread that writes them.
//!
//! Hooks push events and never wait for the disk. The thread takes all events at once, appends their lines to the files of their runs, and
//! waits for further events. At any time, the files therefore contain all events up to the last batch. The thread starts with the first
//! event, after the recorder is configured, and ends when the recorder is dropped.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

use icosian_schema::run::{RunEnded, RunEvent, RunStarted};
use tracing::{Dispatch, dispatcher};

use super::described_graphs::DescribedGraph;
use super::record_folder::RecordFolder;

/// The number of queued events above which new ones are dropped.
const CAPACITY: usize = 16 * 1024;

/// The number of errors that are kept.
const MAX_ERRORS: usize = 16;

/// An error of a recorder: a part of a record is missing.
///
/// # Examples
/// ```
/// use icosian_observe::RunRecorder;
///
/// let recorder = RunRecorder::new("target/icosian/runs");
/// for error in recorder.errors() {
///     eprintln!("{error}");
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RecordError {
    /// A file or the folder could not be written.
    Write {
        /// The path.
        path: PathBuf,
        /// The error of the operating system.
        source: Arc<std::io::Error>,
    },
    /// The thread of the recorder could not be started.
    Thread {
        /// The error of the operating system.
        source: Arc<std::io::Error>,
    },
    /// The queue was full, because executions produced events faster than the disk accepted them.
    EventsDropped {
        /// The number of dropped events.
        events: u64,
    },
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write { path, source } => {
                write!(f, "cannot write the run record `{}`: {source}", path.display())
            }
            Self::Thread { source } => write!(f, "cannot start the thread that writes run records: {source}"),
            Self::EventsDropped { events } => write!(f, "{events} events are missing in run records"),
        }
    }
}

impl std::error::Error for RecordError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Write { source, .. } | Self::Thread { source } => Some(&**source),
            Self::EventsDropped { .. } => None,
        }
    }
}

impl miette::Diagnostic for RecordError {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new("ICO1122 record-not-written"))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(match self {
            Self::Write { .. } => "free space on the disk, or set another folder with `ICOSIAN_RUNS`",
            Self::Thread { .. } => "raise the limit of threads of the process",
            Self::EventsDropped { .. } => "record fewer executions, or record no values",
        }))
    }
}

/// An entry of the queue.
enum WriterEntry {
    Start(Box<RunStarted>, Arc<DescribedGraph>),
    Event(RunEvent),
}

/// The state that hooks and the thread share.
#[derive(Default)]
struct Queue {
    entries: VecDeque<WriterEntry>,
    /// Set while the thread writes a batch.
    is_writing: bool,
    is_closed: bool,
    errors: Vec<RecordError>,
    dropped_events: u64,
}

#[derive(Default)]
struct WriterState {
    queue: Mutex<Queue>,
    /// Wakes the thread.
    pushed: Condvar,
    /// Wakes callers of `flush`.
    written: Condvar,
}

impl WriterState {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn report(&self, error: RecordError) {
        let is_first = self.queue().errors.is_empty();
        if is_first {
            warn_guarded(|| tracing::warn!(%error, "run records are incomplete"));
        }
        let mut queue = self.queue();
        if queue.errors.len() < MAX_ERRORS {
            queue.errors.push(error);
        }
    }
}

/// The writer of records.
pub(crate) struct RecordWriter {
    folder: Arc<RecordFolder>,
    shared: Arc<WriterState>,
    thread: OnceLock<Option<JoinHandle<()>>>,
}

impl RecordWriter {
    pub(crate) fn new(folder: RecordFolder) -> Self {
        Self { folder: Arc::new(folder), shared: Arc::default(), thread: OnceLock::new() }
    }

    pub(crate) fn set_max_records(&mut self, records: usize) {
        if let Some(folder) = Arc::get_mut(&mut self.folder) {
            folder.set_max_records(records);
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Begins the record of a run. Returns `false` if the queue is full, so the run is not recorded.
    pub(crate) fn start(&self, started: RunStarted, graph: Arc<DescribedGraph>) -> bool {
        self.start_thread() && self.add(WriterEntry::Start(Box::new(started), graph), CAPACITY)
    }

    /// Adds an event. Returns `false` if the queue is full, so the event is dropped.
    pub(crate) fn push(&self, event: RunEvent) -> bool {
        self.add(WriterEntry::Event(event), CAPACITY)
    }

    /// Ends the record of a run. The queue accepts the end of each run that it accepted, so it is at most twice as long.
    pub(crate) fn end(&self, ended: RunEnded) {
        self.add(WriterEntry::Event(RunEvent::RunEnded(ended)), usize::MAX);
    }

    /// Waits until the queue is empty and written.
    pub(crate) fn flush(&self) {
        let mut queue = self.shared.queue();
        let has_thread = self.thread.get().is_some_and(Option::is_some);
        while has_thread && (!queue.entries.is_empty() || queue.is_writing) {
            queue = self.shared.written.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(crate) fn errors(&self) -> Vec<RecordError> {
        let queue = self.shared.queue();
        let dropped = Some(queue.dropped_events).filter(|events| *events > 0);
        let dropped = dropped.map(|events| RecordError::EventsDropped { events });
        queue.errors.iter().cloned().chain(dropped).collect()
    }

    fn add(&self, entry: WriterEntry, capacity: usize) -> bool {
        let mut queue = self.shared.queue();
        if queue.entries.len() >= capacity {
            queue.dropped_events += 1;
            return false;
        }
        queue.entries.push_back(entry);
        if queue.entries.len() == 1 {
            self.shared.pushed.notify_one();
        }
        true
    }

    /// Starts the thread, unless it runs. Returns whether it runs.
    fn start_thread(&self) -> bool {
        let start = || {
            let (folder, shared) = (Arc::clone(&self.folder), Arc::clone(&self.shared));
            let subscriber = dispatcher::get_default(Dispatch::clone);
            let write =
                move || dispatcher::with_default(&subscriber, || write_until_closed(&folder, &shared));
            let started = thread::Builder::new().name("icosian-runs".to_owned()).spawn(write);
            started.map_err(|error| self.shared.report(RecordError::Thread { source: Arc::new(error) })).ok()
        };
        self.thread.get_or_init(start).is_some()
    }
}

/// Writes the rest of the queue.
impl Drop for RecordWriter {
    fn drop(&mut self) {
        self.shared.queue().is_closed = true;
        self.shared.pushed.notify_one();
        if let Some(Some(thread)) = self.thread.take() {
            // The thread owns no recorder, so it never joins itself.
            thread.join().ok();
        }
    }
}

/// Emits an event. A subscriber that panics must not end the thread, because `flush` waits for it.
fn warn_guarded(warn: impl FnOnce()) {
    // The payload may panic when it is dropped.
    catch_unwind(AssertUnwindSafe(warn)).map_err(std::mem::forget).ok();
}

fn write_until_closed(folder: &RecordFolder, shared: &WriterState) {
    let mut running = HashSet::new();
    loop {
        let mut queue = shared.queue();
        while queue.entries.is_empty() {
            if queue.is_closed {
                return;
            }
            queue = shared.pushed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        let entries = std::mem::take(&mut queue.entries);
        queue.is_writing = true;
        let has_dropped_first = queue.dropped_events > 0 && queue.errors.is_empty();
        drop(queue);
        if has_dropped_first {
            warn_guarded(|| {
                tracing::warn!("run records are incomplete: the disk is slower than the executions");
            });
        }
        write(folder, shared, entries, &mut running);
        shared.queue().is_writing = false;
        shared.written.notify_all();
    }
}

/// Appends the lines of a batch to the files of their runs.
fn write(
    folder: &RecordFolder,
    shared: &WriterState,
    entries: VecDeque<WriterEntry>,
    running: &mut HashSet<String>,
) {
    let mut lines: HashMap<String, Vec<u8>> = HashMap::new();
    let mut ended = Vec::new();
    let mut started_runs = 0;
    for entry in entries {
        let event = match entry {
            WriterEntry::Start(mut started, graph) => {
                started.graph = graph.description().clone();
                running.insert(started.run.clone());
                started_runs += 1;
                RunEvent::RunStarted(started)
            }
            WriterEntry::Event(event) => event,
        };
        let Some(run) = event.run() else { continue };
        if matches!(event, RunEvent::RunEnded(_)) {
            ended.push(run.to_owned());
        }
        let lines = lines.entry(run.to_owned()).or_default();
        if serde_json::to_writer(&mut *lines, &event).is_ok() {
            lines.push(b'\n');
        }
    }
    // Once for all runs of the batch, because it reads the whole folder.
    if started_runs > 0
        && let Err(error) = folder.prepare(started_runs, running)
    {
        let path = folder.path().to_owned();
        shared.report(RecordError::Write { path, source: Arc::new(error) });
    }
    for (run, lines) in lines {
        if let Err(error) = folder.append(&run, &lines) {
            let path = folder.file(&run);
            shared.report(RecordError::Write { path, source: Arc::new(error) });
        }
    }
    for run in ended {
        running.remove(&run);
    }
}

#[cfg(test)]
mod tests {
    use icosian_schema::run::{NodeStarted, RunEnded, RunEvent};

    use super::{CAPACITY, RecordFolder, RecordWriter};

    #[test]
    fn full_queue_refuses_events_and_accepts_ends() {
        // The thread starts with the first run, so nothing empties the queue.
        let writer = RecordWriter::new(RecordFolder::new("unused".into()));
        let event = || RunEvent::NodeStarted(NodeStarted::default());
        assert!((0..CAPACITY).all(|_| writer.push(event())));
        assert!(!writer.push(event()));
        writer.end(RunEnded::default());
        assert_eq!(writer.errors().iter().map(ToString::to_string).collect::<Vec<_>>().len(), 1);
    }
}
