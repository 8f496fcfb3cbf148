//! Checks out revisions into a folder outside of the repository.
//!
//! git reads the tree of a commit into a separate index (`GIT_INDEX_FILE`) and writes its files. The repository's index, work tree,
//! list of work trees and hooks are not involved.

use std::collections::hash_map::DefaultHasher;
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use icosian_lint::target_folder;
use miette::MietteDiagnostic;

use super::git::{Repository, error_line};
use crate::describing::CommandError;
use crate::screen::note;

/// A folder for the files of revisions. It is removed at the end, even after Ctrl-C.
///
/// Its path is the same for each run in a repository, so that the compiled crates of earlier runs are overwritten.
pub(super) struct Checkouts {
    repository: PathBuf,
    /// The current folder, from the root of the repository.
    prefix: PathBuf,
    folder: PathBuf,
    target: Option<PathBuf>,
    /// Locked, because another process may use the folder.
    _lock: File,
}

impl Checkouts {
    pub(super) fn new(repository: &Repository) -> Result<Self, CommandError> {
        let mut hasher = DefaultHasher::new();
        repository.root().hash(&mut hasher);
        let parent = cache_folder().join("icosian-diff");
        let folder = parent.join(format!("{:016x}", hasher.finish()));
        let unwritable = |error: io::Error| failed(&format!("`{}`: {error}", folder.display()));
        fs::create_dir_all(&parent).map_err(unwritable)?;
        let lock = File::create(parent.join("lock")).map_err(unwritable)?;
        if lock.try_lock().is_err() {
            note("waiting for another `cargo icosian diff`");
            lock.lock().map_err(unwritable)?;
        }
        // A killed process leaves its files.
        remove(&folder);
        fs::create_dir(&folder).map_err(unwritable)?;
        let removed = folder.clone();
        // A second handler of one process is refused; it would be the same.
        let _ = ctrlc::set_handler(move || {
            remove(&removed);
            std::process::exit(130);
        });
        let target = target_folder(Path::new(".")).ok();
        let (repository, prefix) = (repository.root().to_owned(), repository.prefix().to_owned());
        Ok(Self { repository, prefix, folder, target, _lock: lock })
    }

    /// Returns the target folder that all versions share: that of the current folder.
    pub(super) fn target(&self) -> Option<PathBuf> {
        self.target.clone()
    }

    /// Writes the files of a commit, and returns their folder.
    pub(super) fn check_out(&self, commit: &str) -> Result<PathBuf, CommandError> {
        let folder = self.folder.join(commit);
        if folder.exists() {
            return Ok(folder);
        }
        let index = self.folder.join("index");
        let git = |arguments: &[&str]| {
            let mut command = Command::new("git");
            command.arg("-C").arg(&self.repository).args(arguments).env("GIT_INDEX_FILE", &index);
            let output = command.output().map_err(|error| failed(&error.to_string()))?;
            if output.status.success() { Ok(()) } else { Err(failed(&error_line(&output))) }
        };
        git(&["read-tree", "--reset", commit])?;
        git(&["checkout-index", "--all", "--force", "--quiet", &format!("--prefix={}/", folder.display())])?;
        // An empty commit has no files.
        fs::create_dir_all(&folder).map_err(|error| failed(&error.to_string()))?;
        // Without a committed lock file, both versions use the versions of dependencies on disk.
        for part in self.prefix.ancestors() {
            let lock = folder.join(part).join("Cargo.lock");
            if !lock.exists() && folder.join(part).join("Cargo.toml").exists() {
                let _ = fs::copy(self.repository.join(part).join("Cargo.lock"), lock);
            }
        }
        Ok(folder)
    }
}

impl Drop for Checkouts {
    fn drop(&mut self) {
        remove(&self.folder);
    }
}

/// Returns cargo's home: it belongs to the user, and no workspace contains it.
fn cache_folder() -> PathBuf {
    let home = || std::env::home_dir().map(|home| home.join(".cargo"));
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home);
    let temporary = || std::env::temp_dir().join(format!("icosian-{}", std::process::id()));
    // git runs in another folder, so the path must be absolute.
    cargo
        .filter(|folder| folder.is_dir())
        .and_then(|folder| std::path::absolute(folder).ok())
        .unwrap_or_else(temporary)
}

/// Removes a folder. Processes that the user has interrupted too may still write to it.
fn remove(folder: &Path) {
    for _ in 0..3 {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {}
            _ => return,
        }
    }
}

fn failed(reason: &str) -> CommandError {
    let error = MietteDiagnostic::new(format!("a revision cannot be checked out: {reason}"));
    let error = error.with_code("ICO1325 checkout-failed");
    Box::new(error.with_help("fix the error that git or the system reports"))
}
