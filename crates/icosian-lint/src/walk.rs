use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use ignore::overrides::{Override, OverrideBuilder};

use crate::{Notice, Settings};

/// Returns the Rust files below `paths`, sorted: what `.gitignore` and the settings leave out is not there, unless it is named
/// itself.
pub(crate) fn files(paths: &[PathBuf], settings: &Settings) -> (Vec<PathBuf>, Vec<Notice>) {
    let (mut files, mut notices) = (Vec::new(), Vec::new());
    for path in paths {
        if path.is_file() {
            files.push(path.clone());
            continue;
        }
        if !path.exists() {
            notices.push(Notice::new(path, "does not exist"));
            continue;
        }
        let mut walk = WalkBuilder::new(path);
        // Also where there is no repository; and a `target` folder is nobody's source.
        walk.require_git(false).follow_links(false).overrides(left_out(settings, path));
        for entry in walk.build() {
            match entry {
                Ok(entry) if is_rust(entry.path()) && entry.file_type().is_some_and(|it| it.is_file()) => {
                    files.push(entry.into_path());
                }
                Ok(_) => {}
                Err(error) => {
                    notices.push(Notice::new(path, format!("cannot be read: {}", io_words(&error))));
                }
            }
        }
    }
    files.sort();
    files.dedup();
    (files, notices)
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

fn io_words(error: &ignore::Error) -> String {
    error.io_error().map_or_else(|| error.to_string(), ToString::to_string)
}

/// Patterns are those of `.gitignore`, seen from the settings' folder. A path that is itself inside what a pattern leaves out is
/// walked: it was asked for.
fn left_out(settings: &Settings, path: &Path) -> Override {
    let mut builder = OverrideBuilder::new(settings.folder());
    let mut add = |pattern: &str| {
        // Patterns were tried when the settings were read.
        let _ = builder.add(&format!("!{pattern}"));
    };
    add("**/target/");
    settings.excluded().iter().for_each(|pattern| add(pattern));
    let all = builder.build().unwrap_or_else(|_| Override::empty());
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let asked_for = absolute.ancestors().any(|folder| all.matched(folder, true).is_ignore());
    if asked_for { Override::empty() } else { all }
}
