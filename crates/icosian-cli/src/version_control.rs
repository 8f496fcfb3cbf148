//! Protects uncommitted work from `--fix`, by the rules of `cargo fix`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use clap::Args;
use miette::MietteDiagnostic;

/// The options that allow fixes in spite of uncommitted work.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct VersionControlOptions {
    /// Apply fixes although files have uncommitted or staged changes
    #[arg(long)]
    allow_dirty: bool,
    /// Apply fixes although files have staged changes
    #[arg(long)]
    allow_staged: bool,
    /// Apply fixes outside of a version control system
    #[arg(long)]
    allow_no_vcs: bool,
}

/// The number of files that the help lists.
const LISTED: usize = 10;

impl VersionControlOptions {
    /// Refuses fixes below `paths` when they could overwrite uncommitted work.
    pub(crate) fn check(self, paths: &[PathBuf]) -> Result<(), Box<MietteDiagnostic>> {
        let mut repositories = BTreeSet::new();
        for path in paths {
            let Ok(path) = path.canonicalize() else { continue };
            let folder = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(&path) };
            match repository_of(folder) {
                Some(repository) => _ = repositories.insert(repository),
                None if self.allow_no_vcs => {}
                None => return Err(Box::new(no_repository(folder))),
            }
        }
        let changed: Result<Vec<_>, _> = repositories.iter().map(|it| self.changes(it)).collect();
        let changed: Vec<_> = changed?.concat();
        if changed.is_empty() {
            return Ok(());
        }
        let is_staged = changed.iter().all(|change| change.is_staged);
        let option = if is_staged { "--allow-staged" } else { "--allow-dirty" };
        let mut help = format!("commit the changes, or pass `{option}`:");
        for Change { file, is_staged } in changed.iter().take(LISTED) {
            let kind = if *is_staged { "staged" } else { "dirty" };
            write!(help, "\n  {file} ({kind})").expect("a `String` accepts all text");
        }
        if changed.len() > LISTED {
            write!(help, "\n  and {} more", changed.len() - LISTED).expect("a `String` accepts all text");
        }
        let error =
            MietteDiagnostic::new("the repository has uncommitted changes, which fixes could overwrite");
        Err(Box::new(error.with_code("ICO1312 uncommitted-changes").with_help(help)))
    }

    /// Returns the changes in `repository` that the options do not allow. Only git's are known, as in `cargo fix`.
    fn changes(self, repository: &Path) -> Result<Vec<Change>, Box<MietteDiagnostic>> {
        if self.allow_dirty || !repository.join(".git").exists() {
            return Ok(Vec::new());
        }
        let unread = |why: &str| {
            let error = MietteDiagnostic::new(format!("git cannot list uncommitted changes: {}", why.trim()));
            let error = error.with_code("ICO1313 git-failed");
            Box::new(error.with_help("commit the changes, or pass `--allow-dirty`"))
        };
        let status = git(repository, &["status", "--porcelain=v1", "-z", "--untracked-files=all"]);
        let status = status.map_err(|error| unread(&error.to_string()))?;
        if !status.status.success() {
            return Err(unread(&String::from_utf8_lossy(&status.stderr)));
        }
        let mut changes = parse(&String::from_utf8_lossy(&status.stdout));
        changes.retain(|change| !(change.is_staged && self.allow_staged));
        Ok(changes)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    file: String,
    /// Set when all changes of the file are in the index.
    is_staged: bool,
}

/// Parses the output of `git status --porcelain=v1 -z`.
fn parse(status: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut entries = status.split('\0');
    while let Some(entry) = entries.next() {
        let (Some(state), Some(file)) = (entry.get(..2), entry.get(3..)) else { continue };
        // The next entry is the old name.
        if state.starts_with(['R', 'C']) {
            entries.next();
        }
        changes.push(Change { file: file.to_owned(), is_staged: state.ends_with(' ') });
    }
    changes
}

fn git(folder: &Path, words: &[&str]) -> io::Result<Output> {
    Command::new("git").arg("-C").arg(folder).args(words).output()
}

/// Returns the root of the repository that tracks `folder`. A folder that git ignores has none, unless it is the root.
fn repository_of(folder: &Path) -> Option<PathBuf> {
    let has = |folder: &&Path| [".git", ".hg"].iter().any(|name| folder.join(name).exists());
    let root = folder.ancestors().find(has)?;
    let is_ignored = || {
        let name = folder.to_string_lossy();
        git(root, &["check-ignore", "--quiet", &name]).is_ok_and(|output| output.status.success())
    };
    (root == folder || !is_ignored()).then(|| root.to_owned())
}

fn no_repository(folder: &Path) -> MietteDiagnostic {
    let error = MietteDiagnostic::new(format!(
        "`{}` is not under version control, so fixes cannot be reverted",
        folder.display()
    ));
    error.with_code("ICO1314 no-version-control").with_help("pass `--allow-no-vcs` to apply them")
}

#[cfg(test)]
mod tests {
    use super::{Change, parse};

    #[test]
    fn status_distinguishes_staged_and_dirty_files() {
        let changes = parse("M  a.rs\0 M b.rs\0MM c.rs\0?? d e.rs\0R  new.rs\0old.rs\0A  f.rs\0");
        let change = |file: &str, is_staged| Change { file: file.to_owned(), is_staged };
        assert_eq!(
            changes,
            [
                change("a.rs", true),
                change("b.rs", false),
                change("c.rs", false),
                change("d e.rs", false),
                change("new.rs", true),
                change("f.rs", true),
            ]
        );
    }
}
