use std::collections::HashSet;
use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The environment variable with the folder of the records.
const VARIABLE: &str = "ICOSIAN_RUNS";

/// The end of the name of a record.
const EXTENSION: &str = "jsonl";

/// The folder that contains one file for each record. The name of a file is the id of its run, so names sort by time.
#[derive(Debug)]
pub(crate) struct RecordFolder {
    path: PathBuf,
    max_records: usize,
}

impl RecordFolder {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, max_records: 200 }
    }

    /// Returns the folder that `cargo icosian runs` reads.
    pub(crate) fn default_path() -> PathBuf {
        if let Some(path) = env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
            return path.into();
        }
        let working = env::current_dir().unwrap_or_default();
        let workspace = working.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
        workspace.unwrap_or(&working).join("target").join("icosian").join("runs")
    }

    pub(crate) fn set_max_records(&mut self, records: usize) {
        self.max_records = records;
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn file(&self, run: &str) -> PathBuf {
        self.path.join(format!("{run}.{EXTENSION}"))
    }

    /// Creates the folder, and makes room for `new` records. Deletes no record of `running`.
    pub(crate) fn prepare(&self, new: usize, running: &HashSet<String>) -> io::Result<()> {
        fs::create_dir_all(&self.path)?;
        let mut records = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let path = entry?.path();
            if is_record(&path) {
                records.push(path);
            }
        }
        let excess = (records.len() + new).saturating_sub(self.max_records);
        if excess == 0 {
            return Ok(());
        }
        records.sort_unstable();
        let is_running = |path: &PathBuf| {
            path.file_stem().and_then(|stem| stem.to_str()).is_some_and(|stem| running.contains(stem))
        };
        for path in records.into_iter().filter(|path| !is_running(path)).take(excess) {
            match fs::remove_file(path) {
                // Another process may have deleted it.
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Appends lines to a record. The file is closed again, so concurrent runs keep no files open.
    pub(crate) fn append(&self, run: &str, lines: &[u8]) -> io::Result<()> {
        OpenOptions::new().create(true).append(true).open(self.file(run))?.write_all(lines)
    }
}

/// Returns whether a recorder created this file: its name is the id of a run. The folder may contain other files of the user.
fn is_record(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let id = name.and_then(|name| name.strip_suffix(EXTENSION)?.strip_suffix('.'));
    let parts: Option<Vec<_>> = id.map(|id| id.split('-').collect());
    let is_hex = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    match parts.as_deref() {
        Some([time, process, run]) => {
            time.len() >= 11 && [time, process, run].into_iter().all(|it| is_hex(it))
        }
        _ => false,
    }
}
