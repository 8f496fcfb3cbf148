use std::path::{Path, PathBuf};

/// The environment variable that names the folder of records.
const VARIABLE: &str = "ICOSIAN_RUNS";
/// The folder of records, from the root of the workspace.
const FOLDER: [&str; 3] = ["target", "icosian", "runs"];

/// Returns the folder of records: the option, the variable `ICOSIAN_RUNS`, or `target/icosian/runs` of the workspace.
pub(super) fn record_folder(option: Option<&Path>) -> PathBuf {
    if let Some(path) = option {
        return path.to_owned();
    }
    match std::env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
        Some(path) => path.into(),
        None => workspace_root().join(default_folder()),
    }
}

/// Returns the folder to which the source locations of a record are relative.
///
/// It is the workspace that contains the record, or else the workspace of the working directory.
pub(super) fn source_root(record: &Path) -> PathBuf {
    let record = record.canonicalize().unwrap_or_else(|_| record.to_owned());
    let folder = record.ancestors().find(|folder| folder.ends_with(default_folder()));
    let root = folder.and_then(|folder| folder.ancestors().nth(FOLDER.len()));
    root.map_or_else(|| Path::new(".").join(workspace_root()), Path::to_owned)
}

fn default_folder() -> PathBuf {
    FOLDER.iter().collect()
}

/// Returns the nearest folder with a lock file, relative to the working directory: no text, or `..` for each level.
fn workspace_root() -> PathBuf {
    let working = std::env::current_dir().unwrap_or_default();
    let depth = working.ancestors().position(|folder| folder.join("Cargo.lock").is_file());
    std::iter::repeat_n("..", depth.unwrap_or_default()).collect()
}
