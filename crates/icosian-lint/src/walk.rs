use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use ignore::WalkBuilder;
use ignore::overrides::{Override, OverrideBuilder};

use crate::{Linter, Notice, Settings};

impl Linter {
    /// Returns the files that [`lint`](Self::lint) looks at when it is given `paths`, sorted.
    ///
    /// # Examples
    /// ```
    /// use icosian_lint::{Linter, Settings};
    ///
    /// let files = Linter::new(Settings::default()).files(&["src".into()]);
    /// assert!(files.contains(&"src/lib.rs".into()));
    /// ```
    #[must_use]
    pub fn files(&self, paths: &[PathBuf]) -> Vec<PathBuf> {
        files(paths, self.settings()).0
    }
}

/// Returns the Rust files below `paths`, sorted: what `.gitignore` and the settings leave out is not there, unless it is named
/// itself. A file that is there under several names has the first of them.
pub(crate) fn files(paths: &[PathBuf], settings: &Settings) -> (Vec<PathBuf>, Vec<Notice>) {
    let (mut files, mut notices) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for path in paths {
        if path.is_file() {
            if seen.insert(absolute(path)) {
                files.push(path.clone());
            }
            continue;
        }
        if !path.exists() {
            notices.push(Notice::new(path, "does not exist"));
            continue;
        }
        if !path.is_dir() {
            // Whoever reads a pipe or a device may wait for ever.
            notices.push(Notice::new(path, "is neither a file nor a folder"));
            continue;
        }
        // Patterns are compared with full paths; reports show paths as they were asked for.
        let full = absolute(path);
        if let Some(odd) = full.ancestors().find_map(odd_patterns) {
            notices.push(Notice::new(path, odd));
            continue;
        }
        let (said, odd) = mpsc::channel();
        let mut walk = WalkBuilder::new(&full);
        walk.filter_entry(move |entry| {
            let odd = if entry.file_type().is_some_and(|it| it.is_dir()) {
                odd_patterns(entry.path())
            } else {
                None
            };
            // Somebody hears it: what is said is looked at below.
            odd.is_none_or(|odd| said.send((entry.path().to_owned(), odd)).is_err())
        });
        // Also where there is no repository.
        walk.require_git(false).follow_links(false).overrides(left_out(settings, path));
        let shown =
            |found: &Path| found.strip_prefix(&full).map_or_else(|_| found.to_owned(), |it| path.join(it));
        for entry in walk.build() {
            match entry {
                Ok(entry) if is_rust(entry.path()) && entry.file_type().is_some_and(|it| it.is_file()) => {
                    // Below a full path without links there are no others.
                    if seen.insert(entry.path().to_owned()) {
                        files.push(shown(entry.path()));
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    notices.push(Notice::new(path, format!("cannot be read: {}", io_words(&error))));
                }
            }
        }
        notices.extend(odd.try_iter().map(|(folder, odd)| Notice::new(shown(&folder), odd)));
    }
    files.sort();
    (files, notices)
}

/// Returns why nobody can say what is left out in `folder`: its patterns are in a pipe or the like, and whoever reads that may wait for
/// ever.
fn odd_patterns(folder: &Path) -> Option<String> {
    let is_odd =
        |name: &&str| folder.join(name).metadata().is_ok_and(|found| !found.is_file() && !found.is_dir());
    [".gitignore", ".ignore"].into_iter().find(is_odd).map(|name| format!("has a `{name}` that is no file"))
}

/// Returns whether the settings leave out `file`, a full path, or a folder around it.
pub(crate) fn is_left_out(file: &Path, settings: &Settings) -> bool {
    let root = absolute(settings.folder());
    let Ok(below) = file.strip_prefix(&root) else { return false };
    let mut builder = OverrideBuilder::new(&root);
    for pattern in settings.excluded() {
        // They were tried when the settings were read.
        let _ = builder.add(&format!("!{pattern}"));
    }
    let patterns = builder.build().unwrap_or_else(|_| Override::empty());
    let within = |path: &&Path| !path.as_os_str().is_empty();
    below.ancestors().take_while(within).any(|path| patterns.matched(path, path != below).is_ignore())
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

fn io_words(error: &ignore::Error) -> String {
    error.io_error().map_or_else(|| error.to_string(), ToString::to_string)
}

/// Patterns are those of `.gitignore`, seen from the settings' folder. One that leaves out `path` itself, or a folder around it,
/// does not count: `path` was asked for.
fn left_out(settings: &Settings, path: &Path) -> Override {
    let root = absolute(settings.folder());
    let path = absolute(path);
    let around = path
        .ancestors()
        .take_while(|folder| *folder != root && (*folder == path || folder.starts_with(&root)));
    let around: Vec<_> = around.collect();
    let only = |patterns: &[&str]| {
        let mut builder = OverrideBuilder::new(&root);
        for pattern in patterns {
            // They were tried when the settings were read.
            let _ = builder.add(&format!("!{pattern}"));
        }
        builder.build().unwrap_or_else(|_| Override::empty())
    };
    // A `target` folder is nobody's source.
    let all = std::iter::once("**/target/").chain(settings.excluded().iter().map(String::as_str));
    let counting = all.filter(|pattern| {
        let pattern = only(&[pattern]);
        !around.iter().any(|folder| pattern.matched(folder, true).is_ignore())
    });
    only(&counting.collect::<Vec<_>>())
}

fn absolute(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    // Without `.` and `..`, so that one path is told to be around another.
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}
