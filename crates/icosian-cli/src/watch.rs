//! Waits for changes of source files.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, SystemTime};

use notify_debouncer_full::notify::event::ModifyKind;
use notify_debouncer_full::notify::{self, Config, Event, EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, NoCache, new_debouncer_opt};

/// Editors write a file in several steps. Events within this time belong to one save.
const SAVE_WINDOW: Duration = Duration::from_millis(50);

/// Watches files, and folders with everything below them.
pub(crate) struct FileWatch {
    events: Receiver<DebounceEventResult>,
    roots: Vec<PathBuf>,
    // Dropping the debouncer ends the watch.
    _debouncer: Debouncer<RecommendedWatcher, NoCache>,
}

impl FileWatch {
    /// Watches `paths`, and the folders of `files` that symbolic links lead to.
    pub(crate) fn new(paths: &[PathBuf], files: &[PathBuf]) -> notify::Result<Self> {
        let (sender, events) = channel();
        // The target folder may have links to sources, which would hide the sources' own names.
        let config = Config::default().with_follow_symlinks(false);
        // A cache of file identifiers would read every file below `target`, only to pair the two events of a rename.
        let mut debouncer = new_debouncer_opt(SAVE_WINDOW, None, sender, NoCache::new(), config)?;
        let mut roots: Vec<_> = paths.iter().map(std::path::absolute).collect::<Result<_, _>>()?;
        for root in &roots {
            debouncer.watch(root, RecursiveMode::Recursive)?;
        }
        let real: Vec<_> = roots.iter().filter_map(|root| root.canonicalize().ok()).collect();
        let linked = files.iter().filter_map(|file| Some(file.canonicalize().ok()?.parent()?.to_owned()));
        let linked: BTreeSet<_> = linked.filter(|it| !real.iter().any(|root| it.starts_with(root))).collect();
        for folder in linked {
            debouncer.watch(&folder, RecursiveMode::NonRecursive)?;
            roots.push(folder);
        }
        Ok(Self { events, roots, _debouncer: debouncer })
    }

    /// Waits for the next change of a source or of the settings. The system reports no events for files inside a folder that
    /// was moved, so `has_other_files` compares the files then.
    pub(crate) fn wait(&self, has_other_files: impl Fn() -> bool) -> notify::Result<()> {
        loop {
            let events = self.events.recv().map_err(|_| notify::Error::generic("the watch has ended"))?;
            let events = events.map_err(|mut errors| errors.swap_remove(0))?;
            match events.iter().map(|event| Effect::of(event, &self.roots)).max() {
                Some(Effect::Source) => return Ok(()),
                Some(Effect::Files) if has_other_files() => return Ok(()),
                _ => {}
            }
        }
    }
}

/// The effect of an event on the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    /// None: a file was read, or a build wrote its results.
    None,
    /// Files may have been added or removed: a folder was created, removed or renamed, or events were lost.
    Files,
    /// A source or the settings changed.
    Source,
}

impl Effect {
    fn of(event: &Event, roots: &[PathBuf]) -> Self {
        let is_built = |path: &Path| {
            let below = roots.iter().find_map(|root| path.strip_prefix(root).ok()).unwrap_or(path);
            below.components().any(|it| it == Component::Normal("target".as_ref()))
        };
        let is_source = |path: &Path| path.extension().is_some_and(|it| it == "rs" || it == "toml");
        // A removed path may have been a folder.
        let may_be_folder = matches!(
            event.kind,
            EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
        );
        let of_path = |path: &PathBuf| match () {
            () if is_built(path) => Self::None,
            () if is_source(path) => Self::Source,
            () if may_be_folder => Self::Files,
            () => Self::None,
        };
        match event.kind {
            EventKind::Access(_) => Self::None,
            _ if event.need_rescan() => Self::Files,
            _ => event.paths.iter().map(of_path).max().unwrap_or(Self::None),
        }
    }
}

/// The names, modification times and lengths of files at one time.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Snapshot(Vec<(PathBuf, Option<SystemTime>, u64)>);

