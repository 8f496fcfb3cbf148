use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use icosian_diagnostics::nearest;

use crate::RunLookupError;
use crate::record_file::{LineFault, RecordFile};
use crate::recorded_run::RecordedRun;

/// The ending of record files.
const EXTENSION: &str = "jsonl";
/// The name of the newest run.
const LATEST: &str = "latest";

/// The runs of a folder, newest first.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RunFolder {
    /// The path of the folder or file.
    pub path: PathBuf,
    /// The runs, newest first.
    pub runs: Vec<RecordedRun>,
    /// The lines that are not events.
    pub faults: Vec<LineFault>,
}

impl RunFolder {
    /// Reads all files in a folder whose names end with `.jsonl`, or a single file. Subfolders are not read.
    ///
    /// # Errors
    /// [`RunLookupError::Unreadable`] if the system cannot read the folder or a file.
    pub fn read(path: &Path) -> Result<Self, RunLookupError> {
        let unreadable = |source| RunLookupError::Unreadable { path: path.to_owned(), source };
        let mut folder = Self::empty(path);
        if !path.is_dir() {
            folder.add(RecordFile::read(path)?);
            return Ok(folder);
        }
        let entries = std::fs::read_dir(path).map_err(unreadable)?;
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(unreadable)?.path();
            if path.is_file() && path.extension().is_some_and(|it| it == EXTENSION) {
                files.push(path);
            }
        }
        files.sort();
        for file in files {
            match RecordFile::read(&file) {
                Ok(file) => folder.add(file),
                // A recorder deleted an old record after the folder was listed.
                Err(RunLookupError::Unreadable { source, .. }) if source.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(folder)
    }

    /// Returns a folder without runs.
    #[must_use]
    pub fn empty(path: &Path) -> Self {
        Self { path: path.to_owned(), ..Self::default() }
    }

    /// Adds the runs and faults of a file.
    pub fn add(&mut self, file: RecordFile) {
        // Later runs of a file are newer, also if their clocks are equal.
        self.runs.extend(file.runs.into_iter().rev());
        self.runs.sort_by_key(|run| std::cmp::Reverse(run.start.started_at));
        self.faults.extend(file.faults);
    }

    /// Returns the run with this identifier or unique prefix of an identifier, or the newest run for `latest`.
    ///
    /// # Errors
    /// No run or several runs match, or the run has another version of the format.
    pub fn find(&self, wanted: &str) -> Result<&RecordedRun, RunLookupError> {
        let run = self.find_any_version(wanted)?;
        run.check_version().map(|()| run)
    }

    fn find_any_version(&self, wanted: &str) -> Result<&RecordedRun, RunLookupError> {
        if self.runs.is_empty() {
            return Err(RunLookupError::NoRuns { path: self.path.clone() });
        }
        let equal: Vec<_> = self.runs.iter().filter(|run| run.id == wanted).collect();
        if equal.is_empty() && wanted == LATEST {
            return Ok(&self.runs[0]);
        }
        let found = if equal.is_empty() && !wanted.is_empty() {
            self.runs.iter().filter(|run| run.id.starts_with(wanted)).collect()
        } else {
            equal
        };
        match found.as_slice() {
            [run] => Ok(run),
            [] => {
                let meant = self.nearest_id(wanted);
                Err(RunLookupError::UnknownRun { wanted: wanted.to_owned(), meant })
            }
            several => {
                let named = |run: &&RecordedRun| format!("{} in {}", run.id, run.file_name().display());
                let candidates = several.iter().map(named).collect();
                Err(RunLookupError::AmbiguousRun { wanted: wanted.to_owned(), candidates })
            }
        }
    }

    fn nearest_id(&self, wanted: &str) -> Option<String> {
        let candidates = self.runs.iter().map(|run| run.id.as_str());
        nearest(wanted, candidates).map(str::to_owned)
    }
}
