use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use ignore::WalkBuilder;
use ignore::overrides::{Override, OverrideBuilder};

use crate::{Notice, Settings};

/// A Rust file with every name under which it was found.
#[derive(Debug)]
pub(crate) struct SourcePath {
    /// The name that reports show.
    pub(crate) path: PathBuf,
    /// Symbolic links that lead to the same file.
    pub(crate) links: Vec<PathBuf>,
}

/// Returns the Rust files below `paths`, sorted by name. `.gitignore` and the settings exclude files.
///
/// A path that is named itself is never excluded. Symbolic links are followed.
pub(crate) fn find_files(paths: &[PathBuf], settings: &Settings) -> (Vec<SourcePath>, Vec<Notice>) {
    let mut walk = Walk { settings, files: Vec::new(), positions: HashMap::new(), notices: Vec::new() };
    let mut seen = HashSet::new();
    for path in paths {
        if path.is_file() {
            walk.add(path.clone());
        } else if path.is_dir() {
            walk.folder(path, &mut seen);
        } else {
            // Reading a pipe or a device may block forever.
            let text = if path.exists() { "is neither a file nor a folder" } else { "does not exist" };
            walk.notices.push(Notice::new(path, text));
        }
    }
    walk.files.sort_by(|a, b| a.path.cmp(&b.path));
    (walk.files, walk.notices)
}

/// Files found so far.
struct Walk<'a> {
    settings: &'a Settings,
    files: Vec<SourcePath>,
    /// The position of each file in `files`, by its canonical path.
    positions: HashMap<PathBuf, usize>,
    notices: Vec<Notice>,
}

impl Walk<'_> {
    fn add(&mut self, path: PathBuf) {
        let position = *self.positions.entry(absolute(&path)).or_insert(self.files.len());
        match self.files.get_mut(position) {
            None => self.files.push(SourcePath { path, links: Vec::new() }),
            Some(known) if known.path != path => known.links.push(path),
            Some(_) => {}
        }
    }

    /// Adds the files below `path`, first without links, then below each link that leads to a folder not visited yet.
    ///
    /// Each folder is visited once, so links that form a cycle end the walk, and several links to one folder cost one visit.
    fn folder(&mut self, path: &Path, seen: &mut HashSet<PathBuf>) {
        let full = absolute(path);
        // Patterns are compared with full paths; reports show paths as the caller wrote them.
        let shown =
            |found: &Path| found.strip_prefix(&full).map_or_else(|_| found.to_owned(), |it| path.join(it));
        if let Some(error) = full.ancestors().find_map(unreadable_patterns) {
            self.notices.push(Notice::new(path, error));
            return;
        }
        let patterns = exclusions(self.settings, path);
        let mut waiting = VecDeque::from([full.clone()]);
        while let Some(root) = waiting.pop_front() {
            let real = absolute(&root);
            // A link to a folder around `path` would lead out of it.
            if !seen.insert(real.clone()) || root != full && full.starts_with(&real) {
                continue;
            }
            let visited = Arc::new(Mutex::new(std::mem::take(seen)));
            let (links, errors) = self.walk(&root, &patterns, &visited, &shown);
            *seen = std::mem::take(&mut visited.lock().unwrap_or_else(PoisonError::into_inner));
            self.notices.extend(errors.into_iter().map(|(folder, error)| Notice::new(shown(&folder), error)));
            for link in links {
                if link.is_dir() {
                    if !patterns.matched(&link, true).is_ignore() {
                        waiting.push_back(link);
                    }
                } else if is_rust(&link) && link.is_file() {
                    self.add(shown(&link));
                }
            }
        }
    }

    /// Adds the files below `root` that are no links. Returns the links, and folders whose patterns cannot be read.
    fn walk(
        &mut self,
        root: &Path,
        patterns: &Override,
        visited: &Arc<Mutex<HashSet<PathBuf>>>,
        shown: &dyn Fn(&Path) -> PathBuf,
    ) -> (Vec<PathBuf>, Vec<(PathBuf, String)>) {
        let (report, errors) = mpsc::channel();
        let mut walk = WalkBuilder::new(root);
        let visited = Arc::clone(visited);
        walk.filter_entry(move |entry| {
            if !entry.file_type().is_some_and(|it| it.is_dir()) {
                return true;
            }
            if let Some(error) = unreadable_patterns(entry.path()) {
                // The receiver lives longer than the walk.
                _ = report.send((entry.path().to_owned(), error));
                return false;
            }
            let mut visited = visited.lock().unwrap_or_else(PoisonError::into_inner);
            entry.depth() == 0 || visited.insert(absolute(entry.path()))
        });
        // Patterns count without a repository too.
        walk.require_git(false).follow_links(false).overrides(patterns.clone());
        let mut links = Vec::new();
        for entry in walk.build() {
            match entry {
                Ok(entry) if entry.path_is_symlink() && entry.depth() > 0 => {
                    links.push(entry.path().to_owned());
                }
                Ok(entry) if is_rust(entry.path()) && entry.file_type().is_some_and(|it| it.is_file()) => {
                    self.add(shown(entry.path()));
                }
                Ok(_) => {}
                Err(error) => {
                    let notice = Notice::new(shown(root), format!("cannot be read: {}", io_words(&error)));
                    self.notices.push(notice);
                }
            }
        }
        drop(walk);
        (links, errors.try_iter().collect())
    }
}

/// Returns an error when the ignore patterns of `folder` are in a pipe or a device: reading it may block forever.
fn unreadable_patterns(folder: &Path) -> Option<String> {
    let is_special =
        |name: &&str| folder.join(name).metadata().is_ok_and(|found| !found.is_file() && !found.is_dir());
    [".gitignore", ".ignore"]
        .into_iter()
        .find(is_special)
        .map(|name| format!("has a `{name}` that is not a file"))
}

/// Returns whether the settings exclude `file`, a full path, or a folder around it.
pub(crate) fn is_excluded(file: &Path, settings: &Settings) -> bool {
    let root = absolute(settings.folder());
    let Ok(below) = file.strip_prefix(&root) else { return false };
    let mut builder = OverrideBuilder::new(&root);
    for pattern in settings.excluded() {
        // The settings are validated when they are read.
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

/// Returns the patterns of the settings, relative to the settings' folder. Patterns that match `path` itself or a folder around it
/// are omitted, because the caller named `path`.
fn exclusions(settings: &Settings, path: &Path) -> Override {
    let root = absolute(settings.folder());
    let path = absolute(path);
    let around = path
        .ancestors()
        .take_while(|folder| *folder != root && (*folder == path || folder.starts_with(&root)));
    let around: Vec<_> = around.collect();
    let only = |patterns: &[&str]| {
        let mut builder = OverrideBuilder::new(&root);
        for pattern in patterns {
            // The settings are validated when they are read.
            let _ = builder.add(&format!("!{pattern}"));
        }
        builder.build().unwrap_or_else(|_| Override::empty())
    };
    // A `target` folder has no sources.
    let all = std::iter::once("**/target/").chain(settings.excluded().iter().map(String::as_str));
    let effective = all.filter(|pattern| {
        let pattern = only(&[pattern]);
        !around.iter().any(|folder| pattern.matched(folder, true).is_ignore())
    });
    only(&effective.collect::<Vec<_>>())
}

fn absolute(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    // Without `.` and `..`, so that a prefix comparison is exact.
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}