impl Snapshot {
    pub(crate) fn of(files: Vec<PathBuf>) -> Self {
        let entries = files.into_iter().map(|file| {
            let metadata = file.metadata().ok();
            let modified = metadata.as_ref().and_then(|it| it.modified().ok());
            (file, modified, metadata.map_or(0, |it| it.len()))
        });
        Self(entries.collect())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use icosian_lint::{Linter, Settings};
    use notify_debouncer_full::notify::event::{AccessKind, CreateKind, ModifyKind, RemoveKind, RenameMode};
    use notify_debouncer_full::notify::{Event, EventKind};

    use super::{Effect, FileWatch, Snapshot};

    #[test]
    fn writes_of_sources_and_settings_have_an_effect() {
        let roots = ["/home/target/me".into()];
        let effect = |kind, path: &str| {
            Effect::of(&Event::new(kind).add_path(format!("/home/target/me/{path}").into()), &roots)
        };
        let (written, read) = (EventKind::Modify(ModifyKind::Any), EventKind::Access(AccessKind::Any));
        let moved = EventKind::Modify(ModifyKind::Name(RenameMode::From));
        for kind in [written, moved, EventKind::Remove(RemoveKind::File)] {
            assert_eq!(["src/rates.rs", "icosian.toml"].map(|path| effect(kind, path)), [Effect::Source; 2]);
            assert_eq!(effect(kind, "target/icosian-lint/src/main.rs"), Effect::None);
        }
        assert_eq!(["README.md", "src"].map(|path| effect(written, path)), [Effect::None; 2]);
        assert_eq!(["src/rates.rs", "src"].map(|path| effect(read, path)), [Effect::None; 2]);
        for kind in [moved, EventKind::Create(CreateKind::Folder), EventKind::Remove(RemoveKind::Any)] {
            let all = ["src", "target", "target/debug"].map(|path| effect(kind, path));
            assert_eq!(all, [Effect::Files, Effect::None, Effect::None]);
        }
    }

    /// Returns an empty folder.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("icosian-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Returns whether a watch of `folder` reports `change` within `timeout`.
    fn is_noticed(folder: &Path, timeout: Duration, change: impl FnOnce()) -> bool {
        let snapshot =
            |folder: &Path| Snapshot::of(Linter::new(Settings::default()).files(&[folder.to_owned()]));
        let (before, watch) = (snapshot(folder), FileWatch::new(&[folder.to_owned()], &[]).unwrap());
        let (sender, noticed) = channel();
        let folder = folder.to_owned();
        std::thread::spawn(move || {
            watch.wait(|| snapshot(&folder) != before).unwrap();
            sender.send(()).ok();
        });
        change();
        noticed.recv_timeout(timeout).is_ok()
    }

    #[test]
    fn moved_and_removed_folders_are_noticed() {
        let all = folder("folders");
        let (root, elsewhere) = (all.join("root"), all.join("elsewhere"));
        fs::create_dir_all(root.join("src/n")).unwrap();
        fs::create_dir_all(elsewhere.join("k/deep")).unwrap();
        fs::write(root.join("src/n/a.rs"), "").unwrap();
        fs::write(elsewhere.join("k/deep/b.rs"), "").unwrap();
        fs::write(root.join(".gitignore"), "build/\n").unwrap();
        let (long, short) = (Duration::from_mins(1), Duration::from_millis(400));

        assert!(is_noticed(&root, long, || fs::rename(root.join("src/n"), root.join("src/m")).unwrap()));
        assert!(is_noticed(&root, long, || fs::rename(elsewhere.join("k"), root.join("src/k")).unwrap()));
        assert!(is_noticed(&root, long, || fs::rename(root.join("src/k"), elsewhere.join("k")).unwrap()));
        assert!(is_noticed(&root, long, || {
            fs::remove_dir_all(root.join("src")).unwrap();
            fs::create_dir(root.join("src")).unwrap();
            fs::write(root.join("src/z.rs"), "").unwrap();
        }));
        assert!(!is_noticed(&root, short, || {
            for path in ["build/debug", "target/debug", "empty"] {
                fs::create_dir_all(root.join(path)).unwrap();
            }
        }));
        fs::remove_dir_all(all).unwrap();
    }
}
